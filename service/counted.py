"""What was counted a moment ago, given again while nothing has changed: counting every finding takes long."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar, cast

from fastapi import BackgroundTasks
from sqlalchemy import Connection, Engine

from storage.database import reading
from storage.figures import Scope, as_of

T = TypeVar("T")
Count = Callable[[Connection, Scope, datetime], T]

MOST = 500
"""So many results are kept; then all are counted anew."""
A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class _Known:
    """A result: the state of the findings it was counted of, and the minute."""

    state: int
    minute: datetime
    result: object


@dataclass(slots=True)
class _Place:
    """Where one result is kept, and replaced as a whole by who holds the lock."""

    counting: Lock = field(default_factory=Lock)
    known: _Known | None = None

    def counted(self, connection: Connection, count: Count[T], scope: Scope, now: datetime) -> T:
        """Give what is known of this state and minute, counting it if need be. For who holds the lock."""
        state, minute = as_of(connection, scope), _minute(now)
        known = self.known
        if known is None or (known.state, known.minute) != (state, minute):
            known = self.known = _Known(state, minute, count(connection, scope, now))
        return cast("T", known.result)


class Counted:
    """Results by what was counted, the state of the findings it was counted of, and the minute.

    So nothing recorded is ever missing. What comes late within a minute is late in the next: who asks in
    that one for what was counted in the last is given it at once, and it is counted anew once they have
    been answered. Who asks later than that waits for the count.
    """

    def __init__(self, most: int = MOST) -> None:
        """Keep so many results at most."""
        self._most = most
        self._places: dict[Hashable, _Place] = {}
        self._making_room = Lock()

    def of(
        self, connection: Connection, count: Count[T], scope: Scope, now: datetime, after: BackgroundTasks
    ) -> T:
        """Give what `count` gives of a scope at an aware instant, or gave within this minute or the last.

        `count` is a function, or something called that equals another where it counts the same. What is
        left to do once the reader has been answered is added to `after`.
        """
        place, minute = self._place((count, scope)), _minute(now)
        known = place.known
        if known is not None and known.state == as_of(connection, scope):
            if known.minute == minute - A_MINUTE:
                after.add_task(_count_again, connection.engine, place, count, scope, now)
            if minute - A_MINUTE <= known.minute <= minute:
                return cast("T", known.result)
        # Those who ask for the same at one moment wait for the first of them.
        with place.counting:
            return place.counted(connection, count, scope, now)

    def _place(self, key: Hashable) -> _Place:
        with self._making_room:
            if key not in self._places and len(self._places) >= self._most:
                self._places = {}
            return self._places.setdefault(key, _Place())


def _count_again(engine: Engine, place: _Place, count: Count[T], scope: Scope, now: datetime) -> None:
    """Count anew, unless somebody does already."""
    if place.counting.acquire(blocking=False):
        try:
            with reading(engine) as connection:
                place.counted(connection, count, scope, now)
        finally:
            place.counting.release()


def _minute(now: datetime) -> datetime:
    return now.replace(second=0, microsecond=0)
