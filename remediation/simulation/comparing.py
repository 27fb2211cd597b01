"""Two simulations of the same findings side by side: the letters that differ, and the dates that move."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from remediation.finding import Finding
from remediation.obligations import obligations
from remediation.simulation.running import Course
from remediation.simulation.tallying import tally
from remediation.words import FactoryId, FindingId, LetterKind, Role


@dataclass(frozen=True, slots=True, order=True)
class Difference:
    """How many letters of a kind (and level, 0 for none) a role would get in a month, before and after."""

    period: date
    kind: LetterKind
    level: int
    role: Role
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A date of a finding that differs: an obligation's at the start, or `fix_by`. None: it has none."""

    finding: FindingId
    factory: FactoryId
    date: str
    before: datetime | None
    after: datetime | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """All that differs; empty where two policies come to the same."""

    letters: tuple[Difference, ...]
    moved: tuple[Moved, ...]


def compare(before: Sequence[Course], after: Sequence[Course], *, weekly: bool = False) -> Comparison:
    """Give what differs between two outcomes of the same findings, in the same order."""
    moved = (
        each for one, other in zip(before, after, strict=True) for each in _moved(one.start, other.start)
    )
    return Comparison(tuple(_differing(before, after, weekly=weekly)), tuple(moved))


def _differing(before: Sequence[Course], after: Sequence[Course], *, weekly: bool) -> Iterator[Difference]:
    first, second = (
        {
            (row.period, row.kind, row.level, row.role): row.letters
            for row in tally((told for course in courses for told in course.told), weekly=weekly)
        }
        for courses in (before, after)
    )
    for key in sorted({*first, *second}):
        was, will = first.get(key, 0), second.get(key, 0)
        if was != will:
            yield Difference(*key, was, will)


def _moved(before: Finding, after: Finding) -> Iterator[Moved]:
    was, will = _dates(before), _dates(after)
    for name in dict.fromkeys((*was, *will)):
        if was.get(name) != will.get(name):
            yield Moved(before.id, before.factory, name, was.get(name), will.get(name))


def _dates(finding: Finding) -> dict[str, datetime]:
    dates = {owed.key: owed.due for owed in obligations(finding)}
    return dates | ({"fix_by": finding.fix_by} if finding.fix_by is not None and not finding.ended else {})
