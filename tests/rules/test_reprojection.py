"""Re-projection: what another calendar or policy does to the dates of a finding, and what it leaves alone."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediation.explaining import recount, why_due, why_fix_by
from remediation.facts import Reprojected
from remediation.moves import FIX, OBJECTIONS, Why
from remediation.notices import notice_of
from remediation.obligations import obligations
from remediation.orders import Amend, ConcurWithFix, DecideDispute, Dispute, Reproject, Sign
from remediation.policy import Policy, Quorum
from remediation.rules.reprojection import project
from remediation.spans import Span, Unit
from remediation.words import Digest, DisputeOutcome, Duty, Role, Severity
from service.explaining import because
from tests.rules.cast import AMINA, BAO, CHLOE, DHAKA, FIRST, NOTE, OUTSIDER, PETRA, PLAN, TOMAS, a_case
from tests.rules.reprojecting import (
    FRIDAYS_OFF,
    IN_WORKING_DAYS,
    INDEPENDENCE_DAY,
    KARACHI,
    LONGER,
    WITH_HOLIDAY,
    confirm,
    happened,
    moved,
    shown,
    standing,
    working_days,
)
from tests.rules.situations import SITUATIONS
from tests.rules.suspending import suspended


def test_a_holiday_moves_exactly_the_dates_that_span_it() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    before = standing(story)
    preview = shown(story, WITH_HOLIDAY)
    assert moved(preview.moves) == {Duty.COMMIT: (date(2026, 3, 31), date(2026, 4, 1))}
    (move,) = preview.moves
    assert move.why == Why(days_off=(INDEPENDENCE_DAY,))
    assert because(move.why) == "Thursday 26 March 2026 is now off"
    assert standing(story) == before, "looking moves nothing"


def test_what_is_confirmed_moves_as_it_was_shown_and_once() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    preview = shown(story, WITH_HOLIDAY)
    before = standing(story)
    fact = confirm(story, WITH_HOLIDAY)
    assert standing(story) == before | {move.key: move.new for move in preview.moves}
    assert story.finding.calendar == fact.calendar == WITH_HOLIDAY
    assert shown(story, WITH_HOLIDAY).moves == ()
    assert story.refused(PETRA, Reproject, calendar=WITH_HOLIDAY, reason=NOTE) == "same_as_before.calendar"


def test_nobody_confirms_something_else_than_they_saw() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    preview = shown(story, WITH_HOLIDAY)
    other = replace(WITH_HOLIDAY, version="two-holidays", holidays=(INDEPENDENCE_DAY, date(2026, 3, 25)))
    given = {"calendar": other, "reason": NOTE, "seen": preview.digest}
    assert story.refused(PETRA, Reproject, **given) == "preview_outdated.seen"


def test_a_digest_is_of_what_moves_where() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    one, same, none = shown(story, WITH_HOLIDAY), shown(story, WITH_HOLIDAY), shown(story, FRIDAYS_OFF)
    assert one.digest == same.digest != none.digest
    assert len(one.digest) == len(Digest("0" * 64))


@pytest.mark.parametrize("person", [AMINA, BAO, OUTSIDER])
def test_the_factory_does_not_move_its_own_dates(person: str) -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    assert story.refused(person, Reproject, calendar=WITH_HOLIDAY, reason=NOTE) == "not_your_role"  # type: ignore[arg-type]


def test_only_who_keeps_the_policy_lets_a_finding_follow_another() -> None:
    story = a_case()
    assert story.refused(CHLOE, Reproject, policy=IN_WORKING_DAYS, reason=NOTE) == "not_your_role"
    story.order(CHLOE, Reproject, calendar=WITH_HOLIDAY, reason=NOTE)
    story.order(CHLOE, Reproject, policy=IN_WORKING_DAYS, reason=NOTE, acting=Role.OPERATOR)
    assert story.finding.policy == IN_WORKING_DAYS
    assert story.refused(PETRA, Reproject, policy=IN_WORKING_DAYS, reason=NOTE) == "same_as_before.policy"


def test_what_is_past_stays_past() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.later(days=40)
    before, level = standing(story), notice_of(story.finding, story.owed(Duty.COMMIT)).level  # type: ignore[arg-type]
    assert level > 0
    fact = confirm(story, WITH_HOLIDAY)
    assert fact.moves == ()
    assert {held.key for held in fact.held} == {Duty.COMMIT}, fact.held
    assert standing(story) == before
    assert notice_of(story.finding, story.owed(Duty.COMMIT)).level == level  # type: ignore[arg-type]


def test_no_date_moves_to_where_it_would_be_missed_at_once() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=15)
    stricter = working_days(review=Span(10), commit=Span(20))
    fact = confirm(story, policy=stricter)
    assert moved(fact.moves) == {Duty.COMMIT: (date(2026, 4, 1), date(2026, 3, 22))}
    assert fact.moves[0].why == Why(before=Span(30), after=Span(20))
    assert story.due_day(Duty.REVIEW) == date(2026, 3, 23)
    back = confirm(story, policy=Policy())
    assert moved(back.moves) == {Duty.COMMIT: (date(2026, 3, 22), date(2026, 4, 1))}
    assert (back.held, story.due_day(Duty.REVIEW)) == ((), date(2026, 3, 23))


def test_promised_days_stay_and_end_with_the_day_on_the_factory_s_own_clock() -> None:
    story = a_case(calendar=FRIDAYS_OFF).commit()
    due = story.due_day(f"{Duty.ACTION}:{FIRST}")
    fact = confirm(story, KARACHI)
    (move,) = fact.moves
    assert (move.old_day, move.new_day, move.why) == (due, due, Why(other_clock=True))
    assert because(move.why) == "the factory's clock is another"
    assert story.finding.actions[0].due == due
    assert story.owed(f"{Duty.ACTION}:{FIRST}").due == KARACHI.end_of(due)  # type: ignore[union-attr]


def test_a_late_promise_is_late_from_the_same_instant_on_another_clock() -> None:
    story = a_case(calendar=FRIDAYS_OFF).commit(a_case().action(days=20))
    story.later(days=22)
    late = story.owed(f"{Duty.ACTION}:{FIRST}")
    assert late is not None
    assert confirm(story, KARACHI).moves == ()
    assert story.owed(late.key) == late


def test_days_that_a_dispute_took_are_added_again() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=3)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert story.due_day(Duty.COMMIT) == date(2026, 4, 3)
    confirm(story, WITH_HOLIDAY)
    assert story.due_day(Duty.COMMIT) == date(2026, 4, 4)


def test_days_of_a_suspension_are_added_again() -> None:
    story = suspended(a_case(), 4)
    fact = confirm(story, policy=working_days(review=Span(30)))
    assert moved(fact.moves) == {Duty.REVIEW: (date(2026, 3, 28), date(2026, 4, 6))}


def test_a_check_that_another_policy_brings_is_counted_without_the_days_of_a_dispute() -> None:
    story = a_case(policy=working_days(effectiveness=None))
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=3)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    story.commit().fix().verify()
    verified = story.day()
    fact = confirm(story, policy=Policy())
    assert moved(fact.moves) == {Duty.CHECK_EFFECTIVENESS: (None, verified + timedelta(days=90))}


def test_a_correction_begins_anew_without_the_days_of_an_earlier_dispute() -> None:
    story = a_case("minor")
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=3)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    story.order(CHLOE, Amend, severity=Severity.MAJOR, note=NOTE)
    confirm(story, policy=working_days(fix=None))
    assert moved(confirm(story, policy=Policy()).moves) == {FIX: (None, story.day(90))}


def test_a_limit_that_comes_back_after_a_suspension_explains_itself_without_it() -> None:
    story = suspended(a_case(policy=working_days(fix=None)), 4)
    fact = confirm(story, policy=Policy())
    assert moved(fact.moves) == {FIX: (None, date(2026, 5, 31))}
    assert recount(why_fix_by(story.finding, happened(story)), DHAKA) == story.finding.fix_by


def test_what_follows_from_its_beginning_alone_is_not_told() -> None:
    story = a_case().commit().do()
    assert story.due_day(Duty.REPORT_FIX) > story.day(7), "not before the day that was promised"
    assert confirm(story, policy=working_days(review=Span(30))).held == ()


def test_dates_that_wait_for_a_dispute_move_too() -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=40)
    fact = confirm(story, WITH_HOLIDAY)
    assert moved(fact.moves) == {Duty.COMMIT: (date(2026, 3, 31), date(2026, 4, 1))}
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert story.due_day(Duty.COMMIT) == date(2026, 4, 1) + timedelta(days=40)


def test_a_date_that_was_left_standing_and_then_disputed_goes_back_as_it_came() -> None:
    story = a_case(calendar=FRIDAYS_OFF)
    story.later(days=12)
    stricter = working_days(review=Span(10))
    assert {held.key for held in confirm(story, policy=stricter).held} == {Duty.REVIEW}
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=2)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert story.due_day(Duty.REVIEW) == date(2026, 3, 25)
    fact = confirm(story, policy=Policy())
    assert story.due_day(Duty.REVIEW) == date(2026, 3, 25)
    assert all(held.due == held.reckoned for held in fact.held)


@pytest.mark.parametrize(
    ("situation", "keys"),
    [
        ("disputed", {Duty.DECIDE_DISPUTE}),
        ("deadlocked", {Duty.MEDIATE}),
        ("hidden", {Duty.CONFIRM_ALARM}),
        ("committed", {Duty.PROGRESS_REVIEW}),
        ("collaborative", {Duty.PROGRESS_REVIEW}),
        ("waiting for an extension", {Duty.DECIDE_EXTENSION, Duty.PROGRESS_REVIEW}),
        ("reported", {Duty.VERIFY, OBJECTIONS}),
        ("verifying", {Duty.VERIFY, OBJECTIONS}),
        ("closed", {Duty.CHECK_EFFECTIVENESS}),
    ],
)
def test_every_date_follows_the_policy(situation: str, keys: set[str]) -> None:
    story = SITUATIONS[situation]()
    fact = confirm(story, policy=LONGER)
    assert {move.key for move in fact.moves} == keys
    assert {move.key: move.new for move in fact.moves}.items() <= standing(story).items()
    for owed in obligations(story.finding):
        assert recount(why_due(owed, story.finding, happened(story)), story.finding.calendar) == owed.due


def test_who_has_been_heard_has_no_window_to_move() -> None:
    story = a_case().commit().fix()
    story.order(AMINA, ConcurWithFix)
    assert OBJECTIONS not in {move.key for move in shown(story, policy=LONGER).moves}


def test_the_last_day_for_a_fix_moves_only_while_it_limits_promises() -> None:
    story = a_case()
    shorter = working_days(fix=Span(80))
    fact = confirm(story, policy=shorter)
    assert moved(fact.moves) == {FIX: (date(2026, 5, 31), date(2026, 5, 21))}
    story.commit()
    fact = confirm(story, policy=Policy())
    assert (fact.moves, [held.key for held in fact.held]) == ((), [FIX])
    assert story.finding.calendar.last_day(story.finding.fix_by) == date(2026, 5, 21)  # type: ignore[arg-type]


def test_a_date_that_the_policy_sets_no_more_falls_away_and_comes_back() -> None:
    story = a_case()
    none = working_days(fix=None)
    fact = confirm(story, policy=none)
    assert moved(fact.moves) == {FIX: (date(2026, 5, 31), None)}
    assert because(fact.moves[0].why) == "the policy gives no date any more"
    assert story.finding.fix_by is None
    assert why_fix_by(story.finding, happened(story)) == ()
    fact = confirm(story, policy=Policy())
    assert moved(fact.moves) == {FIX: (None, date(2026, 5, 31))}
    assert because(fact.moves[0].why) == "the policy gives 90 days, and gave no date"


def test_a_date_that_did_not_exist_is_counted_from_today_where_it_would_be_missed_at_once() -> None:
    story = a_case().commit()
    story.later(days=30)
    asks = working_days(progress_review=Span(10))
    fact = confirm(story, policy=asks)
    assert moved(fact.moves) == {Duty.PROGRESS_REVIEW: (None, date(2026, 4, 11))}
    assert story.due_day(Duty.PROGRESS_REVIEW) == date(2026, 4, 11)
    hours = working_days(progress_review=Span(240, Unit.HOURS))
    story = a_case().commit()
    story.later(days=30)
    confirm(story, policy=hours)
    owed = story.owed(Duty.PROGRESS_REVIEW)
    assert owed is not None
    assert owed.due == story.now + timedelta(hours=240)
    assert recount(why_due(owed, story.finding, happened(story)), DHAKA) == owed.due


def test_another_quorum_may_settle_what_is_on_the_table() -> None:
    story = a_case(policy=Policy(version="all", quorum=Quorum(percent=100)))
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    assert story.finding.committed_at is None
    fact, committed = story.order(PETRA, Reproject, policy=Policy(), reason=NOTE)
    assert isinstance(fact, Reprojected)
    assert story.finding.committed_at == story.now
    assert committed == story.facts[-1]


HOLIDAYS = st.frozensets(st.dates(date(2026, 3, 1), date(2026, 6, 30)), max_size=30)
NAMES = st.sampled_from(sorted(name for name, build in SITUATIONS.items() if not build().finding.ended))
POLICIES = st.sampled_from(
    (Policy(), IN_WORKING_DAYS, LONGER, working_days(fix=None, progress_review=Span(5)))
)


@given(days=HOLIDAYS, policy=POLICIES, name=NAMES, hours=st.integers(0, 24 * 60))
def test_declined_nothing_moves_and_confirmed_all_of_it_once(
    days: frozenset[date], policy: Policy, name: str, hours: int
) -> None:
    story = SITUATIONS[name]()
    story.later(hours=hours)
    finding, before = story.finding, standing(story)
    calendar = replace(FRIDAYS_OFF, version="drawn", holidays=tuple(sorted(days)))
    preview = project(finding, calendar, policy, story.now)
    assert story.finding is finding
    fact = confirm(story, calendar, policy)
    after = standing(story)
    changed = {key: after.get(key) for key in before | after if before.get(key) != after.get(key)}
    if not story.finding.committed_at or finding.committed_at:
        assert changed == {move.key: move.new for move in preview.moves}
    assert project(story.finding, calendar, policy, story.now).moves == ()
    assert all(move.new is None or finding.path == "disputed" or move.new > story.now for move in fact.moves)


@given(day=st.dates(date(2026, 3, 3), date(2026, 6, 30)))
def test_a_holiday_moves_what_spans_it_and_nothing_else(day: date) -> None:
    story = a_case(policy=IN_WORKING_DAYS, calendar=FRIDAYS_OFF)
    one_more = replace(FRIDAYS_OFF, version="one-more", holidays=(day,))
    spanned = {
        key
        for key in (Duty.REVIEW, Duty.COMMIT)
        if day <= story.due_day(key) and FRIDAYS_OFF.is_working_day(day)
    }
    fact = confirm(story, one_more)
    assert {move.key for move in fact.moves} == spanned
    assert all(move.why.days_off[0] == day for move in fact.moves)
