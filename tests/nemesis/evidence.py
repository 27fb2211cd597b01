"""Evidence: all that the stores, the mail server and the programs' files hold once a run is over."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import default as modern
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, select
from sqlalchemy import Engine as Database
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.worker import Replayer, UnsandboxedWorkflowRunner

from remediation.facts import Escalated
from remediation.ledger import Entry
from remediation.words import SYSTEM, FindingId
from service.engine import Engine
from service.reconciling import temporal
from storage import ledger as ledger_reader
from storage.codec import fact_of
from storage.database import reading
from storage.tables import commands, findings, ledger, letters, message_letters, messages
from tests.nemesis.journal import Journal
from tests.nemesis.world import World
from workflows.assessment import AssessmentWorkflow
from workflows.converter import data_converter
from workflows.kinds import LIVES, TYPES
from workflows.messages import Head

ENDINGS = ("sustained", "withdrawn", "superseded", "ceased")
Row = Any
F = TypeVar("F")


@dataclass
class Witness:
    """Looks at the ledger now and then while all goes on, and remembers every entry it has ever seen."""

    database: Database
    seen: dict[tuple[str, int], str]
    looks: int = 0

    async def watch(self, every: float = 0.5) -> None:
        """Look again and again, for ever."""
        while True:
            await asyncio.to_thread(self.look)
            await asyncio.sleep(every)

    def look(self) -> None:
        """Remember what stands in the ledger; a database that is away is looked at the next time."""
        try:
            with reading(self.database) as connection:
                standing = _standing(connection)
        except Exception:  # noqa: BLE001 - killed, locked, or whatever was done to it
            return
        self.looks += 1
        self.seen = standing | self.seen


def _standing(connection: Connection) -> dict[tuple[str, int], str]:
    """Give the digest of every entry there is, of findings and of gatherings."""
    rows = connection.execute(select(ledger.c.finding, ledger.c.seq, ledger.c.digest))
    return {(row.finding, row.seq): row.digest for row in rows}


@dataclass
class Evidence:
    """What stands where. `heads` are where the workflows of open findings say they stand."""

    database: Database
    rows: Mapping[str, Row]
    ledgers: Mapping[str, tuple[Entry, ...]]
    letters: tuple[Row, ...]
    messages: tuple[Row, ...]
    carried: Mapping[int, list[Row]]
    commands: frozenset[str]
    heads: Mapping[str, Head | None]
    running: frozenset[str]
    mails: tuple[tuple[str, bytes], ...]
    """Who got which mail."""
    journal: Journal
    seen: Mapping[tuple[str, int], str]
    """Which entries once stood in the ledger, and their digests."""
    standing: Mapping[tuple[str, int], str]
    """Which stand there in the end."""
    texts: Mapping[str, bytes]
    """Files of the programs by name: logs, and Temporal's own store."""
    replayed: Mapping[str, str]
    """The histories' ids, each with what went wrong when it was played again, or nothing."""

    @property
    def open(self) -> frozenset[str]:
        """The findings whose life is not over."""
        return frozenset(each for each, row in self.rows.items() if row.stage not in ENDINGS)

    def message_ids(self) -> Iterator[str]:
        """Give the Message-ID of each mail that was taken, copies too."""
        for _, text in self.mails:
            yield str(message_from_bytes(text, policy=modern)["Message-ID"])

    def facts(self, kind: type[F]) -> Iterator[tuple[Entry, F]]:
        """Give every fact of a kind, with its entry."""
        for entries in self.ledgers.values():
            for entry in entries:
                fact = fact_of(entry.kind, entry.body)
                if isinstance(fact, kind):
                    yield entry, fact

    def escalations(self) -> Iterator[tuple[Entry, Escalated]]:
        """Give every step of the ladder that was taken."""
        return self.facts(Escalated)


async def connected(world: World) -> Client:
    """Connect to the Temporal server, not through a wire."""
    return await Client.connect(world.machine.temporal.target, data_converter=data_converter)


def stored_rows(database: Database) -> dict[str, Row]:
    """Give the read model."""
    with reading(database) as connection:
        return {row.id: row for row in connection.execute(select(findings))}


async def all_heads(client: Client, rows: Mapping[str, Row]) -> dict[str, Head | None]:
    """Ask the workflow of each open finding where it stands."""
    asked = [FindingId(each) for each, row in rows.items() if row.stage not in ENDINGS]
    engine = Engine(client)
    heads = await temporal.for_each(asked, lambda finding: temporal.head(engine, finding))
    return {str(finding): head for finding, head in heads.items()}


async def gather_evidence(world: World, journal: Journal, witness: Witness) -> Evidence:
    """Look everywhere."""
    client = await connected(world)
    rows = stored_rows(world.machine.database)
    heads = await all_heads(client, rows)
    database = world.machine.database
    with reading(database) as connection:
        carried: dict[int, list[Row]] = defaultdict(list)
        for row in connection.execute(
            select(message_letters.c.letter, messages).join(
                messages, messages.c.id == message_letters.c.message
            )
        ):
            carried[row.letter].append(row)
        return Evidence(
            database=database,
            rows=rows,
            ledgers={each: ledger_reader.entries(connection, each) for each in rows},
            letters=tuple(connection.execute(select(letters).order_by(letters.c.id))),
            messages=tuple(connection.execute(select(messages).order_by(messages.c.id))),
            carried=carried,
            # What the system itself orders of plans is nobody's command.
            commands=frozenset(
                connection.execute(select(commands.c.id).where(commands.c.person != SYSTEM)).scalars()
            ),
            heads=heads,
            running=await _running(client, rows),
            mails=tuple(zip(world.machine.mail.recipients, world.machine.mail.taken, strict=True)),
            journal=journal,
            seen=witness.seen,
            standing=_standing(connection),
            texts=_texts(world.machine.folder),
            replayed=await _replayed(client),
        )


async def _running(client: Client, rows: Mapping[str, Row]) -> frozenset[str]:
    """Ask the server itself, not its index, which lags."""
    engine = Engine(client)
    seen = await temporal.for_each([FindingId(each) for each in rows], engine.runs)
    listed = {
        run.id.removeprefix("finding:")
        async for run in client.list_workflows('WorkflowType = "finding" AND ExecutionStatus = "Running"')
        if run.status is WorkflowExecutionStatus.RUNNING
    }
    unknown = listed - seen.keys()
    return frozenset({each for each, runs in seen.items() if runs} | unknown)


async def _replayed(client: Client) -> dict[str, str]:
    replayer = Replayer(
        workflows=[*LIVES, AssessmentWorkflow],
        data_converter=data_converter,
        workflow_runner=UnsandboxedWorkflowRunner(),
    )
    kinds = ", ".join(f'"{each}"' for each in (*TYPES, "assessment"))
    histories = client.list_workflows(f"WorkflowType IN ({kinds})").map_histories()
    told: dict[str, str] = {}
    async with replayer.workflow_replay_iterator(histories) as results:
        async for each in results:
            failure = each.replay_failure
            told[f"{each.history.workflow_id}/{each.history.run_id}"] = str(failure) if failure else ""
    return told


def _texts(folder: Path) -> dict[str, bytes]:
    logs = {each.name: each.read_bytes() for each in folder.glob("*.log")}
    return logs | {each.name: each.read_bytes() for each in (folder / "temporal").glob("temporal.*")}
