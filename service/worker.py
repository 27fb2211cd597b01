"""The worker: runs workflows and activities, and beside them the mailroom and the courier."""

from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from activities.recording import Recorder
from workflows.finding import FindingWorkflow
from workflows.messages import TASK_QUEUE

GRACE = timedelta(seconds=10)


def finding_worker(
    client: Client,
    recorder: Recorder,
    *,
    task_queue: str = TASK_QUEUE,
    runner: WorkflowRunner | None = None,
) -> Worker:
    """Give the worker of findings and plans on a task queue.

    Without a sandbox unless `runner` gives one (docs/decisions/0002): the tests run in it.
    """
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[FindingWorkflow],
        activities=[recorder.record],
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        graceful_shutdown_timeout=GRACE,
    )
