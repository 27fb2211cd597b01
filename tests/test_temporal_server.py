"""The helpers that start real Temporal servers for the other tests do what they say."""

import asyncio
import uuid
from datetime import timedelta
from pathlib import Path

from temporalio import workflow
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.testing import TimeSkipper, TimeSkippingConfig, WorkflowEnvironment
from temporalio.worker import Worker

from tests.temporal_server import running_server

MONTH = timedelta(days=31)


@workflow.defn
class MonthLong:
    @workflow.run
    async def run(self) -> str:
        start = workflow.now()
        await asyncio.sleep(MONTH.total_seconds())
        return f"{(workflow.now() - start).days} days"


async def test_a_timer_of_a_month_fires_once_the_clock_is_turned(skipping: WorkflowEnvironment) -> None:
    name = f"month-{uuid.uuid4()}"
    async with Worker(skipping.client, task_queue=name, workflows=[MonthLong]):
        handle = await skipping.client.start_workflow(MonthLong.run, id=name, task_queue=name)
        assert await skipping.fast_forward(handle, MONTH - timedelta(days=1))
        assert (await handle.describe()).status == WorkflowExecutionStatus.RUNNING
        await skipping.fast_forward(handle, timedelta(days=2))
        assert await handle.result() == "31 days"


async def test_a_workflow_survives_the_killing_of_its_server(tmp_path: Path) -> None:
    name = f"month-{uuid.uuid4()}"
    with running_server(tmp_path, skipping=True) as server:
        await (await Client.connect(server.target)).start_workflow(MonthLong.run, id=name, task_queue=name)
        server.kill()
        server.start()
        skipper = TimeSkipper(await Client.connect(server.target), config=TimeSkippingConfig(enabled=False))
        async with Worker(skipper.client, task_queue=name, workflows=[MonthLong]):
            handle = skipper.client.get_workflow_handle(name, result_type=str)
            await skipper.fast_forward(handle, MONTH + timedelta(seconds=1))
            assert await handle.result() == "31 days"
