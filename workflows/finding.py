"""One finding's life: from issued to sustained, over weeks to years.

`run` is the procedure. People act through updates named by the glossary's verbs; the rules in
`remediation` decide; every fact stands in SQL before its update is answered.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue, RetryPolicy
from temporalio.exceptions import ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from remediation.case import Case
    from remediation.finding import Finding
    from remediation.ledger import Entry
    from remediation.notices import next_wake
    from remediation.orders import VERBS, Order
    from remediation.recording import Recording
    from remediation.refusals import Refusal
    from remediation.words import CommandId, Stage
    from storage.codec import recording_of
    from workflows.messages import FindingStart, Head, Receipt

RECORD = "record"
RECORD_PATIENCE = timedelta(seconds=10)
"""How long a recording may take within a workflow task before it becomes an activity of its own."""
RECORD_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))
RUN_AT_MOST = timedelta(days=90)
RECEIPTS_KEPT = 50
REOPENING_PATIENCE = timedelta(minutes=1)


@workflow.defn(name="finding")
class FindingWorkflow:
    """The life of one finding."""

    @workflow.init
    def __init__(self, start: FindingStart) -> None:
        # Built before `run`: updates that arrive in the first workflow task must find the case.
        self._case = start.case
        self._receipts = {receipt.command: receipt for receipt in start.receipts}
        self._outbox: tuple[Entry, ...] = ()
        self._stored = self._case.seq
        self._writing = False
        self._alarm_clock: asyncio.Task[None] | None = None
        self._wakes_at: datetime | None = None
        self._attempt_at_start = self._case.finding.attempt
        self._ended_at_start = self._case.finding.ended

    @workflow.run
    async def run(self, start: FindingStart) -> Receipt:  # noqa: ARG002 - the SDK asks for the same argument
        """Take the finding from where it stands to the end of its life."""
        await self._reopened_if_asked()
        while not self._finding.ended:
            await self._committee_commits()
            await self._factory_fixes()
            await self._fix_is_verified()
            await self._fix_proves_to_hold()
            await self._everything_is_answered()
        # An order that came before the run's first step may have ended it above the loop.
        await self._everything_is_answered()
        return self._receipt(CommandId(""), ())

    @workflow.update(dynamic=True)
    async def obey(self, verb: str, args: Sequence[RawValue]) -> Receipt:
        """Carry out an order; answered when its facts stand in SQL."""
        order = _order(verb, args)
        if order.id not in self._receipts:
            # The rules decide again here: two updates may both have passed the validator. State
            # changes before the first await, so that nobody acts on what is already past.
            try:
                case, entries = self._case.obey(order, workflow.now())
            except Refusal as refusal:
                raise _refused(refusal) from refusal
            self._advance(case, entries)
            self._keep(self._receipt(order.id, entries))
        receipt = self._receipts[order.id]
        await self._recorded(receipt.seq)
        return receipt

    @obey.validator
    def weigh(self, verb: str, args: Sequence[RawValue]) -> None:
        """Refuse what the rules do not allow, before it costs any history."""
        order = _order(verb, args)
        if order.id in self._receipts:
            return
        try:
            self._case.obey(order, workflow.now())
        except Refusal as refusal:
            raise _refused(refusal) from refusal

    @workflow.query
    def head(self) -> Head:
        """Tell where the finding stands, for the reconciler; everybody else reads SQL."""
        case = self._case
        return Head(seq=case.seq, digest=case.digest, stored=self._stored, wakes_at=self._wakes_at)

    async def _committee_commits(self) -> None:
        await self._while_at(Stage.ISSUED, Stage.UNDER_REVIEW, Stage.DISPUTED)

    async def _factory_fixes(self) -> None:
        await self._while_at(Stage.COMMITTED)

    async def _fix_is_verified(self) -> None:
        await self._while_at(Stage.FIX_REPORTED, Stage.VERIFYING)

    async def _fix_proves_to_hold(self) -> None:
        await self._while_at(Stage.CLOSED)

    @property
    def _finding(self) -> Finding:
        return self._case.finding

    async def _while_at(self, *stages: Stage) -> None:
        """Let people act and deadlines fall due for as long as the finding stands at one of the stages."""
        while self._finding.stage in stages:
            self._keep_time()
            await self._recorded(self._case.seq)
            await self._continue_as_new_if_long()
            seen = self._case.seq
            self._set_alarm_clock()
            await self._something_happens(seen)

    async def _something_happens(self, seen: int) -> None:
        """Wait for a fact after `seq` `seen`, or for the alarm clock."""
        await workflow.wait_condition(lambda: self._case.seq != seen or self._rings())

    async def _everything_is_answered(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._recorded(self._case.seq)

    async def _reopened_if_asked(self) -> None:
        """Wait for the reopening that started a run with an ended case: it arrives as the first update."""
        if not self._ended_at_start:
            return
        try:
            await workflow.wait_condition(lambda: not self._finding.ended, timeout=REOPENING_PATIENCE)
        except TimeoutError:
            workflow.logger.warning("no reopening came")

    def _keep_time(self) -> None:
        """Record every reminder and ladder step that has come due."""
        self._advance(*self._case.keep_time(workflow.now()))

    def _advance(self, case: Case, entries: tuple[Entry, ...]) -> None:
        self._case = case
        self._outbox += entries

    def _receipt(self, command: CommandId, entries: tuple[Entry, ...]) -> Receipt:
        return Receipt(
            command=command,
            finding=self._finding.id,
            seq=self._case.seq,
            stage=self._finding.stage,
            facts=tuple(entry.kind for entry in entries if entry.command == command),
        )

    def _keep(self, receipt: Receipt) -> None:
        self._receipts[receipt.command] = receipt
        while len(self._receipts) > RECEIPTS_KEPT:
            del self._receipts[next(iter(self._receipts))]

    async def _recorded(self, seq: int) -> None:
        """Wait until everything up to `seq` stands in SQL. Who finds nobody writing writes for all."""
        while self._stored < seq:
            if self._writing:
                await workflow.wait_condition(lambda: not self._writing)
            else:
                await self._write()

    async def _write(self) -> None:
        self._writing = True
        try:
            entries = self._outbox
            await _record(recording_of(self._case, entries))
            self._outbox = self._outbox[len(entries) :]
            self._stored = entries[-1].seq
        finally:
            self._writing = False

    def _set_alarm_clock(self) -> None:
        """One timer, set anew only when the next notice has moved."""
        wakes_at = next_wake(self._finding)
        if wakes_at == self._wakes_at and not self._rings():
            return
        if self._alarm_clock is not None:
            self._alarm_clock.cancel()
        self._wakes_at = wakes_at
        self._alarm_clock = None
        if wakes_at is not None:
            ahead = max(wakes_at - workflow.now(), timedelta())
            self._alarm_clock = asyncio.create_task(workflow.sleep(ahead))

    def _rings(self) -> bool:
        return self._alarm_clock is not None and self._alarm_clock.done()

    async def _continue_as_new_if_long(self) -> None:
        """Start a fresh run when the history grows long or old, or a new attempt has begun."""
        info = workflow.info()
        long = info.is_continue_as_new_suggested()
        old = workflow.now() - info.start_time > RUN_AT_MOST
        if not (long or old or self._finding.attempt != self._attempt_at_start):
            return
        await self._everything_is_answered()
        if not self._finding.ended:
            receipts = tuple(self._receipts.values())
            workflow.continue_as_new(FindingStart(case=self._case, receipts=receipts))


async def _record(recording: Recording) -> None:
    """Write within the workflow task; while SQL is away, as an activity that never gives up."""
    try:
        await workflow.execute_local_activity(
            RECORD,
            recording,
            start_to_close_timeout=RECORD_PATIENCE,
            schedule_to_close_timeout=RECORD_PATIENCE,
            retry_policy=RetryPolicy(maximum_attempts=2),
        )
    except FailureError as failure:
        workflow.logger.warning("recording did not succeed at once", exc_info=failure)
        await workflow.execute_activity(
            RECORD, recording, start_to_close_timeout=RECORD_PATIENCE * 3, retry_policy=RECORD_RETRIES
        )


def _order(verb: str, args: Sequence[RawValue]) -> Order:
    """Decode the order of a verb. What cannot be read is refused in the validator already."""
    kind = VERBS.get(verb)
    if kind is None or len(args) != 1:
        raise ApplicationError(
            f"{verb!r} is not a verb of a finding", type="unknown_verb", non_retryable=True
        )
    order: Order = workflow.payload_converter().from_payload(args[0].payload, kind)
    return order


def _refused(refusal: Refusal) -> ApplicationError:
    return ApplicationError(str(refusal), refusal.field, type=refusal.code, non_retryable=True)
