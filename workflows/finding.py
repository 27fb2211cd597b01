"""One finding's life: from issued to sustained, over weeks to years. `run` is the procedure."""

from datetime import datetime, timedelta
from typing import ClassVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from remediation.case import Case
    from remediation.finding import Finding
    from remediation.ledger import Entry
    from remediation.notices import next_wake
    from remediation.orders import VERBS
    from remediation.roll_up import weight
    from remediation.summary import summary
    from remediation.words import CommandId, Stage
    from storage.codec import recording_of
    from workflows.life import Life, Start
    from workflows.messages import FindingStart, Known, Receipt
    from workflows.recording import CATCH_UP, RECORD, catch_up, record

REOPENING_PATIENCE = timedelta(minutes=1)


@workflow.defn(name="finding")
class FindingWorkflow(Life[Case]):
    """The life of one finding."""

    verbs: ClassVar = VERBS

    @workflow.init
    def __init__(self, start: FindingStart) -> None:
        self._begin(start)
        self._attempt_at_start = self._finding.attempt
        self._ended_at_start = self._finding.ended

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

    async def _committee_commits(self) -> None:
        await self._while_at(Stage.ISSUED, Stage.UNDER_REVIEW, Stage.DISPUTED)

    async def _factory_fixes(self) -> None:
        await self._while_at(Stage.COMMITTED)

    async def _fix_is_verified(self) -> None:
        await self._while_at(Stage.FIX_REPORTED, Stage.VERIFYING)

    async def _fix_proves_to_hold(self) -> None:
        await self._while_at(Stage.CLOSED)

    async def _while_at(self, *stages: Stage) -> None:
        """Let people act and deadlines fall due for as long as the finding stands at one of the stages."""
        while self._finding.stage in stages:
            await self._next_fact()

    async def _reopened_if_asked(self) -> None:
        """Wait for the reopening that started a run with an ended case: it arrives as the first update."""
        if not self._ended_at_start:
            return
        try:
            await workflow.wait_condition(lambda: not self._finding.ended, timeout=REOPENING_PATIENCE)
        except TimeoutError:
            workflow.logger.warning("no reopening came")

    @property
    def _finding(self) -> Finding:
        return self._case.finding

    def _go_on_from(self, start: Start[Case]) -> None:
        super()._go_on_from(start)
        self._stored_weight = weight(summary(start.case))

    def _ended(self) -> bool:
        return self._finding.ended

    def _next_wake(self) -> datetime | None:
        return next_wake(self._finding)

    def _begins_anew(self) -> bool:
        return self._finding.attempt != self._attempt_at_start

    def _next_run(self, receipts: tuple[Receipt, ...]) -> FindingStart:
        return FindingStart(case=self._case, receipts=receipts)

    def _receipt(self, command: CommandId, entries: tuple[Entry, ...]) -> Receipt:
        return Receipt(
            command=command,
            finding=self._finding.id,
            seq=self._case.seq,
            stage=self._finding.stage,
            facts=tuple(entry.kind for entry in entries if entry.command == command),
        )

    async def _record(self, entries: tuple[Entry, ...]) -> bool:
        recording = recording_of(self._case, entries, self._stored_weight)
        self._stored_weight = weight(recording.summary)  # catching up says it anew where nothing was written
        return await record(RECORD, recording)

    async def _from_sql(self, seq: int, digest: str) -> FindingStart:
        return await catch_up(CATCH_UP, Known(finding=self._finding.id, seq=seq, digest=digest), FindingStart)
