"""Reminders and the ladder after a re-projection: nothing is sent twice, and nothing is left out."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from remediation.calendar import Calendar, Offset
from remediation.facts import (
    Acknowledged,
    AcknowledgementEnding,
    AcknowledgementLapsed,
    Escalated,
    Reminded,
    Snoozed,
)
from remediation.notices import escalation_level, next_wake
from remediation.orders import AcceptRecoveryPlan, Acknowledge, FileRecoveryPlan, Snooze
from remediation.spans import Span
from remediation.words import Duty
from tests.rules.cast import BAO, CHLOE, NOTE, TOMAS, Story, a_case
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


def test_whoever_reads_of_a_new_duty_is_not_reminded_of_it_in_the_same_breath() -> None:
    story = a_case()
    story.later(days=10)
    confirm(story, policy=working_days(contain=Span(16)))
    assert story.keep_time() == (), "seven days before was yesterday"
    coming = [fact for fact in story.later(days=6) if isinstance(fact, Reminded)]
    assert [fact.step for fact in coming if fact.duty is Duty.CONTAIN] == ["T-1", "T+0"]


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


def test_a_reminder_that_was_sent_is_not_sent_again_on_a_corrected_clock() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=15)
    confirm(story, KARACHI)
    assert story.keep_time() == ()
    again = [fact for fact in story.later(days=6) if isinstance(fact, Reminded) and fact.duty is Duty.REVIEW]
    assert [fact.step for fact in again] == ["T-1", "T+0"]


def test_a_reminder_whose_hour_has_come_on_a_corrected_clock_is_sent_at_once() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=6, hours=22, minutes=30)  # 08:30 in Dhaka, 14 days before the review is due
    tokyo = Calendar("tokyo-1", "Asia/Tokyo", (Offset(datetime(2020, 1, 1, tzinfo=UTC), 540),), (5,))
    confirm(story, tokyo)
    (sent,) = story.keep_time()
    assert isinstance(sent, Reminded)
    assert (sent.duty, sent.step) == (Duty.REVIEW, "T-14")


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


def late_under_fridays_off() -> Story:
    """Tell of an action that was due on day 10 and stands at level 2, on Thursday 19 March 2026."""
    story = a_case(calendar=FRIDAYS_OFF)
    story.commit(story.action(days=10))
    story.later(days=17)
    assert escalation_level(story.finding) == 2
    return story


def test_an_acknowledgement_holds_to_the_end_of_its_day_on_a_corrected_clock() -> None:
    story = late_under_fridays_off()
    (seen,) = story.order(CHLOE, Acknowledge, obligation="action:a1")
    assert isinstance(seen, Acknowledged)
    assert seen.until == FRIDAYS_OFF.end_of(date(2026, 3, 25))
    confirm(story, KARACHI)
    facts = story.later(days=10)
    (told,) = [fact for fact in facts if isinstance(fact, AcknowledgementEnding)]
    (lapsed,) = [fact for fact in facts if isinstance(fact, AcknowledgementLapsed)]
    assert told.until == KARACHI.end_of(date(2026, 3, 25))
    assert KARACHI.local(lapsed.scheduled) == datetime.combine(date(2026, 3, 26), MORNING)


def test_who_was_told_that_an_acknowledgement_ends_is_not_told_again_on_a_corrected_clock() -> None:
    story = late_under_fridays_off()
    story.order(CHLOE, Acknowledge, obligation="action:a1")
    story.later(days=6, hours=6)
    confirm(story, KARACHI)
    story.later(days=10)
    assert [type(fact) for fact in story.facts].count(AcknowledgementEnding) == 1


def test_a_step_that_was_put_off_comes_on_the_day_that_was_said_on_a_corrected_clock() -> None:
    story = late_under_fridays_off()
    (put_off,) = story.order(CHLOE, Snooze, obligation="action:a1", days=4, reason=NOTE)
    assert isinstance(put_off, Snoozed)
    day = FRIDAYS_OFF.today(put_off.until)
    managua = Calendar(
        "managua-1", "America/Managua", (Offset(datetime(2020, 1, 1, tzinfo=UTC), -360),), (5,)
    )
    story.order(CHLOE, Acknowledge, obligation="action:a1")
    confirm(story, managua)
    (notice,) = (each for each in story.finding.notices if each.obligation == "action:a1")
    assert notice.answer.snoozed_until == managua.instant(day, MORNING)
    third = next(fact for fact in story.later(days=20) if isinstance(fact, Escalated))
    assert managua.local(third.scheduled) == datetime.combine(day, MORNING)


def test_a_recovery_plan_is_relied_on_to_the_end_of_its_day_on_a_corrected_clock() -> None:
    story = late_under_fridays_off()
    story.later(days=16)
    until = story.finding.calendar.today(story.now) + timedelta(days=20)
    story.order(BAO, FileRecoveryPlan, obligation="action:a1", note=NOTE, until=until)
    story.order(TOMAS, AcceptRecoveryPlan, obligation="action:a1", reason=NOTE)
    confirm(story, KARACHI)
    (notice,) = [each for each in story.finding.notices if each.obligation == "action:a1"]
    assert notice.counted_from == KARACHI.end_of(until)
