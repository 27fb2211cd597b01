"""A suspension beside other rules: extensions, disputes, corrections, alarms, verification, signing."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from remediation.facts import DisputeDecided
from remediation.orders import (
    Amend,
    CosignExtension,
    CountersignSuspension,
    DecideDispute,
    DecideExtension,
    Dispute,
    EndSuspension,
    RemainingAction,
    Reproject,
    RequestExtension,
    Sign,
)
from remediation.standstills import running
from remediation.words import DisputeOutcome, Severity, Stage, Verdict
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    FIRST,
    NOTE,
    PETRA,
    PLAN,
    RESTFUL,
    SECOND,
    TOMAS,
    a_case,
)
from tests.rules.suspending import ACTION, asked, promised, suspended

_PROTECTED: dict[str, Any] = {"reason": NOTE, "interim_protection": NOTE}


def test_an_extension_that_waits_asks_for_as_many_days_more() -> None:
    story = promised(days=30)
    asked_for = {"until": story.day(37), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked_for)
    story.order(BAO, CosignExtension)
    suspended(story)
    assert story.finding.extension is not None
    assert story.finding.extension.until == story.day(37 + 12)
    story.later(days=2)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    assert story.finding.extension.until == date(2026, 3, 2) + timedelta(days=37 + 3)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    assert story.due_day(ACTION) == date(2026, 3, 2) + timedelta(days=37 + 3)


def test_an_extension_of_something_late_asks_for_the_same_day_still() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=3), story.action(SECOND, days=60))
    until = story.day(5)
    asked_for = {"until": until, "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked_for)
    story.order(BAO, CosignExtension)
    story.later(days=4)
    suspended(story)
    assert story.finding.extension is not None
    assert story.finding.extension.until == until


def test_a_day_granted_during_a_suspension_does_not_move_back_with_it() -> None:
    story = suspended(promised(days=30))
    asked_for = {"until": story.day(50), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked_for)
    story.order(BAO, CosignExtension)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    day = story.due_day(ACTION)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    assert story.due_day(ACTION) == day == story.day(50)


def test_a_granted_day_never_makes_another_date_earlier() -> None:
    story = suspended(promised(days=30), 40)
    story.order(AMINA, RequestExtension, actions=(FIRST,), until=story.day(76), **_PROTECTED)
    story.order(BAO, CosignExtension)
    assert story.finding.extension is not None
    later = replace(story.finding.actions[0], due=story.day(80))
    story.case = replace(story.case, finding=replace(story.finding, actions=(later,)))
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    assert story.due_day(ACTION) == story.day(80)


def test_days_of_a_dispute_that_were_suspended_are_added_once() -> None:
    story = a_case()
    review = story.due_day("review")
    suspended(story, 4)
    story.later(days=2)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=8)
    (decided,) = story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert isinstance(decided, DisputeDecided)
    assert decided.days_added == 8 - 3, "three of the eight were suspended already"
    assert story.due_day("review") == review + timedelta(days=5 + 5)


def test_a_dispute_after_a_suspension_adds_all_of_its_days() -> None:
    story = suspended(a_case(), 4)
    story.later(days=6)
    review = story.due_day("review")
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=3)
    (decided,) = story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert isinstance(decided, DisputeDecided)
    assert decided.days_added == 3
    assert story.due_day("review") == review + timedelta(days=3)


def test_another_calendar_moves_the_morning_on_which_it_is_over() -> None:
    # Up to Thursday 12 March; in the other calendar Friday is a day of rest.
    story = suspended(promised(days=60), 10)
    assert story.finding.resumes_at == DHAKA.instant(date(2026, 3, 13), time(9))
    story.order(PETRA, Reproject, calendar=RESTFUL, reason=NOTE)
    assert story.finding.resumes_at == RESTFUL.instant(date(2026, 3, 14), time(9))


def test_another_severity_counts_the_suspended_days_as_well() -> None:
    story = suspended(a_case(), 4)
    story.later(days=6)
    story.order(AMINA, Dispute, reason=NOTE)
    partly = {"outcome": DisputeOutcome.PARTLY, "severity": Severity.CRITICAL, "reason": NOTE}
    story.order(TOMAS, DecideDispute, **partly)
    assert story.due_day("review") == date(2026, 3, 2) + timedelta(days=14 + 5)


def test_the_days_for_a_dispute_stand_still_too() -> None:
    story = suspended(a_case(), 9)
    story.later(days=20)
    story.order(AMINA, Dispute, reason=NOTE)


def test_a_corrected_finding_counts_from_when_the_clock_runs_again() -> None:
    story = suspended(a_case(), 9)
    story.later(days=4)
    story.order(CHLOE, Amend, severity=Severity.CRITICAL, note=NOTE)
    assert story.due_day("review") == story.day(14 + 6)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    assert story.due_day("review") == story.day(14 + 1)


def test_an_alarm_ends_every_suspension() -> None:
    story = suspended(a_case(), 9)
    story.order(CHLOE, Amend, severity=Severity.ZERO_TOLERANCE, note=NOTE)
    assert (running(story.finding), story.finding.standstills) == (None, ())
    assert story.finding.commit_by == DHAKA.end_of(story.day(7))


def test_an_alarm_takes_back_a_request() -> None:
    story = a_case()
    asked(story)
    story.order(CHLOE, Amend, severity=Severity.ZERO_TOLERANCE, note=NOTE)
    assert story.refused(TOMAS, CountersignSuspension) == "suspension_missing"


def test_a_partial_verification_finds_the_clock_running() -> None:
    story = suspended(promised(days=60)).fix()
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(9)),))
    assert story.stage() is Stage.COMMITTED
    assert story.due_day(ACTION) == story.day(9)


def test_signing_goes_on_while_the_clock_stands_still() -> None:
    story = suspended(a_case())
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    assert story.stage() is Stage.COMMITTED
