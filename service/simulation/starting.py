"""What a simulation begins with: open findings as they stand, or those that a file would bring."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select

from activities.calendars import resolve_calendar
from activities.issuing import Ground, issued
from remediation.calendar import Calendar
from remediation.case import open_case
from remediation.finding import Finding
from remediation.orders import Seat
from remediation.policy import Policy
from remediation.simulation import Start, refolded
from remediation.words import ENDINGS, FactoryId, FindingId, PersonId, ProgrammeId, Side
from service.importing import ImportPlan
from storage import programmes, versions
from storage.codec import case_of, fact_of
from storage.committees import committee
from storage.ledger import entries
from storage.programmes import Factory
from storage.statements import Stored
from storage.tables import findings

STAND_INS = (
    Seat(person=PersonId("simulated-worker"), side=Side.WORKER, elected=True, co_chair=True),
    Seat(person=PersonId("simulated-management"), side=Side.MANAGEMENT, co_chair=True),
)
"""The committee of a factory that has none yet."""


class NothingToSimulate(LookupError):
    """There is no finding to simulate; the sentence says where it was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """Which open findings are meant; empty leaves open."""

    plan: str = ""
    programme: str = ""
    finding: str = ""


def live(connection: Connection, narrowed: Narrowed, policy: Policy | None = None) -> tuple[Start, ...]:
    """Give the open findings as they stand; under another policy as if they had been issued under it.

    Raises NothingToSimulate, VersionMissing.
    """
    query = select(findings.c.id, findings.c.state, findings.c.policy, findings.c.calendar).where(
        findings.c.stage.not_in([stage.value for stage in ENDINGS])
    )
    if narrowed.plan:
        query = query.where(findings.c.plan == narrowed.plan)
    if narrowed.programme:
        query = query.where(findings.c.programme == narrowed.programme)
    if narrowed.finding:
        query = query.where(findings.c.id == narrowed.finding)
    shelf = versions.Shelf(connection)
    rows = connection.execute(query.order_by(findings.c.factory, findings.c.id)).all()
    if not rows:
        raise NothingToSimulate(_nowhere(narrowed))
    return tuple(_start(shelf, row, policy) for row in rows)


def from_file(
    connection: Connection, plan: ImportPlan, now: datetime, policy: Policy | None = None
) -> tuple[Start, ...]:
    """Give the findings that importing a file now would issue. Nothing is stored.

    Raises NothingToSimulate where it would bring none, LookupError for a programme or calendar not stored.
    """
    if not plan.fresh:
        message = f"{plan.assessment.name} brings no new finding; simulate those that stand with --plan"
        raise NothingToSimulate(message)
    grounds = {
        place: _ground(connection, plan, place, now, policy)
        for place in dict.fromkeys(subject.factory for subject in plan.fresh)
    }
    starts = []
    for subject in plan.fresh:
        ground = grounds[subject.factory]
        fact = issued(subject, ground)
        case, _ = open_case(fact, ground.policy, ground.calendar, now, ground.assessor)
        starts.append(Start(finding=case.finding, seq=case.seq, fresh=fact))
    return tuple(starts)


def _nowhere(narrowed: Narrowed) -> str:
    where = f"plan {narrowed.plan!r}" if narrowed.plan else f"programme {narrowed.programme!r}"
    return f"{where if narrowed != Narrowed() else 'the database'} has no open finding"


def _start(shelf: versions.Shelf, row: Stored, policy: Policy | None) -> Start:
    case = case_of(row.state, shelf.policy(row.policy), shelf.calendar(row.calendar))
    if policy is None:
        return Start(finding=case.finding, seq=case.seq)
    return Start(
        finding=_under(shelf.connection, case.finding.id, policy, case.finding.calendar), seq=case.seq
    )


def _under(connection: Connection, finding: FindingId, policy: Policy, calendar: Calendar) -> Finding:
    story = [(each.at, each.by, fact_of(each.kind, each.body)) for each in entries(connection, finding)]
    return refolded(story, policy, calendar)


def _ground(
    connection: Connection, plan: ImportPlan, place: FactoryId, now: datetime, policy: Policy | None
) -> Ground:
    known = programmes.factory(connection, place)
    factory = known or next(each for each in plan.new_factories if each.id == place)
    calendar = versions.calendar(connection, known.calendar) if known else _calendar(factory, now)
    seats = committee(connection, place, calendar.today(now)) or STAND_INS
    rules = policy or _policy_of(connection, factory.programme)
    return Ground(factory, rules, calendar, seats, plan.assessment.by)


def _calendar(factory: Factory, now: datetime) -> Calendar:
    return resolve_calendar(
        country=factory.country, zone=factory.zone, rest_days=factory.rest_days, year=now.year
    ).calendar


def _policy_of(connection: Connection, programme: ProgrammeId) -> Policy:
    home = programmes.programme(connection, programme)
    if home is None:
        message = f"there is no programme {programme!r}"
        raise LookupError(message)
    return versions.policy(connection, home.policy)
