"""Why a reminder or a step of the ladder comes when it comes, line by line."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from remediation.explaining import recount, why_sent
from remediation.facts import AcknowledgementLapsed, Escalated, Scheduled
from remediation.forecast import forecast
from remediation.orders import AcceptRecoveryPlan, Acknowledge, FileRecoveryPlan, Snooze
from remediation.policy import Policy, Reminders, Windows
from remediation.spans import Span, Unit
from service.explaining import told
from tests.rules.cast import BAO, CHLOE, DHAKA, NOTE, RESTFUL, TOMAS, Story, a_case
from tests.rules.situations import SITUATIONS


def ahead(story: Story, duty: str = "commit", **wanted: Any) -> list[str]:  # noqa: ANN401
    """Give the sentences of the first notice about a duty that is as wanted, seen to add up."""
    calendar = story.finding.calendar
    for planned in forecast(story.case, story.now + timedelta(days=400)):
        fact = planned.fact
        assert isinstance(fact, Scheduled)
        lines = why_sent(fact, planned.before)
        assert recount(lines, calendar) == fact.scheduled
        if fact.duty == duty and all(getattr(fact, name, None) == value for name, value in wanted.items()):
            return [told(line, calendar) for line in lines]
    message = f"no {wanted} of {duty}"
    raise AssertionError(message)


def a_policy(after: Span) -> Policy:
    """Give a policy whose level 3 is reached at a length of time after the date."""
    ladder = (replace(rung, after=after) if rung.level == 3 else rung for rung in Policy().ladder)
    return Policy(ladder=tuple(ladder))


def test_a_reminder_is_so_many_days_before_the_date() -> None:
    assert ahead(a_case(), step="T-14") == [
        "It is due by the end of Wednesday 1 April 2026.",
        "14 days before the due day.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]
    assert ahead(a_case(), step="T+0")[1] == "On the due day itself."
    assert ahead(a_case(), step="T+7")[1] == "7 days after the due day."
    assert ahead(a_case(), step="T-1")[1] == "1 day before the due day."


def test_a_reminder_comes_earlier_rather_than_on_a_holiday() -> None:
    holidays = (date(2026, 3, 25), date(2026, 3, 24))
    story = a_case(calendar=replace(DHAKA, holidays=holidays))
    assert ahead(story, step="T-9")[1:3] == [
        "7 days before the due day.",
        "Moved earlier, off the holiday Tuesday 24 March 2026, the holiday Wednesday 25 March 2026.",
    ]


def test_a_step_of_the_ladder_comes_later_rather_than_on_a_rest_day() -> None:
    story = a_case(calendar=replace(RESTFUL, rest_days=(4,)))
    assert ahead(story, level=2) == [
        "It is due by the end of Wednesday 1 April 2026.",
        "1 day after the due day.",
        "Moved later, off the rest day Thursday 2 April 2026.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_level_three_comes_early_where_nobody_acknowledges_level_two() -> None:
    story = a_case()
    assert ahead(story, level=3)[1] == (
        "Nobody acknowledges level 2 of Thursday 2 April 2026, 09:00 within 3 working days: early."
    )
    rested = a_case(calendar=replace(RESTFUL, rest_days=(1, 7)))
    assert ahead(rested, level=3)[1:3] == [
        (
            "Nobody acknowledges level 2 of Thursday 2 April 2026, 09:00 within 3 working days, "
            "not counted the rest day Sunday 5 April 2026, the rest day Monday 6 April 2026: early."
        ),
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]
    story.later(days=32)
    story.order(CHLOE, Acknowledge, obligation="commit")
    assert ahead(story, level=3)[1:] == [
        "Level 2 was acknowledged; nothing is done by the end of Wednesday 8 April 2026: early.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]
    assert ahead(story, level=4)[1] == "45 days after the due day."


def test_an_acknowledgement_that_holds_long_lets_level_three_wait_for_its_day() -> None:
    held = Windows(acknowledgement=Span(30, Unit.WORKING_DAYS))
    story = a_case(policy=Policy(version="held", windows=held))
    story.later(days=32)
    story.order(CHLOE, Acknowledge, obligation="commit")
    assert ahead(story, level=3)[1] == "21 days after the due day."


def test_who_acknowledged_is_told_on_the_last_day_that_it_holds() -> None:
    story = a_case()
    story.later(days=32)
    story.order(CHLOE, Acknowledge, obligation="commit")
    assert ahead(story, level=2, person=CHLOE) == [
        "Level 2 was acknowledged, which holds until the end of Wednesday 8 April 2026.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_a_step_that_was_put_off_says_so() -> None:
    story = a_case()
    story.later(days=32)
    story.order(CHLOE, Snooze, obligation="commit", days=2, reason=NOTE)
    assert ahead(story, level=3)[-1] == "Put off to Wednesday 8 April 2026, 09:00."
    assert ahead(story, level=4)[1] == "45 days after the due day.", "which lies later anyway"


def test_an_acknowledgement_that_ran_out_while_the_step_was_put_off_is_told_as_it_was() -> None:
    story = a_case()
    story.later(days=32)
    story.order(CHLOE, Acknowledge, obligation="commit")
    story.later(days=4)
    story.order(CHLOE, Snooze, obligation="commit", days=5, reason=NOTE)
    story.later(days=4)
    assert AcknowledgementLapsed in {type(fact) for fact in story.facts}
    assert ahead(story, level=3)[1:] == [
        "Level 2 was acknowledged; nothing is done by the end of Wednesday 8 April 2026: early.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
        "Put off to Tuesday 14 April 2026, 09:00.",
    ]


def test_after_an_accepted_recovery_plan_the_ladder_counts_from_its_last_day() -> None:
    story = a_case()
    story.later(days=60)
    about = {"obligation": "commit"}
    story.order(BAO, FileRecoveryPlan, **about, note=NOTE, until=story.day(20))
    story.order(TOMAS, AcceptRecoveryPlan, **about, reason=NOTE)
    assert ahead(story, level=3) == [
        "It is due by the end of Wednesday 1 April 2026.",
        "An accepted recovery plan runs until Thursday 21 May 2026: the ladder counts from there.",
        "1 day after the due day.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_a_policy_may_count_the_ladder_in_working_days_or_hours() -> None:
    story = a_case(policy=a_policy(Span(2, Unit.WORKING_DAYS)), calendar=replace(RESTFUL, rest_days=(4,)))
    assert ahead(story, level=3)[1] == (
        "2 working days after the due day, not counted the rest day Thursday 2 April 2026."
    )
    hours = a_case(policy=a_policy(Span(50, Unit.HOURS)))
    assert ahead(hours, level=3)[1] == "Policy default-1 gives 50 hours (level 3)."


def test_under_zero_tolerance_the_ladder_counts_hours() -> None:
    assert ahead(a_case("zero_tolerance"), "confirm_alarm", level=1) == [
        "It is due by Tuesday 3 March 2026, 10:00.",
        "Policy default-1 gives 4 hours (level 1).",
    ]


def test_under_zero_tolerance_too_it_counts_from_the_last_day_of_an_accepted_plan() -> None:
    story = SITUATIONS["alarm confirmed"]()
    story.later(days=6)
    about = {"obligation": "review"}
    story.order(BAO, FileRecoveryPlan, **about, note=NOTE, until=story.day(10))
    story.order(TOMAS, AcceptRecoveryPlan, **about, reason=NOTE)
    assert ahead(story, "review", level=3) == [
        "An accepted recovery plan runs until Wednesday 18 March 2026: the ladder counts from there.",
        "Policy default-1 gives 4 hours (level 3).",
    ]


def test_where_it_counts_working_days_it_tells_those_left_out() -> None:
    ladder = tuple(
        replace(rung, urgent_after=Span(rung.level, Unit.WORKING_DAYS)) for rung in Policy().staff_ladder
    )
    story = a_case(
        "zero_tolerance", policy=Policy(staff_ladder=ladder), calendar=replace(DHAKA, rest_days=(3,))
    )
    assert ahead(story, "confirm_alarm", level=1) == [
        "It is due by Tuesday 3 March 2026, 10:00.",
        "Policy default-1 gives 1 working day (level 1), not counted the rest day Wednesday 4 March 2026.",
    ]


def test_no_step_comes_before_the_one_below() -> None:
    story = a_case(policy=a_policy(Span(1, Unit.HOURS)))
    before, calendar = story.finding, story.finding.calendar
    facts = [fact for fact in story.outage(days=40) if isinstance(fact, Escalated)]
    facts = [fact for fact in facts if fact.duty == "commit"]
    assert [fact.level for fact in facts] == [2, 3]
    sentences = [told(line, calendar) for line in why_sent(facts[1], before)]
    assert recount(why_sent(facts[1], before), calendar) == facts[1].scheduled == facts[0].scheduled
    assert sentences[-1] == "Not before what it follows on, Thursday 2 April 2026, 09:00."


def test_reminders_that_meet_on_one_day_are_one() -> None:
    rule = Reminders(before=(2, 1), every=1, at=time(7))
    holidays = (date(2026, 3, 31), date(2026, 4, 3))
    story = a_case(policy=Policy(reminders=rule), calendar=replace(DHAKA, holidays=holidays))
    assert ahead(story, step="T-2")[1] == "2 days before the due day."
    assert ahead(story, step="T+1")[1] == "1 day after the due day."


def test_a_weekly_reminder_that_comes_early_names_its_own_week_and_the_days_it_avoids_alone() -> None:
    # Due on Wednesday 1 April 2026.
    holidays = (date(2026, 4, 13), date(2026, 4, 15))
    story = a_case(calendar=replace(DHAKA, holidays=holidays))
    assert ahead(story, step="T+13")[1:3] == [
        "14 days after the due day.",
        "Moved earlier, off the holiday Wednesday 15 April 2026.",
    ]


def test_a_step_that_moves_later_names_the_days_it_avoids_alone() -> None:
    story = a_case(calendar=replace(DHAKA, rest_days=(4, 6)))
    assert ahead(story, level=2)[2] == "Moved later, off the rest day Thursday 2 April 2026."


def test_working_days_are_counted_from_the_day_after_the_date() -> None:
    story = a_case(policy=a_policy(Span(2, Unit.WORKING_DAYS)), calendar=replace(DHAKA, rest_days=(3,)))
    assert ahead(story, level=3)[:2] == [
        "It is due by the end of Wednesday 1 April 2026.",
        "2 working days after the due day.",
    ]


def test_a_step_at_the_instant_of_the_one_below_is_explained_by_its_own_day() -> None:
    assert ahead(a_case(policy=a_policy(Span(1))), level=3) == [
        "It is due by the end of Wednesday 1 April 2026.",
        "1 day after the due day.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_an_acknowledgement_that_holds_for_longer_than_a_step_was_put_off_explains_it_alone() -> None:
    story = a_case()
    story.later(days=32)
    story.order(CHLOE, Snooze, obligation="commit", days=1, reason=NOTE)
    story.order(CHLOE, Acknowledge, obligation="commit")
    assert ahead(story, level=3)[1:] == [
        "Level 2 was acknowledged; nothing is done by the end of Wednesday 8 April 2026: early.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]
