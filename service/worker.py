"""The worker: runs workflows and activities, and beside them the mailroom and the courier."""

import asyncio
from datetime import timedelta

from sqlalchemy import Engine as Database
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from activities.issuing import Issuer
from activities.recording import Recorder
from service.engine import Engine
from workflows.assessment import AssessmentWorkflow
from workflows.finding import FindingWorkflow
from workflows.messages import TASK_QUEUE

GRACE = timedelta(seconds=10)
"""How long activities on their way may take to end when the worker is stopped."""


def finding_worker(
    client: Client,
    database: Database,
    *,
    task_queue: str = TASK_QUEUE,
    runner: WorkflowRunner | None = None,
    wake: asyncio.Event | None = None,
) -> Worker:
    """Give the worker of findings and assessments on a task queue; `wake` is set when letters may wait.

    Without a sandbox unless `runner` gives one (docs/decisions/0002): the tests run in it.
    """
    recorder = Recorder(database, wake)
    issuer = Issuer(database, Engine(client, task_queue=task_queue).start)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[FindingWorkflow, AssessmentWorkflow],
        activities=[recorder.record, issuer.issue_findings],
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        graceful_shutdown_timeout=GRACE,
    )
