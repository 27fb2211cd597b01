"""A suspension: two people stop the factory's clock, within limits, and it runs on by itself."""

from datetime import UTC, date, datetime, timedelta

import pytest

from remediation.facts import (
    Escalated,
    Reminded,
    Resumed,
    Suspended,
    SuspensionAsked,
    SuspensionDeclined,
    SuspensionEnded,
)
from remediation.letters import FACTORY, letters_for
from remediation.notices import next_wake
from remediation.orders import (
    Cease,
    CountersignSuspension,
    DecideDispute,
    DeclineSuspension,
    Dispute,
    EndSuspension,
    Reopen,
    Suspend,
)
from remediation.policy import Policy, SuspensionLimits
from remediation.standstills import days_used, running
from remediation.words import DisputeOutcome, LetterKind, Role, SuspensionCause
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    NOTE,
    OUTSIDER,
    PETRA,
    RESTFUL,
    TOMAS,
    a_case,
    a_confirmed_alarm,
)
from tests.rules.situations import SITUATIONS
from tests.rules.suspending import ACTION, PARTS, asked, notices, promised, suspended


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
    assert [each.put_off for each in story.finding.actions] == [5]
    (over,) = (fact for fact in story.later(days=1) if isinstance(fact, Resumed))
    assert (over.last, over.days) == (last, 5)
    assert [each.put_off for each in story.finding.actions] == [0], "what it gave is the action's own now"


def test_on_the_day_before_its_last_it_can_still_be_ended_and_a_day_comes_back() -> None:
    story = promised(days=60)
    before = story.due_day(ACTION)
    suspended(story, 3)
    story.later(days=2)
    (ended,) = story.order(CHLOE, EndSuspension, reason=NOTE)
    assert isinstance(ended, SuspensionEnded)
    assert ended.days == 1
    assert story.due_day(ACTION) == before + timedelta(days=3)


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


def test_whoever_works_on_it_hears_of_it_and_of_its_end_with_the_mornings_others() -> None:
    story = suspended(promised(days=60), 9)
    story.later(days=2)
    story.order(TOMAS, EndSuspension, reason=NOTE)
    heard = {
        kind: [each for fact in story.facts for each in letters_for(fact, 9) if each.kind is kind]
        for kind in (LetterKind.SUSPENDED, LetterKind.SUSPENSION_ENDED)
    }
    for letters in heard.values():
        assert [(each.role, each.person) for each in letters] == [
            *((role, None) for role in (*FACTORY, Role.ADVISOR)),
            (Role.ACTION_OWNER, BAO),
        ]
        assert all(each.gathered for each in letters)


def test_a_second_suspension_is_counted_and_ended_beside_the_first() -> None:
    story = suspended(promised(days=60), 3)
    due = story.due_day(ACTION)
    story.later(days=5)
    asked(story, 9, SuspensionCause.STRIKE)
    story.order(TOMAS, CountersignSuspension)
    assert days_used(story.finding) == 4 + 10
    assert story.due_day(ACTION) == due + timedelta(days=10)
    story.later(days=2)
    (ended,) = story.order(TOMAS, EndSuspension, reason=NOTE)
    assert isinstance(ended, SuspensionEnded)
    assert (ended.cause, ended.days) == (SuspensionCause.STRIKE, 7)
    assert [each.days for each in story.finding.standstills] == [4, 3]
    assert story.due_day(ACTION) == due + timedelta(days=3)
    (over,) = (fact for fact in story.later(days=2) if isinstance(fact, Resumed))
    assert (over.cause, over.days) == (SuspensionCause.STRIKE, 3)


def test_ended_early_before_a_day_of_rest_people_hear_of_it_on_the_working_day_after() -> None:
    # Ended on Thursday 5 March; Friday is a day of rest.
    story = suspended(promised(days=60, calendar=RESTFUL), 20)
    story.later(days=3)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    (over,) = (fact for fact in story.later(days=4) if isinstance(fact, Resumed))
    assert RESTFUL.local(over.scheduled) == datetime(2026, 3, 7, 9)  # noqa: DTZ001 - the wall clock
