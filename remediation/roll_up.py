"""A factory's escalation level: the highest of its open findings, with and without the restricted ones."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from remediation.summary import Summary
from remediation.words import ENDINGS, FindingId


@dataclass(frozen=True, slots=True)
class Weight:
    """What a finding, or all of a factory's, weigh: `level` in full, `known` without what is restricted."""

    level: int = 0
    known: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A finding after its entry `seq` of an aware instant, and what it weighs since."""

    finding: FindingId
    seq: int
    at: datetime
    weight: Weight


def weight(row: Summary) -> Weight:
    """Give what a finding weighs: nothing once it has ended."""
    if row.stage in ENDINGS:
        return Weight()
    return Weight(row.level, 0 if row.restricted else row.level)


def roll_up(weights: Iterable[Weight]) -> Weight:
    """Give a factory's level from what its findings weigh: the highest of each."""
    every = tuple(weights)
    return Weight(
        max((each.level for each in every), default=0), max((each.known for each in every), default=0)
    )


def cause_of(moves: Sequence[Move], now: Weight) -> Move:
    """Give which of some moves brought a factory to its level: who stands there, else who moved last."""
    at_level = [each for each in moves if now.level and each.weight.level == now.level]
    return max(at_level or moves, key=lambda each: (each.at, each.finding, each.seq))
