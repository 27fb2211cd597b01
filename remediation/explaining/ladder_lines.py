"""Lines about how people answered the ladder: what holds a step back, and what lets it come early or anew."""

# ruff: noqa: ARG002, D102 - every line moves the reckoning on by the same method; its class says how

from dataclasses import dataclass
from datetime import date, datetime

from remediation.calendar import Calendar
from remediation.explaining.lines import Line, Reckoning, Skipped
from remediation.spans import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered(Line):
    """Nobody acknowledged the level before within its time, so that the next comes early."""

    level: int
    told_at: datetime
    window: Span
    skipped: tuple[Skipped, ...]

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        expired = calendar.due(self.told_at, self.window)
        return Reckoning(expired, calendar.today(expired))


@dataclass(frozen=True, slots=True, kw_only=True)
class RanOut(Line):
    """The level before was acknowledged and nothing done until that ran out, so that the next comes early."""

    level: int
    until: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(self.until, calendar.today(self.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldsUntil(Line):
    """How long an acknowledgement holds: it is told of on its last day."""

    level: int
    until: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(self.until, calendar.last_day(self.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class PutOff(Line):
    """Somebody put the step off, for a reason."""

    until: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(self.until, calendar.today(self.until))


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedAnew(Line):
    """An accepted recovery plan runs until a day, and the ladder counts from there."""

    until: date

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(calendar.end_of(self.until), self.until)
