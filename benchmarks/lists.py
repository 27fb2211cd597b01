"""The list of findings with 10,000 in the store: each page as a client of the running service sees it."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine as Database

from activities.calendars import resolve_calendar
from activities.issuing import put_on_record
from benchmarks.measure import Figures
from benchmarks.serving import Served, browsers
from remediation.case import Case
from remediation.catalogue import CLUSTERS
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.recording import Recording
from remediation.words import FactoryId, FindingId, PersonId, PlanId, ProgrammeId, Role, Severity
from storage import people, versions
from storage.assessments import Assessment, Subject, add_assessment, add_subjects
from storage.codec import recording_of
from storage.database import writing
from storage.programmes import Factory, Programme, save_factories, save_programme
from storage.recording import record

FACTORIES = 300
PROGRAMME, READER, TOKEN = ProgrammeId("lists"), PersonId("petra"), "bench-token"
PATHS = {
    "first page": "/api/v1/findings",
    "filtered page": "/api/v1/findings?severity=major&stage=issued",
    "last page": "/api/v1/findings?cursor=last",
}
ROUNDS = 200


def populate(database: Database, count: int) -> None:
    """Put so many findings on record, of all severities and compliance points, issued over a year.

    Their clocks are kept: what has come due by now is recorded, as a worker does that was away for long.
    """
    now = datetime.now(UTC)
    calendar = resolve_calendar(country="BD", zone="Asia/Dhaka", rest_days=(5,), year=2026).calendar
    with writing(database) as connection:
        versions.keep_policy(connection, Policy())
        versions.keep_calendar(connection, calendar)
        save_programme(connection, Programme(id=PROGRAMME, name="Lists", policy=Policy().version))
        save_factories(connection, [_factory(number, calendar.version) for number in range(FACTORIES)])
        people.save_person(connection, people.Person(id=READER, name="Petra", email=None, language="en"))
        people.give(connection, READER, Grant(Role.PROGRAMME_MANAGER, ScopeKind.PROGRAMME, PROGRAMME))
        people.keep_token(connection, TOKEN, READER, "bench", now)
        add_assessment(connection, _assessment())
    for start in range(0, count, FACTORIES):
        subjects = [a_subject(number) for number in range(start, min(start + FACTORIES, count))]
        with writing(database) as connection:
            add_subjects(connection, subjects)
            cases = put_on_record(connection, subjects, now - timedelta(days=start % 365))
            record(connection, list(_caught_up(cases, now)))


def _caught_up(cases: Iterable[Case], now: datetime) -> Iterator[Recording]:
    for case in cases:
        timely, owed = case.keep_time(now)
        if owed:
            yield recording_of(timely, owed)


def measure(service: Served, path: str) -> Figures:
    """Let a program ask for a page many times, one after the other."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return browsers(service, path, headers, clients=1, count=ROUNDS)


def _factory(number: int, calendar: str) -> Factory:
    return Factory(
        id=FactoryId(f"lists-{number}"),
        programme=PROGRAMME,
        name=f"Factory {number}",
        country="BD",
        zone="Asia/Dhaka",
        rest_days=(5,),
        language="en",
        calendar=calendar,
    )


def _assessment() -> Assessment:
    now = datetime.now(UTC)
    return Assessment(
        id="lists", programme=PROGRAMME, file="0" * 64, name="lists", by=READER, imported_at=now
    )


def a_subject(number: int) -> Subject:
    """Give what a finding is about, by its number: every 300th is of the same factory."""
    points = [point for cluster in CLUSTERS for point in cluster.points]
    point = points[number % len(points)]
    severities = [Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, Severity.COLLABORATIVE]
    return Subject(
        finding=FindingId(f"f-{number:06}"),
        assessment="lists",
        plan=PlanId(f"p-{number % FACTORIES}"),
        factory=FactoryId(f"lists-{number % FACTORIES}"),
        severity=severities[number % len(severities)],
        cycle="1",
        assessed_on=date(2026, 1, 5),
        cluster=point.cluster,
        point=point.id,
        question=f"q-{number}",
        question_text=f"Is requirement {number} kept?",
    )
