"""The worker: runs workflows and activities, and beside them the mailroom and the loops that look."""

import asyncio
from datetime import timedelta

from prometheus_client import start_http_server
from sqlalchemy import Engine as Database
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker, WorkflowRunner

from activities.hooking import Deliverer, HookSettings
from activities.issuing import Issuer
from activities.mailroom import Mailroom, MailroomSettings
from activities.recording import Recorder
from notifications.postman import MailServer, Security
from service.context import Clock, utc_now
from service.courier import Courier
from service.engine import Engine, connect_in_time
from service.evidence.auditing import sweep_daily
from service.evidence.store import EvidenceStore
from service.hook_watch import HookWatch
from service.importing.uploading import Importer
from service.reconciling.catching_up import Ledgers
from service.reconciling.schedule import Rounds, keep_schedule
from service.rounds import go_round
from service.settings import Settings
from service.steward import Steward
from storage.database import open_engine
from workflows.assessment import AssessmentWorkflow
from workflows.hook import HookWorkflow
from workflows.kinds import LIVES
from workflows.messages import TASK_QUEUE
from workflows.reconcile import ReconcileWorkflow

GRACE = timedelta(seconds=10)
"""How long activities on their way may take to end when the worker is stopped."""
STICKY = timedelta(seconds=3)
"""How long a finding waits for the worker that has it at hand, before any other takes it up."""


def finding_worker(  # noqa: PLR0913 - what a worker is made of
    client: Client,
    database: Database,
    *,
    task_queue: str = TASK_QUEUE,
    runner: WorkflowRunner | None = None,
    wake: asyncio.Event | None = None,
    deliverer: Deliverer | None = None,
    clock: Clock = utc_now,
) -> Worker:
    """Give the worker of all workflows on a task queue; `wake` is set when letters may wait.

    `clock` tells the instant at which findings are issued; workflows have a clock of their own.
    Without a sandbox unless `runner` gives one (docs/decisions/0002): the tests run in it.
    """
    recorder = Recorder(database, wake)
    engine = Engine(client, task_queue=task_queue)
    issuer, rounds = Issuer(database, engine.start, clock), Rounds(database, engine)
    ledgers, outgoing = Ledgers(database), deliverer or Deliverer(database)
    recording = (recorder.record, recorder.record_gathering, ledgers.catch_up, ledgers.catch_up_gathering)
    return Worker(
        client,
        task_queue=task_queue,
        workflows=[*LIVES, AssessmentWorkflow, ReconcileWorkflow, HookWorkflow],
        activities=[*recording, issuer.issue_findings, rounds.reconcile, outgoing.deliver],
        workflow_runner=runner or UnsandboxedWorkflowRunner(),
        graceful_shutdown_timeout=GRACE,
        sticky_queue_schedule_to_start_timeout=STICKY,
    )


async def run_worker(settings: Settings) -> None:
    """Run until cancelled, then stop in order: first no new work, then what is on its way.

    A Temporal server that is away is waited for; mail leaves meanwhile.
    """
    stop, wake = asyncio.Event(), asyncio.Event()
    if settings.metrics_port:
        start_http_server(settings.metrics_port, settings.host)
    database = open_engine(settings.database)
    mailroom = Mailroom(database, mailroom_settings(settings))
    sweeping = sweep_daily(database, EvidenceStore(settings), stop)
    rounds = [asyncio.create_task(each) for each in (mailroom.run(stop, wake), sweeping)]
    try:
        client = await connect_in_time()
        await keep_schedule(Engine(client))
        engine = Engine(client, patience=settings.command_patience)
        courier, importer = Courier(database, engine), Importer(database, engine)
        steward, watch = Steward(database, engine), HookWatch(database, engine)
        going = (
            go_round(courier.deliver_all, courier.pause, stop),
            go_round(importer.finish_all, importer.pause, stop),
            go_round(steward.look, steward.pause, stop),
            go_round(watch.wake_all, watch.pause, stop),
        )
        rounds += [asyncio.create_task(each) for each in going]
        deliverer = Deliverer(database, hook_settings(settings))
        async with finding_worker(client, database, wake=wake, deliverer=deliverer):
            done, _ = await asyncio.wait(rounds, return_when=asyncio.FIRST_EXCEPTION)
            for each in done:
                each.result()  # a round that died must not leave a worker that looks alive
    finally:
        stop.set()
        await asyncio.gather(*rounds, return_exceptions=True)
        database.dispose()


def hook_settings(settings: Settings) -> HookSettings:
    """Give what delivering to webhooks needs to know of the settings."""
    return HookSettings(
        own=settings.hooks_allow, public_url=settings.public_url, mail_sender=settings.mail_sender
    )


def mailroom_settings(settings: Settings) -> MailroomSettings:
    """Give what the mailroom needs to know of the settings."""
    server = MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        sender=settings.mail_sender,
        security=Security(settings.smtp_security),
        username=settings.smtp_username,
        password=settings.smtp_password.get_secret_value(),
    )
    return MailroomSettings(
        server=server, public_url=settings.public_url, gather=timedelta(minutes=settings.gather_minutes)
    )
