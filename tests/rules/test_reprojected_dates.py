"""Where each kind of date stands after a re-projection, when it counts as missed, and whose it is."""

from dataclasses import replace
from datetime import date

import pytest

from remediation.moves import FIX, Held, Why
from remediation.obligations import obligations
from remediation.orders import (
    CosignExtension,
    CountersignSuspension,
    DecideDispute,
    DecideExtension,
    Dispute,
    FileInterimPlan,
    RequestExtension,
    Suspend,
)
from remediation.policy import Policy, Windows
from remediation.spans import Span, Unit
from remediation.words import Digest, DisputeOutcome, Duty, Role, Severity, SuspensionCause
from tests.rules.cast import AMINA, BAO, CHLOE, DHAKA, FIRST, NOTE, TOMAS, a_case
from tests.rules.reprojecting import (
    FRIDAYS_OFF,
    IN_WORKING_DAYS,
    INDEPENDENCE_DAY,
    KARACHI,
    LONGER,
    WITH_HOLIDAY,
    confirm,
    moved,
    shown,
    working_days,
)
from tests.rules.situations import SITUATIONS


def test_at_the_very_instant_of_a_date_it_is_missed() -> None:
    midnight = {"hours": 14}
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=21, **midnight)
    assert story.now == story.finding.review_by
    assert confirm(story, policy=working_days(review=Span(30))).moves == (), "it has passed"
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=10, **midnight)
    assert confirm(story, policy=working_days(review=Span(10))).moves == (), "it would be missed at once"
    story = a_case().commit()
    story.later(days=10, **midnight)
    fact = confirm(story, policy=working_days(progress_review=Span(10)))
    assert moved(fact.moves) == {Duty.PROGRESS_REVIEW: (None, date(2026, 3, 23))}, "counted from today"


def test_what_the_ladder_has_asked_for_by_a_day_stands_and_says_what_it_would_be_now() -> None:
    windows = Windows(
        recovery_plan=Span(20), decide_recovery_plan=Span(9), decide_consequence=Span(30), report_fix=Span(7)
    )
    for situation, duty, days in (
        ("recovery plan owed", Duty.RECOVERY_PLAN, 20),
        ("recovery plan filed", Duty.DECIDE_RECOVERY_PLAN, 9),
        ("decision due", Duty.DECIDE_CONSEQUENCE, 30),
    ):
        story = SITUATIONS[situation]()
        owed = next(each for each in obligations(story.finding) if each.duty is duty)
        fact = confirm(story, policy=Policy(version="longer", windows=windows))
        assert fact.moves == ()
        (held,) = (each for each in fact.held if each.key == owed.key)
        reckoned = DHAKA.due(owed.since, Span(days))
        assert held == Held(key=owed.key, since=owed.since, base=reckoned, reckoned=reckoned, due=owed.due)
        assert story.owed(owed.key) == owed


def test_a_plan_that_the_ladder_asked_for_is_reckoned_with_the_days_of_a_suspension() -> None:
    story = SITUATIONS["recovery plan owed"]()
    before = next(each for each in obligations(story.finding) if each.duty is Duty.RECOVERY_PLAN)
    story.order(CHLOE, Suspend, cause=SuspensionCause.FLOOD, until=story.day(4), reason=NOTE)
    story.order(TOMAS, CountersignSuspension)
    longer = Policy(version="longer", windows=Windows(recovery_plan=Span(20)))
    (held,) = (each for each in confirm(story, policy=longer).held if each.key == before.key)
    assert held.due == DHAKA.moved(before.due, 5)
    assert held.reckoned == DHAKA.moved(DHAKA.due(before.since, Span(20)), 5)


@pytest.mark.parametrize(
    ("situation", "duty"),
    [
        ("recovery plan filed", Duty.DECIDE_RECOVERY_PLAN),
        ("decision due", Duty.DECIDE_CONSEQUENCE),
    ],
)
def test_what_staff_owe_of_the_ladder_is_reckoned_without_the_days_of_a_suspension(
    situation: str, duty: Duty
) -> None:
    story = SITUATIONS[situation]()
    before = next(each for each in obligations(story.finding) if each.duty is duty)
    story.order(CHLOE, Suspend, cause=SuspensionCause.FLOOD, until=story.day(4), reason=NOTE)
    story.order(TOMAS, CountersignSuspension)
    windows = Windows(decide_recovery_plan=Span(20), decide_consequence=Span(20))
    held = confirm(story, policy=Policy(version="longer", windows=windows)).held
    (told,) = (each for each in held if each.key == before.key)
    assert (told.due, told.reckoned) == (before.due, DHAKA.due(before.since, Span(20)))


@pytest.mark.parametrize(
    ("situation", "key", "owner"),
    [
        ("disputed", Duty.DECIDE_DISPUTE, Role.TEAM_LEADER),
        ("deadlocked", Duty.MEDIATE, Role.ADVISOR),
        ("waiting for an extension", Duty.DECIDE_EXTENSION, Role.ADVISOR),
        ("waiting for a suspension", Duty.DECIDE_SUSPENSION, Role.TEAM_LEADER),
        ("reported", Duty.VERIFY, Role.ADVISOR),
        ("closed", Duty.CHECK_EFFECTIVENESS, Role.ADVISOR),
        ("hidden", Duty.CONFIRM_ALARM, Role.DUTY_OFFICER),
        ("committed", Duty.PROGRESS_REVIEW, Role.MANAGER),
    ],
)
def test_a_move_says_whose_date_it_is(situation: str, key: Duty, owner: Role) -> None:
    story = SITUATIONS[situation]()
    longer = replace(LONGER, suspensions=replace(LONGER.suspensions, decide=Span(9)))
    (move,) = (each for each in shown(story, policy=longer).moves if each.key == key)
    assert (move.duty, move.owner) == (key, owner)


def test_an_extension_that_somebody_else_decides_is_theirs() -> None:
    story = a_case().commit()
    for days in (65, 70):
        ask = {"until": story.day(days), "reason": NOTE, "interim_protection": NOTE}
        story.order(AMINA, RequestExtension, actions=(FIRST,), **ask)
        story.order(BAO, CosignExtension)
        if days == 65:
            story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    (move,) = (each for each in shown(story, policy=LONGER).moves if each.key == Duty.DECIDE_EXTENSION)
    assert move.owner is Role.TEAM_LEADER


def test_what_limits_and_is_owed_by_nobody_has_no_owner() -> None:
    (limit,) = (each for each in shown(a_case(), policy=working_days(fix=Span(80))).moves)
    assert (limit.key, limit.duty, limit.owner) == (FIX, None, None)


def test_who_looks_at_the_same_days_and_policy_sees_what_is_held_as_it_is() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=15)
    held = confirm(story, policy=working_days(review=Span(10))).held
    assert [each.key for each in held] == [Duty.REVIEW]
    assert shown(story).held == held


def test_a_date_that_comes_back_in_time_is_counted_from_its_beginning() -> None:
    story = a_case()
    confirm(story, policy=working_days(fix=None))
    story.later(days=5)
    fact = confirm(story, policy=Policy())
    assert moved(fact.moves) == {FIX: (None, date(2026, 5, 31))}


def test_only_what_is_counted_in_working_days_hangs_on_days_of_rest() -> None:
    story = a_case().commit()
    (move,) = confirm(story, KARACHI).moves
    assert move.why == Why(other_clock=True)


def test_a_holiday_taken_back_is_told_as_a_day_that_is_worked_now() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=WITH_HOLIDAY)
    (move,) = confirm(story, FRIDAYS_OFF).moves
    assert (move.old_day, move.new_day) == (date(2026, 4, 1), date(2026, 3, 31))
    assert move.why == Why(days_worked=(INDEPENDENCE_DAY,))


def test_the_new_day_itself_is_named_where_it_is_worked_only_now() -> None:
    # Due on Thursday 2 April; a holiday before it makes it a day later, on a Friday that is worked this once.
    friday = date(2026, 4, 3)
    story = a_case(policy=working_days(commit=Span(27, Unit.WORKING_DAYS)), calendar=FRIDAYS_OFF)
    (move,) = confirm(story, replace(WITH_HOLIDAY, version="made-up-for", workdays=(friday,))).moves
    assert (move.old_day, move.new_day) == (date(2026, 4, 2), friday)
    assert move.why == Why(days_off=(INDEPENDENCE_DAY,), days_worked=(friday,))


def test_what_a_date_comes_to_by_itself_is_kept_apart_from_the_days_that_were_added() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=3)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    (held,) = (each for each in confirm(story, WITH_HOLIDAY).held if each.key == Duty.COMMIT)
    assert WITH_HOLIDAY.last_day(held.base) == date(2026, 4, 1)
    assert held.reckoned == held.due == WITH_HOLIDAY.end_of(date(2026, 4, 4))


def test_the_last_day_for_a_fix_limits_promises_until_both_sides_have_agreed() -> None:
    shorter = working_days(fix=Span(80))
    disputed = SITUATIONS["disputed"]()
    assert FIX in {move.key for move in shown(disputed, policy=shorter).moves}, "it will be promised still"
    interim = SITUATIONS["deadlocked"]()
    interim.order(BAO, FileInterimPlan, revision=Digest("interim"), actions=(interim.action(days=30),))
    assert not interim.finding.agreed
    assert FIX in {move.key for move in shown(interim, policy=shorter).moves}, "an interim plan is no promise"
    agreed = a_case().commit()
    assert FIX not in {move.key for move in shown(agreed, policy=shorter).moves}


def test_nothing_is_counted_for_a_factory_that_is_not_told_yet() -> None:
    terms = Policy().terms
    other = replace(terms[Severity.ZERO_TOLERANCE], review=Span(5), commit=Span(9), fix=Span(20))
    policy = Policy(version="other", terms=terms | {Severity.ZERO_TOLERANCE: other})
    assert shown(SITUATIONS["hidden"](), policy=policy).moves == ()
    told = SITUATIONS["alarm confirmed"]()
    assert {move.key for move in shown(told, policy=policy).moves} == {Duty.REVIEW, Duty.COMMIT, FIX}


def test_a_date_that_comes_back_has_the_days_of_a_dispute_again() -> None:
    story = a_case()
    confirm(story, policy=working_days(fix=None))
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=3)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert moved(confirm(story, policy=Policy()).moves) == {FIX: (None, date(2026, 6, 3))}


def test_a_holiday_on_the_day_of_issue_is_no_reason_as_that_day_never_counted() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    first_too = replace(WITH_HOLIDAY, version="first-too", holidays=(story.day(), INDEPENDENCE_DAY))
    (move,) = confirm(story, first_too).moves
    assert move.why == Why(days_off=(INDEPENDENCE_DAY,))
