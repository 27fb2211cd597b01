"""While the clock stands still, so do the answers to the ladder and what it has asked for."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from remediation.explaining import recount, why_due, why_sent
from remediation.facts import AcknowledgementEnding, AcknowledgementLapsed, Escalated, Fact, Snoozed
from remediation.forecast import forecast
from remediation.orders import (
    AcceptRecoveryPlan,
    Acknowledge,
    EndSuspension,
    FileRecoveryPlan,
    RecordProgress,
    Snooze,
)
from service.explaining import told
from tests.rules.cast import BAO, CHLOE, DHAKA, FIRST, MONDAY, NOTE, RESTFUL, TOMAS, Story
from tests.rules.situations import SITUATIONS
from tests.rules.suspending import suspended
from tests.rules.test_answering import ACTION, at_level_two

DAYS = 12
"""How long a suspension until the eleventh day from today is: both days count."""


def third(facts: tuple[Fact, ...]) -> date:
    """Give the local day on which level 3 comes."""
    (step,) = (fact for fact in facts if isinstance(fact, Escalated) and fact.level == 3)
    return DHAKA.today(step.scheduled)


def explained(story: Story) -> list[list[str]]:
    """Give why each step ahead comes when it comes, seen to add up."""
    calendar, every = story.finding.calendar, []
    for each in forecast(story.case, MONDAY.replace(year=2027)):
        if isinstance(each.fact, Escalated | AcknowledgementEnding):
            lines = why_sent(each.fact, each.before)
            assert recount(lines, calendar) == each.fact.scheduled
            every.append([told(line, calendar) for line in lines])
    return every


def test_an_acknowledgement_does_not_run_out_meanwhile() -> None:
    plain, still = at_level_two(), at_level_two()
    for story in (plain, still):
        story.order(CHLOE, Acknowledge, obligation=ACTION)
    suspended(still, 11)
    assert explained(still)
    facts = still.later(days=30)
    assert third(facts) == third(plain.later(days=30)) + timedelta(days=DAYS)
    kinds = [type(fact) for fact in facts if not isinstance(fact, Escalated)]
    assert {AcknowledgementEnding, AcknowledgementLapsed} < set(kinds)


def test_ended_early_the_acknowledgement_runs_out_earlier_too() -> None:
    plain, still = at_level_two(), at_level_two()
    for story in (plain, still):
        story.order(CHLOE, Acknowledge, obligation=ACTION)
    suspended(still, 11)
    still.later(days=3)
    still.order(CHLOE, EndSuspension, reason=NOTE)
    assert third(still.later(days=30)) == third(plain.later(days=30)) + timedelta(days=4)


def test_what_is_done_after_it_renews_the_acknowledgement_for_its_own_days_only() -> None:
    story = at_level_two()
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    suspended(story, 3)
    story.later(days=5)
    story.order(BAO, RecordProgress, action=FIRST, percent=40, slip_reason=NOTE)
    assert explained(story)
    worked = story.day()
    assert third(story.later(days=30)) == worked + timedelta(days=6), "five days, and then it is late"


def test_who_acknowledged_is_told_on_a_working_day() -> None:
    story = at_level_two(RESTFUL)
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    suspended(story, 8)
    (ending, *_) = (fact for fact in story.later(days=30) if isinstance(fact, AcknowledgementEnding))
    assert RESTFUL.last_day(ending.until) == date(2026, 4, 3), "a Friday"
    assert RESTFUL.today(ending.scheduled) == date(2026, 4, 2)


def test_the_warning_explains_that_it_was_moved_off_the_rest_day_and_off_no_other() -> None:
    story = at_level_two(replace(RESTFUL, holidays=(*RESTFUL.holidays, date(2026, 4, 1))))
    story.order(CHLOE, Acknowledge, obligation=ACTION)
    suspended(story, 8)
    assert explained(story)[0][1:] == [
        "Moved earlier, off the rest day Friday 3 April 2026.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_a_step_that_was_put_off_into_it_comes_after_it() -> None:
    story = at_level_two()
    story.order(CHLOE, Snooze, obligation=ACTION, days=5, reason=NOTE)
    story.later(days=5)
    suspended(story, 11)
    last = story.day(11)
    assert explained(story)[0][-3:-1] == [
        "Put off to Saturday 28 March 2026, 09:00.",
        "Not while it is suspended, up to Saturday 4 April 2026.",
    ]
    assert third(story.later(days=60)) == last + timedelta(days=1)


@pytest.mark.parametrize(("before", "after"), [(3, 0), (1, 2), (0, 4), (0, 0)])
def test_a_step_put_off_to_any_day_of_it_comes_after_its_last(before: int, after: int) -> None:
    story = at_level_two()
    (put_off,) = story.order(CHLOE, Snooze, obligation=ACTION, days=5, reason=NOTE)
    assert isinstance(put_off, Snoozed)
    story.now = put_off.until - timedelta(days=before, hours=1)
    suspended(story, before + after)
    assert third(story.later(days=30)) == DHAKA.today(put_off.until) + timedelta(days=after + 1)


def test_the_manager_has_the_days_for_a_plan_back() -> None:
    story = SITUATIONS["recovery plan owed"]()
    key = f"recovery_plan:{ACTION}"
    before = story.due_day(key)
    suspended(story, 11)
    assert story.due_day(key) == before + timedelta(days=DAYS)
    owed = story.owed(key)
    assert owed is not None
    history = [(entry.at, fact) for entry, fact in zip(story.entries, story.facts, strict=True)]
    assert recount(why_due(owed, story.finding, history), DHAKA) == owed.due


def test_the_ladder_waits_for_a_plans_last_day_that_much_longer() -> None:
    story = SITUATIONS["recovery plan owed"]()
    until = story.day(20)
    story.order(BAO, FileRecoveryPlan, obligation=ACTION, note=NOTE, until=until)
    story.order(TOMAS, AcceptRecoveryPlan, obligation=ACTION, reason=NOTE)
    suspended(story, 11)
    assert explained(story)[0][1].startswith("An accepted recovery plan runs until ")
    assert third(story.later(days=40)) == until + timedelta(days=DAYS + 1)
