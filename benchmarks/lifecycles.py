"""Complete lifecycles a second: start, four human actions recorded in SQL, letters queued; against bare."""

import asyncio
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.bare import Bare
from benchmarks.measure import Bench, Figures, in_parallel, timed
from benchmarks.worker import BARE, OURS
from remediation.orders import Order, PlannedAction, Propose, RecordProgress, Sign
from remediation.recording import Recording
from remediation.words import ActionId, ActionKind, CommandId, Digest, FindingId, NoteId, PersonId, Severity
from service.engine import Engine
from storage.codec import recording_of
from storage.database import writing
from storage.recording import record
from tests.life.stage import ACTING, AMINA, BAO, DHAKA, a_case

CLIENTS = 16
UPDATES = 4


async def ours(bench: Bench, count: int) -> Figures:
    """Measure our lifecycles: propose, two signatures of both sides, progress to done."""
    engine = Engine(bench.client, patience=60, task_queue=OURS)

    async def one(_: int) -> list[float]:
        at = datetime.now(UTC)
        case, entry = a_case(FindingId(uuid.uuid4().hex), Severity.MAJOR, at)
        await asyncio.to_thread(_put_on_record, bench, recording_of(case, (entry,)))
        await engine.start(case)
        return [await timed(engine.give(case.finding.id, order)) for order in _orders(at)]

    return await in_parallel(CLIENTS, count, one)


def _put_on_record(bench: Bench, recording: Recording) -> None:
    with writing(bench.database) as connection:
        record(connection, [recording])


async def bare(bench: Bench, count: int) -> Figures:
    """Measure the baseline's lifecycles."""

    async def one(_: int) -> list[float]:
        handle = await bench.client.start_workflow(
            Bare.run, UPDATES, id=f"bare:{uuid.uuid4().hex}", task_queue=BARE
        )
        return [await timed(handle.execute_update(Bare.step, f"step {n}")) for n in range(UPDATES)]

    return await in_parallel(CLIENTS, count, one)


async def events(bench: Bench) -> int:
    """Give the history events of one standard lifecycle of ours."""
    before = datetime.now(UTC) - timedelta(seconds=1)
    await ours(bench, 1)
    async for execution in bench.client.list_workflows(
        f"WorkflowType = 'finding' AND StartTime > '{before.isoformat()}'"
    ):
        handle = bench.client.get_workflow_handle(execution.id)
        return len((await handle.fetch_history()).events)
    return 0


def _orders(at: datetime) -> list[Order]:
    revision = Digest(uuid.uuid4().hex)
    due = DHAKA.today(at) + timedelta(days=30)
    action = PlannedAction(id=ActionId("a1"), kind=ActionKind.CORRECTIVE, owner=BAO, due=due)
    done: dict[str, Any] = {"action": action.id, "percent": 100, "evidence": (NoteId("n1"),)}
    return [
        _given(AMINA, Propose, revision=revision, actions=(action,)),
        _given(AMINA, Sign, revision=revision),
        _given(BAO, Sign, revision=revision),
        _given(BAO, RecordProgress, **done),
    ]


def _given(person: PersonId, kind: type[Order], **fields: Any) -> Order:  # noqa: ANN401 - fields of the order
    return kind(id=CommandId(uuid.uuid4().hex), by=person, acting=ACTING[person], **fields)
