"""The ladder: who is told as lateness grows, when, and in which order."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from remediation.calendar import Calendar
from remediation.facts import Acknowledged, DecisionDue, Escalated
from remediation.ladder import ladder_ahead
from remediation.notices import escalation_level
from remediation.orders import (
    Acknowledge,
    AllowLaterDate,
    ConcurWithFix,
    NotifyAuthority,
    RecordProgress,
)
from remediation.policy import Policy, Rung
from remediation.spans import Span, Unit
from remediation.words import Duty, Lateness, PersonId, Role, Stage
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    DINA,
    FIRST,
    NOTE,
    OUTSIDER,
    PETRA,
    RESTFUL,
    SECOND,
    TOMAS,
    Story,
    a_case,
    a_confirmed_alarm,
)
from tests.rules.situations import SITUATIONS

ACTION = "action:a1"


@pytest.mark.parametrize(
    ("story", "key", "lateness"),
    [
        (lambda: a_case("collaborative").commit(), "progress_review", Lateness.NO_PROGRESS),
        (SITUATIONS["recovery plan owed"], f"recovery_plan:{ACTION}", Lateness.NO_COOPERATION),
    ],
)
def test_what_is_late_is_late_as_what_it_is(story: Callable[[], Story], key: str, lateness: Lateness) -> None:
    owed = story().owed(key)
    assert owed is not None
    assert owed.lateness is lateness


EVERYBODY_AT_ONE = (Role.ACTION_OWNER, Role.MANAGER, Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR)


def steps(story: Story, key: str = ACTION, **span: float) -> list[Escalated | DecisionDue]:
    facts = story.later(**span)
    return [fact for fact in facts if isinstance(fact, Escalated | DecisionDue) and fact.obligation == key]


def promised(*, days: int = 10, calendar: Calendar = DHAKA, policy: Policy | None = None) -> Story:
    story = a_case(calendar=calendar, policy=policy)
    return story.commit(story.action(days=days))


def acknowledged(story: Story, key: str = ACTION) -> None:
    story.order(CHLOE, Acknowledge, obligation=key)


def test_a_late_action_climbs_five_levels() -> None:
    story = promised(days=10)
    due_day = story.day(10)
    climbed = steps(story, days=10 + 7)
    acknowledged(story)
    climbed += steps(story, days=120)
    assert [(fact.level, fact.days_late) for fact in climbed] == [(1, 1), (2, 7), (3, 13), (4, 45), (5, 90)]
    assert [fact.told for fact in climbed] == [
        EVERYBODY_AT_ONE,
        (Role.ADVISOR,),
        (Role.TEAM_LEADER, Role.TOP_MANAGEMENT),
        (Role.PROGRAMME_MANAGER, Role.BUYER),
        (Role.DECISION_PANEL,),
    ]
    assert isinstance(climbed[-1], DecisionDue), "the last is for people to take"
    assert all(DHAKA.local(fact.scheduled).time() == time(9) for fact in climbed)
    assert {fact.due_day for fact in climbed} == {due_day}
    assert {fact.lateness for fact in climbed} == {Lateness.NO_PROGRESS}


def test_a_step_says_what_is_late_whose_it_is_and_when_it_was_due() -> None:
    story = promised(days=10)
    (first,) = steps(story, days=11)
    assert first == Escalated(
        obligation=ACTION,
        duty=Duty.ACTION,
        due=datetime(2026, 3, 12, 18, tzinfo=UTC),
        due_day=date(2026, 3, 12),
        level=1,
        lateness=Lateness.NO_PROGRESS,
        told=EVERYBODY_AT_ONE,
        owner=Role.ACTION_OWNER,
        person=BAO,
        days_late=1,
        scheduled=datetime(2026, 3, 13, 3, tzinfo=UTC),
    )


def test_zero_tolerance_climbs_by_exact_hours() -> None:
    story = a_confirmed_alarm()
    owed = story.owed("contain")
    assert owed is not None
    climbed = steps(story, "contain", days=30)
    hours = [(fact.level, (fact.scheduled - owed.due) / timedelta(hours=1)) for fact in climbed]
    assert hours == [(1, 4), (2, 24), (3, 72), (4, 168), (5, 336)]


@pytest.mark.parametrize(("key", "due"), [("review", 21), ("commit", 30)])
def test_a_missing_review_or_commitment_goes_straight_to_level_two(key: str, due: int) -> None:
    story = a_case()
    if key == "commit":
        story.propose()
    climbed = steps(story, key, days=due + 1)
    acknowledged(story, key)
    climbed += steps(story, key, days=100)
    assert [(fact.level, fact.days_late) for fact in climbed] == [(2, 1), (3, 7), (4, 45), (5, 90)]
    assert climbed[0].told == (Role.ADVISOR,)
    assert {fact.lateness for fact in climbed} == {Lateness.NO_COOPERATION}


def test_a_missing_review_under_zero_tolerance_is_at_level_two_after_four_hours() -> None:
    story = a_confirmed_alarm()
    owed = story.owed("review")
    assert owed is not None
    climbed = steps(story, "review", days=30)
    hours = [(fact.level, (fact.scheduled - owed.due) / timedelta(hours=1)) for fact in climbed]
    assert hours == [(2, 4), (3, 72), (4, 168), (5, 336)]


def test_the_programmes_own_lateness_is_told_within_the_programme() -> None:
    story = promised().fix()
    story.order(AMINA, ConcurWithFix)
    climbed = steps(story, "verify", days=100)
    assert [(fact.level, fact.days_late, fact.told) for fact in climbed] == [
        (1, 1, (Role.TEAM_LEADER,)),
        (2, 7, (Role.PROGRAMME_MANAGER,)),
    ]
    assert {fact.lateness for fact in climbed} == {Lateness.STAFF}


def test_the_programmes_own_ladder_begins_on_its_own_day() -> None:
    ladder = (Rung(1, Span(3), Span(2, Unit.HOURS), (Role.TEAM_LEADER,)),)
    story = promised(policy=Policy(staff_ladder=ladder)).fix()
    story.order(AMINA, ConcurWithFix)
    assert [fact.days_late for fact in steps(story, "verify", days=60)] == [3]
    alarm = a_case("zero_tolerance", policy=Policy(staff_ladder=ladder))
    owed = alarm.owed("confirm_alarm")
    assert owed is not None
    (step,) = steps(alarm, "confirm_alarm", days=3)
    assert step.scheduled == owed.due + timedelta(hours=2)


def test_the_programmes_hours_count_under_zero_tolerance() -> None:
    story = a_case("zero_tolerance")
    climbed = steps(story, "confirm_alarm", days=10)
    assert [(fact.level, fact.scheduled - story_due(story)) for fact in climbed] == [
        (1, timedelta(hours=4)),
        (2, timedelta(hours=24)),
    ]


def story_due(story: Story) -> datetime:
    owed = story.owed("confirm_alarm")
    assert owed is not None
    return owed.due


def test_steps_move_later_to_a_day_on_which_somebody_is_there() -> None:
    # Due on Thursday 12 March 2026: the day after is a Friday, a day of rest.
    story = promised(days=10, calendar=RESTFUL)
    climbed = steps(story, days=60)
    assert [RESTFUL.today(fact.scheduled) for fact in climbed] == [
        date(2026, 3, 14),
        date(2026, 3, 19),
        date(2026, 3, 24),
        date(2026, 4, 26),
    ]


def test_nobody_is_told_of_lateness_before_the_end_of_the_promised_local_day() -> None:
    story = promised(days=10)
    assert steps(story, days=10, hours=13, minutes=59) == [], "it is 23:59 in Dhaka"
    assert escalation_level(story.finding) == 0


def test_level_two_unanswered_for_three_working_days_is_level_three() -> None:
    story = promised(days=10)
    climbed = steps(story, days=10 + 7 + 5)
    assert [(fact.level, fact.days_late) for fact in climbed] == [(1, 1), (2, 7), (3, 11)]
    assert [fact.level for fact in steps(story, days=32)] == [], "level four keeps its own day"
    assert [fact.level for fact in steps(story, days=1)] == [4]


def test_the_three_days_are_working_days() -> None:
    # Level two on Monday 9 March 2026; Friday 13 is a day of rest.
    story = promised(days=0, calendar=RESTFUL)
    climbed = steps(story, days=20)
    assert [(fact.level, RESTFUL.today(fact.scheduled)) for fact in climbed][1:] == [
        (2, date(2026, 3, 9)),
        (3, date(2026, 3, 14)),
    ]


def test_an_acknowledged_level_two_waits_for_its_day() -> None:
    story = promised(days=10)
    steps(story, days=10 + 7)
    story.later(days=2)
    until = DHAKA.end_of(story.day(5))
    assert story.order(CHLOE, Acknowledge, obligation=ACTION) == (
        Acknowledged(obligation=ACTION, level=2, until=until),
    )
    assert steps(story, days=5) == [], "three days would have been over"


def test_an_unanswered_level_two_never_delays_level_three() -> None:
    slow = Policy()
    slow = replace(slow, windows=replace(slow.windows, acknowledge=Span(30)))
    story = promised(days=10, policy=slow)
    assert [(fact.level, fact.days_late) for fact in steps(story, days=35)][-1] == (3, 21)


def test_acknowledging_is_not_resolving() -> None:
    story = promised(days=10)
    steps(story, days=18)
    acknowledged(story)
    assert escalation_level(story.finding) == 2
    assert ACTION in story.owes


def test_who_acknowledges_what_and_how_often() -> None:
    story = promised(days=10)
    given = {"obligation": ACTION}
    assert story.refused(CHLOE, Acknowledge, **given) == "not_at_this_stage.obligation"
    assert story.refused(CHLOE, Acknowledge, obligation="nothing") == "not_at_this_stage.obligation"
    steps(story, days=11)
    for person in (AMINA, BAO, DINA, OUTSIDER):
        assert story.refused(person, Acknowledge, **given) == "not_your_role"
    story.order(TOMAS, Acknowledge, **given)
    assert story.refused(CHLOE, Acknowledge, **given) == "already_done"
    steps(story, days=6)
    story.order(PETRA, Acknowledge, **given)


def test_an_acknowledgement_is_of_one_obligation() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=10), story.action(SECOND, days=10))
    steps(story, days=18)
    acknowledged(story)
    assert {notice.obligation: notice.acknowledged for notice in story.finding.notices} == {
        "action:a1": True,
        "action:a2": False,
    }


def test_after_an_outage_no_step_is_skipped_or_merged() -> None:
    story = promised(days=10)
    facts = story.outage(days=60)
    climbed = [fact for fact in facts if isinstance(fact, Escalated)]
    assert [fact.level for fact in climbed] == [1, 2, 3, 4]
    assert [fact.scheduled for fact in climbed] == sorted(fact.scheduled for fact in climbed)
    assert {fact.days_late for fact in climbed} == {50}, "as late as it is when they are told"
    assert len(facts) == 5, "and one reminder"
    assert facts == tuple(sorted(facts, key=lambda fact: fact.scheduled))  # type: ignore[attr-defined]
    assert story.keep_time() == ()


def test_after_an_outage_the_advisor_has_three_days_from_the_telling() -> None:
    story = promised(days=10)
    story.outage(days=10 + 7 + 3)
    assert escalation_level(story.finding) == 2
    assert [(fact.level, fact.days_late) for fact in steps(story, days=5)] == [(3, 14)]


def test_no_order_overtakes_a_step_that_an_outage_delayed() -> None:
    story = promised(days=10)
    story.now += timedelta(days=20)
    evidence: dict[str, object] = {"percent": 100, "evidence": (NOTE,), "slip_reason": NOTE}
    facts = story.order(BAO, RecordProgress, action=FIRST, **evidence)
    assert len(facts) == 1, "the order's own facts bear its id, those of the clock do not"
    assert story.kinds[-4:] == ["escalated", "reminded", "escalated", "progress_recorded"]
    assert {entry.by for entry in story.entries[-4:-1]} == {"system"}


def test_a_step_is_not_taken_after_the_fix_is_accepted() -> None:
    story = promised(days=10).fix()
    story.verify()
    assert story.stage() is Stage.CLOSED
    kinds = {fact.lateness for fact in story.later(days=85) if isinstance(fact, Escalated)}
    assert kinds == set()


def test_what_is_done_leaves_the_ladder() -> None:
    story = promised(days=10)
    steps(story, days=40)
    assert escalation_level(story.finding) == 3
    story.do()
    assert escalation_level(story.finding) == 0
    assert escalation_level(a_case().finding) == 0


def test_the_level_of_a_finding_is_its_highest() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=10), story.action(SECOND, days=25))
    story.later(days=27)
    levels = {notice.obligation: notice.level for notice in story.finding.notices}
    assert levels == {"action:a1": 3, "action:a2": 1}
    assert escalation_level(story.finding) == 3


def test_notices_of_what_is_owed_no_more_are_let_go() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=10), story.action(SECOND, days=25))
    story.later(days=12)
    story.do(FIRST)
    story.later(days=12)
    assert [notice.obligation for notice in story.finding.notices] == ["action:a2"]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Span(10, Unit.WORKING_DAYS), datetime(2026, 3, 24, 3, tzinfo=UTC)),
        (Span(10, Unit.HOURS), datetime(2026, 3, 13, 4, tzinfo=UTC)),
        (Span(10), datetime(2026, 3, 22, 3, tzinfo=UTC)),
    ],
)
def test_a_programme_may_count_its_ladder_in_hours_or_working_days(after: Span, expected: datetime) -> None:
    ladder = (Rung(1, after, Span(1, Unit.HOURS), (Role.MANAGER,)),)
    story = promised(days=10, calendar=RESTFUL, policy=Policy(ladder=ladder))
    assert [fact.scheduled for fact in steps(story, days=60)] == [expected]


def test_a_later_rung_is_never_taken_before_an_earlier_one() -> None:
    ladder = (
        Rung(1, Span(20), Span(1, Unit.HOURS), (Role.MANAGER,)),
        Rung(2, Span(5), Span(1, Unit.HOURS), (Role.ADVISOR,)),
    )
    story = promised(days=10, policy=Policy(ladder=ladder))
    assert [(fact.level, fact.days_late) for fact in steps(story, days=60)] == [(1, 20), (2, 20)]


@pytest.mark.parametrize(("rungs", "levels"), [(0, []), (1, []), (2, [2]), (3, [2, 3])])
def test_a_short_ladder_is_climbed_as_far_as_it_goes(rungs: int, levels: list[int]) -> None:
    story = a_case(policy=Policy(ladder=Policy().ladder[:rungs]))
    assert [fact.level for fact in steps(story, "review", days=100)] == levels


def test_the_steps_ahead_are_known_in_order() -> None:
    story = promised(days=10)
    owed = story.owed(ACTION)
    assert owed is not None
    ahead = ladder_ahead(story.finding, owed)
    assert [step.rung.level for step in ahead] == [1, 2, 3, 4, 5]
    assert [(step.at - owed.due).days for step in ahead] == [0, 6, 20, 44, 89]
    steps(story, days=18)
    assert [step.rung.level for step in ladder_ahead(story.finding, owed)] == [3, 4, 5]


def test_the_factory_is_left_out_of_what_is_kept_from_it() -> None:
    told = (Role.MANAGER, Role.WORKER_CO_CHAIR, Role.TEAM_LEADER, Role.ACTION_OWNER, Role.TOP_MANAGEMENT)
    rung = Rung(1, Span(1), Span(1, Unit.HOURS), told)
    story = a_case("zero_tolerance", policy=Policy(staff_ladder=(rung,)))
    (fact,) = steps(story, "confirm_alarm", days=3)
    assert fact.told == (Role.TEAM_LEADER,)


def test_the_duty_to_notify_climbs_and_ends_with_the_notice() -> None:
    story = a_confirmed_alarm()
    assert [fact.level for fact in steps(story, "notify_authority", hours=43 + 5)] == [1]
    story.order(DINA, NotifyAuthority, note=NOTE)
    assert steps(story, "notify_authority", days=5) == []


def test_a_later_date_allowed_in_time_spares_the_ladder_nothing() -> None:
    story = a_case()
    story.order(CHLOE, AllowLaterDate, until=story.day(120), reason=NOTE)
    assert [fact.level for fact in steps(story, "review", days=22)] == [2]


def test_a_person_of_no_role_is_told_nothing() -> None:
    story = promised(days=10)
    told = {role for fact in steps(story, days=120) for role in fact.told}
    assert Role.OPERATOR not in told
    assert PersonId("outsider") not in {fact.person for fact in story.facts if isinstance(fact, Escalated)}
