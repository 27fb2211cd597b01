"""Lateness while the clock stands still: nothing is sent, and the ladder goes on where it stood."""

from datetime import UTC, date, datetime, timedelta

import pytest

from remediation.calendar import Calendar
from remediation.facts import Escalated, Reminded, Resumed
from remediation.notices import escalation_level
from remediation.orders import Acknowledge
from remediation.policy import Policy, Rung
from remediation.spans import Span, Unit
from remediation.words import Role
from tests.rules.cast import CHLOE, RESTFUL, a_case
from tests.rules.suspending import ACTION, climbed, notices, promised, steps, suspended


def test_nothing_is_sent_to_the_factory_meanwhile() -> None:
    story = suspended(promised(days=10), 39)
    assert notices(story.later(days=39)) == []


def test_after_it_reminders_come_at_their_days_before_the_new_date() -> None:
    story = suspended(promised(days=20), 11)
    facts = notices(story.later(days=32))
    assert [fact.step for fact in facts if isinstance(fact, Reminded)] == ["T-14", "T-7", "T-1", "T+0"]


def test_a_reminder_that_fell_into_it_is_not_sent_afterwards() -> None:
    # The new date is two days after the suspension: a week before it lies within.
    story = suspended(promised(days=2), 11)
    facts = notices(story.later(days=14))
    assert [fact.step for fact in facts if isinstance(fact, Reminded)] == ["T-1", "T+0"]


def test_what_was_late_goes_on_where_it_stood() -> None:
    story = promised(days=10)
    facts = story.later(days=18)
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    suspended(story, 11)
    assert notices(story.later(days=11)) == []
    facts += story.later(days=120)
    due = date(2026, 3, 12)
    late = [(level, (day - due).days) for level, day in steps(facts)]
    # Acknowledged on the eighth day, for five working days in which nothing was done.
    assert late == [(1, 1), (2, 7), (3, 14 + 12), (4, 45 + 12), (5, 90 + 12)]
    days = [fact.days_late for fact in climbed(facts)]
    assert days == [1, 7, 14, 45, 90], "days on which the clock stood still are not days of lateness"


def test_the_days_of_every_suspension_are_left_out() -> None:
    story = promised(days=10)
    facts = story.later(days=12)
    suspended(story, 2)
    facts += story.later(days=4)
    suspended(story, 4)
    facts += story.later(days=20)
    due = date(2026, 3, 12)
    assert steps(facts)[:2] == [(1, due + timedelta(days=1)), (2, due + timedelta(days=7 + 3 + 5))]


def test_what_just_became_late_climbs_one_step_after_the_other() -> None:
    story = promised(days=0)
    story.later(hours=20)
    suspended(story, 30)
    facts = story.later(days=31 + 22)
    assert [level for level, _ in steps(facts)] == [1, 2, 3]
    assert len({day for _, day in steps(facts)}) == 3, "never two in one morning"
    assert steps(facts)[0][1] == date(2026, 4, 3), "the first on the morning on which it is over"
    assert escalation_level(story.finding) == 3


def test_after_an_outage_it_is_over_before_what_follows_it() -> None:
    story = promised(days=0)
    story.later(hours=20)
    suspended(story, 5)
    first, second, *_ = story.outage(days=30)
    assert isinstance(first, Resumed)
    assert isinstance(second, Escalated)


def test_a_promise_for_a_suspended_day_climbs_when_the_clock_runs_again() -> None:
    story = suspended(a_case(), 9)
    story.commit(story.action(days=2))
    facts = story.later(days=30)
    over = date(2026, 3, 12)
    assert steps(facts)[:2] == [(1, over), (2, over + timedelta(days=6))]
    assert [fact.days_late for fact in facts if isinstance(fact, Escalated)][:2] == [1, 7]


def test_nobody_has_to_acknowledge_while_the_clock_stands_still() -> None:
    story = promised(days=10)
    story.later(days=17)
    suspended(story, 9)
    facts = story.later(days=16)
    told = date(2026, 3, 19)
    assert steps(facts) == [(3, told + timedelta(days=4 + 10))]


def in_working_days(days: int) -> Policy:
    return Policy(ladder=(Rung(1, Span(days, Unit.WORKING_DAYS), Span(1, Unit.HOURS), (Role.MANAGER,)),))


def _naive(calendar: Calendar, day: date, count: int, still: set[date]) -> date:
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working_day(day) and day not in still
    return day


@pytest.mark.parametrize("count", [1, 2, 3, 5, 8])
@pytest.mark.parametrize("length", [0, 1, 3, 6, 20])
def test_a_ladder_in_working_days_counts_those_on_which_the_clock_ran(count: int, length: int) -> None:
    # Due on Thursday 12 March; the day after is a day of rest, and Thursday 26 is a holiday.
    story = promised(days=10, calendar=RESTFUL, policy=in_working_days(count))
    story.later(days=10, hours=15)
    still = {story.day(each) for each in range(length + 1)}
    suspended(story, length)
    (step,) = steps(story.later(days=60))
    assert step[1] == _naive(RESTFUL, date(2026, 3, 12), count, still)


@pytest.mark.parametrize(("count", "suspensions"), [(8, ((19, 2),)), (9, ((12, 3), (26, 2)))])
def test_a_suspension_late_on_the_way_to_a_step_is_left_out_too(
    count: int, suspensions: tuple[tuple[int, int], ...]
) -> None:
    story = promised(days=10, calendar=RESTFUL, policy=in_working_days(count))
    issued, still = story.day(), set[date]()
    for begins, length in suspensions:
        assert steps(story.later(days=begins - (story.day() - issued).days)) == []
        still |= {story.day(each) for each in range(length + 1)}
        suspended(story, length)
    (step,) = steps(story.later(days=20))
    assert step[1] == _naive(RESTFUL, date(2026, 3, 12), count, still)


def test_a_step_that_would_come_on_a_rest_day_comes_after_the_suspension() -> None:
    # The step after Thursday 12 March falls on Friday, a day of rest; from Saturday on it is suspended.
    story = promised(days=10, calendar=RESTFUL)
    story.later(days=11, hours=15)
    suspended(story, 3)
    assert steps(story.later(days=8))[0] == (1, date(2026, 3, 18))


def test_a_ladder_in_hours_waits_too() -> None:
    ladder = (Rung(1, Span(10, Unit.HOURS), Span(1, Unit.HOURS), (Role.MANAGER,)),)
    story = promised(days=0, policy=Policy(ladder=ladder))
    story.later(hours=15)
    suspended(story, 4)
    (fact,) = (fact for fact in story.later(days=9) if isinstance(fact, Escalated))
    assert fact.scheduled == datetime(2026, 3, 8, 4, tzinfo=UTC)
