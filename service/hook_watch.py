"""The watch over webhooks: sees what is due in SQL and wakes the webhook's workflow, which delivers it.

What happened is noted in the transaction that records it, so nothing is lost if this looks later.
"""

import asyncio
from datetime import datetime, timedelta
from typing import ClassVar

from sqlalchemy import Engine as Database

from service.engine import Engine
from storage import deliveries
from storage.database import reading, writing
from storage.deliveries import Backlog

FORGET_EVERY = timedelta(hours=1)
ASK_AGAIN = timedelta(minutes=1)
"""After so long a workflow is woken again for what it was woken for before, in case it never heard."""


class HookWatch:
    """Looks for due messages round after round."""

    pause: ClassVar = timedelta(seconds=2)

    def __init__(self, database: Database, engine: Engine) -> None:
        """Take where messages wait, and what delivers them."""
        self._database = database
        self._engine = engine
        self._told: dict[str, tuple[Backlog, datetime]] = {}
        self._forgot_at: datetime | None = None

    async def wake_all(self, now: datetime) -> int:
        """Wake the workflows of webhooks with something new due at an aware instant; give how many."""
        due = await asyncio.to_thread(self._due, now)
        new = [hook for hook, backlog in due.items() if self._is_new(hook, backlog, now)]
        for hook in new:
            await self._engine.wake_hook(hook)
        told = {hook: (due[hook], now) for hook in new}
        self._told = {hook: told.get(hook) or (due[hook], self._told[hook][1]) for hook in due}
        return len(new)

    def _is_new(self, hook: str, backlog: Backlog, now: datetime) -> bool:
        """Whether more waits than at the last look, or something that came due later."""
        if hook not in self._told:
            return True
        before, told_at = self._told[hook]
        grown = backlog.count > before.count or backlog.latest > before.latest
        return grown or now - told_at >= ASK_AGAIN

    def _due(self, now: datetime) -> dict[str, Backlog]:
        if self._forgot_at is None or now - self._forgot_at >= FORGET_EVERY:
            with writing(self._database) as connection:
                deliveries.forget(connection, now)
            self._forgot_at = now
        with reading(self._database) as connection:
            return deliveries.waiting(connection, now)
