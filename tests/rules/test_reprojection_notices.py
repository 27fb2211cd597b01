"""Reminders and the ladder after a re-projection: nothing is sent twice, and nothing is left out."""

from dataclasses import replace
from datetime import date, time

from remediation.facts import Escalated, Reminded
from remediation.notices import next_wake
from remediation.spans import Span
from remediation.words import Duty
from tests.rules.cast import a_case
from tests.rules.reprojecting import (
    FRIDAYS_OFF,
    IN_WORKING_DAYS,
    INDEPENDENCE_DAY,
    KARACHI,
    WITH_HOLIDAY,
    confirm,
    working_days,
)

MORNING = time(9)


def test_whoever_reads_of_a_new_day_is_not_reminded_of_it_in_the_same_breath() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=11)
    confirm(story, policy=working_days(review=Span(14), commit=Span(16)))
    assert story.due_day(Duty.REVIEW) == date(2026, 3, 16)
    assert story.keep_time() == ()
    coming = [fact for fact in story.later(days=4) if isinstance(fact, Reminded)]
    assert [(fact.duty, fact.step) for fact in coming] == [
        (Duty.REVIEW, "T-1"),
        (Duty.REVIEW, "T+0"),
        (Duty.COMMIT, "T-1"),
    ]


def test_a_reminder_that_was_sent_is_not_sent_again_where_its_day_stays() -> None:
    weekends = replace(FRIDAYS_OFF, version="long-weekend", holidays=(date(2026, 3, 16),))
    story = a_case(calendar=weekends)
    sent = [fact for fact in story.later(days=13, hours=1) if isinstance(fact, Reminded)]
    assert [(fact.duty, fact.step) for fact in sent if fact.duty is Duty.REVIEW] == [
        (Duty.REVIEW, "T-14"),
        (Duty.REVIEW, "T-8"),
    ]
    assert confirm(story, FRIDAYS_OFF).moves == ()
    again = [fact for fact in story.later(days=7) if isinstance(fact, Reminded) and fact.duty is Duty.REVIEW]
    assert [fact.step for fact in again] == ["T-1"]


def test_who_was_told_of_a_day_before_its_reminders_begin_gets_them_all() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    confirm(story, policy=working_days(commit=Span(40)))
    story.later(hours=1)
    confirm(story, replace(FRIDAYS_OFF, version="again", holidays=(date(2026, 3, 3),)))
    coming = [fact for fact in story.later(days=40) if isinstance(fact, Reminded)]
    assert [fact.step for fact in coming if fact.duty is Duty.COMMIT] == ["T-14", "T-7", "T-2", "T+0"]


def test_a_step_that_was_taken_is_not_taken_again() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=30)
    climbed = [fact.level for fact in story.facts if isinstance(fact, Escalated)]
    confirm(story, WITH_HOLIDAY)
    confirm(story, KARACHI)
    story.later(days=60)
    levels = [fact.level for fact in story.facts if isinstance(fact, Escalated) and fact.duty is Duty.REVIEW]
    assert climbed
    assert levels == [2, 3, 4]


def test_the_clock_wakes_for_the_new_day() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.later(days=29)
    assert next_wake(story.finding) == FRIDAYS_OFF.instant(date(2026, 4, 1), MORNING)
    confirm(story, replace(WITH_HOLIDAY, holidays=(INDEPENDENCE_DAY, date(2026, 4, 1))))
    assert story.due_day(Duty.COMMIT) == date(2026, 4, 2)
    story.keep_time()
    assert next_wake(story.finding) == FRIDAYS_OFF.instant(date(2026, 4, 2), MORNING)
