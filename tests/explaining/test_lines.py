"""Each line of an explanation says where the date stands after it: pages and the API show that."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from remediation.calendar import ONE_DAY
from remediation.explaining.dues import uncounted
from remediation.explaining.ladder_lines import CountedAnew, HoldsUntil, PutOff, RanOut
from remediation.explaining.lines import (
    AtClock,
    DaysAway,
    DisputeAdded,
    Extended,
    LeftOut,
    Line,
    MovedEarlier,
    MovedLater,
    NotBeforePromise,
    NotBeforeStep,
    NotWhileSuspended,
    Reckoning,
    Resumes,
    SetAnew,
    Skipped,
    WorkingDaysAway,
    kind,
    skipped,
    stands,
)
from remediation.spans import Span, Unit
from remediation.words import SuspensionCause
from tests.rules.cast import DHAKA, MONDAY, RESTFUL

DAY, LATER = date(2026, 4, 8), date(2026, 4, 18)
MORNING, END = DHAKA.instant(DAY, time(9)), DHAKA.end_of(DAY)
LATER_MORNING, LATER_END = DHAKA.instant(LATER, time(9)), DHAKA.end_of(LATER)
STRIKE = SuspensionCause.STRIKE
STILL = {"cause": STRIKE, "first": DAY, "last": LATER, "days": 10}


@pytest.mark.parametrize(
    ("line", "at", "day"),
    [
        (Extended(days=10, to=LATER, granted_at=MONDAY), LATER_END, LATER),
        (SetAnew(to=LATER, seen_at=MONDAY), LATER_END, LATER),
        (NotBeforePromise(day=LATER), LATER_END, LATER),
        (NotBeforeStep(at=LATER_MORNING), LATER_MORNING, LATER),
        (WorkingDaysAway(days=10, skipped=()), MORNING, LATER),
        (LeftOut(**STILL, working=True), MORNING, LATER),  # type: ignore[arg-type]
        (LeftOut(**STILL), LATER_MORNING, LATER),  # type: ignore[arg-type]
        (NotWhileSuspended(cause=STRIKE, last=LATER), MORNING, LATER + ONE_DAY),
        (Resumes(cause=STRIKE, last=LATER), LATER_END, LATER + ONE_DAY),
        (MovedEarlier(skipped=()), MORNING, DAY),
        (MovedLater(skipped=()), MORNING, DAY),
        (AtClock(clock=time(0), zone="Asia/Dhaka"), DHAKA.instant(DAY), DAY),
        (RanOut(level=2, until=END), END, DAY + ONE_DAY),
        (HoldsUntil(level=2, until=END), END, DAY),
        (PutOff(until=LATER_MORNING), LATER_MORNING, LATER),
        (CountedAnew(until=LATER), LATER_END, LATER),
    ],
)
def test_a_line_says_where_the_date_stands_after_it(line: Line, at: datetime, day: date) -> None:
    assert line.after(Reckoning(MORNING, DAY), DHAKA) == Reckoning(at, day)


def test_before_its_first_line_a_date_stands_at_the_beginning_of_time() -> None:
    dawn = datetime.min.replace(tzinfo=UTC)
    assert stands((DaysAway(days=1),), DHAKA) == Reckoning(dawn, date.min + ONE_DAY)


def test_a_line_is_named_as_its_class_in_small_letters() -> None:
    assert kind(DisputeAdded(days=1)) == "dispute_added"


def test_a_holiday_that_hangs_on_the_moon_says_so() -> None:
    calendar = replace(DHAKA, holidays=(DAY, LATER), estimated=(LATER,))
    assert skipped(calendar, DAY, LATER) == (
        Skipped(DAY, holiday=True),
        Skipped(LATER, holiday=True, estimated=True),
    )


def test_days_of_rest_before_the_time_begins_are_not_told_as_left_out() -> None:
    saturday = RESTFUL.instant(date(2026, 3, 7), time(9))
    assert uncounted(RESTFUL, saturday, Span(2, Unit.WORKING_DAYS)) == ()
    assert uncounted(RESTFUL, saturday - timedelta(days=2), Span(1, Unit.WORKING_DAYS)) == (
        Skipped(date(2026, 3, 6), holiday=False),
    )
