"""Reminders: two weeks, one week, a day before and on the day, then weekly, in the factory's morning."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from remediation.calendar import Calendar, Offset
from remediation.facts import Escalated, Reminded
from remediation.finding import Notice
from remediation.notices import due_notices, next_wake, notice_of
from remediation.orders import DecideAlarm, Dispute, RecordProgress
from remediation.policy import Policy, Reminders, Windows
from remediation.reminding import reminders_ahead
from remediation.spans import Span, Unit
from remediation.words import Duty, Role
from tests.rules.cast import (
    AMINA,
    BAO,
    DHAKA,
    DINA,
    FIRST,
    NOTE,
    RESTFUL,
    SECOND,
    Story,
    a_case,
    a_confirmed_alarm,
)

ACTION = "action:a1"


def reminders(story: Story, key: str = ACTION, *, days: int) -> list[Reminded]:
    facts = story.later(days=days)
    return [fact for fact in facts if isinstance(fact, Reminded) and fact.obligation == key]


def promised(*, days: int, calendar: Calendar = DHAKA, policy: Policy | None = None) -> Story:
    story = a_case(calendar=calendar, policy=policy)
    return story.commit(story.action(days=days))


def test_an_owner_is_reminded_before_the_date_and_weekly_after_it() -> None:
    story = promised(days=20)
    due_day = story.day(20)
    sent = reminders(story, days=42)
    assert [fact.step for fact in sent] == ["T-14", "T-7", "T-1", "T+0", "T+7", "T+14", "T+21"]
    assert [fact.days_left for fact in sent] == [14, 7, 1, 0, -7, -14, -21]
    assert [DHAKA.today(fact.scheduled) for fact in sent] == [
        due_day + timedelta(days=days) for days in (-14, -7, -1, 0, 7, 14, 21)
    ]


def test_it_is_nine_in_the_factory_when_a_reminder_comes() -> None:
    story = promised(days=20)
    assert all(DHAKA.local(fact.scheduled).time() == time(9) for fact in reminders(story, days=30))


def test_a_reminder_says_what_is_owed_by_whom_and_when() -> None:
    story = promised(days=20)
    (first, *_) = reminders(story, days=20)
    owed = story.owed(ACTION)
    assert owed is not None
    assert first == Reminded(
        obligation=ACTION,
        duty=Duty.ACTION,
        due=owed.due,
        due_day=date(2026, 3, 22),
        step="T-14",
        owner=Role.ACTION_OWNER,
        person=BAO,
        days_left=14,
        scheduled=datetime(2026, 3, 8, 3, tzinfo=UTC),
    )


def test_reminders_move_earlier_off_rest_days_and_holidays() -> None:
    # Due on Friday 27 March 2026, a day of rest after a holiday; the fourteenth day before is a Friday too.
    story = promised(days=25, calendar=RESTFUL)
    sent = reminders(story, days=40)
    assert [RESTFUL.today(fact.scheduled) for fact in sent] == [
        date(2026, 3, 12),
        date(2026, 3, 19),
        date(2026, 3, 25),
        date(2026, 4, 2),
        date(2026, 4, 9),
    ]
    assert [fact.step for fact in sent] == ["T-15", "T-8", "T-2", "T+6", "T+13"]
    assert {fact.due_day for fact in sent} == {date(2026, 3, 27)}, "the promised day itself stays"


def test_a_weekly_reminder_that_came_early_does_not_shift_those_after_it() -> None:
    story = promised(days=20, calendar=replace(DHAKA, holidays=(date(2026, 4, 5),)))
    assert [fact.step for fact in reminders(story, days=42)][-3:] == ["T+7", "T+13", "T+21"]


def test_two_reminders_that_fall_on_one_morning_are_one() -> None:
    story = promised(days=25, calendar=RESTFUL)
    mornings = [fact.scheduled for fact in reminders(story, days=25)]
    assert len(mornings) == len(set(mornings)) == 3


def test_nobody_is_reminded_of_mornings_before_the_promise() -> None:
    assert [fact.step for fact in reminders(promised(days=5), days=6)] == ["T-1", "T+0"]
    story = a_case(at=datetime(2026, 3, 2, 3, tzinfo=UTC))
    story.commit(story.action(days=7))
    assert [fact.step for fact in reminders(story, days=7)] == ["T-1", "T+0"], "nine sharp has struck"


def test_who_promises_before_nine_is_reminded_on_the_same_morning() -> None:
    story = a_case(at=datetime(2026, 3, 2, 2, tzinfo=UTC))
    story.commit(story.action(days=7))
    assert [fact.step for fact in reminders(story, days=8)] == ["T-7", "T-1", "T+0"]


def test_a_promise_made_on_a_day_of_rest_is_reminded_of_all_the_same() -> None:
    # Made on Friday 6 March 2026 for a Friday: the fourteenth day before would be the day before it was made.
    story = a_case(calendar=RESTFUL, at=datetime(2026, 3, 6, 4, tzinfo=UTC))
    story.commit(story.action(days=14))
    assert [fact.step for fact in reminders(story, days=14)] == ["T-8", "T-1"]


def test_nobody_is_reminded_at_the_very_instant_at_which_it_is_late() -> None:
    # Asked for at ten on Monday: 95 hours end at nine on Friday.
    windows = Windows(decide_dispute=Span(95, Unit.HOURS))
    story = a_case(policy=Policy(windows=windows))
    story.order(AMINA, Dispute, reason=NOTE)
    owed = story.owed("decide_dispute")
    assert owed is not None
    assert DHAKA.local(owed.due).time() == time(9)
    assert [fact.step for fact in reminders(story, "decide_dispute", days=5)] == ["T-1"]


def test_reminders_stop_when_the_state_changes() -> None:
    story = promised(days=20)
    story.later(days=10)
    story.do()
    assert reminders(story, days=60) == []


def test_after_an_outage_missed_reminders_are_one_and_tell_the_days_that_are_left() -> None:
    story = promised(days=20)
    (fact,) = story.outage(days=18)
    assert isinstance(fact, Reminded)
    assert (fact.step, fact.days_left) == ("T-7", 2)
    assert story.keep_time() == ()
    assert [fact.step for fact in reminders(story, days=2)] == ["T-1", "T+0"]


def test_years_after_the_date_a_reminder_still_comes_weekly() -> None:
    story = promised(days=20)
    story.outage(days=20 + 365 * 3)
    steps = [fact.step for fact in reminders(story, days=14)]
    assert steps == ["T+1099", "T+1106"]


def test_each_obligation_is_reminded_of_by_itself() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=20), story.action(SECOND, days=20, owner=AMINA))
    facts = story.later(days=7)
    assert [(fact.obligation, fact.person) for fact in facts if isinstance(fact, Reminded)] == [
        ("action:a1", BAO),
        ("action:a2", AMINA),
    ]


def test_what_is_owed_by_the_hour_is_left_to_the_ladder() -> None:
    story = a_case("zero_tolerance")
    assert all(isinstance(fact, Escalated) for fact in story.later(days=60))


def test_three_days_under_zero_tolerance_have_reminders_that_come_in_time() -> None:
    # Told at three in the morning in Dhaka: nine o'clock on the third day would be after the hour is up.
    story = a_case("zero_tolerance", at=datetime(2026, 3, 2, 0, tzinfo=UTC))
    story.now = datetime(2026, 3, 2, 21, tzinfo=UTC)
    story.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    sent = reminders(story, "review", days=20)
    assert [fact.step for fact in sent] == ["T-1", "T+7", "T+14"]
    owed = story.owed("review")
    assert owed is not None
    assert sent[0].scheduled < owed.due


def test_a_policy_may_ask_for_other_days_and_another_hour() -> None:
    rule = Reminders(before=(3, 5), every=2, at=time(7, 30))
    story = promised(days=20, policy=Policy(reminders=rule))
    sent = reminders(story, days=24)
    assert [fact.step for fact in sent] == ["T-5", "T-3", "T+2", "T+4"]
    assert DHAKA.local(sent[0].scheduled).time() == time(7, 30)


def test_a_policy_may_ask_for_one_every_day_from_the_first_on() -> None:
    story = promised(days=3, policy=Policy(reminders=Reminders(before=(), every=1)))
    assert [fact.step for fact in reminders(story, days=6)] == ["T+1", "T+2", "T+3"]


@pytest.mark.parametrize("every", [0, -1])
def test_a_policy_may_ask_for_none_after_the_date(every: int) -> None:
    story = promised(days=20, policy=Policy(reminders=Reminders(every=every)))
    assert [fact.step for fact in reminders(story, days=100)][-1] == "T+0"
    owed = story.owed(ACTION)
    assert owed is not None
    assert list(reminders_ahead(story.finding, owed, notice_of(story.finding, owed))) == []


def test_summer_time_does_not_move_nine_o_clock() -> None:
    cairo = Calendar(
        "cairo-1",
        "Africa/Cairo",
        (
            Offset(datetime(2025, 10, 30, 21, tzinfo=UTC), 120),
            Offset(datetime(2026, 4, 23, 22, tzinfo=UTC), 180),
        ),
    )
    story = promised(days=60, calendar=cairo)
    sent = reminders(story, days=75)
    assert {cairo.local(fact.scheduled).time() for fact in sent} == {time(9)}
    assert sent[0].scheduled.hour == 7
    assert sent[-1].scheduled.hour == 6


def test_progress_on_a_collaborative_finding_is_owed_every_ninety_days() -> None:
    story = a_case("collaborative")
    story.commit(story.action(days=400))
    assert story.due_day("progress_review") == story.day(90)
    story.later(days=80)
    story.order(BAO, RecordProgress, action=FIRST, percent=10)
    assert story.due_day("progress_review") == story.day(90)
    owed = story.owed("progress_review")
    assert owed is not None
    assert (owed.owner, owed.since) == (Role.MANAGER, story.now)
    story.do()
    assert "progress_review" not in story.owes


def test_a_notice_belongs_to_one_due_instant() -> None:
    story = promised(days=20)
    story.later(days=7)
    owed = story.owed(ACTION)
    assert owed is not None
    known = notice_of(story.finding, owed)
    assert known.reminded == datetime(2026, 3, 8, 3, tzinfo=UTC)
    moved = replace(owed, due=owed.due + timedelta(days=1))
    assert notice_of(story.finding, moved) == Notice(obligation=ACTION, due=moved.due)


def test_what_moves_the_clock_on_is_the_soonest_of_all_that_is_ahead() -> None:
    story = a_case()
    assert next_wake(story.finding) == datetime(2026, 3, 9, 3, tzinfo=UTC), "fourteen days before the review"
    assert due_notices(story.finding, datetime(2026, 3, 9, 2, 59, tzinfo=UTC)) == ()
    assert len(due_notices(story.finding, datetime(2026, 3, 9, 3, tzinfo=UTC))) == 1


def test_nothing_wakes_a_finding_that_owes_nothing() -> None:
    story = a_case("minor").commit().fix()
    story.verify()
    assert next_wake(story.finding) is None
    assert story.later(days=1000) == ()


def test_hours_outside_zero_tolerance_are_reminded_of_on_their_day() -> None:
    windows = Windows(decide_dispute=Span(100, Unit.HOURS))
    story = a_case(policy=Policy(windows=windows))
    story.order(AMINA, Dispute, reason=NOTE)
    sent = reminders(story, "decide_dispute", days=5)
    assert [fact.step for fact in sent] == ["T-1", "T+0"]


def test_a_confirmed_alarm_is_remembered_by_its_own_hours() -> None:
    story = a_confirmed_alarm()
    assert [fact.obligation for fact in story.later(hours=30) if isinstance(fact, Escalated)] == ["contain"]
