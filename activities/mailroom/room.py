"""The mailroom's rounds: look at what waits, address it, send it, and note what the mail server said."""

import asyncio
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import structlog
from sqlalchemy import Connection, Engine

from activities.mailroom.addressing import Clerk, Parcel
from activities.mailroom.delivering import Deliverer
from activities.mailroom.desk import Desk
from activities.mailroom.gathering import Gatherer
from activities.mailroom.sorting import of_same_thing
from activities.mailroom.writing import Pen
from notifications.postman import MailServer
from storage import letters, messages
from storage.database import UNAVAILABLE, reading, writing
from storage.letters import Letter, LettersTaken, LetterUnreadable

URGENT_AT_ONCE: Final = 200
GATHERED_AT_ONCE: Final = 20_000
"""So many that a large import still makes one message a person."""
PAUSE: Final = 5.0
UNREADABLE: Final = "unreadable"

log = structlog.get_logger("mendwork.mailroom")


@dataclass(frozen=True, slots=True, kw_only=True)
class MailroomSettings:
    """What the mailroom needs to know. `gather` is how long a morning's letters wait for one another."""

    server: MailServer
    public_url: str
    gather: timedelta = timedelta(minutes=5)


class Mailroom:
    """Turns letters into mail. Any number of mailrooms may work on one database at once."""

    def __init__(self, engine: Engine, settings: MailroomSettings) -> None:
        self._engine = engine
        self._settings = settings
        # A restarted process must not take an earlier one's claims for its own.
        self._deliverer = Deliverer(
            engine=engine, server=settings.server, pen=self._pen, worker=secrets.token_hex(8)
        )

    async def address(self, now: datetime) -> int:
        """Turn what waits at an aware instant into messages; give how many letters were dealt with.

        Raises one of storage's UNAVAILABLE.
        """
        return await asyncio.to_thread(self._address, now)

    async def deliver(self, now: datetime) -> int:
        """Try to send a round of the messages that are due at an aware instant; give how many were tried.

        Raises one of storage's UNAVAILABLE.
        """
        return await self._deliverer.deliver(now)

    async def run(
        self,
        stop: asyncio.Event,
        wake: asyncio.Event | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        """Work until told to stop; `wake` says that new letters may wait. No error ends the rounds."""
        wake = wake or asyncio.Event()
        while not stop.is_set():
            wake.clear()
            if not await self._round(clock):
                await _first_of(stop, wake, seconds=PAUSE)

    async def _round(self, clock: Callable[[], datetime]) -> int:
        try:
            return await self.address(clock()) + await self.deliver(clock())
        except UNAVAILABLE:
            log.warning("database_unavailable")
        except Exception:  # a worker without a mailroom would look alive: the next round may do better
            log.exception("mailroom_round_failed")
        return 0

    def _address(self, now: datetime) -> int:
        return self._take_urgent(now) + self._take_gathered(now)

    def _take_urgent(self, now: datetime) -> int:
        with reading(self._engine) as connection:
            waiting = self._waiting(connection, now, gathered=False, limit=URGENT_AT_ONCE)
            whole = _whole_things(waiting) if len(waiting) == URGENT_AT_ONCE else waiting
            parcels = list(Clerk(self._pen(connection, now)).urgent(whole))
        return sum(self._commit(parcel, now) for parcel in parcels)

    def _take_gathered(self, now: datetime) -> int:
        with reading(self._engine) as connection:
            waiting = self._waiting(connection, now, gathered=True, limit=GATHERED_AT_ONCE)
            gatherer = Gatherer(Clerk(self._pen(connection, now)), self._settings.gather)
            parcels = list(gatherer.parcels(waiting))
        return sum(self._commit(parcel, now) for parcel in parcels)

    def _waiting(
        self, connection: Connection, now: datetime, *, gathered: bool, limit: int
    ) -> tuple[Letter, ...]:
        while True:
            try:
                return letters.waiting(connection, now, gathered=gathered, limit=limit)
            except LetterUnreadable as error:
                log.error("letter_unreadable", letter=error.letter)  # noqa: TRY400 - the cause quotes the entry
                self._commit(Parcel(skipped=((error.letter, UNREADABLE),)), now)
                connection.rollback()  # to see what was just committed

    def _pen(self, connection: Connection, now: datetime) -> Pen:
        return Pen(Desk(connection, self._settings.public_url, now), self._settings.server.sender, now)

    def _commit(self, parcel: Parcel, now: datetime) -> int:
        """Commit a parcel; nothing of it where another mailroom was faster."""
        try:
            with writing(self._engine) as connection:
                for letter, reason in parcel.skipped:
                    letters.skip(connection, [letter], reason)
                for letter, until in parcel.postponed:
                    letters.postpone(connection, [letter], until)
                messages.address(connection, parcel.taken, parcel.messages, now)
        except LettersTaken:
            return 0
        return len(parcel.taken) + len(parcel.skipped) + len(parcel.postponed)


def _whole_things(waiting: Sequence[Letter]) -> Sequence[Letter]:
    """Leave out the last thing that happened, of which the limit may have cut letters off."""
    *before, _last = of_same_thing(waiting)
    return [letter for thing in before for letter in thing] or waiting


async def _first_of(*events: asyncio.Event, seconds: float) -> None:
    """Return when one of the events is set, or after the seconds."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    for each in waiting:
        each.cancel()
