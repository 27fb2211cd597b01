"""Bringing findings back to life: a lost Temporal store is remade from SQL, which holds every decision."""

import asyncio
from collections.abc import Callable

from sqlalchemy import Engine as Database
from sqlalchemy import select

from remediation.case import Case
from remediation.words import ENDINGS, FindingId
from service.engine import Engine
from storage import findings
from storage.database import reading
from storage.tables import findings as rows

AT_ONCE = 16


def open_findings(database: Database) -> tuple[FindingId, ...]:
    """Give the findings whose life is not over, by id."""
    alive = rows.c.stage.not_in([stage.value for stage in ENDINGS])
    with reading(database) as connection:
        found = connection.execute(select(rows.c.id).where(alive).order_by(rows.c.id)).scalars()
        return tuple(FindingId(each) for each in found)


async def resurrect(
    database: Database, engine: Engine, ids: tuple[FindingId, ...], tell: Callable[[], None] = lambda: None
) -> int:
    """Start the workflows of those findings that have none; give how many. Safe to repeat.

    `tell` is called after each finding looked at. No letter is written again: they stand in SQL.
    """
    places = asyncio.Semaphore(AT_ONCE)

    async def one(finding: FindingId) -> bool:
        async with places:
            started = not await engine.runs(finding) and await _start(database, engine, finding)
        tell()
        return started

    return sum(await asyncio.gather(*(one(finding) for finding in ids)))


async def _start(database: Database, engine: Engine, finding: FindingId) -> bool:
    case = await asyncio.to_thread(_case, database, finding)
    if case is None:
        return False
    await engine.start(case)
    return await engine.runs(finding)


def _case(database: Database, finding: FindingId) -> Case | None:
    with reading(database) as connection:
        return findings.case(connection, finding)
