"""The courier: delivers again what was accepted while nobody could decide it, until somebody has.

A command is a row before it is an update. Whatever is killed in between, it is finished or visibly
refused. Its id is the update's id, so that delivering it twice has one effect.
"""

import asyncio
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine as Database

from service.commands import deliver
from service.engine import Engine
from storage.commands import Command, Pending, pending
from storage.database import UNAVAILABLE, writing

PATIENCE = timedelta(seconds=15)
"""How long the service that received a command is left to deliver it alone."""
ROUND = 5.0
AT_ONCE = 20

log = structlog.get_logger("mendwork.courier")


class Courier:
    """Looks for undecided commands round after round."""

    def __init__(self, database: Database, engine: Engine) -> None:
        """Take where commands stand and where they go."""
        self._database = database
        self._engine = engine

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until told to stop. A database or server that is away is waited for."""
        while not stop.is_set():
            try:
                await self.deliver_all(datetime.now(UTC))
            except UNAVAILABLE:
                log.warning("database_unavailable")
            await _pause(stop, ROUND)

    async def deliver_all(self, now: datetime) -> int:
        """Deliver the commands that wait at an aware instant; give how many are decided thereby."""
        waiting = await asyncio.to_thread(self._waiting, now - PATIENCE)
        decided = 0
        for start in range(0, len(waiting), AT_ONCE):
            batch = waiting[start : start + AT_ONCE]
            decided += sum(await asyncio.gather(*(self._deliver(command) for command in batch)))
        return decided

    async def _deliver(self, command: Command) -> bool:
        try:
            answer = await deliver(self._engine, self._database, command)
        except UNAVAILABLE:
            raise
        except Exception:
            log.exception("command_undeliverable", command=command.id, verb=command.verb)
            return False
        return not isinstance(answer, Pending)

    def _waiting(self, older_than: datetime) -> tuple[Command, ...]:
        with writing(self._database) as connection:
            return pending(connection, older_than)


async def _pause(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
