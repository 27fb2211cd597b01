"""Which dates a suspension moves, and which stay."""

from dataclasses import replace
from datetime import timedelta

from remediation.facts import Suspended
from remediation.orders import (
    AcceptRecoveryPlan,
    CosignExtension,
    EndSuspension,
    FileRecoveryPlan,
    RequestExtension,
)
from remediation.policy import Policy, Rung
from remediation.spans import Span, Unit
from remediation.words import Role, Severity
from tests.rules.cast import AMINA, ASHA, BAO, CHLOE, DHAKA, FIRST, NOTE, SECOND, TOMAS, a_case
from tests.rules.suspending import ACTION, LATE, climbed, notices, promised, steps, suspended


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


def test_what_is_missed_at_the_instant_of_the_countersignature_is_late_and_stays() -> None:
    midnight = {"hours": 14}
    story = promised(days=10)
    story.later(days=10, **midnight)
    due = story.due_day(ACTION)
    assert story.now == story.finding.calendar.end_of(due)
    assert story.due_day(ACTION) == suspended(story).due_day(ACTION) == due
    waiting = a_case()
    waiting.later(days=21, **midnight)
    review = waiting.due_day("review")
    assert waiting.now == waiting.finding.review_by
    assert suspended(waiting).due_day("review") == review
    done = promised(days=2)
    done.do()
    done.later(days=7, **midnight)
    report = done.due_day("report_fix")
    assert done.now == done.finding.calendar.end_of(report)
    assert suspended(done).due_day("report_fix") == report


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


def test_ending_a_suspension_early_takes_back_nothing_that_an_earlier_one_gave() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=5), story.action(SECOND, days=60))
    suspended(story, 3)
    late = story.due_day(ACTION)
    story.later(days=12)
    assert story.day() > late
    suspended(story, 9)
    story.later(days=2)
    story.order(CHLOE, EndSuspension, reason=NOTE)
    assert story.due_day(ACTION) == late


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


def test_the_hours_of_containments_ladder_run_on_too() -> None:
    terms = Policy().terms
    contained = {**terms, Severity.MAJOR: replace(terms[Severity.MAJOR], contain=Span(5))}
    ladder = (Rung(1, Span(10, Unit.HOURS), Span(1, Unit.HOURS), (Role.MANAGER,)),)
    story = a_case(policy=Policy(terms=contained, ladder=ladder))
    owed = story.owed("contain")
    assert owed is not None
    story.now = owed.due + timedelta(hours=1)
    suspended(story, 30)
    late = [fact for fact in climbed(story.later(days=10)) if fact.obligation == "contain"]
    assert [fact.scheduled - owed.due for fact in late] == [timedelta(hours=10)]


def test_a_recovery_plan_for_containment_is_over_on_its_day_though_the_clock_stands_still() -> None:
    terms = Policy().terms
    contained = {**terms, Severity.MAJOR: replace(terms[Severity.MAJOR], contain=Span(5))}
    story = a_case(policy=Policy(terms=contained))
    story.later(days=5 + 11)
    until = story.day(6)
    story.order(BAO, FileRecoveryPlan, obligation="contain", note=NOTE, until=until)
    story.order(TOMAS, AcceptRecoveryPlan, obligation="contain", reason=NOTE)
    suspended(story, 30)
    again = [fact for fact in climbed(story.later(days=10)) if fact.obligation == "contain"]
    assert [(fact.level, DHAKA.today(fact.scheduled)) for fact in again] == [(3, until + timedelta(days=1))]
