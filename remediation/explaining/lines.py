"""The lines of an explanation: each says one thing and moves the reckoning on by it.

Instants are aware (UTC), days are the factory's local days.
"""

# ruff: noqa: ARG002, D102 - every line moves the reckoning on by the same method; its class says how

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from remediation.calendar import ONE_DAY, Calendar
from remediation.moves import Why
from remediation.spans import Span
from remediation.words import Severity, SuspensionCause


class Cause(StrEnum):
    """What a time was counted from."""

    ISSUED = "issued"
    AMENDED = "amended"
    FACTORY_TOLD = "factory_told"
    REOPENED = "reopened"
    ALARM_RAISED = "alarm_raised"
    DISPUTED = "disputed"
    DEADLOCKED = "deadlocked"
    COMMITTED = "committed"
    PROGRESS = "progress"
    SEEN_UNDONE = "seen_undone"
    """A verification in part, which set new dates for what remains."""
    COSIGNED = "cosigned"
    SUSPENSION_ASKED = "suspension_asked"
    FIX_REPORTED = "fix_reported"
    VERIFIED = "verified"
    LEVEL_REACHED = "level_reached"
    PLAN_RETURNED = "plan_returned"
    PLAN_FILED = "plan_filed"
    DECISION_DUE = "decision_due"


@dataclass(frozen=True, slots=True)
class Reckoning:
    """Where a date stands: the instant, and the local day it belongs to."""

    at: datetime
    day: date


@dataclass(frozen=True, slots=True)
class Skipped:
    """A day that is not counted, or off which something is moved: a holiday, or a weekly rest day.

    An `estimated` holiday depends on the sighting of the moon and may yet shift.
    """

    day: date
    holiday: bool
    estimated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(ABC):
    """One line of an explanation."""

    @abstractmethod
    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        """Give where the date stands after this line."""


Lines = tuple[Line, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Began(Line):
    """What the time is counted from."""

    cause: Cause
    at: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(self.at, calendar.today(self.at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted(Line):
    """A time that the policy gives: its version, the rule, and the severity where the rule depends on it."""

    span: Span
    rule: str
    policy: str
    severity: Severity | None = None
    skipped: tuple[Skipped, ...] = ()

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return _owed_by(calendar.due(so_far.at, self.span), calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAdded(Line):
    """The days that a dispute took."""

    days: int

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return _owed_by(calendar.moved(so_far.at, self.days), calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionAdded(Line):
    """A suspension moved the date by its days, or by those of it that came after what is counted from."""

    cause: SuspensionCause
    first: date
    last: date
    days: int

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return _owed_by(calendar.moved(so_far.at, self.days), calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised(Line):
    """The day a commitment promised an action for."""

    day: date
    committed_at: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(calendar.end_of(self.day), self.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extended(Line):
    """An extension that was granted: by so many days, to a later day."""

    days: int
    to: date
    granted_at: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        day = so_far.day + timedelta(days=self.days)
        return Reckoning(calendar.end_of(day), day)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAnew(Line):
    """A verification found the action undone and gave it another day."""

    to: date
    seen_at: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(calendar.end_of(self.to), self.to)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBeforePromise(Line):
    """Not before the last promised day, although everything was done earlier."""

    day: date

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        promised = Reckoning(calendar.end_of(self.day), self.day)
        return max(so_far, promised, key=lambda each: each.at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Line):
    """A re-projection moved it, because of what the lines above say now."""

    old: datetime
    moved_at: datetime
    why: Why

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return so_far


@dataclass(frozen=True, slots=True, kw_only=True)
class AddedAgain(Line):
    """The days that a dispute or suspensions had added before a re-projection."""

    days: int
    added_at: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return _owed_by(calendar.moved(so_far.at, self.days), calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(Line):
    """A suspension that had moved the date ended early."""

    last: date
    days: int

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return _owed_by(calendar.moved(so_far.at, -self.days), calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftStanding(Line):
    """A re-projection left it where it stood: it had passed, or would have been missed at once."""

    reckoned: datetime
    due: datetime
    held_at: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return _owed_by(calendar.later(so_far.at, calendar.gap(self.due, self.reckoned)), calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class LateFrom(Line):
    """The instant from which what is owed is late: what reminders and the ladder count from."""

    due: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return _owed_by(self.due, calendar)


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysAway(Line):
    """So many days after the due day; before it where negative."""

    days: int

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(so_far.at, so_far.day + timedelta(days=self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingDaysAway(Line):
    """So many working days after the due day."""

    days: int
    skipped: tuple[Skipped, ...]

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(so_far.at, calendar.add_working_days(so_far.day, self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut(Line):
    """Days of a suspension that do not count towards a step of the ladder; only its working days if so."""

    cause: SuspensionCause
    first: date
    last: date
    days: int
    working: bool = False

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        if self.working:
            return Reckoning(so_far.at, calendar.add_working_days(so_far.day, self.days))
        return Reckoning(calendar.moved(so_far.at, self.days), so_far.day + timedelta(days=self.days))


@dataclass(frozen=True, slots=True, kw_only=True)
class NotWhileSuspended(Line):
    """A step of the ladder comes on no day of a suspension."""

    cause: SuspensionCause
    last: date

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(so_far.at, self.last + ONE_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumes(Line):
    """The last day of a suspension: the clock runs again from its end on."""

    cause: SuspensionCause
    last: date

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(calendar.end_of(self.last), self.last + ONE_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedEarlier(Line):
    """A reminder comes earlier rather than on a rest day or holiday."""

    skipped: tuple[Skipped, ...]

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(so_far.at, calendar.working_day_on_or_before(so_far.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedLater(Line):
    """A step of the ladder comes later rather than on a rest day or holiday."""

    skipped: tuple[Skipped, ...]

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(so_far.at, calendar.working_day_on_or_after(so_far.day))


@dataclass(frozen=True, slots=True, kw_only=True)
class AtClock(Line):
    """The time of day, on the factory's clock."""

    clock: time
    zone: str

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return Reckoning(calendar.instant(so_far.day, self.clock), so_far.day)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotBeforeStep(Line):
    """Not before the step below it on the ladder, nor before the date itself."""

    at: datetime

    def after(self, so_far: Reckoning, calendar: Calendar) -> Reckoning:
        return max(so_far, Reckoning(self.at, calendar.today(self.at)), key=lambda each: each.at)


def kind(line: Line) -> str:
    """Give the name of a line's class: `DisputeAdded` is `dispute_added`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(line).__name__).lower()


def standing(lines: Lines, calendar: Calendar) -> Iterator[tuple[Line, Reckoning]]:
    """Give each line with where the date stands after it."""
    so_far = Reckoning(datetime.min.replace(tzinfo=UTC), date.min)
    for line in lines:
        so_far = line.after(so_far, calendar)
        yield line, so_far


def recount(lines: Lines, calendar: Calendar) -> datetime:
    """Reckon the date from its lines alone. Raises ValueError where there are none."""
    return stands(lines, calendar).at


def stands(lines: Lines, calendar: Calendar) -> Reckoning:
    """Give where the date stands after all lines. Raises ValueError where there are none."""
    if not lines:
        message = "no lines, no date"
        raise ValueError(message)
    return list(standing(lines, calendar))[-1][1]


def skipped(calendar: Calendar, first: date, last: date) -> tuple[Skipped, ...]:
    """Give the days from `first` to `last`, both included, on which nobody works."""
    days = (first + ONE_DAY * number for number in range((last - first).days + 1))
    return tuple(
        Skipped(day, day in calendar.holidays, day in calendar.estimated)
        for day in days
        if not calendar.is_working_day(day)
    )


def _owed_by(due: datetime, calendar: Calendar) -> Reckoning:
    return Reckoning(due, calendar.last_day(due))
