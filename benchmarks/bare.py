"""The baseline: a bare Temporal workflow with the same four updates and one plain activity each."""

from datetime import timedelta

from temporalio import activity, workflow

TIMEOUT = timedelta(seconds=30)


@activity.defn(name="bare_activity")
async def bare_activity(step: str) -> str:
    """Do nothing, as cheaply as an activity can."""
    return step


@workflow.defn(name="bare")
class Bare:
    """Four updates, each with one plain activity; then it ends."""

    def __init__(self) -> None:
        self._steps = 0

    @workflow.run
    async def run(self, updates: int) -> int:
        """Wait for so many updates."""
        await workflow.wait_condition(lambda: self._steps >= updates)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._steps

    @workflow.update
    async def step(self, name: str) -> str:
        """Take one step."""
        done = await workflow.execute_activity(bare_activity, name, start_to_close_timeout=TIMEOUT)
        self._steps += 1
        return done
