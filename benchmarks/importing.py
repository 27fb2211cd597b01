"""Importing an assessment of many findings over many factories, against the rate of bare workflow starts."""

import asyncio
import time
import uuid
from collections.abc import Iterator

from activities.issuing import AT_ONCE
from benchmarks.bare import Bare
from benchmarks.measure import Bench, Figures, in_parallel
from benchmarks.worker import BARE, OURS
from remediation.policy import Policy
from remediation.words import PersonId, ProgrammeId
from service.engine import Engine
from service.importing import plan_import, run_import
from storage import versions
from storage.database import writing
from storage.programmes import Programme, save_programme

FACTORIES = 25
HEADER = (
    "Country,Factory.Assessed.ID,Factory.Assessed.Name,Cycle,Assessment.Start.Date,"
    "Cluster,CP,Q.Label,Question.ID,Question.type,Finding"
)
ROW = (
    "Vietnam,{factory},Factory {factory},1,01/09/2026,"
    "Compensation,Paid Leave,Is leave paid?,{question},Scored,1"
)


async def ours(bench: Bench, count: int) -> Figures:
    """Import a file of so many findings: read, planned, recorded, and a workflow started for each."""
    programme = ProgrammeId(f"bench-{uuid.uuid4().hex[:8]}")
    with writing(bench.database) as connection:
        versions.keep_policy(connection, Policy())
        save_programme(connection, Programme(id=programme, name="Bench", policy=Policy().version))
    engine = Engine(bench.client, task_queue=OURS)
    data = assessment(count, programme)
    began = time.perf_counter()
    plan = await asyncio.to_thread(
        plan_import, bench.database, data, name="bench.csv", programme_id=programme, by=PersonId("chloe")
    )
    done = await run_import(bench.database, engine, plan)
    return Figures(done.started, time.perf_counter() - began, [])


async def bare(bench: Bench, count: int) -> Figures:
    """Start so many bare workflows, as many at once as the import does."""

    async def one(_: int) -> list[float]:
        await bench.client.start_workflow(Bare.run, 1, id=f"bare:{uuid.uuid4().hex}", task_queue=BARE)
        return []

    return await in_parallel(AT_ONCE, count, one)


def assessment(count: int, programme: str) -> bytes:
    """Give a CSV file with so many findings, spread over the factories."""
    return "\n".join([HEADER, *_rows(count, programme)]).encode()


def _rows(count: int, programme: str) -> Iterator[str]:
    for number in range(count):
        yield ROW.format(factory=f"{programme}-{number % FACTORIES}", question=f"q{number}")
