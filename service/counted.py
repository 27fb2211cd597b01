"""What was counted a moment ago, given again while nothing has changed: counting every finding takes long."""

from collections.abc import Callable, Hashable
from datetime import datetime
from threading import Lock
from typing import TypeVar, cast

from sqlalchemy import Connection

from storage.figures import Scope, as_of

T = TypeVar("T")

MOST = 500
"""So many results are kept; then all are counted anew."""


class Counted:
    """Results by what was counted, the state of the findings it was counted of, and the minute.

    So nothing recorded is ever missing, and what comes late within a minute is late in the next.
    """

    def __init__(self, most: int = MOST) -> None:
        """Keep so many results at most."""
        self._most = most
        self._known: dict[Hashable, object] = {}
        self._counting = Lock()

    def of(
        self,
        connection: Connection,
        count: Callable[[Connection, Scope, datetime], T],
        scope: Scope,
        now: datetime,
    ) -> T:
        """Give what `count` gives of a scope at an aware instant, or gave within the same minute.

        `count` is a function, or something called that equals another where it counts the same.
        """
        known = self._known  # requests in other threads may put another in its place meanwhile
        key = (count, scope, as_of(connection, scope), now.replace(second=0, microsecond=0))
        if key not in known:
            # Those who ask for the same at one moment wait for the first of them.
            with self._counting:
                known = self._room()
                if key not in known:
                    known[key] = count(connection, scope, now)
        return cast("T", known[key])

    def _room(self) -> dict[Hashable, object]:
        if len(self._known) >= self._most:
            self._known = {}
        return self._known
