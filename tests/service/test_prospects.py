"""Simulations that are kept come to what running them anew comes to."""

from datetime import UTC, datetime, timedelta

import pytest

from remediation.simulation import Assumptions, Start, simulate
from service.simulation import Prospects
from service.simulation.keeping import BEHIND, FARTHER
from tests.service.stage import a_life

SPAN = timedelta(days=90)
NOBODY, EVERYBODY = Assumptions(nobody_signs=True, nobody_reports=True), Assumptions()
LATER = (
    timedelta(),
    timedelta(seconds=1),
    timedelta(hours=3),
    timedelta(hours=20),
    FARTHER,
    timedelta(days=40),
)


def a_start() -> Start:
    case = a_life("f1").case
    return Start(finding=case.finding, seq=case.seq)


@pytest.mark.parametrize("assumed", [NOBODY, EVERYBODY])
def test_who_asks_later_hears_what_lies_ahead_then(assumed: Assumptions) -> None:
    prospects, start, now = Prospects(), a_start(), datetime.now(UTC)
    for later in LATER:
        at = now + later
        expected = simulate(start, assumed, at, at + SPAN).told
        if min((told.at for told in expected), default=at) > at:
            assert prospects.told([start], assumed, at, SPAN) == list(expected)


def test_a_clock_that_is_behind_is_looked_at_anew_before_long() -> None:
    prospects, start = Prospects(), a_start()
    late = datetime.now(UTC) + timedelta(days=40)
    first = prospects.told([start], NOBODY, late, SPAN)
    assert first[0].at == late
    assert prospects.told([start], NOBODY, late + BEHIND / 2, SPAN)[0].at == late
    again = late + BEHIND
    assert prospects.told([start], NOBODY, again, SPAN)[0].at == again


def test_other_assumptions_and_other_spans_are_run_for_themselves() -> None:
    prospects, start, now = Prospects(), a_start(), datetime.now(UTC)
    for assumed in (NOBODY, EVERYBODY):
        for span in (SPAN, 2 * SPAN):
            expected = simulate(start, assumed, now, now + span).told
            assert prospects.told([start], assumed, now, span) == list(expected)
