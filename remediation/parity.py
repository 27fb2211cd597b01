"""What a committee lacks on a day: parity of the sides, elections, co-chairs, and seats that nobody holds.

These are warnings: a committee works without (domain of real committees: parity in about half of them).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from remediation.words import Side

SOON = timedelta(days=60)
"""So long before a term ends somebody should prepare the next."""
A_YEAR = timedelta(days=365)


class Lack(StrEnum):
    """What a committee may lack."""

    NO_MEMBER = "no_member"
    """A side has no member at all: nothing can be signed."""
    FEWER_WORKERS = "fewer_workers"
    FEWER_MANAGERS = "fewer_managers"
    NONE_ELECTED = "none_elected"
    """No worker member is elected, which the usual quorum asks for."""
    NO_CO_CHAIR = "no_co_chair"
    CHAIR_NOT_ELECTED = "chair_not_elected"
    """The worker side has co-chairs, but none of them is elected."""
    VACANT = "vacant"
    """A side has fewer members than it had within the last year."""
    ENDING = "ending"
    """Terms end soon, and nobody is known to follow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """Who sits on a side from when to when, in local days; `until` is the last one, None while it runs."""

    side: Side
    since: date
    until: date | None = None
    elected: bool = False
    co_chair: bool = False

    def covers(self, day: date) -> bool:
        """Whether the seat is held on a local day."""
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that a committee lacks: on which side, of how many, and by which day."""

    lack: Lack
    side: Side | None = None
    number: int = 0
    day: date | None = None


def lacks(tenures: Sequence[Tenure], on: date) -> tuple[Missing, ...]:
    """Give what a committee lacks on a local day, the gravest first. `tenures` are all it ever had."""
    now = [each for each in tenures if each.covers(on)]
    sides = {side: [each for each in now if each.side is side] for side in Side}
    return (
        *(Missing(lack=Lack.NO_MEMBER, side=side) for side in Side if not sides[side]),
        *_unequal(len(sides[Side.WORKER]), len(sides[Side.MANAGEMENT])),
        *_workers(sides[Side.WORKER]),
        *(
            Missing(lack=Lack.NO_CO_CHAIR, side=side)
            for side in Side
            if sides[side] and not any(each.co_chair for each in sides[side])
        ),
        *_vacant(tenures, on),
        *_ending(now, tenures, on),
    )


def _unequal(workers: int, managers: int) -> Iterable[Missing]:
    if workers < managers:
        yield Missing(lack=Lack.FEWER_WORKERS, number=managers - workers)
    if managers < workers:
        yield Missing(lack=Lack.FEWER_MANAGERS, number=workers - managers)


def _workers(members: Sequence[Tenure]) -> Iterable[Missing]:
    chairs = [each for each in members if each.co_chair]
    if members and not any(each.elected for each in members):
        yield Missing(lack=Lack.NONE_ELECTED)
    elif chairs and not any(each.elected for each in chairs):
        yield Missing(lack=Lack.CHAIR_NOT_ELECTED)


def _vacant(tenures: Sequence[Tenure], on: date) -> Iterable[Missing]:
    """Count the seats that stood filled within a year and are not now."""
    days = {on - A_YEAR, *(each.since for each in tenures if on - A_YEAR <= each.since <= on)}
    for side in Side:
        held = [each for each in tenures if each.side is side]
        most = max(sum(each.covers(day) for each in held) for day in days)
        vacant = most - sum(each.covers(on) for each in held)
        if vacant > 0:
            yield Missing(lack=Lack.VACANT, side=side, number=vacant)


def _ending(now: Sequence[Tenure], tenures: Sequence[Tenure], on: date) -> Iterable[Missing]:
    for side in Side:
        ends = [each.until for each in now if each.side is side and each.until and each.until <= on + SOON]
        followers = sum(each.side is side and on < each.since for each in tenures)
        if len(ends) > followers:
            yield Missing(lack=Lack.ENDING, side=side, number=len(ends) - followers, day=min(ends))
