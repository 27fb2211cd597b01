"""The top of the ladder: the clock asks the decision panel, and only the panel takes the step."""

from datetime import timedelta

import pytest

from remediation.facts import ConsequenceDecided, DecisionDue, Escalated
from remediation.letters import letters_for
from remediation.notices import escalation_level
from remediation.orders import DecideConsequence
from remediation.policy import Escalation, Policy, Rung
from remediation.spans import Span, Unit
from remediation.words import Consequence, Lateness, Role
from tests.rules.cast import BAO, CHLOE, NOTE, OUTSIDER, PETRA, RUTH, TOMAS, a_case, a_confirmed_alarm
from tests.rules.recovering import ACTION, DECISION, NEAREST, PLAN_OWED, accept, climbed, file, late


def test_the_last_level_is_asked_for_by_the_clock_and_taken_by_people() -> None:
    story = late(89)
    asked = [fact for fact in story.later(days=1) if isinstance(fact, DecisionDue)]
    assert [(fact.level, fact.days_late, fact.told) for fact in asked] == [(5, 90, (Role.DECISION_PANEL,))]
    assert escalation_level(story.finding) == 4
    owed = story.owed(DECISION)
    assert owed is not None
    assert (owed.owner, owed.lateness, owed.due) == (Role.DECISION_PANEL, Lateness.STAFF, asked[0].decide_by)
    later = story.later(days=100)
    assert [fact for fact in later if isinstance(fact, DecisionDue)] == [], "it is asked once"
    told = [(fact.obligation, fact.level) for fact in later if isinstance(fact, Escalated)]
    assert told == [(DECISION, 1), (DECISION, 2)], "and its own delay is the programme's"


@pytest.mark.parametrize("consequence", Consequence)
def test_the_panel_decides_with_a_reason(consequence: Consequence) -> None:
    story = late(90)
    (decided,) = story.order(RUTH, DecideConsequence, obligation=ACTION, consequence=consequence, reason=NOTE)
    assert isinstance(decided, ConsequenceDecided)
    assert (decided.level, decided.consequence) == (5, consequence)
    everybody = (*NEAREST, Role.ADVISOR, Role.TEAM_LEADER, Role.TOP_MANAGEMENT)
    assert decided.told == (*everybody, Role.PROGRAMME_MANAGER, Role.BUYER)
    assert escalation_level(story.finding) == (4 if consequence is Consequence.NONE else 5)
    assert DECISION not in story.owes
    assert climbed(story, days=200) == []


def test_only_the_panel_decides_and_only_what_it_is_asked() -> None:
    story = late(89)
    decision: dict[str, object] = {
        "obligation": ACTION,
        "consequence": Consequence.REFERRAL,
        "reason": NOTE,
    }
    assert story.refused(RUTH, DecideConsequence, **decision) == "not_at_this_stage.obligation"
    nothing = decision | {"obligation": "nothing"}
    assert story.refused(RUTH, DecideConsequence, **nothing) == "not_at_this_stage.obligation"
    story.later(days=1)
    for person in (BAO, CHLOE, TOMAS, PETRA, OUTSIDER):
        assert story.refused(person, DecideConsequence, **decision) == "not_your_role"
    story.order(RUTH, DecideConsequence, **decision)
    assert story.refused(RUTH, DecideConsequence, **decision) == "already_done"


def test_a_plan_accepted_at_the_top_takes_the_question_back() -> None:
    story = late(90)
    file(story, days=30)
    assert accept(story).level == 3
    assert DECISION not in story.owes
    asked = [fact for fact in story.later(days=30 + 100) if isinstance(fact, DecisionDue)]
    assert [(fact.climb, {each.step for each in letters_for(fact, 1)}) for fact in asked] == [(2, {"L5.2"})]


def test_zero_tolerance_comes_to_the_panel_by_the_hour() -> None:
    story = a_confirmed_alarm()
    contain = story.owed("contain")
    assert contain is not None
    asked = [
        fact
        for fact in story.later(days=30)
        if isinstance(fact, DecisionDue) and fact.obligation == "contain"
    ]
    assert [fact.scheduled - contain.due for fact in asked] == [timedelta(days=14)]


def test_the_levels_are_the_policys() -> None:
    hour = Span(1, Unit.HOURS)
    ladder = (
        Rung(1, Span(1), hour, (Role.MANAGER,)),
        Rung(2, Span(5), hour, (Role.ADVISOR,)),
        Rung(3, Span(20), hour, (Role.DECISION_PANEL,)),
    )
    policy = Policy(version="short", ladder=ladder, escalation=Escalation(recovery_level=2, decision_level=3))
    story = late(5, policy)
    assert PLAN_OWED in story.owes
    asked = [fact for fact in story.later(days=10) if isinstance(fact, DecisionDue)]
    assert [(fact.level, fact.days_late) for fact in asked] == [(3, 9)], "level two stood unanswered"


def test_a_decision_may_be_the_first_thing_asked_about_no_cooperation() -> None:
    ladder = Policy().ladder[:2]
    policy = Policy(version="two", ladder=ladder, escalation=Escalation(recovery_level=1, decision_level=2))
    story = a_case(policy=policy)
    (asked,) = (fact for fact in story.later(days=22) if isinstance(fact, DecisionDue))
    assert (asked.obligation, asked.level) == ("review", 2)
    decided = {"obligation": "review", "consequence": Consequence.PUBLICATION, "reason": NOTE}
    story.order(RUTH, DecideConsequence, **decided)
    assert escalation_level(story.finding) == 2


def test_after_an_outage_every_step_is_taken_in_order_and_the_panel_is_asked_last() -> None:
    story = a_case()
    story.commit(story.action(days=10))
    facts = [fact for fact in story.outage(days=120) if getattr(fact, "obligation", "") == ACTION]
    ladder = [fact for fact in facts if isinstance(fact, Escalated | DecisionDue)]
    assert [fact.level for fact in ladder] == [1, 2, 3, 4, 5]
    assert [type(fact) for fact in ladder] == [Escalated] * 4 + [DecisionDue]
    assert [fact.scheduled for fact in ladder] == sorted(fact.scheduled for fact in ladder)
    assert [each for each in ladder if getattr(each, "recovery_plan_by", None)] == [ladder[2]]
    assert len(facts) == len(ladder) + 1, "and one reminder"
    assert {PLAN_OWED, DECISION} <= story.owes
    assert story.keep_time() == ()
