"""A round of the reconciler, which compares SQL with Temporal; started by a schedule."""

from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

RECONCILE = "reconcile"
ROUND_AT_MOST = timedelta(minutes=10)


@workflow.defn(name="reconcile")
class ReconcileWorkflow:
    """One round; a round that fails is not repeated, because the next one comes soon."""

    @workflow.run
    async def run(self) -> dict[str, int]:
        """Compare, mend what is safe, and give how many of each code were seen."""
        counts: dict[str, int] = await workflow.execute_activity(
            RECONCILE,
            result_type=dict[str, int],
            start_to_close_timeout=ROUND_AT_MOST,
            retry_policy=RetryPolicy(maximum_attempts=1),
        )
        return counts
