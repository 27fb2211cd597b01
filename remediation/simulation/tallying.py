"""What a simulation comes to, counted: letters by period, kind, level and role."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from remediation.simulation.running import Told
from remediation.words import LetterKind, Role


@dataclass(frozen=True, slots=True, order=True)
class Row:
    """How many letters of a kind (and level of the ladder, 0 for none) a role would get in a period."""

    period: date
    kind: LetterKind
    level: int
    role: Role
    letters: int


def tally(told: Iterable[Told], *, weekly: bool = False) -> tuple[Row, ...]:
    """Count letters by month, or by week from Monday on, of the factories' own days; in order."""
    # Thousands lie ahead of a plan: a day is counted by its number, which is found faster than a date.
    days = Counter(
        (each.local.toordinal(), each.letter.kind, each.level or 0, each.letter.role) for each in told
    )
    counted: Counter[tuple[date, LetterKind, int, Role]] = Counter()
    for (day, kind, level, role), number in days.items():
        counted[_period(date.fromordinal(day), weekly=weekly), kind, level, role] += number
    return tuple(sorted(Row(*key, number) for key, number in counted.items()))


def periods(rows: Iterable[Row]) -> dict[date, int]:
    """Give the number of letters in each period, in order."""
    total: Counter[date] = Counter()
    for row in rows:
        total[row.period] += row.letters
    return dict(sorted(total.items()))


def _period(day: date, *, weekly: bool) -> date:
    return day - timedelta(days=day.weekday()) if weekly else day.replace(day=1)
