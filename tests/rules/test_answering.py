"""Answers to the ladder: an acknowledgement that runs out, and a step that is put off for a reason."""

from datetime import UTC, date, datetime, time

import pytest

from remediation.calendar import Calendar
from remediation.facts import (
    Acknowledged,
    AcknowledgementEnding,
    AcknowledgementLapsed,
    Escalated,
    Fact,
    Snoozed,
)
from remediation.forecast import forecast
from remediation.notices import escalation_level
from remediation.orders import (
    Acknowledge,
    CosignExtension,
    CountersignSuspension,
    RecordProgress,
    RequestExtension,
    Sign,
    Snooze,
    Suspend,
)
from remediation.policy import Escalation, Policy, Windows
from remediation.spans import Span, Unit
from remediation.words import LetterKind, Role, SuspensionCause
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    FIRST,
    MONDAY,
    NOTE,
    OUTSIDER,
    PLAN,
    RESTFUL,
    TOMAS,
    Story,
    a_case,
    a_confirmed_alarm,
)

ACTION = "action:a1"


def at_level_two(calendar: Calendar = DHAKA, policy: Policy | None = None) -> Story:
    """Tell of an action that was due on day 10 and stands at level 2 from day 17 on."""
    story = a_case(calendar=calendar, policy=policy)
    story.commit(story.action(days=10))
    story.later(days=17)
    assert escalation_level(story.finding) == 2
    return story


def held_for(days: int) -> Policy:
    return Policy(version="held", windows=Windows(acknowledgement=Span(days, Unit.WORKING_DAYS)))


def about_levels(facts: tuple[Fact, ...]) -> list[tuple[str, int]]:
    kinds = Escalated | AcknowledgementEnding | AcknowledgementLapsed
    return [(type(fact).__name__, fact.level) for fact in facts if isinstance(fact, kinds)]


def test_an_acknowledgement_without_anything_done_counts_as_never_given() -> None:
    story = at_level_two()
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    assert about_levels(story.later(days=4)) == []
    facts = story.later(days=2)
    assert about_levels(facts) == [
        ("AcknowledgementEnding", 2),
        ("AcknowledgementLapsed", 2),
        ("Escalated", 3),
    ]
    lapsed, third = facts[-2:]
    assert isinstance(third, Escalated)
    assert isinstance(lapsed, AcknowledgementLapsed)
    assert lapsed.scheduled == third.scheduled == datetime(2026, 3, 25, 3, tzinfo=UTC), "in the morning"
    assert third.days_late == 13, "before its own day"


def test_who_acknowledged_is_told_on_the_last_day() -> None:
    story = at_level_two()
    story.order(TOMAS, Acknowledge, obligation=ACTION)
    (planned, *_) = [
        each
        for each in forecast(story.case, story.now.replace(year=2027))
        if each.letter.kind is LetterKind.ACKNOWLEDGEMENT_ENDING
    ]
    assert (planned.letter.role, planned.letter.person) == (Role.TEAM_LEADER, TOMAS)
    assert DHAKA.local(planned.at) == datetime.combine(date(2026, 3, 24), time(9))


def test_it_holds_for_working_days() -> None:
    # Level two on Thursday 19 March 2026; Friday 20 and Thursday 26 are no working days.
    story = at_level_two(RESTFUL)
    (seen,) = story.order(CHLOE, Acknowledge, obligation=ACTION)
    assert isinstance(seen, Acknowledged)
    assert seen.until == RESTFUL.end_of(date(2026, 3, 25))
    lapsed = next(fact for fact in story.later(days=30) if isinstance(fact, AcknowledgementLapsed))
    assert RESTFUL.local(lapsed.scheduled) == datetime.combine(date(2026, 3, 28), time(9))


def test_what_is_done_renews_it() -> None:
    story = at_level_two()
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    story.later(days=3)
    story.order(BAO, RecordProgress, action=FIRST, percent=40, slip_reason=NOTE)
    story.later(days=4)
    assert escalation_level(story.finding) == 2, "five days from the progress, not from the acknowledgement"
    assert about_levels(story.later(days=2))[-1] == ("Escalated", 3)


def test_nothing_done_about_something_else_renews_it() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=10), story.action("a2", days=60))
    story.later(days=17)
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    story.later(days=3)
    story.order(BAO, RecordProgress, action="a2", percent=40)
    assert ("Escalated", 3) in about_levels(story.later(days=3))


def test_the_committees_work_renews_the_acknowledgement_of_a_missing_commitment() -> None:
    story = a_case()
    story.later(days=31)
    story.order(CHLOE, Acknowledge, obligation="commit")
    story.later(days=4)
    story.propose(actions=(story.action(days=20),))
    assert about_levels(story.later(days=4)) == []
    story.order(AMINA, Sign, revision=PLAN)
    assert ("Escalated", 3) not in about_levels(story.later(days=4))


def test_at_other_levels_it_lapses_without_a_step() -> None:
    story = at_level_two()
    story.later(days=20)
    assert escalation_level(story.finding) == 3
    story.order(TOMAS, Acknowledge, obligation=ACTION)
    assert about_levels(story.later(days=7)) == [("AcknowledgementEnding", 3), ("AcknowledgementLapsed", 3)]
    story.order(TOMAS, Acknowledge, obligation=ACTION)


def test_a_step_that_comes_on_its_own_day_ends_it_without_a_word() -> None:
    story = at_level_two(policy=held_for(20))
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    assert about_levels(story.later(days=30)) == [("Escalated", 3)]


def test_each_level_asks_anew_also_of_who_acknowledged_the_one_before() -> None:
    story = at_level_two(policy=held_for(20))
    story.order(TOMAS, Acknowledge, obligation=ACTION)
    assert story.refused(TOMAS, Acknowledge, obligation=ACTION) == "already_done"
    story.later(days=30)
    (seen,) = story.order(TOMAS, Acknowledge, obligation=ACTION)
    assert isinstance(seen, Acknowledged)
    assert seen.level == 3


def test_what_is_done_later_does_not_bring_back_an_acknowledgement_that_has_run_out() -> None:
    story = at_level_two()
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    (put_off,) = story.order(CHLOE, Snooze, obligation=ACTION, days=5, reason=NOTE)
    assert isinstance(put_off, Snoozed)
    assert ("AcknowledgementLapsed", 2) in about_levels(story.later(days=7))
    story.order(BAO, RecordProgress, action=FIRST, percent=40, slip_reason=NOTE)
    (third,) = (fact for fact in story.later(days=30) if isinstance(fact, Escalated))
    assert (third.level, third.scheduled) == (3, put_off.until)


def test_asking_the_decision_panel_ends_it_without_a_word() -> None:
    story = at_level_two(policy=held_for(3))
    story.later(days=81)
    assert escalation_level(story.finding) == 4
    story.order(TOMAS, Acknowledge, obligation=ACTION)
    asked = story.later(days=12)
    assert "DecisionDue" in {type(fact).__name__ for fact in asked}
    assert about_levels(asked) == []


def test_after_an_outage_nothing_runs_out_that_the_next_level_ended() -> None:
    story = at_level_two(policy=held_for(20))
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    assert about_levels(story.outage(days=60)) == [("Escalated", 3), ("Escalated", 4)]


def test_under_zero_tolerance_it_neither_runs_out_nor_waits() -> None:
    story = a_confirmed_alarm()
    story.later(days=3)
    (seen,) = story.order(CHLOE, Acknowledge, obligation="contain")
    assert isinstance(seen, Acknowledged)
    assert seen.until is None
    assert {name for name, _ in about_levels(story.later(days=40))} == {"Escalated"}
    assert story.refused(CHLOE, Snooze, obligation="contain", days=1, reason=NOTE) == "snooze_limit"


def test_the_next_step_is_put_off_by_working_days() -> None:
    story = at_level_two(RESTFUL)
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    (put_off,) = story.order(CHLOE, Snooze, obligation=ACTION, days=3, reason=NOTE)
    # It would have come on Saturday 28 March 2026, when the acknowledgement had run out.
    assert put_off == Snoozed(
        obligation=ACTION,
        level=2,
        next_level=3,
        days=3,
        until=RESTFUL.instant(date(2026, 3, 31), time(9)),
        reason=NOTE,
    )
    third = next(fact for fact in story.later(days=40) if isinstance(fact, Escalated))
    assert (third.level, third.scheduled) == (3, put_off.until)


def test_a_level_that_was_not_acknowledged_is_put_off_too() -> None:
    story = at_level_two()
    (put_off,) = story.order(CHLOE, Snooze, obligation=ACTION, days=5, reason=NOTE)
    assert isinstance(put_off, Snoozed)
    assert put_off.until == DHAKA.instant(date(2026, 3, 28), time(9)), "three and five days on"
    assert [fact.scheduled for fact in story.later(days=20) if isinstance(fact, Escalated)] == [put_off.until]


def test_a_step_is_put_off_once_a_level_and_for_a_few_days() -> None:
    story = at_level_two()
    wait: dict[str, object] = {"obligation": ACTION, "reason": NOTE}
    for days in (0, -1, 6):
        assert story.refused(CHLOE, Snooze, days=days, **wait) == "snooze_limit.days"
    for person in (AMINA, BAO, OUTSIDER):
        assert story.refused(person, Snooze, days=1, **wait) == "not_your_role"
    story.order(CHLOE, Snooze, days=1, **wait)
    assert story.refused(TOMAS, Snooze, days=1, **wait) == "snooze_limit"
    story.later(days=10)
    assert escalation_level(story.finding) == 3
    story.order(TOMAS, Snooze, days=5, **wait)


def test_a_policy_may_allow_no_snooze() -> None:
    story = at_level_two(policy=Policy(version="strict", escalation=Escalation(snooze=0)))
    assert story.refused(CHLOE, Snooze, obligation=ACTION, days=1, reason=NOTE) == "snooze_limit.days"


def test_only_what_is_escalated_and_has_a_step_ahead_is_put_off() -> None:
    wait: dict[str, object] = {"days": 1, "reason": NOTE}
    story = a_case().commit()
    assert story.refused(CHLOE, Snooze, obligation=ACTION, **wait) == "not_at_this_stage.obligation"
    story.later(days=60 + 91)
    assert story.refused(CHLOE, Snooze, obligation=ACTION, **wait) == "not_at_this_stage.obligation"


def test_the_programmes_own_delay_is_not_put_off() -> None:
    story = a_case().commit()
    asked = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
    story.order(BAO, CosignExtension)
    story.later(days=10)
    assert story.refused(CHLOE, Snooze, obligation="decide_extension", days=1, reason=NOTE) == "snooze_limit"


def test_an_acknowledgement_of_the_programmes_own_delay_runs_out_also_while_a_factory_stands_still() -> None:
    story = a_case().commit()
    asked = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
    story.order(BAO, CosignExtension)
    story.later(days=17)
    story.order(TOMAS, Acknowledge, obligation="decide_extension")
    story.order(CHLOE, Suspend, cause=SuspensionCause.STRIKE, until=story.day(30), reason=NOTE)
    story.order(TOMAS, CountersignSuspension)
    lapsed = ("AcknowledgementLapsed", escalation_level(story.finding))
    assert lapsed in about_levels(story.later(days=9))


@pytest.mark.parametrize("days", [1, 5])
def test_what_is_put_off_is_foretold(days: int) -> None:
    story = at_level_two()
    story.order(CHLOE, Snooze, obligation=ACTION, days=days, reason=NOTE)
    foretold = next(
        each.at
        for each in forecast(story.case, MONDAY.replace(year=2027))
        if isinstance(each.fact, Escalated)
    )
    assert foretold == DHAKA.instant(date(2026, 3, 23 + days), time(9))
