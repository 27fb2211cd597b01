"""A later date for a promise: asked by both sides in time, decided by staff, within limits."""

from dataclasses import replace
from typing import Any

import pytest

from remediation.explaining import why_due
from remediation.explaining.lines import Extended
from remediation.facts import (
    ExtensionCosigned,
    ExtensionDecided,
    ExtensionRequested,
    Reminded,
)
from remediation.orders import (
    ApproveNoAction,
    CosignExtension,
    DecideExtension,
    EndSuspension,
    RecordProgress,
    RequestExtension,
    Sign,
)
from remediation.policy import ExtensionLimits, Policy
from remediation.rules.extension import days_left_to_extend
from remediation.words import ActionId, Duty, PersonId, Role, Side
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    FIRST,
    NOTE,
    OUTSIDER,
    PETRA,
    PHOTO,
    PLAN,
    RESTFUL,
    SECOND,
    TOMAS,
    Story,
    a_case,
    a_confirmed_alarm,
)
from tests.rules.reprojecting import happened
from tests.rules.suspending import suspended

THIRD = ActionId("a3")


def two_promises(policy: Policy | None = None) -> Story:
    """Tell of actions due in 20 and 40 days: 20 days may be added in all."""
    story = a_case(policy=policy)
    return story.commit(story.action(FIRST, days=20), story.action(SECOND, days=40))


def three_promises() -> Story:
    story = a_case()
    first, second, third = (
        story.action(f"a{number}", days=days) for number, days in enumerate((20, 40, 35), 1)
    )
    return story.commit(first, second, third)


def asked(story: Story, *, days: int = 30, actions: tuple[str, ...] = (FIRST,)) -> dict[str, Any]:
    return {"actions": actions, "until": story.day(days), "reason": NOTE, "interim_protection": NOTE}


def granted(story: Story, *, days: int, actions: tuple[str, ...] = (FIRST,), by: PersonId = CHLOE) -> None:
    story.order(AMINA, RequestExtension, **asked(story, days=days, actions=actions))
    story.order(BAO, CosignExtension)
    story.order(by, DecideExtension, granted=True, reason=NOTE)


def test_one_side_asks_the_other_joins_and_the_advisor_decides() -> None:
    story = two_promises()
    (fact,) = story.order(ASHA, RequestExtension, **asked(story))
    assert fact == ExtensionRequested(
        side=Side.WORKER, actions=(FIRST,), until=story.day(30), reason=NOTE, interim_protection=NOTE
    )
    assert "decide_extension" not in story.owes
    (fact,) = story.order(BINH, CosignExtension)
    by = story.finding.calendar.end_of(story.day(5))
    assert fact == ExtensionCosigned(side=Side.MANAGEMENT, decider=Role.ADVISOR, decide_by=by)
    (owed,) = (each for each in [story.owed("decide_extension")] if each)
    assert (owed.owner, owed.due, owed.since) == (Role.ADVISOR, by, story.now)
    story.later(days=1)
    (fact,) = story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    assert fact == ExtensionDecided(granted=True, reason=NOTE, actions=(FIRST,), until=story.day(29))
    assert story.owes == {"action:a1", "action:a2"}


def test_original_and_current_date_are_both_kept() -> None:
    story = two_promises()
    original = story.finding.actions[0].due
    granted(story, days=30)
    first, second = story.finding.actions
    assert (first.original_due, first.due) == (original, story.day(30))
    assert (second.original_due, second.due) == (story.day(40), story.day(40))
    assert (story.finding.extensions_granted, story.finding.extension_days) == (1, 10)


def test_the_decision_takes_five_working_days() -> None:
    story = a_case(calendar=RESTFUL)
    story.commit(story.action(FIRST, days=20))
    story.order(AMINA, RequestExtension, **asked(story))
    story.order(BAO, CosignExtension)
    assert story.due_day("decide_extension") == story.day(6), "Friday is a day of rest"


def test_a_denied_request_moves_nothing_and_counts_for_nothing() -> None:
    story = two_promises()
    before = story.finding.actions
    story.order(AMINA, RequestExtension, **asked(story))
    story.order(BAO, CosignExtension)
    story.order(CHLOE, DecideExtension, granted=False, reason=NOTE)
    assert (story.finding.actions, story.finding.extensions_granted) == (before, 0)
    assert story.finding.extension is None


def test_asking_never_stops_the_clock() -> None:
    story = two_promises()
    due = story.due_day("action:a1")
    story.order(AMINA, RequestExtension, **asked(story))
    story.order(BAO, CosignExtension)
    assert story.due_day("action:a1") == due


def test_only_members_ask_and_join() -> None:
    story = two_promises()
    assert story.refused(CHLOE, RequestExtension, **asked(story)) == "not_a_member"
    story.order(AMINA, RequestExtension, **asked(story))
    assert story.refused(OUTSIDER, CosignExtension) == "not_a_member"


def test_the_other_side_joins_once() -> None:
    story = two_promises()
    assert story.refused(BAO, CosignExtension) == "extension_missing"
    story.order(AMINA, RequestExtension, **asked(story))
    assert story.refused(ASHA, CosignExtension) == "already_done"
    story.order(BAO, CosignExtension)
    assert story.refused(BINH, CosignExtension) == "already_done"


def test_a_request_that_waits_for_its_decision_is_not_doubled() -> None:
    story = two_promises()
    story.order(AMINA, RequestExtension, **asked(story))
    story.order(BAO, CosignExtension)
    assert story.refused(AMINA, RequestExtension, **asked(story)) == "extension_pending"


def test_a_request_that_nobody_joined_may_be_replaced_by_the_other_side() -> None:
    story = two_promises()
    story.order(AMINA, RequestExtension, **asked(story))
    story.order(BAO, RequestExtension, **asked(story, days=25))
    assert story.refused(BINH, CosignExtension) == "already_done"
    story.order(AMINA, CosignExtension)
    assert story.finding.extension is not None
    assert story.finding.extension.until == story.day(25)


def test_it_is_decided_after_both_sides_have_asked_and_by_its_decider() -> None:
    story = two_promises()
    decision = {"granted": True, "reason": NOTE}
    assert story.refused(CHLOE, DecideExtension, **decision) == "extension_missing"
    story.order(AMINA, RequestExtension, **asked(story))
    assert story.refused(CHLOE, DecideExtension, **decision) == "too_early"
    story.order(BAO, CosignExtension)
    for person in (TOMAS, PETRA, BAO):
        assert story.refused(person, DecideExtension, **decision) == "not_your_role"


def test_the_second_needs_the_team_leader_and_there_is_no_third() -> None:
    story = two_promises()
    granted(story, days=25)
    story.order(BAO, RequestExtension, **asked(story, days=30))
    (fact,) = story.order(AMINA, CosignExtension)
    assert isinstance(fact, ExtensionCosigned)
    assert fact.decider is Role.TEAM_LEADER
    story.order(TOMAS, DecideExtension, granted=True, reason=NOTE)
    assert story.refused(BAO, RequestExtension, **asked(story, days=31)) == "extension_limit"


def test_zero_tolerance_needs_the_programme_manager_each_time() -> None:
    story = a_confirmed_alarm()
    story.commit(story.action(days=20))
    granted(story, days=25, by=PETRA)
    granted(story, days=30, by=PETRA)
    assert story.finding.extensions_granted == 2


def test_together_they_add_at_most_half_of_the_original_window() -> None:
    story = two_promises()
    too_long = asked(story, days=61, actions=(SECOND,))
    assert story.refused(AMINA, RequestExtension, **too_long) == "extension_limit.until"
    granted(story, days=32)
    too_long = asked(story, days=49, actions=(SECOND,))
    assert story.refused(AMINA, RequestExtension, **too_long) == "extension_limit.until"
    granted(story, days=48, actions=(SECOND,), by=TOMAS)
    assert story.finding.extension_days == 20


def test_the_window_runs_from_the_commitment_to_the_last_date_first_promised() -> None:
    story = a_case()
    story.later(days=10)
    story.commit(story.action(FIRST, days=3), story.action(SECOND, days=9))
    story.later(days=1)
    too_long = asked(story, days=7, actions=(FIRST,))
    assert story.refused(AMINA, RequestExtension, **too_long) == "extension_limit.until"
    granted(story, days=6)


def test_limits_are_the_policys() -> None:
    story = two_promises(Policy(extensions=ExtensionLimits(count=1, percent=25)))
    assert story.refused(AMINA, RequestExtension, **asked(story, days=31)) == "extension_limit.until"
    granted(story, days=30)
    assert story.refused(AMINA, RequestExtension, **asked(story, days=31)) == "extension_limit"


def test_it_is_asked_for_before_the_date_and_joined_before_it() -> None:
    story = two_promises()
    story.later(days=20)
    story.order(AMINA, RequestExtension, **asked(story, days=3))
    story.later(days=1)
    assert story.refused(BAO, CosignExtension) == "too_late.actions"
    assert story.refused(AMINA, RequestExtension, **asked(story, days=3)) == "too_late.actions"


def test_the_date_has_passed_at_midnight_in_the_factory() -> None:
    story = two_promises()
    story.later(days=20, hours=14, microseconds=-1)
    assert story.finding.calendar.end_of(story.day()) > story.now
    Story(story.case, story.now).order(AMINA, RequestExtension, **asked(story, days=3))
    story.later(microseconds=1)
    assert story.refused(AMINA, RequestExtension, **asked(story, days=3)) == "too_late.actions"


def test_half_a_day_is_no_day() -> None:
    story = a_case()
    story.commit(story.action(days=21))
    assert days_left_to_extend(story.finding) == 10


def test_the_new_date_is_later() -> None:
    story = two_promises()
    assert story.refused(AMINA, RequestExtension, **asked(story, days=20)) == "too_early.until"
    story.order(AMINA, RequestExtension, **asked(story, days=21))


@pytest.mark.parametrize("actions", [(), ("a9",), (FIRST, "a9")])
def test_it_names_open_actions_of_the_commitment(actions: tuple[str, ...]) -> None:
    story = two_promises()
    assert story.refused(AMINA, RequestExtension, **asked(story, actions=actions)) == "unknown_action.actions"


def test_what_is_done_needs_no_later_date() -> None:
    story = three_promises()
    both = asked(story, days=40, actions=(FIRST, THIRD))
    story.order(AMINA, RequestExtension, **both)
    story.do(FIRST)
    assert story.refused(BAO, CosignExtension) == "unknown_action.actions"
    assert story.refused(AMINA, RequestExtension, **both) == "unknown_action.actions"


def test_a_day_that_an_action_has_already_is_not_given_to_it_again() -> None:
    story = a_case()
    story.commit(story.action(days=60), story.action("a2", days=60))
    suspended(story, 11)
    granted(story, days=80, actions=("a2",))
    given = story.now
    story.later(days=2)
    story.order(AMINA, RequestExtension, **asked(story, days=87, actions=(FIRST, "a2")))
    story.order(BAO, CosignExtension)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    story.later(days=1)
    story.order(TOMAS, DecideExtension, granted=True, reason=NOTE)
    first, second = story.finding.actions
    assert (first.due, second.due) == (story.day(77), story.day(77))
    assert (first.since, second.since) == (story.now, given)
    owed = story.owed("action:a2")
    assert owed is not None
    lines = why_due(owed, story.finding, happened(story))
    assert [type(line) for line in lines].count(Extended) == 1


def test_what_gets_done_while_staff_decide_keeps_its_date() -> None:
    story = three_promises()
    story.order(AMINA, RequestExtension, **asked(story, days=36, actions=(FIRST, THIRD)))
    story.order(BAO, CosignExtension)
    story.do(FIRST)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    first, _, third = story.finding.actions
    assert (first.due, third.due) == (story.day(20), story.day(36))
    assert story.finding.extension_days == 1


def test_a_grant_for_what_is_all_done_adds_nothing() -> None:
    story = two_promises()
    story.order(AMINA, RequestExtension, **asked(story))
    story.order(BAO, CosignExtension)
    story.do(FIRST)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    assert story.finding.extension_days == 0


def test_actions_named_twice_are_asked_for_once() -> None:
    story = two_promises()
    (fact,) = story.order(AMINA, RequestExtension, **asked(story, actions=(FIRST,) * 1000))
    assert isinstance(fact, ExtensionRequested)
    assert fact.actions == (FIRST,)


def test_a_date_that_has_passed_meanwhile_is_not_granted() -> None:
    story = two_promises()
    story.order(AMINA, RequestExtension, **asked(story, days=21))
    story.order(BAO, CosignExtension)
    story.later(days=22)
    decision = {"reason": NOTE}
    assert story.refused(CHLOE, DecideExtension, granted=True, **decision) == "date_in_the_past.granted"
    story.order(CHLOE, DecideExtension, granted=False, **decision)


def test_extensions_belong_to_a_commitment() -> None:
    story = a_case()
    assert story.refused(AMINA, RequestExtension, **asked(story)) == "not_at_this_stage"
    assert story.refused(AMINA, CosignExtension) == "not_at_this_stage"


def test_a_reported_fix_ends_the_request() -> None:
    story = two_promises()
    story.order(AMINA, RequestExtension, **asked(story))
    story.order(BAO, CosignExtension)
    story.fix()
    assert story.owes == {"verify"}
    assert story.refused(CHLOE, DecideExtension, granted=True, reason=NOTE) == "extension_missing"


def test_a_new_date_has_reminders_of_its_own_and_none_from_before_the_decision() -> None:
    story = two_promises()
    story.later(days=18)
    granted(story, days=6)
    mine = (fact for fact in story.later(days=6) if isinstance(fact, Reminded))
    assert [fact.step for fact in mine if fact.obligation == "action:a1"] == ["T-1", "T+0"]
    assert story.owed("action:a1") is not None


def test_a_grant_after_the_old_date_takes_the_lateness_away() -> None:
    story = two_promises()
    story.later(days=19)
    story.order(AMINA, RequestExtension, **asked(story, days=8))
    story.order(BAO, CosignExtension)
    story.later(days=3)
    assert any(notice.level for notice in story.finding.notices)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    owed = story.owed("action:a1")
    assert owed is not None
    assert (owed.duty, owed.due > story.now, owed.since) == (Duty.ACTION, True, story.now)
    story.order(BAO, RecordProgress, action=FIRST, percent=100, evidence=PHOTO)


def test_there_is_nothing_to_extend_before_a_commitment_or_without_actions() -> None:
    story = a_case()
    assert days_left_to_extend(story.finding) == 0
    story.propose(actions=(), no_action_reason=NOTE)
    story.order(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE)
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    assert days_left_to_extend(story.finding) == 0


def test_progress_elsewhere_does_not_change_the_limits() -> None:
    story = two_promises().do(SECOND)
    story.order(AMINA, RequestExtension, **asked(story, days=40))
    assert replace(story.finding.actions[1]).done
