"""What the benchmarks share: servers to measure on, clients in parallel, and honest figures."""

import asyncio
import contextlib
import statistics
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import psutil
from sqlalchemy import Engine as Database
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client

from service.engine import connect
from storage.database import migrate, open_engine
from tests.temporal_server import running_server

BUSY = ("user", "nice", "system", "irq", "softirq", "steal")
"""What a processor does for somebody, by the names the system has; not every system knows all."""
POLL = 0.2
"""Seconds between looks at a queue."""


@dataclass(frozen=True)
class Bench:
    """A Temporal server with a durable file, a database and a worker process."""

    client: Client
    database: Database


@dataclass
class Figures:
    """What one side did: how many, in how many seconds, and each latency in milliseconds."""

    done: int
    seconds: float
    latencies: list[float]

    @property
    def rate(self) -> float:
        """How many a second."""
        return self.done / self.seconds

    def quantile(self, share: float) -> float:
        """Give the latency (ms) that this share of calls stayed within."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@contextlib.asynccontextmanager
async def a_bench(folder: Path) -> AsyncIterator[Bench]:
    """Start server, database and worker process under a folder, and end them in order."""
    address = f"sqlite:///{folder / 'mendwork.db'}"
    database = open_engine(address)
    migrate(database)
    with running_server(folder / "temporal") as server:
        command = [sys.executable, "-m", "benchmarks.worker", server.target, address]
        worker = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
        try:
            if worker.stdout is not None:
                await worker.stdout.readline()
            yield Bench(await connect({"target_host": server.target}), database)
        finally:
            worker.terminate()
            await worker.wait()
            database.dispose()


async def settled(bench: Bench, task_queue: str) -> None:
    """Wait until no workflow task of a queue waits any more: what one side left must not burden the other."""
    request = DescribeTaskQueueRequest(
        namespace=bench.client.namespace,
        task_queue=TaskQueue(name=task_queue),
        task_queue_type=TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
        report_stats=True,
    )
    while True:
        answer = await bench.client.workflow_service.describe_task_queue(request)
        if answer.stats.approximate_backlog_count == 0:
            return
        await asyncio.sleep(POLL)


async def in_parallel(clients: int, count: int, one: Callable[[int], Awaitable[list[float]]]) -> Figures:
    """Let so many clients do `one` over and over, `count` times in all; `one` gives its latencies in ms."""
    numbers = iter(range(count))
    latencies: list[float] = []

    async def client() -> None:
        for number in numbers:
            latencies.extend(await one(number))

    began = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Figures(count, time.perf_counter() - began, latencies)


async def timed(call: Awaitable[object]) -> float:
    """Await a call; give how long it took in milliseconds."""
    began = time.perf_counter()
    await call
    return (time.perf_counter() - began) * 1000


def median_ratio(ours: list[Figures], bare: list[Figures]) -> float:
    """Give the median over the rounds of our rate by the baseline's of the same round."""
    return statistics.median(one.rate / other.rate for one, other in zip(ours, bare, strict=True))


def seconds_of(process: psutil.Process) -> float:
    """Give the seconds of processor time of a process and of all that came of it and are alive."""
    times = [each.cpu_times() for each in (process, *process.children(recursive=True))]
    return sum(each.user + each.system for each in times)


class Elsewhere:
    """What other programs than ours take of the processors from now on: much of it spoils all figures."""

    def __init__(self) -> None:
        self._began = self._now()

    def share(self) -> float:
        """Give what they have taken since then, in percent of all processors."""
        busy, idle, ours = (now - then for now, then in zip(self._now(), self._began, strict=True))
        return max(0.0, 100 * (busy - ours) / (busy + idle))

    def _now(self) -> tuple[float, float, float]:
        times = psutil.cpu_times()
        idle = times.idle + getattr(times, "iowait", 0.0)
        busy = sum(
            getattr(times, kind, 0.0) for kind in ("user", "nice", "system", "irq", "softirq", "steal")
        )
        return busy, idle, seconds_of(psutil.Process())
