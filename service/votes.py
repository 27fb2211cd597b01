"""Votes on their way from a meeting to its findings: at once, and what is left by the courier."""

import asyncio
from contextlib import suppress

from sqlalchemy import Engine as Database
from starlette.concurrency import run_in_threadpool

from service.commands import Answer, deliver
from service.engine import Engine
from storage import commands, sent
from storage.commands import Command, Done
from storage.database import reading

AT_ONCE = 20
PATIENCE = 5.0
"""Seconds. A sheet of paper brings hundreds of votes; what is not decided by then the courier carries on."""


async def deliver_votes(engine: Engine | None, database: Database, command: Command) -> tuple[Answer, ...]:
    """Deliver what a command on a meeting sent to findings, and give what is soon decided. Safe to repeat."""
    found = await run_in_threadpool(_sent, database, command)
    gate = asyncio.Semaphore(AT_ONCE)

    answers: list[Answer] = []

    async def one(each: Command) -> None:
        async with gate:
            answers.append(await deliver(engine, database, each))

    with suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*(one(each) for each in found))
    return tuple(answers)


def _sent(database: Database, command: Command) -> tuple[Command, ...]:
    with reading(database) as connection:
        done = commands.outcome(connection, command.id)
        entries = done.entries if isinstance(done, Done) else ()
    return tuple(each for entry in entries for each in sent.sent_by(entry))
