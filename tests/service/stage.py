"""The service on a stage: the real app over a real database, with the cast and their tokens.

With an engine of the real Temporal server its commands are carried out; without one they wait.
"""

import shutil
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient, Response
from sqlalchemy import Connection
from sqlalchemy import Engine as Database
from temporalio.client import Client, Interceptor
from temporalio.testing import WorkflowEnvironment
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.hooking import Deliverer
from remediation import catalogue
from remediation.calendar import Calendar, Offset
from remediation.case import open_case
from remediation.facts import Issued
from remediation.orders import Seat
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.words import FactoryId, FindingId, PersonId, PlanId, ProgrammeId, Role, Severity, Side
from service.app import create_app
from service.context import Clock, utc_now
from service.engine import Engine
from service.settings import Settings
from service.worker import finding_worker, hook_settings
from storage import people, versions
from storage.assessments import Assessment, Subject, add_assessment, add_subjects
from storage.committees import Term, save_term
from storage.database import migrate, open_engine, writing
from storage.people import Person, keep_token
from storage.programmes import Factory, Programme, save_factory, save_programme
from storage.recording import record
from storage.sessions import Lifetime, Opening, keep_session
from tests.storage.builders import Life, a_recording
from workflows.converter import data_converter

HOST = "http://testserver"
PROGRAMME, OTHER_PROGRAMME = ProgrammeId("bd"), ProgrammeId("vn")
LOTUS, PADMA = FactoryId("lotus"), FactoryId("padma")
DHAKA = Calendar("dhaka-1", "Asia/Dhaka", (Offset(datetime(2020, 1, 1, tzinfo=UTC), 360),), (5,))

AMINA, ASHA = PersonId("amina"), PersonId("asha")
BAO, BINH = PersonId("bao"), PersonId("binh")
CHLOE, TOMAS, PETRA = PersonId("chloe"), PersonId("tomas"), PersonId("petra")
DINA, BUYER, OUTSIDER = PersonId("dina"), PersonId("bea"), PersonId("omar")
NEIGHBOUR, OPERATOR = PersonId("nila"), PersonId("olga")

NAMES = {
    AMINA: "Amina Rahman",
    ASHA: "Asha Begum",
    BAO: "Bao Tran",
    BINH: "Binh Le",
    CHLOE: "Chloé Martin",
    TOMAS: "Tomas Novak",
    PETRA: "Petra Lindqvist",
    DINA: "Dina Haddad",
    BUYER: "Bea Buyer",
    OUTSIDER: "Omar Outsider",
    NEIGHBOUR: "Nila Neighbour",
    OPERATOR: "Olga Operator",
}
SEATS = (
    Seat(person=AMINA, side=Side.WORKER, elected=True, co_chair=True),
    Seat(person=ASHA, side=Side.WORKER, elected=True),
    Seat(person=BAO, side=Side.MANAGEMENT, co_chair=True),
    Seat(person=BINH, side=Side.MANAGEMENT),
)
GRANTS = {
    BAO: Grant(Role.MANAGER, ScopeKind.FACTORY, LOTUS),
    CHLOE: Grant(Role.ADVISOR, ScopeKind.PROGRAMME, PROGRAMME),
    TOMAS: Grant(Role.TEAM_LEADER, ScopeKind.PROGRAMME, PROGRAMME),
    PETRA: Grant(Role.PROGRAMME_MANAGER, ScopeKind.PROGRAMME, PROGRAMME),
    DINA: Grant(Role.DUTY_OFFICER, ScopeKind.PROGRAMME, PROGRAMME),
    BUYER: Grant(Role.BUYER, ScopeKind.FACTORY, LOTUS),
    NEIGHBOUR: Grant(Role.MANAGER, ScopeKind.FACTORY, PADMA),
    OPERATOR: Grant(Role.OPERATOR, ScopeKind.ALL),
}
QUESTION = "Are all exits of the sewing floor unlocked during working hours?"
STATEMENT = "PLANTED the second exit was locked."


def token_of(person: str) -> str:
    """Give a person's token for the API, which is on this stage their browser's cookie as well."""
    return f"token-of-{person}"


@dataclass
class Theatre:
    """A service over its own database. `act` gives a client that is somebody."""

    database: Database
    app: FastAPI

    def act(self, person: str | None = None, **headers: str) -> AsyncClient:
        """Give a client that sends a person's token (or none)."""
        if person is not None:
            headers.setdefault("Authorization", f"Bearer {token_of(person)}")
        transport = ASGITransport(self.app, raise_app_exceptions=False)
        return AsyncClient(transport=transport, base_url=HOST, headers=headers)

    def keep(self, *lives: Life) -> None:
        """Record lives of findings, with what they are about."""
        with writing(self.database) as connection:
            record(connection, [a_recording(life) for life in lives])
            add_subjects(connection, [a_subject(life) for life in lives])

    def ledger(self, finding: str) -> list[str]:
        """Give the kinds of the facts in a finding's ledger."""
        with self.database.connect() as connection:
            rows = connection.exec_driver_sql(
                "SELECT kind FROM ledger WHERE finding = ? ORDER BY seq", (finding,)
            )
            return [row.kind for row in rows]

    def everything(self) -> list[Any]:
        """Give all rows of all tables, to see that nothing has changed."""
        with self.database.connect() as connection:
            query = "SELECT name FROM sqlite_master WHERE type = 'table'"
            names = connection.exec_driver_sql(query).scalars().all()
            return [(name, connection.exec_driver_sql(f"SELECT * FROM {name}").all()) for name in names]  # noqa: S608

    def close(self) -> None:
        """Let go of the database."""
        self.database.dispose()
        self.app.state.context.database.dispose()

    def count(self, table: str) -> int:
        """Give the number of rows of a table."""
        with self.database.connect() as connection:
            number: int = connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608
            return number


@dataclass
class Live:
    """A service over the real Temporal server, whose clocks can be turned."""

    theatre: Theatre
    environment: WorkflowEnvironment
    client: Client
    queue: str

    async def begin(self, **given: Any) -> str:  # noqa: ANN401 - as `a_life` takes it
        """Issue a finding now, let its life begin, and give its id."""
        finding = f"f{uuid.uuid4().hex[:10]}"
        life = a_life(finding, **given)
        self.theatre.keep(life)
        await Engine(self.client, task_queue=self.queue).start(life.case)
        return finding

    async def say(self, person: str, finding: str, verb: str, **body: Any) -> Response:  # noqa: ANN401
        """Let somebody give a command with a new key."""
        async with self.theatre.act(person) as client:
            return await client.post(f"/api/v1/findings/{finding}/{verb}", json=body, headers=key())

    async def agree(self, finding: str, **plan: Any) -> str:  # noqa: ANN401 - as `a_plan` takes it
        """Let Bao propose and both sides sign; give the revision."""
        assert (await self.say(BAO, finding, "propose", **a_plan(**plan))).status_code == 200
        async with self.theatre.act(AMINA) as client:
            shown = (await client.get(f"/api/v1/findings/{finding}")).json()
        revision: str = shown["proposal"]["revision"]
        for person in (AMINA, BAO):
            assert (await self.say(person, finding, "sign", revision=revision)).status_code == 200
        return revision


def a_theatre(
    folder: Path,
    engine: Engine | None = None,
    *,
    clock: Callable[[], datetime] | None = None,
    template: Path | None = None,
    **settings: Any,  # noqa: ANN401 - any setting
) -> Theatre:
    """Set up a service over a fresh database in a folder, with the cast."""
    file = folder / f"{uuid.uuid4().hex}.db"
    if template is not None:
        shutil.copy(template, file)
    settings.setdefault("trusted_hosts", ("testserver",))
    given = Settings(home=folder, database_url=f"sqlite:///{file}", **settings)
    database = open_engine(given.database)
    if template is None:
        migrate(database)
        with writing(database) as connection:
            cast(connection)
    options = {"clock": clock} if clock else {}
    return Theatre(database, create_app(given, engine, **options))


@asynccontextmanager
async def a_live(
    environment: WorkflowEnvironment,
    folder: Path,
    template: Path,
    *,
    clock: Clock = utc_now,
    interceptors: Sequence[Interceptor] = (),
    **settings: Any,  # noqa: ANN401 - any setting
) -> AsyncIterator[Live]:
    """Give a service over the real Temporal server, with a worker of its own.

    Workflows go by the server's clock, all else by `clock`.
    """
    config: Any = {**environment.client.config(), "data_converter": data_converter}
    client = Client(**config | {"interceptors": [*config["interceptors"], *interceptors]})
    queue = f"service-{uuid.uuid4().hex[:8]}"
    engine = Engine(client, patience=20, task_queue=queue)
    stage = a_theatre(folder, engine, clock=clock, template=template, command_patience=20, **settings)
    deliverer = Deliverer(stage.database, hook_settings(stage.app.state.context.settings))
    runner = SandboxedWorkflowRunner()
    async with finding_worker(
        client, stage.database, task_queue=queue, runner=runner, deliverer=deliverer, clock=clock
    ):
        yield Live(theatre=stage, environment=environment, client=client, queue=queue)
    stage.close()


def a_template(folder: Path) -> Path:
    """Give a migrated SQLite file that holds the directory and the cast."""
    file = folder / "template.db"
    database = open_engine(f"sqlite:///{file}")
    migrate(database)
    with writing(database) as connection:
        cast(connection)
    database.dispose()
    return file


def cast(connection: Connection) -> None:
    """Store the directory: two factories, the cast with their roles, seats and tokens."""
    versions.keep_policy(connection, Policy())
    versions.keep_calendar(connection, DHAKA)
    versions.keep_catalogue(connection, catalogue.VERSION, catalogue.CLUSTERS)
    version = Policy().version
    for programme in (PROGRAMME, OTHER_PROGRAMME):
        own = Programme(id=programme, name=programme.upper(), policy=version, catalogue=catalogue.VERSION)
        save_programme(connection, own)
    for place, name in ((LOTUS, "Lotus Garments"), (PADMA, "Padma Knit")):
        save_factory(connection, a_factory(place, name))
    for person, name in NAMES.items():
        save_person(connection, person, name)
    for seat in SEATS:
        save_term(connection, Term(factory=LOTUS, seat=seat, since=date(2025, 1, 1)))
    for person, grant in GRANTS.items():
        people.give(connection, person, grant)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    add_assessment(
        connection,
        Assessment(id="as-1", programme=PROGRAMME, file="0" * 64, name="first.csv", by=CHLOE, imported_at=at),
    )


def save_person(connection: Connection, person: PersonId, name: str) -> None:
    email = None if person == ASHA else f"{person}@mail.example"
    people.save_person(connection, Person(id=person, name=name, email=email, language="en"))
    keep_token(connection, token_of(person), person, "test", datetime(2026, 1, 1, tzinfo=UTC))
    # Used last in the far future: reading pages writes nothing then, whatever a test's clock says.
    years = Lifetime(idle=timedelta(days=9000), most=timedelta(days=9000))
    opening = Opening(person=person, device="Test on stage", shared=False, means="token", lifetime=years)
    keep_session(connection, token_of(person), opening, datetime(2090, 1, 1, tzinfo=UTC))


def a_factory(place: FactoryId, name: str, programme: ProgrammeId = PROGRAMME) -> Factory:
    return Factory(
        id=place,
        programme=programme,
        name=name,
        country="BD",
        zone="Asia/Dhaka",
        rest_days=(5,),
        language="en",
        calendar=DHAKA.version,
    )


def a_subject(life: Life) -> Subject:
    finding = life.case.finding
    return Subject(
        finding=finding.id,
        assessment="as-1",
        plan=finding.plan,
        factory=finding.factory,
        severity=finding.severity,
        cycle="3",
        assessed_on=date(2026, 1, 12),
        cluster="occupational-safety-and-health",
        point=finding.point,
        question=finding.question,
        question_text=QUESTION,
        statement=STATEMENT,
    )


def a_life(finding: str = "f1", *, ago: float = 0, **changed: Any) -> Life:  # noqa: ANN401
    """Issue a major finding at Amina and Bao's factory, so many days ago."""
    at = datetime.now(UTC) - timedelta(days=ago)
    fields = {
        "finding": FindingId(finding),
        "programme": PROGRAMME,
        "factory": LOTUS,
        "plan": PlanId("plan-1"),
        "point": "emergency-preparedness",
        "question": "q1",
        "severity": Severity.MAJOR,
        "assessor": CHLOE,
        "repeat_of": None,
        "proof_by_interview": False,
        "policy": Policy().version,
        "calendar": DHAKA.version,
        "seats": SEATS,
        "factory_told": True,
    }
    issued = Issued(**{**fields, **changed})
    case, entry = open_case(issued, Policy(), DHAKA, at, CHLOE)
    return Life(case, (entry,))


def a_plan(owner: str = BAO, *, due: date | None = None, **changed: Any) -> dict[str, Any]:  # noqa: ANN401
    """Give the body of a proposal with one action, due in sixty days."""
    day = due or (datetime.now(UTC) + timedelta(days=60)).date()
    action = {
        "kind": "corrective",
        "description": "Take the lock off the second exit",
        "owner": owner,
        "due": day.isoformat(),
        "evidence_expected": "A photograph of the open exit",
    }
    return {"root_cause": "Keys are kept by the guard only.", "actions": [action | changed]}


def key() -> dict[str, str]:
    """Give the header of a new idempotency key."""
    return {"Idempotency-Key": uuid.uuid4().hex}
