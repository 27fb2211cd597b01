"""A verification visit's life: planned, under way, over. `run` is the procedure."""

from typing import ClassVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from remediation.gatherings.case import verbs
    from remediation.gatherings.gathering import Kind
    from remediation.words import VisitStage
    from workflows.gathering import GatheringLife
    from workflows.messages import GatheringStart, Receipt


@workflow.defn(name="visit")
class VisitWorkflow(GatheringLife):
    """The life of one verification visit."""

    verbs: ClassVar = verbs(Kind.VISIT)

    @workflow.init
    def __init__(self, start: GatheringStart) -> None:
        self._begin(start)

    @workflow.run
    async def run(self, start: GatheringStart) -> Receipt:  # noqa: ARG002 - the SDK asks for the same argument
        """Take the visit from where it stands to its end."""
        await self._while_at(VisitStage.PLANNED)
        await self._while_at(VisitStage.UNDER_WAY)
        await self._until_outcomes_are_delivered()
        return await self._over()

    async def _until_outcomes_are_delivered(self) -> None:
        while not self._ended():
            await self._next_fact()
