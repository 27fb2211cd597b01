"""The way down the ladder: recovery plans that are filed, decided on and kept, and verified progress."""

from datetime import date, datetime, time, timedelta

from remediation.facts import Deescalated, Escalated, RecoveryPlanReturned
from remediation.letters import letters_for
from remediation.notices import escalation_level
from remediation.orders import (
    AcceptRecoveryPlan,
    Acknowledge,
    FileRecoveryPlan,
    RemainingAction,
    ReturnRecoveryPlan,
)
from remediation.words import Duty, Lateness, LetterKind, Relief, Role, Verdict
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    FIRST,
    NOTE,
    OUTSIDER,
    PETRA,
    SECOND,
    TOMAS,
    a_case,
    a_confirmed_alarm,
)
from tests.rules.recovering import ACTION, NEAREST, PLAN_OWED, PLAN_TO_DECIDE, accept, climbed, file, late


def test_from_level_three_on_the_manager_owes_a_recovery_plan() -> None:
    story = late(10)
    assert PLAN_OWED not in story.owes
    (third,) = climbed(story, days=1)
    assert third.recovery_plan_by == DHAKA.end_of(story.day(14))
    owed = story.owed(PLAN_OWED)
    assert owed is not None
    assert (owed.duty, owed.owner, owed.due) == (Duty.RECOVERY_PLAN, Role.MANAGER, third.recovery_plan_by)
    asked = [each for each in letters_for(third, 9) if each.kind is LetterKind.RECOVERY_PLAN_DUE]
    assert [(each.role, each.step) for each in asked] == [(Role.MANAGER, "L3:recovery_plan")]


def test_a_missing_plan_is_reminded_of_and_climbs_no_ladder_of_its_own() -> None:
    story = late(11)
    facts = story.later(days=120)
    reminded = [fact for fact in facts if getattr(fact, "obligation", "") == PLAN_OWED]
    assert {type(fact).__name__ for fact in reminded} == {"Reminded"}
    assert len(reminded) > 10
    assert story.refused(CHLOE, Acknowledge, obligation=PLAN_OWED) == "not_at_this_stage.obligation"


def test_level_four_asks_for_no_second_plan() -> None:
    story = late(11)
    (fourth,) = climbed(story, days=40)
    assert (fourth.level, fourth.recovery_plan_by) == (4, None)


def test_an_accepted_plan_takes_it_one_level_down_and_the_ladder_waits_for_its_last_day() -> None:
    story = late(11)
    filed = file(story, days=20)
    assert story.owes >= {ACTION, PLAN_TO_DECIDE}
    assert PLAN_OWED not in story.owes
    down = accept(story)
    assert (down.was, down.level, down.cause, down.lateness) == (
        3,
        2,
        Relief.RECOVERY_PLAN,
        Lateness.NO_PROGRESS,
    )
    assert down.told == (*NEAREST, Role.ADVISOR, Role.TEAM_LEADER, Role.TOP_MANAGEMENT)
    assert escalation_level(story.finding) == 2
    assert {PLAN_OWED, PLAN_TO_DECIDE} & story.owes == set()
    again = climbed(story, days=20 + 50)
    first_late = DHAKA.instant(filed.until + timedelta(days=1), time(9))
    assert [(fact.level, fact.climb) for fact in again] == [(3, 2), (4, 2)]
    assert again[0].scheduled == first_late, "the promise of the plan is broken"
    assert again[0].recovery_plan_by is not None, "and another plan is owed"
    assert [DHAKA.today(fact.scheduled) - filed.until for fact in again] == [timedelta(1), timedelta(45)]
    assert {letter.step for fact in again for letter in letters_for(fact, 1)} == {
        "L3.2",
        "L3.2:recovery_plan",
        "L4.2",
    }


def test_what_is_done_in_the_plans_time_climbs_no_more() -> None:
    story = late(11)
    file(story)
    accept(story)
    story.later(days=10)
    story.do()
    assert climbed(story, days=100) == []


def test_a_plan_is_filed_by_the_manager_where_one_is_owed() -> None:
    story = late(8)
    plan: dict[str, object] = {"obligation": ACTION, "note": NOTE, "until": story.day(20)}
    assert story.refused(BAO, FileRecoveryPlan, **plan) == "not_at_this_stage.obligation"
    story.later(days=3)
    for person in (AMINA, TOMAS, OUTSIDER):
        assert story.refused(person, FileRecoveryPlan, **plan) == "not_your_role"
    assert story.refused(BAO, FileRecoveryPlan, **plan | {"until": story.day(-1)}) == "date_in_the_past.until"
    far = plan | {"until": story.day(91)}
    assert story.refused(BAO, FileRecoveryPlan, **far) == "date_beyond_policy.until"
    story.order(BAO, FileRecoveryPlan, **plan)
    assert story.refused(BAO, FileRecoveryPlan, **plan) == "already_done"


def test_the_team_leader_decides_on_what_is_filed() -> None:
    story = late(11)
    about: dict[str, object] = {"obligation": ACTION, "reason": NOTE}
    for decision in (AcceptRecoveryPlan, ReturnRecoveryPlan):
        assert story.refused(TOMAS, decision, **about) == "not_at_this_stage.obligation"
    file(story)
    for person in (BAO, CHLOE, PETRA, OUTSIDER):
        assert story.refused(person, AcceptRecoveryPlan, **about) == "not_your_role"
        assert story.refused(person, ReturnRecoveryPlan, **about) == "not_your_role"


def test_a_team_leader_who_is_silent_is_the_programmes_own_delay() -> None:
    story = late(11)
    filed = file(story)
    owed = story.owed(PLAN_TO_DECIDE)
    assert owed is not None
    assert (owed.owner, owed.lateness, owed.due) == (Role.TEAM_LEADER, Lateness.STAFF, filed.decide_by)
    told = [fact for fact in story.later(days=20) if isinstance(fact, Escalated)]
    assert [(fact.obligation, fact.level) for fact in told] == [(PLAN_TO_DECIDE, 1), (PLAN_TO_DECIDE, 2)]
    assert {fact.recovery_plan_by for fact in told} == {None}


def test_a_returned_plan_is_owed_again() -> None:
    story = late(11)
    file(story)
    story.later(days=2)
    (returned,) = story.order(TOMAS, ReturnRecoveryPlan, obligation=ACTION, reason=NOTE)
    assert returned == RecoveryPlanReturned(
        obligation=ACTION, reason=NOTE, plan_by=DHAKA.end_of(story.day(14))
    )
    assert PLAN_OWED in story.owes
    file(story)


def test_a_plan_whose_last_day_has_passed_is_not_accepted() -> None:
    story = late(11)
    file(story, days=2)
    story.later(days=3)
    refused = story.refused(TOMAS, AcceptRecoveryPlan, obligation=ACTION, reason=NOTE)
    assert refused == "date_in_the_past.obligation"


def test_a_plan_is_accepted_up_to_and_including_its_last_day() -> None:
    story = late(11)
    file(story, days=2)
    story.later(days=2)
    assert accept(story).level == 2


def test_a_collaborative_finding_sets_no_limit_to_a_plan() -> None:
    story = a_case("collaborative")
    story.commit(story.action(days=10))
    story.later(days=21)
    file(story, days=400)


def test_a_plan_renews_an_acknowledgement() -> None:
    story = late(11)
    story.order(TOMAS, Acknowledge, obligation=ACTION)
    story.later(days=3)
    file(story)
    (notice,) = (each for each in story.finding.notices if each.obligation == ACTION)
    assert notice.answer.until == DHAKA.end_of(story.day(5))


def test_a_partial_verification_carries_the_level_over_one_lower() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=10), story.action(SECOND, days=60))
    story.later(days=10 + 11)
    story.fix()
    assert escalation_level(story.finding) == 0, "what is claimed to be done"
    remaining = (RemainingAction(id=FIRST, due=story.day(30)), RemainingAction(id=SECOND, due=story.day(40)))
    _, down = story.verify(Verdict.PARTIAL, remaining=remaining)
    assert isinstance(down, Deescalated)
    assert (down.obligation, down.was, down.level) == (ACTION, 3, 2)
    assert (down.cause, down.due_day) == (Relief.VERIFIED_PROGRESS, story.day(30))
    assert down.told == (*NEAREST, Role.ADVISOR, Role.TEAM_LEADER, Role.TOP_MANAGEMENT)
    assert escalation_level(story.finding) == 2
    (third,) = climbed(story, days=31)
    assert (third.level, third.days_late, third.climb) == (3, 1, 1), "its new date is missed the first time"


def test_each_partial_verification_takes_it_one_level_down() -> None:
    story = late(11)
    for level in (2, 1, 0):
        story.fix()
        remaining = (RemainingAction(id=FIRST, due=story.day(30)),)
        _, down = story.verify(Verdict.PARTIAL, remaining=remaining)
        assert isinstance(down, Deescalated)
        assert down.level == level == escalation_level(story.finding)
    story.fix()
    assert len(story.verify(Verdict.PARTIAL, remaining=remaining)) == 1
    assert [fact.level for fact in climbed(story, days=40)] == [1, 2]


def test_what_was_never_late_carries_nothing_over() -> None:
    story = a_case().commit().fix()
    assert len(story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(9)),))) == 1


def test_whatever_level_it_came_down_to_the_next_one_asks_for_another_plan() -> None:
    story = late(50)
    assert escalation_level(story.finding) == 4
    file(story, days=5)
    assert accept(story).level == 3
    (fourth,) = climbed(story, days=10)
    assert (fourth.level, fourth.recovery_plan_by) == (4, DHAKA.end_of(story.day(14 - 4)))


def test_zero_tolerance_climbs_again_by_the_hour_after_a_plan() -> None:
    story = a_confirmed_alarm()
    story.later(days=5)
    until = story.day(2)
    story.order(BAO, FileRecoveryPlan, obligation="contain", note=NOTE, until=until)
    story.order(TOMAS, AcceptRecoveryPlan, obligation="contain", reason=NOTE)
    again = [
        fact for fact in story.later(days=8) if isinstance(fact, Escalated) and fact.obligation == "contain"
    ]
    end = DHAKA.end_of(until)
    assert [(fact.level, fact.scheduled - end) for fact in again] == [
        (3, timedelta(hours=4)),
    ]


def test_no_cooperation_comes_down_and_climbs_again_as_such() -> None:
    story = a_case()
    story.later(days=21 + 8)
    owed = f"recovery_plan:{Duty.REVIEW}"
    assert owed in story.owes
    until = story.day(10)
    story.order(BAO, FileRecoveryPlan, obligation="review", note=NOTE, until=until)
    _, down = story.order(TOMAS, AcceptRecoveryPlan, obligation="review", reason=NOTE)
    assert isinstance(down, Deescalated)
    assert down.lateness is Lateness.NO_COOPERATION
    assert down.told == (Role.ADVISOR, Role.TEAM_LEADER, Role.TOP_MANAGEMENT), "who had been told"
    again = [
        fact for fact in story.later(days=12) if isinstance(fact, Escalated) and fact.obligation == "review"
    ]
    assert [(fact.level, DHAKA.local(fact.scheduled)) for fact in again] == [
        (3, datetime.combine(until + timedelta(days=1), time(9)))
    ]
    assert until > date(2026, 3, 1)
