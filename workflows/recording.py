"""How a workflow writes into SQL, and how it goes on where SQL holds more than it knows."""

from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow
from temporalio.common import RetryPolicy
from temporalio.exceptions import ActivityError, ApplicationError, FailureError

with workflow.unsafe.imports_passed_through():
    from workflows.messages import Known

RECORD, CATCH_UP = "record", "catch_up"
RECORD_GATHERING, CATCH_UP_GATHERING = "record_gathering", "catch_up_gathering"
S = TypeVar("S")
FORKED = "LedgerForked"
"""The type of the failure that says: another entry stands at this place of the ledger."""
PATIENCE = timedelta(seconds=10)
"""How long a recording may take within a workflow task before it becomes an activity of its own."""
RETRIES = RetryPolicy(
    initial_interval=timedelta(seconds=1),
    maximum_interval=timedelta(seconds=30),
    non_retryable_error_types=[FORKED],
)
AT_ONCE = RetryPolicy(maximum_attempts=2, non_retryable_error_types=[FORKED])
# Where the two stores truly differ, a person decides: until then the activity waits in plain sight.
CATCH_UP_RETRIES = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_interval=timedelta(seconds=30))


async def record(activity: str, recording: Any) -> bool:  # noqa: ANN401 - each activity has its own
    """Write within the workflow task; while SQL is away, as an activity that never gives up.

    False where another entry stands in the place of one of these; nothing was written then.
    """
    try:
        await workflow.execute_local_activity(
            activity,
            recording,
            start_to_close_timeout=PATIENCE,
            schedule_to_close_timeout=PATIENCE,
            retry_policy=AT_ONCE,
        )
    except FailureError as failure:
        return not _is_fork(failure) and await _record_in_time(activity, recording, failure)
    return True


async def _record_in_time(activity: str, recording: Any, failure: FailureError) -> bool:  # noqa: ANN401 - as above
    workflow.logger.warning("recording did not succeed at once", exc_info=failure)
    try:
        await workflow.execute_activity(
            activity, recording, start_to_close_timeout=PATIENCE * 3, retry_policy=RETRIES
        )
    except FailureError as forked:
        if not _is_fork(forked):
            raise
        return False
    return True


def _is_fork(failure: FailureError) -> bool:
    cause = failure.cause if isinstance(failure, ActivityError) else None
    return isinstance(cause, ApplicationError) and cause.type == FORKED


async def catch_up(activity: str, known: Known, kind: type[S]) -> S:
    """Give where a subject stands in SQL, as a start of its kind, once that goes on from what is known."""
    start: S = await workflow.execute_activity(
        activity,
        known,
        result_type=kind,
        start_to_close_timeout=PATIENCE * 3,
        retry_policy=CATCH_UP_RETRIES,
    )
    return start
