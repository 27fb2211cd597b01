"""An assessment: issues the findings it brought, over all its factories and their improvement plans."""

from dataclasses import dataclass
from datetime import timedelta

from temporalio import workflow
from temporalio.common import RetryPolicy

ISSUE = "issue_findings"
ISSUE_TIME = timedelta(hours=2)
SIGN_OF_LIFE = timedelta(seconds=20)
"""How soon another worker goes on where one has died."""
ISSUE_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentStart:
    """Which assessment's findings to issue; what they are stands in SQL."""

    assessment: str


def assessment_workflow_id(assessment: str) -> str:
    """Give the id of an assessment's workflow."""
    return f"assessment:{assessment}"


@workflow.defn(name="assessment")
class AssessmentWorkflow:
    """Issues every finding of an assessment; running it again starts nothing twice."""

    @workflow.run
    async def run(self, start: AssessmentStart) -> int:
        """Start a workflow for each finding, and give how many there are."""
        count: int = await workflow.execute_activity(
            ISSUE,
            start.assessment,
            result_type=int,
            start_to_close_timeout=ISSUE_TIME,
            heartbeat_timeout=SIGN_OF_LIFE,
            retry_policy=ISSUE_RETRIES,
        )
        return count
