"""A stage whose stores can be lost: server and database are files, and the worker comes and goes."""

import contextlib
import shutil
import sqlite3
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine as Database
from sqlalchemy import select, text
from temporalio.client import Client
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from activities.mailroom import Mailroom, MailroomSettings
from activities.opening import put_gatherings_on_record
from notifications.postman import MailServer, Security
from remediation.gatherings.plan import plan_opened
from remediation.notices import next_wake
from remediation.orders import Order, PlannedAction, Propose, Sign
from remediation.policy import Policy
from remediation.words import (
    ActionId,
    ActionKind,
    CommandId,
    Digest,
    FindingId,
    GatheringId,
    PersonId,
    PlanId,
    Severity,
    SubjectId,
)
from service.engine import Engine
from service.reconciling import temporal
from service.reconciling.comparing import Reconciler
from service.reconciling.resurrecting import Resurrection, Resurrector
from service.worker import finding_worker
from storage import findings
from storage.codec import recording_of
from storage.database import migrate, open_engine, reading, writing
from storage.ledger import astray, broken_chains
from storage.recording import record
from storage.tables import findings as rows
from storage.tables import letters
from tests.life.stage import ACTING, AMINA, BAO, CHLOE, DHAKA, a_case
from tests.notifications.mail_servers import MailHouse
from tests.service.stage import LOTUS, PROGRAMME, cast
from tests.temporal_server import TemporalServer
from workflows.converter import data_converter
from workflows.messages import Head, Receipt, workflow_id

REVISION = Digest("r1")


@dataclass
class Ward:
    """Findings whose stores may be lost, copied and put back."""

    folder: Path
    server: TemporalServer
    house: MailHouse
    mail_port: int
    database: Database
    client: Client
    queue: str = field(default_factory=lambda: f"ward-{uuid.uuid4().hex[:8]}")
    patience: float = 20

    @property
    def engine(self) -> Engine:
        return Engine(self.client, patience=self.patience, task_queue=self.queue)

    @contextlib.asynccontextmanager
    async def worker(self) -> AsyncIterator[None]:
        runner = SandboxedWorkflowRunner()
        async with finding_worker(self.client, self.database, task_queue=self.queue, runner=runner):
            yield

    async def begin(self, *, ago: float = 0) -> FindingId:
        """Issue a finding so many days ago, and start its workflow."""
        finding = FindingId(uuid.uuid4().hex[:12])
        at = datetime.now(UTC) - timedelta(days=ago)
        case, entry = a_case(finding, Severity.MAJOR, at, factory=LOTUS, programme=PROGRAMME)
        with writing(self.database) as connection:
            record(connection, [recording_of(case, (entry,))])
        await self.engine.start(case)
        return finding

    async def begin_plan(self) -> GatheringId:
        """Open a plan, and start its workflow."""
        own, policy = PlanId(f"p-{uuid.uuid4().hex[:12]}"), Policy()
        opened = plan_opened(own, PROGRAMME, LOTUS, "a-1", None, policy.version, DHAKA.version)
        with writing(self.database) as connection:
            call = (opened, policy, DHAKA, CHLOE)
            (case,) = put_gatherings_on_record(connection, [call], datetime.now(UTC))
        await self.engine.start(case)
        return opened.gathering

    async def order(self, finding: SubjectId, person: PersonId, kind: type[Order], **fields: Any) -> Receipt:  # noqa: ANN401
        fields.setdefault("id", CommandId(uuid.uuid4().hex))
        return await self.engine.give(finding, kind(by=person, acting=ACTING[person], **fields))

    async def propose(self, finding: FindingId, **fields: Any) -> Receipt:  # noqa: ANN401
        return await self.order(finding, AMINA, Propose, revision=REVISION, actions=(an_action(),), **fields)

    async def commit(self, finding: FindingId) -> None:
        """Let both sides agree on one action."""
        await self.propose(finding)
        for person in (AMINA, BAO):
            await self.order(finding, person, Sign, revision=REVISION)

    async def deliver_mail(self) -> int:
        """Let the mailroom do its rounds, also the gathered ones, and give how many mails have been taken."""
        server = MailServer(
            host="127.0.0.1", port=self.mail_port, sender="Mendwork <m@mail.example>", security=Security.NONE
        )
        mailroom = Mailroom(self.database, MailroomSettings(server=server, public_url="http://mendwork"))
        later = datetime.now(UTC) + timedelta(minutes=6)
        while await mailroom.address(later) + await mailroom.deliver(later):
            pass
        return len(self.house.taken)

    async def lose_temporal(self) -> None:
        """Delete the server's file while it is down."""
        self.server.stop()
        for file in self._temporal_files(self.folder):
            file.unlink()
        await self._server_starts()

    def copy_temporal(self, to: Path) -> None:
        """Copy the server's file while it is down."""
        to.mkdir()
        for file in self._temporal_files(self.folder):
            shutil.copy2(file, to)

    async def put_back_temporal(self, copy: Path) -> None:
        """Put an older copy of the server's file in place."""
        self.server.stop()
        for file in self._temporal_files(self.folder):
            file.unlink()
        for file in self._temporal_files(copy):
            shutil.copy2(file, self.folder)
        await self._server_starts()

    def _temporal_files(self, folder: Path) -> list[Path]:
        return list(folder.glob("temporal.db*"))

    async def restart_server(self) -> None:
        self.server.stop()
        await self._server_starts()

    async def _server_starts(self) -> None:
        self.server.start()
        self.client = await connected(self.server)

    def copy_sql(self, to: Path) -> None:
        """Copy the database as an operator does, while it is in use."""
        with (
            contextlib.closing(sqlite3.connect(self.folder / "mendwork.db")) as source,
            contextlib.closing(sqlite3.connect(to)) as target,
        ):
            source.backup(target)

    def put_back_sql(self, copy: Path) -> None:
        """Put an older copy of the database in place."""
        self.database.dispose()
        for file in self.folder.glob("mendwork.db*"):
            file.unlink()
        shutil.copy2(copy, self.folder / "mendwork.db")

    async def resurrect(self, *, older_sql: bool = False, dry: bool = False) -> Resurrection:
        resurrector = Resurrector(self.database, self.engine, dry=dry, settle=0)
        ids = await resurrector.everyone()
        return await resurrector.resurrect(ids, older_sql=older_sql)

    def reconciler(self, *, dry: bool = False, patience: float = 10) -> Reconciler:
        patient = timedelta(seconds=patience)
        return Reconciler(self.database, self.engine, dry=dry, pause=0, patience=patient)

    def wakes(self) -> dict[FindingId, datetime | None]:
        """Give each finding's next notice, as SQL has it."""
        with reading(self.database) as connection:
            ids = connection.execute(select(rows.c.id)).scalars().all()
            cases = {FindingId(each): findings.case(connection, each) for each in ids}
        return {each: next_wake(case.finding) for each, case in cases.items() if case}

    async def heads(self) -> dict[FindingId, Head]:
        """Give where each finding's workflow stands, as a worker tells it."""
        return {each: await self.head(each) for each in self.wakes()}

    async def head(self, finding: FindingId) -> Head:
        head = await temporal.head(self.engine, finding)
        assert head is not None
        return head

    async def assert_sound(self) -> None:
        """Every finding's row is its workflow's head and its ledger's sum, and every chain holds."""
        heads, wakes = await self.heads(), self.wakes()
        with reading(self.database) as connection:
            stood = connection.execute(select(rows.c.id, rows.c.seq, rows.c.digest)).all()
            assert not broken_chains(connection)
            assert not astray(connection)
        assert {row.id: (row.seq, row.digest) for row in stood} == {
            finding: (head.seq, head.digest) for finding, head in heads.items()
        }
        assert {finding: head.wakes_at for finding, head in heads.items()} == wakes

    async def index_knows(self, count: int) -> None:
        """Return once the server's index, which lags, lists so many running workflows."""
        while len(await temporal.running(self.engine)) != count:
            pass  # asking is a call to the server

    async def go_on_in_sql(self, finding: FindingId) -> None:
        """Record a fact that the finding's workflow does not know."""
        with writing(self.database) as connection:
            case = findings.case(connection, finding)
            assert case is not None
            order = Sign(id=CommandId("elsewhere"), by=AMINA, acting=ACTING[AMINA], revision=REVISION)
            record(connection, [recording_of(*case.obey(order, datetime.now(UTC)))])

    def spoil_the_ledger(self) -> None:
        """Change entries past the program, as somebody with the file in hand can."""
        with writing(self.database) as connection:
            triggers = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
            for name in triggers.scalars().all():
                connection.execute(text(f"DROP TRIGGER {name}"))
            connection.execute(text("UPDATE ledger SET by = 'omar'"))

    async def runs(self, finding: FindingId) -> str:
        """Give the id of a finding's latest run."""
        return (await self.client.get_workflow_handle(workflow_id(finding)).describe()).run_id

    def letter_states(self) -> list[tuple[str, str]]:
        with reading(self.database) as connection:
            query = select(letters.c.state, letters.c.reason).order_by(letters.c.id)
            return [(row.state, row.reason) for row in connection.execute(query)]


def an_action() -> PlannedAction:
    due = DHAKA.today(datetime.now(UTC)) + timedelta(days=60)
    return PlannedAction(id=ActionId("a1"), kind=ActionKind.CORRECTIVE, owner=BAO, due=due)


async def connected(server: TemporalServer) -> Client:
    return await Client.connect(server.target, data_converter=data_converter)


async def a_ward(folder: Path, server: TemporalServer, house: MailHouse, mail_port: int) -> Ward:
    """Set the ward up with an empty database that holds the cast."""
    database = open_engine(f"sqlite:///{folder / 'mendwork.db'}")
    migrate(database)
    with writing(database) as connection:
        cast(connection)
    return Ward(folder, server, house, mail_port, database, await connected(server))
