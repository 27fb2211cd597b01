"""What a workflow's own history tells: the facts it recorded, by replaying it. Needs no worker.

Histories keep no inputs of local activities. Replaying runs the workflow's code over the history once
more, and every recording passes by; nothing is written thereby, neither in Temporal nor in SQL.
"""

from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from temporalio import workflow
from temporalio.client import WorkflowHistory
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import (
    ExecuteWorkflowInput,
    Interceptor,
    Replayer,
    StartActivityInput,
    StartLocalActivityInput,
    UnsandboxedWorkflowRunner,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
    WorkflowOutboundInterceptor,
)

from remediation.case import Case
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.summary import GatheringRecording
from remediation.ledger import Entry
from remediation.recording import Recording
from remediation.words import SubjectId
from service.engine import Engine
from storage.codec import gathering_recording_of, recording_of
from workflows.converter import data_converter
from workflows.kinds import LIVES
from workflows.messages import Head, workflow_id
from workflows.recording import RECORD, RECORD_GATHERING

if TYPE_CHECKING:
    from workflows.life import Life

_THREADS = ThreadPoolExecutor(max_workers=4, thread_name_prefix="replay")


class HistoryUnreadableError(Exception):
    """A history cannot be replayed by this version of the program. The cause says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A finding as its workflow tells it: the case its oldest run read began with, and what came after.

    `entries` are those that stood in SQL once, in order; `latest` is the recording of the last of them.
    """

    head: Head
    start: Case | GatheringCase
    entries: tuple[Entry, ...]
    latest: Recording | GatheringRecording

    def after(self, seq: int) -> tuple[Entry, ...]:
        """Give the entries after a sequence number."""
        return tuple(entry for entry in self.entries if entry.seq > seq)


async def story(engine: Engine, finding: SubjectId, run: str, after: int) -> Story:
    """Read a finding's runs from the latest (`run`) back, until one began with entry `after` or before.

    Raises HistoryUnreadableError.
    """
    told: Story | None = None
    async for one in _runs(engine, finding, run):
        told = _joined(one, told) if told else one
        if told.start.seq <= after:
            break
    if told is None:
        message = f"finding {finding}: the server has no history of run {run} any more"
        raise HistoryUnreadableError(message)
    return told


def _joined(earlier: Story, later: Story) -> Story:
    entries = {entry.seq: entry for entry in (*earlier.entries, *later.entries)}
    story = tuple(entries[seq] for seq in sorted(entries))
    return Story(head=later.head, start=earlier.start, entries=story, latest=later.latest)


async def _runs(engine: Engine, finding: SubjectId, latest: str) -> AsyncIterator[Story]:
    """Give the runs of a finding, the latest first, for as far back as the server keeps them."""
    yield await _run(engine, finding, latest)
    query = f"WorkflowId = '{workflow_id(finding)}' AND ExecutionStatus != 'Running'"
    async for each in engine.client.list_workflows(query):  # the latest first
        if each.run_id != latest:
            try:
                yield await _run(engine, finding, each.run_id)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                return


async def _run(engine: Engine, finding: SubjectId, run: str) -> Story:
    handle = engine.client.get_workflow_handle(workflow_id(finding), run_id=run)
    return await replayed(await handle.fetch_history())


async def replayed(history: WorkflowHistory) -> Story:
    """Replay one run and give what it recorded. Raises HistoryUnreadableError."""
    ear = _Ear()
    replayer = Replayer(
        workflows=list(LIVES),
        workflow_task_executor=_THREADS,
        workflow_runner=UnsandboxedWorkflowRunner(),
        data_converter=data_converter,
        interceptors=[ear],
    )
    result = await replayer.replay_workflow(history, raise_on_replay_failure=False)
    if result.replay_failure or ear.instance is None or ear.start is None:
        message = f"{history.workflow_id}: this version cannot read the history of run {history.run_id}"
        raise HistoryUnreadableError(message) from result.replay_failure
    return ear.story(ear.instance.head(), ear.start)


class _Ear(Interceptor):
    """Listens to one replay."""

    def __init__(self) -> None:
        self.instance: Life[Any] | None = None
        self.start: Case | GatheringCase | None = None
        self.recordings: list[Recording | GatheringRecording] = []

    def workflow_interceptor_class(
        self,
        input: WorkflowInterceptorClassInput,  # noqa: A002, ARG002 - the SDK's name
    ) -> type[WorkflowInboundInterceptor]:
        """Give the class that the SDK makes an interceptor of; it reports to this one ear."""
        ear = self

        class Inbound(WorkflowInboundInterceptor):
            def init(self, outbound: WorkflowOutboundInterceptor) -> None:
                super().init(_Listening(outbound, ear))

            async def execute_workflow(self, input: ExecuteWorkflowInput) -> Any:  # noqa: A002, ANN401
                ear.instance, ear.start = workflow.instance(), input.args[0].case
                return await super().execute_workflow(input)

        return Inbound

    def story(self, head: Head, start: Case | GatheringCase) -> Story:
        entries = {entry.seq: entry for each in self.recordings for entry in each.entries}
        stood = tuple(entries[seq] for seq in sorted(entries) if seq <= head.stored)
        recorded = (each for each in self.recordings if each.summary.seq == head.stored)
        latest = next(recorded, None) or _nothing_new(start)
        return Story(head=head, start=start, entries=stood, latest=latest)


def _nothing_new(start: Case | GatheringCase) -> Recording | GatheringRecording:
    return recording_of(start, ()) if isinstance(start, Case) else gathering_recording_of(start, ())


class _Listening(WorkflowOutboundInterceptor):
    def __init__(self, following: WorkflowOutboundInterceptor, ear: _Ear) -> None:
        super().__init__(following)
        self._ear = ear

    def start_local_activity(self, input: StartLocalActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        self._hear(input)
        return super().start_local_activity(input)

    def start_activity(self, input: StartActivityInput) -> workflow.ActivityHandle[Any]:  # noqa: A002
        self._hear(input)
        return super().start_activity(input)

    def _hear(self, asked: StartLocalActivityInput | StartActivityInput) -> None:
        if asked.activity in {RECORD, RECORD_GATHERING}:
            self._ear.recordings.append(asked.args[0])
