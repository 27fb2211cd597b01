"""A webhook while messages wait for it: it delivers, and sleeps until the next is due."""

from datetime import datetime, timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

from remediation.hooks import Next, Round

DELIVER = "deliver_to_hook"
ROUND_AT_MOST = timedelta(minutes=5)
RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(minutes=1))
"""Of a round that could not be made at all, as when the database is away. Tries of messages are rounds."""


def hook_workflow_id(hook: str) -> str:
    """Give the id of a webhook's workflow."""
    return f"hook:{hook}"


@workflow.defn(name="hook")
class HookWorkflow:
    """Lives while messages wait. What they are stands in SQL; the history knows ids and instants."""

    def __init__(self) -> None:
        self._woken = False

    @workflow.signal
    def wake(self) -> None:
        """Look again: something new is due."""
        self._woken = True

    @workflow.run
    async def run(self, hook: str) -> None:
        """Deliver round after round, until nothing waits any more."""
        due = await self._deliver(hook)
        while due is not None or self._woken:
            if workflow.info().is_continue_as_new_suggested():
                workflow.continue_as_new(hook)
            await self._sleep_until(due)
            due = await self._deliver(hook)

    async def _deliver(self, hook: str) -> datetime | None:
        self._woken = False  # before the await: what comes due from here on is looked at again
        later: Next = await workflow.execute_activity(
            DELIVER,
            Round(hook=hook, now=workflow.now()),
            result_type=Next,
            start_to_close_timeout=ROUND_AT_MOST,
            retry_policy=RETRIES,
        )
        return later.at

    async def _sleep_until(self, due: datetime | None) -> None:
        rest = due - workflow.now() if due else timedelta()
        try:
            await workflow.wait_condition(lambda: self._woken, timeout=max(rest, timedelta()))
        except TimeoutError:
            return
