"""A finding is contested: once, in time, and decided by somebody who did not assess."""

from datetime import UTC, datetime, timedelta

import pytest

from remediation.calendar import Calendar, Offset
from remediation.facts import Disputed, DisputeDecided, Ended, Escalated, Reminded
from remediation.orders import (
    Contain,
    DecideAlarm,
    DecideDispute,
    DeclareDeadlock,
    Dispute,
    Propose,
    RecordProgress,
    Sign,
)
from remediation.policy import Policy, Terms
from remediation.spans import Span, Unit
from remediation.words import Alarm, DisputeOutcome, PersonId, Role, Severity, Stage, Verdict
from tests.rules.cast import (
    AMINA,
    BAO,
    BINH,
    CHLOE,
    DHAKA,
    DINA,
    FIRST,
    MONDAY,
    NOTE,
    OUTSIDER,
    PHOTO,
    PLAN,
    TOMAS,
    Story,
    a_case,
    a_closed_case,
    a_confirmed_alarm,
)

UPHELD = {"outcome": DisputeOutcome.UPHELD, "reason": NOTE}
REJECTED = {"outcome": DisputeOutcome.REJECTED, "reason": NOTE}
PARTLY = {"outcome": DisputeOutcome.PARTLY, "reason": NOTE}


@pytest.mark.parametrize("person", [AMINA, BINH, BAO])
def test_either_side_or_the_manager_disputes(person: PersonId) -> None:
    story = a_case()
    (fact,) = story.order(person, Dispute, reason=NOTE)
    assert fact == Disputed(reason=NOTE, decide_by=story.finding.calendar.end_of(story.day(14)))
    assert story.stage() is Stage.DISPUTED
    assert story.owes == {"decide_dispute"}
    assert story.due_day("decide_dispute") == story.day(14)


def test_a_manager_without_a_seat_disputes_and_an_outsider_does_not() -> None:
    a_case().order(OUTSIDER, Dispute, acting=Role.MANAGER, reason=NOTE)
    assert a_case().refused(OUTSIDER, Dispute, reason=NOTE) == "not_a_member"
    assert a_case().refused(CHLOE, Dispute, reason=NOTE) == "not_a_member"


def test_a_dispute_is_raised_within_fourteen_days_of_the_issue() -> None:
    story = a_case()
    story.later(days=15, hours=-10, microseconds=-1)
    assert story.day() == a_case().day(14)
    Story(story.case, story.now).order(AMINA, Dispute, reason=NOTE)
    story.later(microseconds=1)
    assert story.refused(AMINA, Dispute, reason=NOTE) == "too_late"


def test_a_finding_is_disputed_once() -> None:
    story = a_case()
    story.order(AMINA, Dispute, reason=NOTE)
    assert story.refused(BAO, Dispute, reason=NOTE) == "already_done"
    story.order(TOMAS, DecideDispute, **REJECTED)
    assert story.refused(BAO, Dispute, reason=NOTE) == "already_done"


def test_what_is_committed_to_is_disputed_no_more() -> None:
    assert a_case().commit().refused(AMINA, Dispute, reason=NOTE) == "not_at_this_stage"


def test_a_second_attempt_is_not_disputed() -> None:
    story = a_case().commit().fix()
    story.verify(Verdict.FAIL)
    assert story.refused(AMINA, Dispute, reason=NOTE) == "already_done"


def test_the_team_leader_decides_and_never_who_assessed() -> None:
    story = a_case()
    assert story.refused(TOMAS, DecideDispute, **REJECTED) == "not_at_this_stage"
    story.order(AMINA, Dispute, reason=NOTE)
    assert story.refused(CHLOE, DecideDispute, **REJECTED) == "not_your_role"
    as_leader = {"acting": Role.TEAM_LEADER} | REJECTED
    assert story.refused(CHLOE, DecideDispute, **as_leader) == "not_independent"


def test_an_upheld_dispute_withdraws_the_finding() -> None:
    story = a_case()
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=3)
    facts = story.order(TOMAS, DecideDispute, **UPHELD)
    assert facts == (
        DisputeDecided(outcome=DisputeOutcome.UPHELD, reason=NOTE, severity=Severity.MAJOR, days_added=3),
        Ended(stage=Stage.WITHDRAWN, reason=NOTE),
    )
    assert story.stage() is Stage.WITHDRAWN
    assert story.owes == set()


@pytest.mark.parametrize("reviewed", [False, True])
def test_a_rejected_dispute_goes_back_and_adds_the_days_it_took(reviewed: bool) -> None:  # noqa: FBT001
    story = a_case()
    if reviewed:
        story.propose()
    story.later(days=2)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=10)
    (fact,) = story.order(TOMAS, DecideDispute, **REJECTED)
    assert fact == DisputeDecided(
        outcome=DisputeOutcome.REJECTED, reason=NOTE, severity=Severity.MAJOR, days_added=10
    )
    assert story.stage() is (Stage.UNDER_REVIEW if reviewed else Stage.ISSUED)
    finding, end_of = story.finding, DHAKA.end_of
    issued = DHAKA.today(MONDAY)
    assert finding.review_by == end_of(issued + timedelta(days=31))
    assert finding.commit_by == end_of(issued + timedelta(days=40))
    assert finding.fix_by == end_of(issued + timedelta(days=100))


def test_dates_in_hours_move_by_whole_days_too() -> None:
    terms = dict(Policy().terms)
    terms[Severity.CRITICAL] = Terms(None, Span(72, Unit.HOURS), Span(30), None, Span(14), Span(90))
    story = a_case("critical", policy=Policy(terms=terms))
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=1)
    story.order(TOMAS, DecideDispute, **REJECTED)
    assert story.finding.review_by == MONDAY + timedelta(hours=96)
    assert story.finding.fix_by is None
    assert story.finding.stage_before_dispute is None


def test_days_are_added_in_local_days_across_a_change_of_clocks() -> None:
    winter, summer = datetime(2025, 10, 30, 21, tzinfo=UTC), datetime(2026, 4, 23, 22, tzinfo=UTC)
    cairo = Calendar("cairo-1", "Africa/Cairo", (Offset(winter, 120), Offset(summer, 180)))
    story = a_case(calendar=cairo, at=datetime(2026, 3, 31, 8, tzinfo=UTC))
    assert cairo.local(story.finding.review_by) == datetime(2026, 4, 22)  # noqa: DTZ001 - a wall clock
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=5)
    story.order(TOMAS, DecideDispute, **REJECTED)
    assert cairo.local(story.finding.review_by) == datetime(2026, 4, 27)  # noqa: DTZ001 - a wall clock


def test_nobody_is_reminded_of_mornings_that_passed_during_the_dispute() -> None:
    story = a_case("critical")
    story.later(days=6)
    story.order(AMINA, Dispute, reason=NOTE)
    assert [fact for fact in story.later(days=13) if _is_about(fact, "review")] == []
    story.order(TOMAS, DecideDispute, **REJECTED)
    assert story.due_day("review") == story.day(8)
    reminders = [fact.step for fact in story.later(days=8) if isinstance(fact, Reminded)]
    assert reminders == ["T-7", "T-1", "T+0"]


def _is_about(fact: object, obligation: str) -> bool:
    return isinstance(fact, Reminded | Escalated) and fact.obligation == obligation


def test_a_partly_upheld_dispute_amends_the_severity_and_its_dates() -> None:
    story = a_case()
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=10)
    story.order(TOMAS, DecideDispute, severity=Severity.MINOR, **PARTLY)
    assert (story.stage(), story.finding.severity) == (Stage.ISSUED, Severity.MINOR)
    assert story.due_day("review") == story.day(30)
    assert story.finding.attempt_began == MONDAY


def test_a_dispute_partly_upheld_on_the_same_day_changes_the_dates_by_severity_only() -> None:
    story = a_case()
    story.order(AMINA, Dispute, reason=NOTE)
    story.order(TOMAS, DecideDispute, severity=Severity.CRITICAL, **PARTLY)
    assert story.due_day("review") == story.day(14)
    assert story.finding.dates_set_at == story.now


def test_a_partly_upheld_dispute_names_the_severity_and_never_zero_tolerance() -> None:
    story = a_case()
    story.order(AMINA, Dispute, reason=NOTE)
    assert story.refused(TOMAS, DecideDispute, **PARTLY) == "reason_required.severity"
    raised = {"severity": Severity.ZERO_TOLERANCE} | PARTLY
    assert story.refused(TOMAS, DecideDispute, **raised) == "not_your_role.severity"


def test_nothing_else_happens_while_a_finding_is_contested() -> None:
    story = a_case()
    story.propose()
    story.order(AMINA, Dispute, reason=NOTE)
    assert story.refused(BAO, Sign, revision=PLAN) == "not_at_this_stage"
    assert story.refused(AMINA, DeclareDeadlock, reason=NOTE) == "not_at_this_stage"
    story.order(TOMAS, DecideDispute, **REJECTED)
    story.order(BAO, Sign, revision=PLAN)


def test_a_zero_tolerance_clock_keeps_running_and_so_does_the_way() -> None:
    story = a_confirmed_alarm()
    dates = story.finding.review_by, story.finding.commit_by, story.finding.fix_by
    story.order(AMINA, Dispute, reason=NOTE)
    assert story.stage() is Stage.DISPUTED
    assert story.owes == {"notify_authority", "review", "commit", "contain", "decide_dispute"}
    story.propose(actions=(story.action(days=10),))
    assert story.owes == {"notify_authority", "commit", "contain", "decide_dispute"}
    story.later(days=2)
    story.order(BAO, Contain, evidence=PHOTO)
    (fact,) = story.order(TOMAS, DecideDispute, **REJECTED)
    assert isinstance(fact, DisputeDecided)
    assert fact.days_added == 0
    assert story.stage() is Stage.UNDER_REVIEW
    assert (story.finding.review_by, story.finding.commit_by, story.finding.fix_by) == dates


def test_a_partly_upheld_dispute_of_an_alarm_ends_the_alarm() -> None:
    story = a_confirmed_alarm()
    story.order(AMINA, Dispute, reason=NOTE)
    story.order(TOMAS, DecideDispute, severity=Severity.MAJOR, **PARTLY)
    assert story.finding.alarm is Alarm.CANCELLED
    assert story.owes == {"review", "commit"}


def test_a_contested_alarm_can_be_dealt_with_to_the_end() -> None:
    story = a_confirmed_alarm()
    story.order(AMINA, Dispute, reason=NOTE)
    story.commit(story.action(days=10))
    assert (story.stage(), story.finding.path) == (Stage.DISPUTED, Stage.COMMITTED)
    assert "action:a1" in story.owes
    story.fix()
    story.verify()
    assert (story.stage(), story.finding.path) == (Stage.DISPUTED, Stage.CLOSED)
    assert story.owes == {"notify_authority", "decide_dispute", "check_effectiveness"}
    story.order(TOMAS, DecideDispute, **REJECTED)
    assert story.stage() is Stage.CLOSED


def test_a_fix_keeps_the_severity_it_was_reported_at_until_it_is_verified_at_another() -> None:
    story = a_confirmed_alarm()
    story.order(AMINA, Dispute, reason=NOTE)
    story.commit(story.action(days=10)).fix()
    story.order(TOMAS, DecideDispute, severity=Severity.MAJOR, **PARTLY)
    assert story.finding.fix is not None
    assert (story.finding.severity, story.finding.fix.graded) == (Severity.MAJOR, Severity.ZERO_TOLERANCE)
    story.verify()
    assert story.finding.fix.graded is Severity.MAJOR


def test_a_failed_verification_of_a_contested_alarm_reopens_it_and_leaves_the_dispute() -> None:
    story = a_confirmed_alarm()
    story.order(AMINA, Dispute, reason=NOTE)
    story.commit(story.action(days=10)).fix()
    story.verify(Verdict.FAIL)
    assert (story.stage(), story.finding.path, story.finding.attempt) == (
        Stage.DISPUTED,
        Stage.UNDER_REVIEW,
        2,
    )
    assert "decide_dispute" in story.owes


def test_what_was_promised_goes_on_when_the_alarm_is_cancelled_during_a_dispute() -> None:
    story = a_case("zero_tolerance", factory_told=True)
    story.order(AMINA, Dispute, reason=NOTE)
    story.commit(story.action(days=10))
    story.order(DINA, DecideAlarm, confirmed=False, severity=Severity.MAJOR, reason=NOTE)
    assert story.owes == {"action:a1", "decide_dispute"}
    story.order(BAO, RecordProgress, action=FIRST, percent=50)
    story.later(days=1)
    story.order(TOMAS, DecideDispute, **REJECTED)
    assert story.stage() is Stage.COMMITTED


def test_a_dispute_halts_the_way_once_the_alarm_is_cancelled() -> None:
    story = a_case("zero_tolerance", factory_told=True)
    story.order(AMINA, Dispute, reason=NOTE)
    story.order(DINA, DecideAlarm, confirmed=False, severity=Severity.MAJOR, reason=NOTE)
    assert story.owes == {"decide_dispute"}
    assert story.refused(AMINA, Propose, revision=PLAN, actions=(story.action(),)) == "not_at_this_stage"


def test_an_end_ends_the_dispute_with_it() -> None:
    story = a_closed_case()
    assert story.finding.disputed_at is None
    assert story.refused(AMINA, Dispute, reason=NOTE) == "not_at_this_stage"
