"""What Temporal runs, asked in bulk, and workflows started again from SQL."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from temporalio.client import (
    WorkflowExecutionStatus,
    WorkflowQueryFailedError,
    WorkflowQueryRejectedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from remediation.words import SubjectId, subject_of
from service.engine import Engine, named
from workflows.kinds import TYPES
from workflows.messages import FindingStart, GatheringStart, Head, workflow_id

AT_ONCE = 16
PATIENCE = timedelta(seconds=10)
_FINDING = "finding:"
_LIVES = f"WorkflowType IN ({', '.join(repr(each) for each in TYPES)})"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Seen:
    """A subject's latest run, as the server itself (not its index) has it."""

    run: str
    status: WorkflowExecutionStatus

    @property
    def runs(self) -> bool:
        """Whether it is running."""
        return self.status is WorkflowExecutionStatus.RUNNING

    @property
    def completed(self) -> bool:
        """Whether it came to its own end."""
        return self.status is WorkflowExecutionStatus.COMPLETED


Tell = Callable[[], None]


def nobody() -> None:
    """Tell nobody of progress."""


async def for_each(
    ids: Collection[SubjectId], do: Callable[[SubjectId], Awaitable[T]], tell: Tell = nobody
) -> dict[SubjectId, T]:
    """Do something for many subjects, a few at a time; `tell` is called after each."""
    places = asyncio.Semaphore(AT_ONCE)

    async def one(finding: SubjectId) -> T:
        async with places:
            done = await do(finding)
        tell()
        return done

    answers = await asyncio.gather(*(one(finding) for finding in ids))
    return dict(zip(ids, answers, strict=True))


async def running(engine: Engine) -> frozenset[SubjectId]:
    """Give the subjects whose workflow runs as the server's index has it, which lags a little."""
    return await _listed(engine, f'{_LIVES} AND ExecutionStatus = "Running"')


async def every(engine: Engine) -> frozenset[SubjectId]:
    """Give the subjects whose workflows the server remembers, running or not."""
    return await _listed(engine, _LIVES)


async def _listed(engine: Engine, query: str) -> frozenset[SubjectId]:
    found = [run.id async for run in engine.client.list_workflows(query, page_size=1000)]
    return frozenset(subject_of(each.removeprefix(_FINDING)) for each in found)


async def seen(engine: Engine, finding: SubjectId) -> Seen | None:
    """Look at a subject's latest run; None where the server knows none."""
    try:
        description = await engine.client.get_workflow_handle(workflow_id(finding)).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    return Seen(description.run_id, description.status or WorkflowExecutionStatus.RUNNING)


async def head(engine: Engine, finding: SubjectId, patience: timedelta = PATIENCE) -> Head | None:
    """Ask a workflow where it stands; None where no worker answers for it in time."""
    handle = engine.client.get_workflow_handle(workflow_id(finding))
    try:
        head: Head = await handle.query("head", result_type=Head, rpc_timeout=patience)
    except (RPCError, WorkflowQueryFailedError, WorkflowQueryRejectedError):
        return None
    return head


async def begin_again(engine: Engine, start: FindingStart | GatheringStart) -> None:
    """Start a workflow from SQL. One that runs is ended by the same step: none is ever twofold."""
    await engine.client.start_workflow(
        arg=start,
        task_queue=engine.task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        **named(start),
    )


async def end(engine: Engine, finding: SubjectId, run: str) -> None:
    """End the run of a subject whose life is over in SQL; nothing if it has ended by itself meanwhile."""
    handle = engine.client.get_workflow_handle(workflow_id(finding), run_id=run)
    try:
        await handle.terminate("the finding's life is over in SQL")
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
