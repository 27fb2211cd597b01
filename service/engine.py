"""The engine as the service sees it: the one file that holds a Temporal client."""

import asyncio
import contextlib
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.common import (
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.envconfig import ClientConfig
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from remediation.case import Case
from remediation.gatherings.case import GatheringCase
from remediation.orders import Order, verb
from remediation.words import FactoryId, SubjectId
from workflows.assessment import AssessmentStart, AssessmentWorkflow, assessment_workflow_id
from workflows.converter import data_converter
from workflows.finding import FindingWorkflow
from workflows.hook import HookWorkflow, hook_workflow_id
from workflows.kinds import workflow_of
from workflows.messages import TASK_QUEUE, FindingStart, GatheringStart, Receipt, workflow_id

FACTORY = SearchAttributeKey.for_keyword("MendworkFactory")
"""The search attribute of every workflow: an opaque id. Each more would slow the start of a finding by a
twentieth; plan, stage and dates stand in SQL."""

DEFAULT_TARGET = "127.0.0.1:7233"
FIRST_WAIT, LONGEST_WAIT = 0.5, 15.0
"""Seconds between tries to reach a server that is away."""
AWAY = frozenset({RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED})

log = structlog.get_logger("mendwork.engine")


@dataclass(frozen=True)
class OrderRefusedError(Exception):
    """The rules refused an order. `code` is stable; `sentence` is for people; `field` may be empty."""

    code: str
    sentence: str
    field: str = ""


class NotDecidedYetError(Exception):
    """No worker answered in time. The order is kept and will be delivered again."""


class LifeIsOverError(Exception):
    """The finding's workflow has ended: only a reopening can go on."""


async def connect(defaults: Mapping[str, str] | None = None) -> Client:
    """Connect as the standard `TEMPORAL_…` settings say; `defaults` fill what they leave open.

    Raises RuntimeError when no server answers.
    """
    config = dict(ClientConfig.load_client_connect_config())
    for key, value in (defaults or {}).items():
        config.setdefault(key, value)
    config.setdefault("target_host", DEFAULT_TARGET)
    return await Client.connect(**config, data_converter=data_converter)  # type: ignore[arg-type]


async def connect_in_time() -> Client:
    """Connect as `connect` does, trying for as long as it takes: the server may start after its clients."""
    wait = FIRST_WAIT
    while True:
        try:
            return await connect()
        except RuntimeError:
            where = ClientConfig.load_client_connect_config().get("target_host") or DEFAULT_TARGET
            log.warning("temporal_unreachable", at=where, next_try_in_seconds=wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)


def named(start: FindingStart | GatheringStart) -> dict[str, Any]:
    """Give the workflow that a start is for: its name, its id, and the search attribute it bears."""
    if isinstance(start, GatheringStart):
        state = start.case.state
        return {"workflow": workflow_of(state.id), "id": workflow_id(state.id), **_borne(state.factory)}
    finding = start.case.finding
    return {"workflow": FindingWorkflow.run, "id": workflow_id(finding.id), **_borne(finding.factory)}


def _borne(factory: FactoryId) -> dict[str, Any]:
    return {"search_attributes": TypedSearchAttributes([SearchAttributePair(FACTORY, factory)])}


class Engine:
    """Starts workflows and gives them people's orders."""

    def __init__(self, client: Client, patience: float = 5.0, task_queue: str = TASK_QUEUE) -> None:
        """`patience` is how many seconds an order may wait for a worker."""
        self.client = client
        self._patience = patience
        self._queue = task_queue

    @property
    def task_queue(self) -> str:
        """The task queue on which its workflows run."""
        return self._queue

    async def give(self, subject: SubjectId, order: Order, seen: int = 0) -> Receipt:
        """Give an order and wait for its facts to stand in SQL.

        `seen` is the last entry that the caller saw in SQL: the workflow judges from there on, not before.
        The order's id is the update's id: giving it twice has one effect. Raises OrderRefusedError,
        LifeIsOverError, or NotDecidedYetError when nobody answers in time.
        """
        handle = self.client.get_workflow_handle(workflow_id(subject))
        update = handle.execute_update(
            verb(type(order)), args=[order, seen], id=order.id, result_type=Receipt
        )
        return await self._answered(update)

    async def reopen(self, finding: SubjectId, order: Order, ended: Case) -> Receipt:
        """Give an order to a finding whose workflow has ended, starting it again from its case."""
        start = WithStartWorkflowOperation(
            FindingWorkflow.run,
            FindingStart(case=ended),
            id=workflow_id(finding),
            task_queue=self._queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )
        update = self.client.execute_update_with_start_workflow(
            verb(type(order)), order, id=order.id, result_type=Receipt, start_workflow_operation=start
        )
        return await self._answered(update)

    async def start(self, case: Case | GatheringCase) -> None:
        """Start a recorded case's workflow. Safe to repeat, also after its life has ended."""
        start = FindingStart(case=case) if isinstance(case, Case) else GatheringStart(case=case)
        with contextlib.suppress(WorkflowAlreadyStartedError):
            await self.client.start_workflow(
                arg=start,
                task_queue=self._queue,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                **named(start),
            )

    async def start_soon(self, case: Case | GatheringCase) -> None:
        """Start a recorded case's workflow; where no server answers, the reconciler starts it."""
        try:
            async with asyncio.timeout(self._patience):
                await self.start(case)
        except (TimeoutError, RPCError) as away:
            log.warning("workflow_not_started_yet", error=type(away).__name__)

    async def issue(self, assessment: str) -> int:
        """Issue an assessment's findings and wait until all are started; give how many there are.

        Doing it again goes on where it was, and starts nothing twice.
        """
        return await self.client.execute_workflow(
            AssessmentWorkflow.run,
            AssessmentStart(assessment=assessment),
            id=assessment_workflow_id(assessment),
            task_queue=self._queue,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        )

    async def wake_hook(self, hook: str) -> None:
        """Let a webhook's workflow look for what is due, starting it where it has ended."""
        await self.client.start_workflow(
            HookWorkflow.run,
            hook,
            id=hook_workflow_id(hook),
            task_queue=self._queue,
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
            start_signal="wake",
        )

    async def runs(self, finding: SubjectId) -> bool:
        """Whether a subject's workflow is running."""
        try:
            description = await self.client.get_workflow_handle(workflow_id(finding)).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return False
            raise
        return description.status is WorkflowExecutionStatus.RUNNING

    async def is_up(self) -> bool:
        """Whether the Temporal server answers within two seconds."""
        try:
            return await self.client.service_client.check_health(timeout=timedelta(seconds=2))
        except RPCError:
            return False

    async def _answered(self, update: Awaitable[Receipt]) -> Receipt:
        try:
            async with asyncio.timeout(self._patience):
                return await update
        except WorkflowUpdateFailedError as failed:
            raise _refused(failed) from failed
        except (TimeoutError, WorkflowUpdateRPCTimeoutOrCancelledError) as late:
            raise NotDecidedYetError from late
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise LifeIsOverError from error
            if error.status in AWAY:
                raise NotDecidedYetError from error
            raise


def _refused(failed: WorkflowUpdateFailedError) -> Exception:
    cause = failed.cause
    if isinstance(cause, ApplicationError) and cause.type == "AcceptedUpdateCompletedWorkflow":
        return LifeIsOverError()
    if isinstance(cause, ApplicationError) and cause.type:
        field = str(cause.details[0]) if cause.details else ""
        return OrderRefusedError(cause.type, cause.message, field)
    return failed
