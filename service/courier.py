"""The courier: delivers again what was accepted while nobody could decide it, until somebody has.

A command is a row before it is an update. Whatever is killed in between, it is finished or visibly
refused. Its id is the update's id, so that delivering it twice has one effect.

A workflow may also have carried out a command and then forgotten it: where worker or server dies between
the commit in SQL and the note of it in the history. The courier asks it, and tells it again.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

import structlog
from sqlalchemy import Engine as Database

from remediation.words import CommandId, SubjectId
from service.commands import deliver
from service.engine import Engine
from service.reconciling import temporal
from storage.commands import Command, Pending, carried_out, let_go, pending, settle
from storage.database import UNAVAILABLE, reading, writing
from workflows.messages import Head

PATIENCE = timedelta(seconds=15)
"""How long the service that received a command is left to deliver it alone."""
ASKED_FOR = timedelta(minutes=2)
"""How long a workflow is asked whether it knows what it carried out; then the reconciler sees to it."""
AT_ONCE = 20

log = structlog.get_logger("mendwork.courier")


class Courier:
    """Looks for undecided commands round after round."""

    pause: ClassVar = timedelta(seconds=5)

    def __init__(self, database: Database, engine: Engine) -> None:
        """Take where commands stand and where they go."""
        self._database = database
        self._engine = engine

    async def deliver_all(self, now: datetime) -> int:
        """Deliver the commands that wait at an aware instant; give how many are decided thereby."""
        await self._remind(now)
        waiting = await asyncio.to_thread(self._waiting, now - PATIENCE)
        decided = 0
        for start in range(0, len(waiting), AT_ONCE):
            batch = waiting[start : start + AT_ONCE]
            decided += sum(await asyncio.gather(*(self._deliver(command) for command in batch)))
        return decided

    async def _remind(self, now: datetime) -> None:
        """See that each workflow knows what it has carried out; one that forgot catches up with SQL."""
        done = await asyncio.to_thread(self._carried_out, now)
        heads = await temporal.for_each({command.finding for command, _ in done}, self._head)
        known = [command.id for command, seq in done if _knows(heads[command.finding], seq)]
        for command, seq in done:
            head = heads[command.finding]
            if head is not None and not _knows(head, seq):
                await self._deliver(command)
        await asyncio.to_thread(self._settle, known)

    async def _head(self, finding: SubjectId) -> Head | None:
        return await temporal.head(self._engine, finding)

    def _carried_out(self, now: datetime) -> tuple[tuple[Command, int], ...]:
        with writing(self._database) as connection:
            let_go(connection, now - ASKED_FOR)
            return carried_out(connection, now - PATIENCE)

    def _settle(self, ids: Sequence[CommandId]) -> None:
        if ids:
            with writing(self._database) as connection:
                settle(connection, ids)

    async def _deliver(self, command: Command) -> bool:
        try:
            answer = await deliver(self._engine, self._database, command)
        except UNAVAILABLE:
            raise
        except Exception:  # whatever one command is broken by, the others are delivered
            log.exception("command_undeliverable", command=command.id, verb=command.verb)
            return False
        return not isinstance(answer, Pending)

    def _waiting(self, older_than: datetime) -> tuple[Command, ...]:
        with reading(self._database) as connection:
            return pending(connection, older_than)


def _knows(head: Head | None, seq: int) -> bool:
    return head is not None and head.stored >= seq
