"""What the workflows of plans, meetings and visits have in common: a life by their kind's rules."""

from datetime import datetime

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from remediation.gatherings.case import GatheringCase, State
    from remediation.ledger import Entry
    from remediation.notices import next_wake
    from remediation.words import AnyStage, CommandId
    from storage.codec import gathering_recording_of
    from workflows.life import Life
    from workflows.messages import GatheringStart, Known, Receipt
    from workflows.recording import CATCH_UP_GATHERING, RECORD_GATHERING, catch_up, record


class GatheringLife(Life[GatheringCase]):
    """The life of a gathering of any kind."""

    @property
    def _state(self) -> State:
        return self._case.state

    async def _while_at(self, stage: AnyStage) -> None:
        """Let happen what happens until it stands elsewhere, or its life is over there."""
        while self._state.stage is stage and not self._state.ended:
            await self._next_fact()

    async def _over(self) -> Receipt:
        """Give where it ended, once everybody is answered."""
        await self._everything_is_answered()
        return self._receipt(CommandId(""), ())

    def _ended(self) -> bool:
        return self._state.ended

    def _next_wake(self) -> datetime | None:
        return next_wake(self._state)

    def _next_run(self, receipts: tuple[Receipt, ...]) -> GatheringStart:
        return GatheringStart(case=self._case, receipts=receipts)

    def _receipt(self, command: CommandId, entries: tuple[Entry, ...]) -> Receipt:
        return Receipt(
            command=command,
            finding=self._state.id,
            seq=self._case.seq,
            stage=self._state.stage,
            facts=tuple(entry.kind for entry in entries if entry.command == command),
        )

    async def _record(self, entries: tuple[Entry, ...]) -> bool:
        return await record(RECORD_GATHERING, gathering_recording_of(self._case, entries))

    async def _from_sql(self, seq: int, digest: str) -> GatheringStart:
        known = Known(finding=self._state.id, seq=seq, digest=digest)
        return await catch_up(CATCH_UP_GATHERING, known, GatheringStart)
