"""A stage for findings' lives: real Temporal server with clocks that turn, real SQL, the cast."""

import contextlib
import uuid
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import text
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.opening import put_gatherings_on_record
from remediation.calendar import Calendar, Offset
from remediation.case import Case, open_case
from remediation.facts import Issued
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.facts import MeetingCalled
from remediation.gatherings.plan import plan_opened
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.facts import Item, VisitPlanned
from remediation.ledger import Entry
from remediation.orders import Order, PlannedAction, Seat
from remediation.policy import Policy
from remediation.words import (
    SYSTEM,
    ActionId,
    ActionKind,
    Check,
    CommandId,
    FactoryId,
    FindingId,
    PersonId,
    PlanId,
    ProgrammeId,
    Role,
    Severity,
    Side,
    SubjectId,
)
from service.engine import Engine
from service.worker import finding_worker
from storage.codec import recording_of
from storage.database import migrate, open_engine, reading, writing
from storage.recording import record
from workflows.converter import data_converter
from workflows.finding import FindingWorkflow
from workflows.messages import Receipt, workflow_id

AMINA, ASHA = PersonId("amina"), PersonId("asha")
BAO, BINH = PersonId("bao"), PersonId("binh")
CHLOE, ERIK, TOMAS, DINA, RUTH = (PersonId(name) for name in ("chloe", "erik", "tomas", "dina", "ruth"))
ACTING = {
    AMINA: Role.WORKER_MEMBER,
    ASHA: Role.WORKER_MEMBER,
    BAO: Role.MANAGER,
    BINH: Role.MANAGEMENT_MEMBER,
    CHLOE: Role.ADVISOR,
    ERIK: Role.ADVISOR,
    TOMAS: Role.TEAM_LEADER,
    DINA: Role.DUTY_OFFICER,
    SYSTEM: Role.SYSTEM,
    RUTH: Role.DECISION_PANEL,
}
SEATS = (
    Seat(person=AMINA, side=Side.WORKER, elected=True, co_chair=True),
    Seat(person=ASHA, side=Side.WORKER, elected=True),
    Seat(person=BAO, side=Side.MANAGEMENT, co_chair=True),
    Seat(person=BINH, side=Side.MANAGEMENT),
)
DHAKA = Calendar("dhaka-1", "Asia/Dhaka", (Offset(datetime(2020, 1, 1, tzinfo=UTC), 360),), (5,))


@dataclass
class Life:
    """One life on the stage, a finding's or a plan's. `now` follows its own clock."""

    finding: SubjectId
    engine: Engine
    environment: WorkflowEnvironment
    database: Database
    handle: WorkflowHandle[Any, Any]
    began: datetime
    skipped: timedelta = field(default_factory=timedelta)

    @property
    def now(self) -> datetime:
        """The finding's present instant."""
        return datetime.now(UTC) + self.skipped

    def day(self, days: int) -> date:
        """Give the factory's local day so many days from now."""
        return DHAKA.today(self.now) + timedelta(days=days)

    async def order(self, person: PersonId, kind: type[Order], **fields: Any) -> Receipt:  # noqa: ANN401
        """Let a person of the cast give an order."""
        fields.setdefault("id", CommandId(uuid.uuid4().hex))
        fields.setdefault("acting", ACTING[person])
        return await self.engine.give(self.finding, kind(by=person, **fields))

    async def later(self, **span: float) -> None:
        """Turn the finding's clock forward."""
        delta = timedelta(**span)
        self.skipped += delta
        await self.environment.fast_forward(self.handle, delta)

    async def recording_is_retried(self) -> None:
        """Return once the workflow has tried more than once to write into SQL."""
        while not any(each.attempt > 1 for each in await self._pending()):
            pass  # describing is a call to the server: nothing spins here

    async def decided(self, seq: int) -> None:
        """Return once the workflow has decided on its entry of this number, recorded or not."""
        while (await self.handle.query(FindingWorkflow.head)).seq < seq:
            pass  # each query is a call to the server

    async def _pending(self) -> list[Any]:
        return list((await self.handle.describe()).raw_description.pending_activities)

    def action(self, name: str = "a1", *, days: int = 60, owner: PersonId = BAO) -> PlannedAction:
        """Give a corrective action due so many days from now."""
        return PlannedAction(id=ActionId(name), kind=ActionKind.CORRECTIVE, owner=owner, due=self.day(days))

    def ledger(self) -> list[str]:
        """Give the kinds of the facts recorded so far, in order."""
        query = text("SELECT kind FROM ledger WHERE finding = :finding ORDER BY seq")
        with reading(self.database) as connection:
            return list(connection.execute(query, {"finding": self.finding}).scalars())

    def row(self) -> Any:  # noqa: ANN401 - a row of the read model
        """Give its row of the read model."""
        table = "gatherings" if ":" in self.finding else "findings"
        query = text(f"SELECT * FROM {table} WHERE id = :finding")  # noqa: S608 - one of two names of ours
        with reading(self.database) as connection:
            return connection.execute(query, {"finding": self.finding}).one()


@dataclass
class Stage:
    """A worker on a task queue of its own, over one database and one time-skipping server."""

    environment: WorkflowEnvironment
    client: Client
    database: Database
    queue: str

    async def begin(self, severity: Severity = Severity.MAJOR, **issued: Any) -> Life:  # noqa: ANN401
        """Issue a finding now, and let its life begin."""
        finding = FindingId(uuid.uuid4().hex[:12])
        at = datetime.now(UTC)
        case, entry = a_case(finding, severity, at, **issued)
        with writing(self.database) as connection:
            record(connection, [recording_of(case, (entry,))])
        engine = Engine(self.client, patience=20, task_queue=self.queue)
        await engine.start(case)
        handle = self.client.get_workflow_handle(workflow_id(finding))
        return Life(finding, engine, self.environment, self.database, handle, at)

    async def begin_plan(self, plan: PlanId | None = None) -> Life:
        """Open a plan now, and let its life begin."""
        at, policy = datetime.now(UTC), Policy()
        own = plan or PlanId(f"p-{uuid.uuid4().hex[:12]}")
        fields = (ProgrammeId("better"), FactoryId("dhaka"), "a-1", None, policy.version, DHAKA.version)
        opened = plan_opened(own, *fields)
        with writing(self.database) as connection:
            (case,) = put_gatherings_on_record(connection, [(opened, policy, DHAKA, CHLOE)], at)
        engine = Engine(self.client, patience=20, task_queue=self.queue)
        await engine.start(case)
        handle = self.client.get_workflow_handle(workflow_id(opened.gathering))
        return Life(opened.gathering, engine, self.environment, self.database, handle, at)

    async def begin_meeting(self, *, days: int = 10) -> Life:
        """Call the committee to a meeting in so many days, and let the meeting's life begin."""
        at, policy = datetime.now(UTC), Policy()
        called = MeetingCalled(
            gathering=gathering_id(Kind.MEETING, f"m-{uuid.uuid4().hex[:12]}"),
            programme=ProgrammeId("better"),
            factory=FactoryId("dhaka"),
            policy=policy.version,
            calendar=DHAKA.version,
            acting=Role.WORKER_CO_CHAIR,
            seats=SEATS,
            starts=at + timedelta(days=days),
            length=90,
        )
        with writing(self.database) as connection:
            (case,) = put_gatherings_on_record(connection, [(called, policy, DHAKA, AMINA)], at)
        engine = Engine(self.client, patience=20, task_queue=self.queue)
        await engine.start(case)
        handle = self.client.get_workflow_handle(workflow_id(called.gathering))
        return Life(called.gathering, engine, self.environment, self.database, handle, at)

    async def begin_visit(self, *findings: FindingId, days: int = 10, announced: bool = True) -> Life:
        """Plan Erik's visit in so many days, and let its life begin."""
        at, policy = datetime.now(UTC), Policy()
        planned = VisitPlanned(
            gathering=visit_gathering(f"v-{uuid.uuid4().hex[:12]}"),
            programme=ProgrammeId("better"),
            factory=FactoryId("dhaka"),
            policy=policy.version,
            calendar=DHAKA.version,
            verifier=ERIK,
            on=DHAKA.today(at) + timedelta(days=days),
            announced=announced,
            items=tuple(Item(finding=each, check=Check.FIX) for each in findings),
        )
        with writing(self.database) as connection:
            (case,) = put_gatherings_on_record(connection, [(planned, policy, DHAKA, CHLOE)], at)
        engine = Engine(self.client, patience=20, task_queue=self.queue)
        await engine.start(case)
        handle = self.client.get_workflow_handle(workflow_id(planned.gathering))
        return Life(planned.gathering, engine, self.environment, self.database, handle, at)

    @contextlib.contextmanager
    def without_ledger(self) -> Iterator[None]:
        """Take the ledger out of SQL for the length of a `with` block, so that nothing can be recorded."""
        with self.database.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("ALTER TABLE ledger RENAME TO ledger_away")
            try:
                yield
            finally:
                raw.execute("ALTER TABLE ledger_away RENAME TO ledger")


def a_case(finding: FindingId, severity: Severity, at: datetime, **issued: Any) -> tuple[Case, Entry]:  # noqa: ANN401
    """Open the case of a finding at Amina and Bao's factory in Dhaka."""
    policy = issued.pop("policy", Policy())
    fields = {
        "finding": finding,
        "programme": ProgrammeId("better"),
        "factory": FactoryId("dhaka"),
        "plan": PlanId("plan-1"),
        "point": "worker-protection",
        "question": "osh-104",
        "severity": severity,
        "assessor": CHLOE,
        "repeat_of": None,
        "proof_by_interview": False,
        "policy": policy.version,
        "calendar": DHAKA.version,
        "seats": SEATS,
        "factory_told": severity is not Severity.ZERO_TOLERANCE,
    }
    return open_case(Issued(**{**fields, **issued}), policy, DHAKA, at, CHLOE)


@contextlib.asynccontextmanager
async def a_stage(environment: WorkflowEnvironment, folder: Path) -> AsyncIterator[Stage]:
    """Run a worker over a fresh SQLite database in the folder."""
    database = open_engine(f"sqlite:///{folder / 'mendwork.db'}")
    migrate(database)
    config = environment.client.config()
    config["data_converter"] = data_converter
    client = Client(**config)
    queue = f"stage-{uuid.uuid4().hex[:8]}"
    async with finding_worker(client, database, task_queue=queue, runner=SandboxedWorkflowRunner()):
        yield Stage(environment, client, database, queue)
    database.dispose()
