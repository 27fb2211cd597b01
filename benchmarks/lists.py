"""The list of findings with 10,000 in the store: each page as a client of the running service sees it."""

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta

import httpx2
from sqlalchemy import Engine as Database

from activities.calendars import resolve_calendar
from activities.issuing import put_on_record
from benchmarks.measure import Figures, timed
from remediation.catalogue import CLUSTERS
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.words import FactoryId, FindingId, PersonId, PlanId, ProgrammeId, Role, Severity
from storage import people, versions
from storage.assessments import Assessment, Subject, add_assessment, add_subjects
from storage.database import writing
from storage.programmes import Factory, Programme, save_factories, save_programme
from tests.temporal_server import HOST, free_port

FACTORIES = 300
PROGRAMME, READER, TOKEN = ProgrammeId("lists"), PersonId("petra"), "bench-token"
PATHS = {
    "first page": "/api/v1/findings",
    "filtered page": "/api/v1/findings?severity=major&stage=issued",
    "last page": "/api/v1/findings?cursor=last",
}
ROUNDS = 200


def populate(database: Database, count: int) -> None:
    """Put so many findings on record, of all severities and compliance points, issued over a year."""
    calendar = resolve_calendar(country="BD", zone="Asia/Dhaka", rest_days=(5,), year=2026).calendar
    with writing(database) as connection:
        versions.keep_policy(connection, Policy())
        versions.keep_calendar(connection, calendar)
        save_programme(connection, Programme(id=PROGRAMME, name="Lists", policy=Policy().version))
        save_factories(connection, [_factory(number, calendar.version) for number in range(FACTORIES)])
        people.save_person(connection, people.Person(id=READER, name="Petra", email=None, language="en"))
        people.give(connection, READER, Grant(Role.PROGRAMME_MANAGER, ScopeKind.PROGRAMME, PROGRAMME))
        people.keep_token(connection, TOKEN, READER, "bench", datetime.now(UTC))
        add_assessment(connection, _assessment())
    for start in range(0, count, FACTORIES):
        subjects = [_subject(number) for number in range(start, min(start + FACTORIES, count))]
        with writing(database) as connection:
            add_subjects(connection, subjects)
            put_on_record(connection, subjects, datetime.now(UTC) - timedelta(days=start % 365))


@contextlib.asynccontextmanager
async def a_service(database: Database) -> AsyncIterator[tuple[httpx2.AsyncClient, int]]:
    """Run the service in a process of its own, and give a client of it and the process's id."""
    port = free_port()
    address = database.url.render_as_string(hide_password=False)
    environment = {**os.environ, "MENDWORK_DATABASE_URL": address, "MENDWORK_PORT": str(port)}
    command = [sys.executable, "-m", "service.cli", "serve"]
    process = await asyncio.create_subprocess_exec(
        *command, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
    )
    headers = {"Authorization": f"Bearer {TOKEN}"}
    transport = httpx2.AsyncHTTPTransport(retries=10)
    async with httpx2.AsyncClient(
        base_url=f"http://{HOST}:{port}", headers=headers, transport=transport, timeout=120
    ) as client:
        try:
            yield client, process.pid
        finally:
            process.terminate()
            await process.wait()


async def measure(client: httpx2.AsyncClient, path: str) -> Figures:
    """Ask for a page many times, one after the other."""
    latencies = [await timed(_page(client, path)) for _ in range(ROUNDS)]
    return Figures(ROUNDS, sum(latencies) / 1000, latencies)


async def _page(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    answer.raise_for_status()


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


def _subject(number: int) -> Subject:
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
