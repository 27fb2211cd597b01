"""An improvement plan: issues the findings of one factory's assessment."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

with workflow.unsafe.imports_passed_through():
    from remediation.words import PlanId

ISSUE = "issue_findings"
ISSUE_TIME = timedelta(hours=2)
SIGN_OF_LIFE = timedelta(seconds=60)
ISSUE_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStart:
    """Which plan's findings to issue; what they are stands in SQL."""

    plan: PlanId


def plan_workflow_id(plan: PlanId) -> str:
    """Give the id of a plan's workflow."""
    return f"plan:{plan}"


@workflow.defn(name="plan")
class PlanWorkflow:
    """Issues every finding of a plan; running it again starts nothing twice."""

    @workflow.run
    async def run(self, start: PlanStart) -> int:
        """Start a workflow for each finding of the plan; give how many there are."""
        count: int = await workflow.execute_activity(
            ISSUE,
            start.plan,
            result_type=int,
            start_to_close_timeout=ISSUE_TIME,
            heartbeat_timeout=SIGN_OF_LIFE,
            retry_policy=ISSUE_RETRIES,
        )
        return count
