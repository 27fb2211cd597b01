"""The worker: runs workflows and activities, and beside them the mailroom and the courier."""

from collections.abc import Sequence
from datetime import timedelta

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from activities.recording import Recorder
from workflows.finding import FindingWorkflow
from workflows.messages import TASK_QUEUE

GRACE = timedelta(seconds=10)
OURS = ("remediation", "storage", "workflows.messages", "pydantic", "pydantic_core")
"""Pure modules that workflows share instead of loading them anew for each run."""


def finding_worker(client: Client, recorder: Recorder, *, task_queue: str = TASK_QUEUE) -> Worker:
    """Give the worker of findings and plans on a task queue."""
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[FindingWorkflow],
        activities=[recorder.record],
        workflow_runner=runner(),
        graceful_shutdown_timeout=GRACE,
    )


def runner(more: Sequence[str] = ()) -> SandboxedWorkflowRunner:
    """Give the sandbox in which our workflows run."""
    restrictions = SandboxRestrictions.default.with_passthrough_modules(*OURS, *more)
    return SandboxedWorkflowRunner(restrictions=restrictions)
