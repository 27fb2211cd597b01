"""The doctor looks at the Temporal server: it answers, has workers, and runs what is open in SQL."""

import asyncio
import os
from collections.abc import Awaitable, Callable

from sqlalchemy import Engine as Database
from sqlalchemy import func, select
from temporalio.service import RPCError, RPCStatusCode

from remediation.words import ENDINGS
from service import temporal_health
from service.doctor.results import Result, fault, good, skipped, warning
from service.engine import Engine, connect
from storage.database import UNAVAILABLE, reading
from storage.tables import findings


async def look_at_temporal(database: Database) -> tuple[Result, ...]:
    """Look at the server, and compare what it runs with what stands in SQL."""
    where = os.environ.get("TEMPORAL_ADDRESS", "127.0.0.1:7233")
    try:
        engine = Engine(await connect())
    except RuntimeError:
        seen = f"no server answers at {where}"
        away = fault("Temporal", seen, "run `mendwork up`, or set TEMPORAL_ADDRESS")
        return (away, *(skipped(name, "the Temporal server comes first") for name, _ in LOOKS))
    answers = good("Temporal", f"server {await temporal_health.version(engine)} answers at {where}")
    looked = [await _looked(name, look, engine, database) for name, look in LOOKS]
    return (answers, *looked)


async def look_at_attributes(engine: Engine, _database: Database) -> Result:
    """See that the server knows the search attributes of findings."""
    missing = sorted(await temporal_health.missing_attributes(engine))
    if missing:
        command = "temporal operator search-attribute create --type Keyword --name "
        return fault("attributes", f"not registered: {', '.join(missing)}", f"run `{command}{missing[0]}`")
    return good("attributes", "registered")


async def look_at_workers(engine: Engine, _database: Database) -> Result:
    """See that somebody does the work."""
    count = await temporal_health.pollers(engine)
    if not count:
        return fault("workers", "nobody asks for work", "start `mendwork worker`, or all with `mendwork up`")
    return good("workers", f"{count} asked for work in the last minutes")


async def look_at_running(engine: Engine, database: Database) -> Result:
    """See that every open finding in SQL has a workflow, and the reverse."""
    stood = await asyncio.to_thread(_open_findings, database)
    running = await temporal_health.running_findings(engine)
    if stood is None:
        return skipped("findings", "the database comes first")
    if stood != running:
        seen = f"open in SQL: {stood}, running workflows: {running}"
        return warning("findings", seen, "run `mendwork reconcile`: it tells which, and mends what is safe")
    return good("findings", f"{stood} open, each with a running workflow")


Look = Callable[[Engine, Database], Awaitable[Result]]
LOOKS: tuple[tuple[str, Look], ...] = (
    ("attributes", look_at_attributes),
    ("workers", look_at_workers),
    ("findings", look_at_running),
)


async def _looked(name: str, look: Look, engine: Engine, database: Database) -> Result:
    try:
        return await look(engine, database)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            seen = f"the server has no namespace {engine.client.namespace!r}"
            return fault(
                name, seen, "set TEMPORAL_NAMESPACE, or make it: `temporal operator namespace create`"
            )
        return skipped(name, f"the server says {error.status.name.lower().replace('_', ' ')}")


def _open_findings(database: Database) -> int | None:
    alive = findings.c.stage.not_in([stage.value for stage in ENDINGS])
    try:
        with reading(database) as connection:
            return connection.execute(select(func.count()).select_from(findings).where(alive)).scalar_one()
    except UNAVAILABLE:
        return None
