"""Figures of many findings: how promises were kept, how old findings are, and what share that makes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from remediation.attempts import Attempt


class Kept(StrEnum):
    """What became of the promise of an attempt."""

    ON_TIME = "on_time"
    """The fix was reported by the end of the last day promised."""
    LATE = "late"
    """It was reported after that day."""
    MISSED = "missed"
    """That day is over, and the fix is not reported."""
    AHEAD = "ahead"
    """That day has not ended yet."""


DUE = (Kept.ON_TIME, Kept.LATE, Kept.MISSED)
"""Promises whose day is over, or that were kept before: what a share of promises kept is counted of."""


def kept(attempt: Attempt, now: datetime) -> Kept | None:
    """Give what became of an attempt's promise at an aware instant; None where it has none.

    A promise that nobody can keep any more, because the attempt ended without a report, is none either.
    """
    day, late_from = attempt.promised_for, attempt.late_from
    if day is None or late_from is None:
        return None
    if attempt.reported_on is not None:
        return Kept.ON_TIME if attempt.reported_on <= day else Kept.LATE
    if attempt.ending is not None or attempt.reopened_on is not None:
        return None
    return Kept.MISSED if late_from <= now else Kept.AHEAD


def on_time(promises: Mapping[Kept, int]) -> int | None:
    """Give the share of promises kept on time, in percent, of those that were due; None of none."""
    return percent(promises.get(Kept.ON_TIME, 0), sum(promises.get(each, 0) for each in DUE))


def percent(part: int, whole: int) -> int | None:
    """Give a share in percent, rounded down: 100 stands only for all of them. None of nothing."""
    return part * 100 // whole if whole else None


@dataclass(frozen=True, slots=True)
class Age:
    """A span of days since something began, both ends included; without `last` it is open."""

    first: int
    last: int | None = None

    def holds(self, days: int) -> bool:
        """Whether so many days lie within."""
        return self.first <= days and (self.last is None or days <= self.last)


AGES = (Age(0, 30), Age(31, 60), Age(61, 90), Age(91, 180), Age(181))
"""How old open findings are counted: in days since they were issued."""


def ageing(days: Iterable[int]) -> dict[Age, int]:
    """Give how many of these numbers of days lie within each age."""
    every = tuple(days)
    return {age: sum(age.holds(each) for each in every) for age in AGES}


def months(last: date, number: int) -> tuple[date, ...]:
    """Give the first days of so many months, the last of them that of a day, in order."""
    count = last.year * 12 + last.month - 1
    return tuple(date(each // 12, each % 12 + 1, 1) for each in range(count - number + 1, count + 1))
