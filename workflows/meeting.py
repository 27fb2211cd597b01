"""A committee meeting's life: called, in session, minuted, agreed; or cancelled. `run` is the procedure."""

from typing import ClassVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from remediation.gatherings.case import verbs
    from remediation.gatherings.gathering import Kind
    from remediation.words import MeetingStage
    from workflows.gathering import GatheringLife
    from workflows.messages import GatheringStart, Receipt


@workflow.defn(name="meeting")
class MeetingWorkflow(GatheringLife):
    """The life of one committee meeting."""

    verbs: ClassVar = verbs(Kind.MEETING)

    @workflow.init
    def __init__(self, start: GatheringStart) -> None:
        self._begin(start)

    @workflow.run
    async def run(self, start: GatheringStart) -> Receipt:  # noqa: ARG002 - the SDK asks for the same argument
        """Take the meeting from where it stands to its end."""
        await self._while_at(MeetingStage.CALLED)
        await self._while_at(MeetingStage.IN_SESSION)
        await self._while_at(MeetingStage.MINUTED)
        await self._while_at(MeetingStage.AGREED)  # where something signed on paper waits for its witness
        return await self._over()
