"""An improvement plan's life: awaited, filed, reported on, complete. `run` is the procedure."""

from typing import ClassVar

from temporalio import workflow

with workflow.unsafe.imports_passed_through():
    from remediation.gatherings.case import verbs
    from remediation.gatherings.gathering import Kind
    from remediation.words import PlanStage
    from workflows.gathering import GatheringLife
    from workflows.messages import GatheringStart, Receipt


@workflow.defn(name="plan")
class PlanWorkflow(GatheringLife):
    """The life of one improvement plan."""

    verbs: ClassVar = verbs(Kind.PLAN)

    @workflow.init
    def __init__(self, start: GatheringStart) -> None:
        self._begin(start)

    @workflow.run
    async def run(self, start: GatheringStart) -> Receipt:  # noqa: ARG002 - the SDK asks for the same argument
        """Take the plan from where it stands to its end."""
        await self._while_at(PlanStage.AWAITED)
        await self._while_at(PlanStage.FILED)
        return await self._over()
