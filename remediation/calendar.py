"""A factory's calendar as plain data, and the arithmetic of its local days.

Time zones and holidays come from libraries whose data changes between releases. They are resolved
before they enter a workflow, so that a history replays to the same dates for ever.
"""

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from remediation.spans import Span, Unit

ONE_DAY, TWO_DAYS = timedelta(days=1), timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Offset:
    """From `since` (UTC) on, local time is UTC plus `minutes`."""

    since: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Calendar:
    """One factory's days. `rest_days` are ISO weekdays (Monday is 1); the other days are local dates.

    `offsets` are in order of time and the first of them holds for everything before the second.
    `workdays` are worked although they are weekly rest days. `estimated` are those of the `holidays` that
    depend on the sighting of the moon and may yet shift.
    """

    version: str
    zone: str
    offsets: tuple[Offset, ...]
    rest_days: tuple[int, ...] = ()
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()
    estimated: tuple[date, ...] = ()

    def local(self, instant: datetime) -> datetime:
        """Give the factory's wall clock at an aware instant, as a naive datetime."""
        minutes = self.offsets[self._place(instant)].minutes
        at = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
        return at.replace(tzinfo=None) + timedelta(minutes=minutes)

    def today(self, instant: datetime) -> date:
        """Give the factory's local date at an aware instant."""
        at = instant if instant.tzinfo is UTC else instant.astimezone(UTC)
        return (at + timedelta(minutes=self.offsets[self._place(instant)].minutes)).date()

    def instant(self, day: date, clock: time = time()) -> datetime:
        """Give the first instant (UTC) at which the factory's clock shows at least `day` `clock`.

        In a spring gap that is the end of the gap; in an autumn fold, the first of the two.
        """
        wall = datetime.combine(day, clock, UTC)
        # No zone is a day from UTC, so that only changes of the clock within two days can matter.
        near = self.offsets[self._place(wall - TWO_DAYS) : self._place(wall + TWO_DAYS) + 1]
        if len(near) == 1:
            return wall - timedelta(minutes=near[0].minutes)
        shown = wall.replace(tzinfo=None)
        candidates = (wall - timedelta(minutes=offset.minutes) for offset in near)
        reached = [at for at in candidates if self.local(at) >= shown]
        starts = [offset.since for offset in near[1:] if self.local(offset.since) >= shown]
        return min(reached + starts)

    def _place(self, instant: datetime) -> int:
        """Give the place of the offset that holds at an aware instant."""
        if len(self.offsets) == 1:
            return 0
        return bisect_right(self.offsets, instant, lo=1, key=lambda offset: offset.since) - 1

    def end_of(self, day: date) -> datetime:
        """Give the first instant after the local day: a promise for `day` is late from here on."""
        return self.instant(day + ONE_DAY)

    def last_day(self, due: datetime) -> date:
        """Give the local day that a due instant (exclusive) belongs to."""
        return self.today(due - timedelta(microseconds=1))

    def moved(self, due: datetime, days: int) -> datetime:
        """Move a due instant by local days: the end of a day to the end of another, whatever clocks do."""
        return self.later(due, timedelta(days=days))

    def is_working_day(self, day: date) -> bool:
        """Neither a holiday nor a weekly rest day, unless that one is worked."""
        if day in self.holidays:
            return False
        return day.isoweekday() not in self.rest_days or day in self.workdays

    def working_day_on_or_before(self, day: date) -> date:
        """Move a notice earlier, off rest days and holidays."""
        return self._nearest_working_day(day, -ONE_DAY)

    def working_day_on_or_after(self, day: date) -> date:
        """Move a step of the ladder later, to a day on which somebody is there to act."""
        return self._nearest_working_day(day, ONE_DAY)

    def add_working_days(self, day: date, count: int) -> date:
        """Give the `count`-th working day after `day`."""
        for _ in range(count):
            day = self.working_day_on_or_after(day + ONE_DAY)
        return day

    def due(self, start: datetime, span: Span) -> datetime:
        """Give the instant at which something owed within `span` of `start` becomes late.

        Hours are exact. Days and working days run to the end of the local day, so that nobody is
        late before their own midnight.
        """
        if span.unit is Unit.HOURS:
            return start + timedelta(hours=span.amount)
        day = self.today(start)
        if span.unit is Unit.DAYS:
            return self.end_of(day + timedelta(days=span.amount))
        return self.end_of(self.add_working_days(day, span.amount))

    def later(self, due: datetime, by: timedelta) -> datetime:
        """Move a due instant: the end of a local day by local days, so that no change of clocks shifts it."""
        day = self.last_day(due)
        return self.end_of(day + by) if due == self.end_of(day) and not by % ONE_DAY else due + by

    def gap(self, due: datetime, earlier: datetime) -> timedelta:
        """Give what `later` takes from `earlier` to `due`: local days between the ends of two of them."""
        first, last = self.last_day(earlier), self.last_day(due)
        whole = earlier == self.end_of(first) and due == self.end_of(last)
        return last - first if whole else due - earlier

    def _nearest_working_day(self, day: date, step: timedelta) -> date:
        if self.is_working_day(day):
            return day
        # A calendar without a single working day in a year is a mistake; the day itself is kept then.
        for distance in range(1, 366):
            candidate = day + step * distance
            if self.is_working_day(candidate):
                return candidate
        return day
