"""Figures of many findings: promises kept, ages, shares and months."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from remediation.attempts import Attempt
from remediation.figures import AGES, Age, Kept, ageing, kept, months, on_time, percent
from remediation.words import Severity, Stage

DAY = date(2026, 5, 10)
BEFORE, AFTER = datetime(2026, 5, 10, 17, 59, tzinfo=UTC), datetime(2026, 5, 10, 18, tzinfo=UTC)
PROMISED = Attempt(
    number=1,
    severity=Severity.MAJOR,
    restricted=False,
    began_on=date(2026, 3, 2),
    commit_by=date(2026, 4, 1),
    committed_on=date(2026, 3, 20),
    agreed=True,
    promised_for=DAY,
    first_promised_for=DAY,
    late_from=AFTER,
    reported_on=None,
    objected=False,
    closed_on=None,
    ended_on=None,
    ending=None,
)


@pytest.mark.parametrize(
    ("changed", "now", "expected"),
    [
        ({}, BEFORE, Kept.AHEAD),
        ({}, AFTER, Kept.MISSED),
        ({"reported_on": DAY}, AFTER, Kept.ON_TIME),
        ({"reported_on": date(2026, 5, 11)}, AFTER, Kept.LATE),
        ({"promised_for": None, "late_from": None}, AFTER, None),
        ({"ending": Stage.CEASED}, AFTER, None),
        ({"reopened_on": DAY}, AFTER, None),
        ({"reported_on": DAY, "reopened_on": DAY}, AFTER, Kept.ON_TIME),
    ],
)
def test_a_promise_is_kept_by_the_end_of_its_day_or_not(
    changed: dict[str, object], now: datetime, expected: Kept | None
) -> None:
    assert kept(replace(PROMISED, **changed), now) is expected  # type: ignore[arg-type]


def test_the_share_on_time_is_of_what_was_due() -> None:
    assert on_time({Kept.ON_TIME: 2, Kept.LATE: 1, Kept.MISSED: 1, Kept.AHEAD: 5}) == 50
    assert on_time({Kept.AHEAD: 5}) is None
    assert on_time({Kept.MISSED: 1}) == 0


def test_only_all_of_them_are_a_hundred_percent() -> None:
    assert (percent(199, 200), percent(200, 200), percent(0, 0)) == (99, 100, None)


def test_every_age_is_counted_once() -> None:
    assert ageing([0, 30, 31, 60, 61, 90, 91, 180, 181, 900]) == dict.fromkeys(AGES, 2)
    assert not Age(31, 60).holds(30)


def test_months_are_given_in_order_over_the_turn_of_a_year() -> None:
    assert months(date(2026, 2, 28), 3) == (date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1))
