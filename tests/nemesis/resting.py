"""Coming to rest: waiting until nothing is under way any more, with a limit, and how long that took."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from sqlalchemy import and_, func, select, update

from storage.database import reading, writing
from storage.tables import letters, messages
from tests.nemesis.evidence import all_heads, connected, stored_rows
from tests.nemesis.world import World

CONVERGE_SECONDS = 60.0
LOOK_AGAIN = 0.2


@dataclass
class Rest:
    """Waits from the moment it is made, after the healing."""

    world: World
    limit: float = CONVERGE_SECONDS
    seconds: dict[str, float] = field(default_factory=dict)
    """How long each part took; what took too long is missing."""
    late: list[str] = field(default_factory=list)
    began: float = field(default_factory=monotonic)

    async def until(self, what: str, is_so: Callable[[], Awaitable[bool]]) -> None:
        """Wait for a part to come to rest, or note that it did not in time."""
        while monotonic() < self.began + self.limit:
            if await is_so():
                self.seconds[what] = monotonic() - self.began
                return
            await asyncio.sleep(LOOK_AGAIN)
        self.late.append(f"not yet after {self.limit:.0f} s: {what}")

    def let_put_off_mail_go(self) -> int:
        """Turn the clock forward for mail that waits because the mail server asked for it (4xx)."""
        asked = and_(messages.c.state == "waiting", messages.c.last_reply.like("4%"))
        with writing(self.world.machine.database) as connection:
            return connection.execute(
                update(messages).where(asked).values(next_try_at=datetime.now(UTC))
            ).rowcount

    async def mail_has_left(self) -> bool:
        """Whether nothing is owed or in hand that could leave now."""
        return not await asyncio.to_thread(self._mail_in_hand)

    def _mail_in_hand(self) -> int:
        waits = and_(letters.c.state == "waiting", letters.c.not_before <= datetime.now(UTC))
        still = messages.c.state.in_(["waiting", "claimed"])
        with reading(self.world.machine.database) as connection:
            owed = connection.execute(select(func.count()).where(waits)).scalar_one()
            in_hand = connection.execute(select(func.count()).where(still)).scalar_one()
        return int(owed + in_hand)

    async def heads_agree(self) -> bool:
        """Whether each open finding's workflow stands where SQL stands."""
        rows = await asyncio.to_thread(stored_rows, self.world.machine.database)
        heads = await all_heads(await connected(self.world), rows)
        return all(
            head is not None and (head.seq, head.stored) == (rows[each].seq, rows[each].seq)
            for each, head in heads.items()
        )
