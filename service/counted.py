"""What was counted a moment ago, given again while nothing has changed: counting every finding takes long."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import TypeVar, cast

from sqlalchemy import Connection

from storage.figures import Scope, as_of

T = TypeVar("T")

MOST = 50
"""So many results are kept; then all are counted anew."""


class Counted:
    """Results by what was counted, the state of the findings it was counted of, and the minute.

    So nothing recorded is ever missing, and what comes late within a minute is late in the next.
    """

    def __init__(self) -> None:
        self._known: dict[Hashable, object] = {}

    def of(
        self,
        connection: Connection,
        count: Callable[[Connection, Scope, datetime], T],
        scope: Scope,
        now: datetime,
    ) -> T:
        """Give what `count` gives of a scope at an aware instant, or gave within the same minute."""
        known = self._known  # requests in other threads may put another in its place meanwhile
        key = (count, scope, as_of(connection, scope), now.replace(second=0, microsecond=0))
        if key not in known:
            if len(known) >= MOST:
                known = self._known = {}
            known[key] = count(connection, scope, now)
        return cast("T", known[key])
