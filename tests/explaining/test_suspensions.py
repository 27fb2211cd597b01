"""A suspension explains itself: in the dates that it moved, and in the steps that waited for it."""

from dataclasses import replace
from datetime import date

from remediation.explaining import Lines, recount, why_due, why_fix_by, why_sent
from remediation.explaining.lines import (
    Counted,
    Extended,
    NotWhileSuspended,
    Resumes,
    SuspensionAdded,
    kind,
)
from remediation.facts import Escalated, Reminded, Resumed
from remediation.forecast import forecast
from remediation.obligations import obligations
from remediation.orders import (
    Acknowledge,
    Amend,
    CosignExtension,
    CountersignSuspension,
    DecideDispute,
    DecideExtension,
    Dispute,
    EndSuspension,
    RemainingAction,
    RequestExtension,
    Snooze,
    Suspend,
)
from remediation.policy import Policy, Rung, Windows
from remediation.spans import Span, Unit
from remediation.words import DisputeOutcome, Duty, Role, Severity, SuspensionCause, Verdict
from service.explaining import told
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DHAKA,
    FIRST,
    NOTE,
    RESTFUL,
    TOMAS,
    Story,
    a_case,
    a_confirmed_alarm,
    fact_of,
)
from tests.rules.reprojecting import IN_WORKING_DAYS, confirm
from tests.rules.situations import SITUATIONS

STRIKE = "Suspended from Monday 2 March 2026 to Friday 13 March 2026 because of a strike: {}."


def suspended(story: Story, days: int = 11, cause: SuspensionCause = SuspensionCause.STRIKE) -> Story:
    story.order(CHLOE, Suspend, cause=cause, until=story.day(days), reason=NOTE)
    story.order(TOMAS, CountersignSuspension)
    return story


def why(story: Story, key: str) -> list[str]:
    """Explain what is owed, and hold the lines to the date."""
    owed = story.owed(key)
    assert owed is not None
    lines = why_due(owed, story.finding, [(each.at, fact_of(each)) for each in story.entries])
    assert recount(lines, story.finding.calendar) == owed.due
    return [told(line, story.finding.calendar) for line in lines]


def why_step(story: Story, level: int) -> list[str]:
    """Explain the next step of a level in sentences."""
    return [told(line, story.finding.calendar) for line in lines_of_step(story, level)]


def lines_of_step(story: Story, level: int) -> Lines:
    """Explain the next step of a level, and hold the lines to its instant."""
    ahead = forecast(story.case, story.finding.calendar.end_of(story.day(120)))
    step = next(each for each in ahead if isinstance(each.fact, Escalated) and each.fact.level == level)
    assert isinstance(step.fact, Escalated)
    lines = why_sent(step.fact, step.before)
    assert recount(lines, story.finding.calendar) == step.fact.scheduled
    return lines


def test_a_moved_date_says_from_when_to_when_and_why() -> None:
    story = suspended(a_case())
    assert why(story, "review")[2:] == [STRIKE.format("12 days more")]
    story.later(days=2)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    three = "Suspended from Monday 2 March 2026 to Wednesday 4 March 2026 because of a strike: 3 days more."
    assert why(story, "review")[2:] == [three]
    fix_by = why_fix_by(story.finding, [(each.at, fact_of(each)) for each in story.entries])
    assert told(fix_by[-1], DHAKA) == three


def test_every_cause_is_named() -> None:
    said = [why(suspended(a_case(), 1, cause), "review")[-1] for cause in SuspensionCause]
    causes = [line.partition(" because ")[2].partition(":")[0] for line in said]
    assert causes == ["a permit was pending", "parts were on order", "of a strike", "of a flood"]


def test_what_was_late_before_says_nothing_of_it() -> None:
    story = a_case()
    story.later(days=22)
    suspended(story)
    assert len(why(story, "review")) == 2


def test_the_days_of_a_dispute_stand_between_suspensions_where_they_belong() -> None:
    story = suspended(a_case(), 1)
    story.later(days=3)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=4)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    suspended(story, 2)
    said = why(story, "review")[2:]
    assert [line.rpartition(": ")[2] for line in said] == [
        "2 days more.",
        "The dispute took 4 days, which are added.",
        "3 days more.",
    ]


def test_a_promise_tells_its_moves_in_their_order() -> None:
    story = suspended(a_case().commit(), 5)
    story.later(days=6)
    story.order(
        AMINA, RequestExtension, actions=(FIRST,), until=story.day(70), reason=NOTE, interim_protection=NOTE
    )
    story.order(BAO, CosignExtension)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    suspended(story, 9)
    story.later(days=3)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    assert why(story, "action:a1") == [
        "Promised for Friday 1 May 2026 in the commitment of Monday 2 March 2026.",
        "Suspended from Monday 2 March 2026 to Saturday 7 March 2026 because of a strike: 6 days more.",
        "An extension granted on Sunday 8 March 2026 moved it by 10 days.",
        "Suspended from Sunday 8 March 2026 to Wednesday 11 March 2026 because of a strike: 4 days more.",
    ]


def lines_of(story: Story) -> Lines:
    """Explain when the first action is due, and hold the lines to the date."""
    owed = story.owed("action:a1")
    assert owed is not None
    lines = why_due(owed, story.finding, [(each.at, fact_of(each)) for each in story.entries])
    assert recount(lines, story.finding.calendar) == owed.due
    return lines


def seen_undone(story: Story) -> Story:
    """Let Bao report the fix, and Erik find the first action undone."""
    story.fix()
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(30)),))
    return story


def test_what_was_done_before_a_suspension_was_not_moved_by_it() -> None:
    story = suspended(a_case().commit().do(), 5)
    assert [kind(line) for line in lines_of(seen_undone(story))] == ["promised", "set_anew"]


def test_a_report_ends_the_suspension_of_a_promise_early() -> None:
    story = suspended(a_case().commit(), 11)
    story.later(days=2)
    _, moved, _ = lines_of(seen_undone(story))
    assert isinstance(moved, SuspensionAdded)
    assert (moved.last, moved.days) == (story.day(), 3)


def test_a_suspension_that_is_over_is_not_changed_by_a_later_report() -> None:
    story = suspended(a_case().commit(), 3)
    story.later(days=9)
    _, moved, _ = lines_of(seen_undone(story))
    assert isinstance(moved, SuspensionAdded)
    assert moved.days == 4


def test_what_was_found_undone_is_suspended_from_its_new_day() -> None:
    story = suspended(seen_undone(a_case().commit()), 3)
    assert [kind(line) for line in lines_of(story)] == ["promised", "set_anew", "suspension_added"]


def test_a_promise_that_is_late_as_a_suspension_begins_was_not_moved_by_it() -> None:
    story = a_case().commit(a_case().action(days=3))
    story.later(days=3, hours=14)
    suspended(story, 3)
    assert [kind(line) for line in lines_of(story)] == ["promised"]


def test_an_extension_after_a_suspension_that_ended_early_counts_from_where_the_promise_stands() -> None:
    story = suspended(a_case().commit(), 9)
    story.later(days=2)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    until = story.day(70)
    story.order(AMINA, RequestExtension, actions=(FIRST,), until=until, reason=NOTE, interim_protection=NOTE)
    story.order(BAO, CosignExtension)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    assert lines_of(story)[-1] == Extended(days=9, to=until, granted_at=story.now)


def test_a_review_that_is_late_as_a_suspension_begins_was_not_moved_by_it() -> None:
    story = a_case()
    story.later(days=21, hours=14)
    suspended(story, 3)
    assert len(why(story, "review")) == 2


def test_a_dispute_stands_after_all_suspensions_before_it() -> None:
    story = suspended(a_case(), 1)
    story.later(days=3)
    suspended(story, 1)
    story.later(days=3)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=4)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert [line.partition(" ")[0] for line in why(story, "review")[2:]] == ["Suspended", "Suspended", "The"]


def test_a_correction_during_a_suspension_leaves_it_before_a_dispute() -> None:
    story = suspended(a_case("minor"), 1)
    story.later(days=3)
    suspended(story, 6)
    story.later(days=2)
    story.order(CHLOE, Amend, severity=Severity.MAJOR, note=NOTE)
    story.later(days=6)
    story.order(AMINA, Dispute, reason=NOTE)
    story.later(days=4)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE)
    assert [line.partition(" ")[0] for line in why(story, "review")[2:]] == ["Suspended", "The"]


def test_a_report_due_on_the_day_that_was_promised_says_nothing_of_it() -> None:
    assert len(why(a_case().commit(a_case().action(days=7)).do(), "report_fix")) == 2


def test_a_decision_on_a_recovery_plan_tells_the_days_that_do_not_count() -> None:
    story = SITUATIONS["recovery plan filed"]()
    owed = next(each for each in obligations(story.finding) if each.duty is Duty.DECIDE_RECOVERY_PLAN)
    restful = replace(story.finding, calendar=RESTFUL)
    _, counted = why_due(owed, restful, [(each.at, fact_of(each)) for each in story.entries])
    assert isinstance(counted, Counted)
    assert len(counted.skipped) == 1


def test_a_verification_is_explained_by_the_severity_at_which_the_fix_was_reported() -> None:
    story = a_confirmed_alarm()
    story.order(AMINA, Dispute, reason=NOTE)
    story.commit(story.action(days=10)).fix()
    partly = {"outcome": DisputeOutcome.PARTLY, "severity": Severity.MAJOR, "reason": NOTE}
    story.order(TOMAS, DecideDispute, **partly)
    assert why(story, "verify")


def test_a_day_that_people_gave_meanwhile_is_not_taken_back() -> None:
    story = suspended(a_case().commit(), 9)
    story.order(
        AMINA, RequestExtension, actions=(FIRST,), until=story.day(80), reason=NOTE, interim_protection=NOTE
    )
    story.order(BAO, CosignExtension)
    story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    assert [line.partition(" ")[0] for line in why(story, "action:a1")] == ["Promised", "Suspended", "An"]


def test_a_request_says_from_when_it_is_counted() -> None:
    story = a_case()
    story.order(CHLOE, Suspend, cause=SuspensionCause.FLOOD, until=story.day(9), reason=NOTE)
    assert why(story, "decide_suspension") == [
        "The suspension was asked for on Monday 2 March 2026, 10:00.",
        "Policy default-1 gives 5 working days (decide).",
    ]


def test_the_report_tells_what_was_suspended() -> None:
    story = a_case().commit(a_case().action(days=1)).do()
    suspended(story)
    assert why(story, "report_fix")[2:] == [STRIKE.format("12 days more")]


def test_a_step_tells_the_days_that_do_not_count() -> None:
    story = a_case().commit(a_case().action(days=0))
    story.later(days=2)
    suspended(story, 9)
    assert why_step(story, 2) == [
        "It is due by the end of Monday 2 March 2026.",
        "7 days after the due day.",
        STRIKE.replace("Monday 2", "Wednesday 4").format("10 days not counted"),
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_a_step_in_working_days_tells_the_working_days_that_do_not_count() -> None:
    rungs = tuple(
        replace(rung, after=Span(rung.after.amount, Unit.WORKING_DAYS)) for rung in Policy().ladder[:2]
    )
    story = a_case(calendar=RESTFUL, policy=Policy(ladder=rungs))
    story.commit(story.action(days=0))
    story.later(days=2)
    suspended(story, 9)
    assert why_step(story, 2)[2] == (
        "Suspended from Wednesday 4 March 2026 to Friday 13 March 2026 because of a strike: "
        "8 working days not counted."
    )


def test_a_step_off_a_rest_day_goes_past_the_suspension() -> None:
    story = a_case(calendar=RESTFUL)
    story.commit(story.action(days=10))
    story.later(days=11, hours=15)
    suspended(story, 5)
    assert why_step(story, 1)[1:] == [
        "1 day after the due day.",
        "Moved later, off the rest day Friday 13 March 2026.",
        "Not while it is suspended, up to Thursday 19 March 2026.",
        "Moved later, off the rest day Friday 20 March 2026.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_a_step_on_the_last_day_of_a_suspension_comes_after_it() -> None:
    story = a_case(calendar=RESTFUL)
    story.commit(story.action(days=10))
    story.later(days=11, hours=15)
    suspended(story, 0)
    assert why_step(story, 1)[2:4] == [
        "Moved later, off the rest day Friday 13 March 2026.",
        "Not while it is suspended, up to Saturday 14 March 2026.",
    ]
    told_of = NotWhileSuspended(cause=SuspensionCause.STRIKE, last=date(2026, 3, 14))
    assert told_of in lines_of_step(story, 1)


def test_a_step_past_one_suspension_and_put_off_past_another_tells_the_first() -> None:
    held = Policy(version="held", windows=Windows(acknowledgement=Span(30, Unit.WORKING_DAYS)))
    story = a_case(calendar=RESTFUL, policy=held)
    story.commit(story.action(days=11))
    story.later(days=20)
    story.order(CHLOE, Acknowledge, obligation="action:a1")
    story.order(CHLOE, Snooze, obligation="action:a1", days=5, reason=NOTE)
    story.later(days=12, hours=15)
    suspended(story, 0)
    story.later(days=2, hours=9)
    suspended(story, 1)
    assert why_step(story, 3)[2:] == [
        "Moved later, off the rest day Friday 3 April 2026.",
        "Not while it is suspended, up to Saturday 4 April 2026.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
        "Put off to Thursday 9 April 2026, 09:00.",
    ]


def test_what_has_expired_as_a_suspension_begins_was_not_moved_by_it() -> None:
    story = a_case().commit(a_case().action(days=0))
    story.later(days=10, hours=14)
    suspended(story, 9)
    assert why_step(story, 3)[1:] == [
        "Nobody acknowledges level 2 of Monday 9 March 2026, 09:00 within 3 working days: early.",
        "Not while it is suspended, up to Sunday 22 March 2026.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_an_unanswered_level_waits_for_the_clock_too() -> None:
    story = a_case().commit(a_case().action(days=0))
    story.later(days=8)
    suspended(story, 9)
    said = why_step(story, 3)
    assert said[1].startswith("Nobody acknowledges level 2")
    assert said[2].endswith("because of a strike: 10 days not counted.")


def test_a_suspension_that_is_over_keeps_nobody_from_acknowledging() -> None:
    story = suspended(a_case(), 1)
    story.later(days=3)
    story.commit(story.action(days=0))
    story.later(days=9)
    assert not any("uspended" in line for line in why_step(story, 3))


def test_a_ladder_in_hours_tells_it_as_a_date_does() -> None:
    ladder = (Rung(1, Span(10, Unit.HOURS), Span(1, Unit.HOURS), (Role.MANAGER,)),)
    story = a_case(policy=Policy(ladder=ladder))
    story.commit(story.action(days=0))
    story.later(hours=15)
    suspended(story, 4)
    assert why_step(story, 1)[2].endswith("because of a strike: 5 days more.")


def test_the_end_of_a_suspension_says_why_then() -> None:
    # Up to Thursday 12 March; Friday is a day of rest.
    story = suspended(a_case(calendar=RESTFUL), 10)
    first, *_ = forecast(story.case, RESTFUL.end_of(story.day(30)))
    assert isinstance(first.fact, Resumed)
    lines = why_sent(first.fact, first.before)
    assert recount(lines, RESTFUL) == first.at
    assert lines[0] == Resumes(cause=SuspensionCause.STRIKE, last=date(2026, 3, 12))
    assert [told(line, RESTFUL) for line in lines] == [
        "Suspended up to Thursday 12 March 2026: the clock runs again from the next day on.",
        "Moved later, off the rest day Friday 13 March 2026.",
        "At 09:00 on the factory's clock (Asia/Dhaka).",
    ]


def test_reminders_of_a_moved_date_count_from_it() -> None:
    story = suspended(a_case(), 9)
    first = next(
        each for each in forecast(story.case, DHAKA.end_of(story.day(60))) if isinstance(each.fact, Reminded)
    )
    assert isinstance(first.fact, Reminded)
    assert first.fact.due_day == date(2026, 4, 2)
    assert recount(why_sent(first.fact, first.before), DHAKA) == first.at


def test_of_a_suspension_before_a_re_projection_only_the_days_it_gave_are_told() -> None:
    story = suspended(a_case())
    story.later(days=2)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    story.later(days=1)
    confirm(story, policy=IN_WORKING_DAYS)
    given, moved = why(story, "review")[2:]
    assert given == "3 days that had been added before the re-projection on Thursday 5 March 2026."
    assert moved.startswith("A re-projection on Thursday 5 March 2026 moved it from Thursday 26 March 2026")
