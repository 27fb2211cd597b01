"""What a re-projection does to one date: moves it, or leaves it where it stands; and why."""

from dataclasses import dataclass
from datetime import date, datetime

from remediation.spans import Span
from remediation.words import Duty, Role

FIX = "fix"
"""The last day that the policy allows a fix. It limits promises, and nobody owes it."""
OBJECTIONS = "objections"
"""The end of the window in which workers may object to a reported fix."""
COUNTED_FROM_ITS_ISSUE = frozenset({Duty.REVIEW, Duty.COMMIT, FIX})
"""Dates that are counted from when the finding was issued, or told, and stand still while it is disputed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What makes the difference: another length of time, days that count no more or anew, another clock.

    `days_off` and `days_worked` are the local days between the beginning and the later of the two dates
    on which nobody works now, or somebody does, in working days only.
    """

    before: Span | None = None
    after: Span | None = None
    days_off: tuple[date, ...] = ()
    days_worked: tuple[date, ...] = ()
    other_clock: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A date that moves. `key` is the key of what is owed, or `FIX` or `OBJECTIONS`.

    Instants are aware (UTC) and exclusive, days the factory's local ones; None where there was, or will
    be, no such date.
    """

    key: str
    duty: Duty | None
    owner: Role | None
    old: datetime | None
    new: datetime | None
    old_day: date | None
    new_day: date | None
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Where a date stands after a re-projection: at `due`.

    Counted from `since` on it comes to `base`, and with the days that had been added to it meanwhile, by a
    dispute or a suspension, to `reckoned`.
    """

    key: str
    since: datetime
    base: datetime
    reckoned: datetime
    due: datetime
