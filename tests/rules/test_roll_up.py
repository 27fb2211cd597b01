"""The roll-up: a factory stands as high as the highest of its open findings."""

from dataclasses import replace
from datetime import timedelta

import pytest

from remediation.roll_up import Move, Weight, cause_of, roll_up, weight
from remediation.summary import summary
from remediation.words import ENDINGS, FindingId, Stage
from tests.storage.builders import MONDAY, a_life

ROW = replace(summary(a_life().case), level=3)


def test_a_finding_weighs_its_level_and_nothing_once_it_has_ended() -> None:
    assert weight(ROW) == Weight(3, 3)
    for stage in Stage:
        assert (weight(replace(ROW, stage=stage)) == Weight()) == (stage in ENDINGS)


def test_what_the_factory_is_not_told_weighs_for_those_alone_who_see_it() -> None:
    assert weight(replace(ROW, restricted=True)) == Weight(3, 0)


def test_a_factory_stands_as_high_as_its_highest_finding() -> None:
    assert roll_up([]) == Weight(0, 0)
    assert roll_up([Weight(1, 1), Weight(4, 0), Weight(2, 2)]) == Weight(4, 2)


def a_move(finding: str, level: int, *, days: int = 0, known: int | None = None) -> Move:
    weighs = Weight(level, level if known is None else known)
    return Move(finding=FindingId(finding), seq=7, at=MONDAY + timedelta(days=days), weight=weighs)


@pytest.mark.parametrize(
    ("moves", "now", "cause"),
    [
        ([a_move("f1", 1), a_move("f2", 3), a_move("f3", 0)], Weight(3, 3), "f2"),
        ([a_move("f1", 0, days=1), a_move("f2", 0)], Weight(0, 0), "f1"),
        ([a_move("f1", 0), a_move("f2", 1, days=1)], Weight(0, 0), "f2"),
        ([a_move("f1", 0), a_move("f2", 1, days=1)], Weight(2, 2), "f2"),
        ([a_move("f1", 2), a_move("f2", 2, days=1)], Weight(2, 2), "f2"),
        ([a_move("f1", 2, known=0), a_move("f2", 2)], Weight(2, 2), "f2"),
    ],
)
def test_the_cause_is_who_stands_there_or_who_moved_last(moves: list[Move], now: Weight, cause: str) -> None:
    assert cause_of(moves, now).finding == cause
