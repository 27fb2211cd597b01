"""One request, many findings: its commands are stored together and delivered a few at a time."""

import asyncio
from collections.abc import Sequence

from sqlalchemy import Engine as Database

from remediation.words import CommandId
from service.commands import Answer, deliver
from service.engine import Engine
from storage.commands import Command, Pending

AT_ONCE = 8


async def spread(
    engine: Engine | None, database: Database, given: Sequence[Command], patience: float
) -> dict[CommandId, Answer]:
    """Deliver stored commands, and tell what became of each within some seconds.

    What is `Pending` then, the courier delivers.
    """
    places = asyncio.Semaphore(AT_ONCE)

    async def give(command: Command) -> tuple[CommandId, Answer]:
        async with places:
            return command.id, await deliver(engine, database, command)

    tasks = [asyncio.create_task(give(command)) for command in given]
    done, late = await asyncio.wait(tasks, timeout=patience) if tasks else ((), ())
    for task in late:
        task.cancel()
    waiting: dict[CommandId, Answer] = {command.id: Pending() for command in given}
    return waiting | dict(task.result() for task in done)
