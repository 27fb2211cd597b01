"""One finding's life: from issued to sustained, over weeks to years.

`run` is the procedure. People act through updates named by the glossary's verbs; the rules in
`remediation` decide; every fact stands in SQL before its update is answered.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from remediation.case import Case
    from remediation.finding import Finding
    from remediation.ledger import Entry
    from remediation.notices import next_wake
    from remediation.orders import VERBS, Order
    from remediation.refusals import Refusal
    from remediation.roll_up import weight
    from remediation.summary import summary
    from remediation.words import CommandId, Stage
    from storage.codec import recording_of
    from workflows.messages import FindingStart, Head, Known, Receipt
    from workflows.recording import catch_up, record

RUN_AT_MOST = timedelta(days=90)
RECEIPTS_KEPT = 50
REOPENING_PATIENCE = timedelta(minutes=1)


@workflow.defn(name="finding")
class FindingWorkflow:
    """The life of one finding."""

    @workflow.init
    def __init__(self, start: FindingStart) -> None:
        # Built before `run`: updates that arrive in the first workflow task must find the case.
        self._go_on_from(start)
        self._writing = False
        self._caught_up = 0
        self._alarm_clock: asyncio.Task[None] | None = None
        self._wakes_at: datetime | None = None
        self._attempt_at_start = self._case.finding.attempt
        self._ended_at_start = self._case.finding.ended

    def _go_on_from(self, start: FindingStart) -> None:
        """Stand where a case in SQL stands."""
        self._case = start.case
        self._receipts = {receipt.command: receipt for receipt in start.receipts}
        self._outbox: tuple[Entry, ...] = ()
        self._stored, self._stored_digest = start.case.seq, start.case.digest
        self._stored_weight = weight(summary(start.case))

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
        order, seen = _order(verb, args)
        await self._recorded(seen)
        while True:
            if order.id not in self._receipts:
                self._carry_out(order)
            receipt = self._receipts[order.id]
            if await self._recorded(receipt.seq):
                return receipt

    @obey.validator
    def weigh(self, verb: str, args: Sequence[RawValue]) -> None:
        """Refuse what the rules do not allow, before it costs any history."""
        order, seen = _order(verb, args)
        if order.id in self._receipts or self._stored < seen:
            return  # the handler catches up with SQL before it judges
        try:
            self._case.obey(order, workflow.now())
        except Refusal as refusal:
            raise _refused(refusal) from refusal

    def _carry_out(self, order: Order) -> None:
        # The rules decide again here: two updates may both have passed the validator. State changes
        # before the first await, so that nobody acts on what is already past.
        try:
            case, entries = self._case.obey(order, workflow.now())
        except Refusal as refusal:
            raise _refused(refusal) from refusal
        self._advance(case, entries)
        self._keep(self._receipt(order.id, entries))

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
            seen = self._case.digest  # what comes while this is being recorded is news below
            await self._recorded(self._case.seq)
            await self._continue_as_new_if_long()
            self._set_alarm_clock()
            await self._something_happens(seen)

    async def _something_happens(self, seen: str) -> None:
        """Wait for a fact after the entry of digest `seen`, or for the alarm clock."""
        await workflow.wait_condition(lambda: self._case.digest != seen or self._rings())

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

    async def _recorded(self, seq: int) -> bool:
        """Wait until everything up to `seq` stands in SQL. Who finds nobody writing writes for all.

        False where SQL had gone on without this run: what it had decided since is to be decided again.
        """
        times = self._caught_up
        while self._stored < seq and self._caught_up == times:
            if self._writing:
                await workflow.wait_condition(lambda: not self._writing)
            else:
                await self._write()
        return self._caught_up == times

    async def _write(self) -> None:
        self._writing = True
        try:
            entries = self._outbox
            recording = recording_of(self._case, entries, self._stored_weight)
            if entries and await record(recording):
                self._outbox = self._outbox[len(entries) :]
                self._stored, self._stored_digest = entries[-1].seq, entries[-1].digest
                self._stored_weight = weight(recording.summary)
            else:
                await self._catch_up()
        finally:
            self._writing = False

    async def _catch_up(self) -> None:
        """Go on from SQL, which holds what this run had recorded and forgot.

        It forgets where a worker or the server dies between the commit in SQL and its note in the history.
        """
        seq, digest = self._stored, self._stored_digest
        self._go_on_from(await catch_up(Known(finding=self._finding.id, seq=seq, digest=digest)))
        self._caught_up += 1

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


def _order(verb: str, args: Sequence[RawValue]) -> tuple[Order, int]:
    """Decode the order of a verb, and up to which entry its sender saw SQL (0: did not look).

    What cannot be read is refused in the validator already.
    """
    kind = VERBS.get(verb)
    if kind is None or not 1 <= len(args) <= 2:  # noqa: PLR2004
        raise ApplicationError(
            f"{verb!r} is not a verb of a finding", type="unknown_verb", non_retryable=True
        )
    converter = workflow.payload_converter()
    order: Order = converter.from_payload(args[0].payload, kind)
    seen: int = converter.from_payload(args[1].payload, int) if len(args) > 1 else 0
    return order, seen


def _refused(refusal: Refusal) -> ApplicationError:
    return ApplicationError(str(refusal), refusal.field, type=refusal.code, non_retryable=True)
