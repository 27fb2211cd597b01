"""A suspension: two people stop the factory's clock, dates move, lateness waits, and it runs on by itself."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from remediation.calendar import Calendar
from remediation.facts import (
    DecisionDue,
    DisputeDecided,
    Escalated,
    Fact,
    Reminded,
    Resumed,
    Suspended,
    SuspensionAsked,
    SuspensionDeclined,
    SuspensionEnded,
)
from remediation.notices import escalation_level, next_wake
from remediation.orders import (
    Acknowledge,
    Amend,
    Cease,
    CosignExtension,
    CountersignSuspension,
    DecideDispute,
    DecideExtension,
    DeclineSuspension,
    Dispute,
    EndSuspension,
    RemainingAction,
    Reopen,
    RequestExtension,
    Sign,
    Suspend,
)
from remediation.policy import Policy, Rung, SuspensionLimits
from remediation.spans import Span, Unit
from remediation.standstills import days_used, running
from remediation.words import DisputeOutcome, Lateness, Role, Severity, Stage, SuspensionCause, Verdict
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    CHLOE,
    DHAKA,
    FIRST,
    NOTE,
    OUTSIDER,
    PETRA,
    PLAN,
    RESTFUL,
    SECOND,
    TOMAS,
    Story,
    a_case,
    a_confirmed_alarm,
)
from tests.rules.situations import SITUATIONS

PARTS = SuspensionCause.PARTS_ON_ORDER
ACTION = "action:a1"
LATE = ((1, 1), (2, 7), (3, 11))
"""Level and days after the due day, where nobody acknowledges level 2."""
_PROTECTED: dict[str, Any] = {"reason": NOTE, "interim_protection": NOTE}


def asked(story: Story, days: int = 11, cause: SuspensionCause = PARTS) -> tuple[Fact, ...]:
    """Let Chloé ask for a suspension that ends so many days from today."""
    return story.order(CHLOE, Suspend, cause=cause, until=story.day(days), reason=NOTE)


def suspended(story: Story, days: int = 11) -> Story:
    """Let Tomas countersign at once: today and `days` more days are suspended."""
    asked(story, days)
    story.order(TOMAS, CountersignSuspension)
    return story


def promised(*, days: int = 10, **case: Any) -> Story:  # noqa: ANN401
    story = a_case(**case)
    return story.commit(story.action(days=days))


def notices(facts: tuple[Fact, ...]) -> list[Reminded | Escalated]:
    return [fact for fact in facts if isinstance(fact, Reminded | Escalated)]


def steps(facts: tuple[Fact, ...]) -> list[tuple[int, date]]:
    """Give each step's level on the factory's ladder and the local day it was scheduled for."""
    return [(fact.level, DHAKA.today(fact.scheduled)) for fact in climbed(facts)]


def climbed(facts: tuple[Fact, ...]) -> list[Escalated | DecisionDue]:
    steps = [fact for fact in facts if isinstance(fact, Escalated | DecisionDue)]
    return [fact for fact in steps if fact.lateness is not Lateness.STAFF]


# Two people


def test_the_advisor_asks_and_nothing_moves_until_the_team_leader_countersigns() -> None:
    story = promised()
    before = story.due_day(ACTION)
    assert asked(story) == (
        SuspensionAsked(
            cause=PARTS,
            until=date(2026, 3, 13),
            reason=NOTE,
            decide_by=datetime(2026, 3, 7, 18, tzinfo=UTC),
        ),
    )
    assert (story.due_day(ACTION), running(story.finding)) == (before, None)
    countersigned = story.order(TOMAS, CountersignSuspension)
    first, last = date(2026, 3, 2), date(2026, 3, 13)
    assert countersigned == (Suspended(cause=PARTS, first=first, last=last, days=12, owners=(BAO,)),)
    assert story.due_day(ACTION) == before + timedelta(days=12)
    assert story.finding.suspension is None


@pytest.mark.parametrize("person", [AMINA, BAO, TOMAS, PETRA, OUTSIDER])
def test_only_the_advisor_asks(person: str) -> None:
    story = promised()
    fields = {"cause": PARTS, "until": story.day(3), "reason": NOTE}
    assert story.refused(person, Suspend, **fields) == "not_your_role"  # type: ignore[arg-type]


@pytest.mark.parametrize("person", [AMINA, BAO, CHLOE, PETRA, OUTSIDER])
def test_only_the_team_leader_countersigns_or_declines(person: str) -> None:
    story = promised()
    asked(story)
    assert story.refused(person, CountersignSuspension) == "not_your_role"  # type: ignore[arg-type]
    assert story.refused(person, DeclineSuspension, reason=NOTE) == "not_your_role"  # type: ignore[arg-type]


@pytest.mark.parametrize("person", [AMINA, BAO, PETRA, OUTSIDER])
def test_only_the_two_who_signed_it_end_it(person: str) -> None:
    story = suspended(promised())
    assert story.refused(person, EndSuspension, reason=NOTE) == "not_your_role"  # type: ignore[arg-type]


def test_nobody_countersigns_what_they_asked_for() -> None:
    story = promised()
    fields = {"cause": PARTS, "until": story.day(3), "reason": NOTE}
    story.order(TOMAS, Suspend, acting=Role.ADVISOR, **fields)
    assert story.refused(TOMAS, CountersignSuspension) == "not_independent"


def test_a_request_can_be_declined_or_replaced_before_it_is_decided() -> None:
    story = promised()
    asked(story, 5)
    asked(story, 7, SuspensionCause.STRIKE)
    declined = story.order(TOMAS, DeclineSuspension, reason=NOTE)
    strike = SuspensionDeclined(cause=SuspensionCause.STRIKE, until=story.day(7), reason=NOTE)
    assert declined == (strike,)
    assert story.refused(TOMAS, CountersignSuspension) == "suspension_missing"
    assert story.refused(TOMAS, DeclineSuspension, reason=NOTE) == "suspension_missing"
    assert "decide_suspension" not in story.owes


def test_there_is_one_suspension_at_a_time() -> None:
    story = suspended(promised())
    fields = {"cause": PARTS, "until": story.day(20), "reason": NOTE}
    assert story.refused(CHLOE, Suspend, **fields) == "already_done"


def test_an_unanswered_request_climbs_the_staff_ladder() -> None:
    story = promised(days=60)
    asked(story, 50)
    owed = story.owed("decide_suspension")
    assert owed is not None
    assert (owed.owner, story.due_day("decide_suspension")) == (Role.TEAM_LEADER, story.day(5))
    climbed = [fact for fact in notices(story.later(days=14)) if fact.obligation == "decide_suspension"]
    assert [fact.level for fact in climbed if isinstance(fact, Escalated)] == [1, 2]
    assert any(isinstance(fact, Reminded) for fact in climbed)


def test_a_request_whose_last_day_has_passed_is_declined() -> None:
    story = promised(days=60)
    asked(story, 2)
    story.later(days=3)
    assert story.refused(TOMAS, CountersignSuspension) == "too_late"
    story.order(TOMAS, DeclineSuspension, reason=NOTE)


def test_on_its_last_day_it_is_still_worth_one_day() -> None:
    story = promised(days=60)
    asked(story, 2)
    before = story.due_day(ACTION)
    story.later(days=2)
    story.order(TOMAS, CountersignSuspension)
    assert story.due_day(ACTION) == before + timedelta(days=1)
    assert story.refused(TOMAS, EndSuspension, reason=NOTE) == "already_done"


# Limits


def test_a_suspension_is_capped_at_a_time_and_in_all() -> None:
    story = promised(days=60)
    fields = {"cause": PARTS, "reason": NOTE}
    assert story.refused(CHLOE, Suspend, until=story.day(60), **fields) == "suspension_limit.until"
    assert story.refused(CHLOE, Suspend, until=story.day(-1), **fields) == "date_in_the_past.until"
    suspended(story, 59)
    story.later(days=61)
    suspended(story, 59)
    story.later(days=61)
    assert days_used(story.finding) == 120
    assert story.refused(CHLOE, Suspend, until=story.day(), **fields) == "suspension_limit.until"


def test_what_was_not_used_can_be_asked_for_again() -> None:
    limits = SuspensionLimits(days=20, total=20)
    story = suspended(promised(days=60, policy=Policy(suspensions=limits)), 19)
    story.later(days=4)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    story.later(days=2)
    fields = {"cause": PARTS, "reason": NOTE}
    assert story.refused(CHLOE, Suspend, until=story.day(15), **fields) == "suspension_limit.until"
    suspended(story, 14)


def test_zero_tolerance_is_never_suspended() -> None:
    story = a_confirmed_alarm()
    fields = {"cause": PARTS, "until": story.day(2), "reason": NOTE}
    assert story.refused(CHLOE, Suspend, **fields) == "never_suspended"


@pytest.mark.parametrize("name", ["disputed", "reported", "verifying", "closed", "sustained", "ceased"])
def test_only_what_the_factory_owes_is_suspended(name: str) -> None:
    story = SITUATIONS[name]()
    fields = {"cause": PARTS, "until": story.day(2), "reason": NOTE}
    assert story.refused(CHLOE, Suspend, **fields) == "not_at_this_stage"


def test_a_request_waits_while_the_finding_is_disputed() -> None:
    story = a_case()
    asked(story)
    story.order(AMINA, Dispute, reason=NOTE)
    assert story.refused(TOMAS, CountersignSuspension) == "not_at_this_stage"
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    story.order(TOMAS, CountersignSuspension)


# Dates


def test_before_the_commitment_review_commitment_and_the_last_day_for_a_fix_move() -> None:
    story = a_case()
    review, commit, fix_by = story.due_day("review"), story.due_day("commit"), story.finding.fix_by
    suspended(story)
    assert story.due_day("review") == review + timedelta(days=12)
    assert story.due_day("commit") == commit + timedelta(days=12)
    assert fix_by is not None
    assert story.finding.fix_by == fix_by + timedelta(days=12)


def test_what_is_late_already_is_not_moved() -> None:
    story = a_case()
    story.later(days=25)
    review, commit = story.due_day("review"), story.due_day("commit")
    suspended(story)
    assert (story.due_day("review"), story.due_day("commit")) == (review, commit + timedelta(days=12))


def test_a_finding_without_a_last_day_for_its_fix_is_suspended_too() -> None:
    story = a_case("collaborative").commit()
    due = story.due_day("progress_review")
    suspended(story)
    assert story.finding.fix_by is None
    assert story.due_day("progress_review") == due + timedelta(days=12)


def test_promises_ahead_move_and_their_first_day_stays_on_record() -> None:
    story = a_case()
    story.commit(
        story.action(FIRST, days=3), story.action(SECOND, days=20, owner=ASHA), story.action("a3", days=20)
    )
    story.later(days=5)
    story.do(FIRST)
    (fact,) = (fact for fact in suspended(story).facts if isinstance(fact, Suspended))
    assert fact.owners == (ASHA, BAO)
    days = [(each.due - each.original_due).days for each in story.finding.actions]
    assert days == [0, 12, 12]


def test_what_is_promised_during_a_suspension_is_meant_as_it_is_said() -> None:
    story = suspended(a_case())
    story.later(days=1)
    day = story.day(30)
    story.commit(story.action(days=30))
    story.order(CHLOE, EndSuspension, reason=NOTE)
    assert story.due_day(ACTION) == day


def test_the_report_waits_for_the_clock() -> None:
    story = promised(days=2)
    story.do()
    due = story.due_day("report_fix")
    suspended(story)
    assert story.due_day("report_fix") == due + timedelta(days=12)


def test_a_report_that_is_late_is_not_moved() -> None:
    story = promised(days=2)
    story.do()
    story.later(days=8)
    due = story.due_day("report_fix")
    suspended(story)
    assert story.due_day("report_fix") == due


def test_progress_during_a_suspension_counts_from_when_the_clock_runs_again() -> None:
    story = suspended(a_case("collaborative").commit(), 9)
    story.later(days=4)
    story.do()
    assert story.due_day("report_fix") == max(story.day(7 + 6), story.finding.actions[0].due)


def test_staff_dates_run_on() -> None:
    story = promised(days=60)
    until = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **until)
    story.order(BAO, CosignExtension)
    due = story.due_day("decide_extension")
    suspended(story, 30)
    assert story.due_day("decide_extension") == due
    assert {fact.obligation for fact in notices(story.later(days=20))} == {"decide_extension"}


def test_containment_runs_on_where_a_policy_asks_for_it() -> None:
    terms = Policy().terms
    contained = {**terms, Severity.MAJOR: replace(terms[Severity.MAJOR], contain=Span(5))}
    story = a_case(policy=Policy(terms=contained))
    due = story.due_day("contain")
    suspended(story, 30)
    assert story.due_day("contain") == due
    assert steps(story.later(days=18)) == [(level, due + timedelta(days=days)) for level, days in LATE]


# Ended early, and by itself


def test_it_ends_by_itself_on_the_morning_after_its_last_day() -> None:
    story = suspended(promised(days=60))
    wake = next_wake(story.finding)
    assert wake is not None
    assert DHAKA.local(wake) == datetime(2026, 3, 14, 9)  # noqa: DTZ001 - the factory's wall clock
    facts = story.later(days=12)
    last = date(2026, 3, 13)
    assert facts == (Resumed(cause=PARTS, first=date(2026, 3, 2), last=last, days=12, scheduled=wake),)
    assert running(story.finding) is None
    assert story.refused(CHLOE, EndSuspension, reason=NOTE) == "suspension_missing"


def test_people_hear_that_it_is_over_on_a_working_day() -> None:
    # Up to Thursday 12 March; Friday is a day of rest.
    story = suspended(promised(days=60, calendar=RESTFUL), 10)
    (over,) = (fact for fact in story.later(days=14) if isinstance(fact, Resumed))
    assert RESTFUL.local(over.scheduled) == datetime(2026, 3, 14, 9)  # noqa: DTZ001 - the wall clock


def test_ended_early_the_dates_move_back_by_what_was_not_used() -> None:
    story = promised(days=60)
    before = story.due_day(ACTION)
    suspended(story)
    story.later(days=4)
    ended = story.order(CHLOE, EndSuspension, reason=NOTE)
    last = date(2026, 3, 6)
    assert ended == (SuspensionEnded(cause=PARTS, last=last, days=7, reason=NOTE, owners=(BAO,)),)
    assert story.due_day(ACTION) == before + timedelta(days=5)
    (over,) = (fact for fact in story.later(days=1) if isinstance(fact, Resumed))
    assert (over.last, over.days) == (last, 5)


def test_ended_early_review_and_commitment_move_back_too() -> None:
    story = a_case("collaborative")
    review, commit = story.due_day("review"), story.due_day("commit")
    suspended(story)
    story.later(days=4)
    story.order(TOMAS, EndSuspension, reason=NOTE)
    five = timedelta(days=5)
    assert (story.due_day("review"), story.due_day("commit")) == (review + five, commit + five)


def test_between_its_last_day_and_the_morning_there_is_nothing_left_to_end() -> None:
    story = suspended(promised(days=60))
    story.later(days=11, hours=15)
    assert running(story.finding) is not None
    assert story.refused(CHLOE, EndSuspension, reason=NOTE) == "already_done"
    story.fix()
    assert story.finding.standstills[-1].last == date(2026, 3, 13)


def test_reporting_the_fix_ends_a_suspension() -> None:
    story = suspended(promised(days=60))
    fix_by = story.finding.fix_by
    story.later(days=4)
    story.fix()
    assert running(story.finding) is None
    assert fix_by is not None
    assert story.finding.fix_by == fix_by - timedelta(days=7)
    assert not any(isinstance(fact, Resumed) for fact in story.later(days=20))


def test_reporting_the_fix_takes_back_a_request() -> None:
    story = promised(days=60)
    asked(story)
    story.fix()
    assert story.refused(TOMAS, CountersignSuspension) == "suspension_missing"


def test_the_end_and_a_new_attempt_leave_nothing_suspended() -> None:
    story = suspended(promised(days=60))
    story.order(TOMAS, Cease, reason=NOTE)
    assert next_wake(story.finding) is None
    story.order(TOMAS, Reopen, reason=NOTE)
    assert (running(story.finding), days_used(story.finding)) == (None, 0)
    assert story.due_day("commit") == story.day(30)


# Lateness


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


# Beside other rules


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
