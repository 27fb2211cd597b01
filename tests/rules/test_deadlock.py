"""The sides cannot agree: mediation, and an interim plan that is marked as not agreed."""

from dataclasses import replace

import pytest

from remediation.facts import Committed, DeadlockDeclared, MediationClosed
from remediation.orders import (
    CloseMediation,
    DeclareDeadlock,
    FileInterimPlan,
    Propose,
    RequestExtension,
    Sign,
)
from remediation.words import Digest, PersonId, Role, Side, Stage
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    FIRST,
    NOTE,
    OUTSIDER,
    PLAN,
    SECOND,
    TOMAS,
    Story,
    a_case,
)

INTERIM = Digest("interim")


def a_deadlock() -> Story:
    story = a_case()
    story.propose()
    story.order(AMINA, DeclareDeadlock, reason=NOTE)
    return story


def an_interim_plan(*, days: int = 20) -> Story:
    story = a_deadlock()
    story.order(BAO, FileInterimPlan, revision=INTERIM, actions=(story.action(days=days),))
    return story


@pytest.mark.parametrize(("person", "side"), [(ASHA, Side.WORKER), (BINH, Side.MANAGEMENT)])
def test_either_side_declares_a_deadlock_and_the_advisor_mediates_in_fourteen_days(
    person: PersonId, side: Side
) -> None:
    story = a_case()
    story.propose()
    (fact,) = story.order(person, DeclareDeadlock, reason=NOTE)
    by = story.finding.calendar.end_of(story.day(14))
    assert fact == DeadlockDeclared(side=side, reason=NOTE, mediate_by=by)
    assert story.due_day("mediate") == story.day(14)
    assert story.owes == {"commit", "mediate"}


def test_a_deadlock_needs_a_review_a_seat_and_is_declared_once() -> None:
    assert a_case().refused(AMINA, DeclareDeadlock, reason=NOTE) == "not_at_this_stage"
    story = a_deadlock()
    assert story.refused(BAO, DeclareDeadlock, reason=NOTE) == "already_done"
    assert story.refused(CHLOE, DeclareDeadlock, reason=NOTE) == "not_a_member"


def test_the_advisor_closes_the_mediation() -> None:
    story = a_deadlock()
    assert story.refused(TOMAS, CloseMediation, reason=NOTE) == "not_your_role"
    assert story.order(CHLOE, CloseMediation, reason=NOTE) == (MediationClosed(reason=NOTE),)
    assert story.owes == {"commit"}
    assert story.refused(CHLOE, CloseMediation, reason=NOTE) == "not_at_this_stage"
    assert story.finding.deadlocked, "a mediation without result leaves the interim plan open"


def test_management_files_an_interim_plan_which_is_not_agreed() -> None:
    story = a_deadlock()
    (fact,) = story.order(BAO, FileInterimPlan, revision=INTERIM, actions=(story.action(days=20),))
    assert fact == Committed(
        revision=INTERIM,
        author=BAO,
        actions=(story.action(days=20),),
        agreed=False,
        signatures=(BAO,),
    )
    finding = story.finding
    assert (story.stage(), finding.agreed, finding.deadlocked) == (Stage.COMMITTED, False, True)
    assert story.owes == {"action:a1", "mediate"}, "the advisor still mediates"


def test_a_management_member_files_an_interim_plan_too() -> None:
    story = a_deadlock()
    plan = {"revision": INTERIM, "actions": (story.action(),)}
    story.order(BINH, FileInterimPlan, **plan)
    assert story.finding.fixers == (BINH, BAO)


def test_a_manager_without_a_seat_files_an_interim_plan() -> None:
    story = a_deadlock()
    plan = {"revision": INTERIM, "actions": (story.action(),)}
    story.order(OUTSIDER, FileInterimPlan, acting=Role.MANAGER, **plan)
    assert not story.finding.agreed


@pytest.mark.parametrize("person", [AMINA, CHLOE, OUTSIDER])
def test_nobody_but_management_files_an_interim_plan(person: PersonId) -> None:
    story = a_deadlock()
    plan = {"revision": INTERIM, "actions": (story.action(),)}
    assert story.refused(person, FileInterimPlan, **plan) == "not_your_role"


def test_an_interim_plan_needs_a_deadlock_and_actions_within_policy() -> None:
    story = a_case()
    plan = {"revision": INTERIM, "actions": (story.action(),)}
    assert story.refused(BAO, FileInterimPlan, **plan) == "not_at_this_stage"
    story.propose()
    assert story.refused(BAO, FileInterimPlan, **plan) == "not_at_this_stage"
    story.order(AMINA, DeclareDeadlock, reason=NOTE)
    assert story.refused(BAO, FileInterimPlan, revision=INTERIM, actions=()) == "actions_invalid.actions"
    late = {"revision": INTERIM, "actions": (story.action(days=91),)}
    assert story.refused(BAO, FileInterimPlan, **late) == "date_beyond_policy.due"


def test_filing_an_interim_plan_leaves_the_workers_proposal_on_the_table() -> None:
    story = a_deadlock()
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, FileInterimPlan, revision=INTERIM, actions=(story.action(days=20),))
    story.order(BINH, Sign, revision=PLAN)
    finding = story.finding
    assert (finding.agreed, finding.deadlocked, finding.mediate_by) == (True, False, None)
    assert story.owes == {"action:a1"}


def test_an_agreed_plan_replaces_the_interim_one_and_keeps_what_was_done() -> None:
    story = an_interim_plan()
    story.do(FIRST)
    both = (replace(story.action(FIRST, days=30)), story.action(SECOND, days=40))
    story.commit(*both, revision=Digest("agreed"))
    first, second = story.finding.actions
    assert (first.percent, first.due, first.original_due) == (100, story.day(30), story.day(30))
    assert (second.percent, second.due) == (0, story.day(40))
    assert story.owes == {"action:a2"}


def test_what_was_done_counts_for_the_same_promise_alone_whatever_its_number_in_the_agreed_plan() -> None:
    story = a_deadlock()
    notice = replace(story.action(FIRST, days=20), words="put up a notice")
    story.order(BAO, FileInterimPlan, revision=INTERIM, actions=(notice,))
    story.do(FIRST)
    exits = replace(story.action(FIRST, days=40), words="build a second exit")
    story.commit(exits, replace(notice, id=SECOND), revision=Digest("agreed"))
    first, second = story.finding.actions
    assert (first.words, first.percent) == ("build a second exit", 0)
    assert (second.words, second.percent) == ("put up a notice", 100)
    assert story.owes == {"action:a1"}


def test_what_the_interim_plan_promised_is_owed_until_another_is_agreed() -> None:
    story = an_interim_plan()
    story.propose(revision=Digest("agreed"), actions=(story.action(SECOND),))
    assert story.stage() is Stage.COMMITTED
    assert story.owes == {"action:a1", "mediate"}


def test_where_all_was_done_before_the_agreement_the_report_is_owed_from_then() -> None:
    story = an_interim_plan().do(FIRST)
    story.later(days=10)
    story.commit(story.action(FIRST, days=5), revision=Digest("agreed"))
    assert story.owes == {"report_fix"}
    assert story.due_day("report_fix") == story.day(7)


def test_the_interim_plan_itself_may_be_agreed_to() -> None:
    story = an_interim_plan()
    story.propose(revision=INTERIM, actions=(story.action(days=20),))
    story.order(AMINA, Sign, revision=INTERIM)
    story.order(BAO, Sign, revision=INTERIM)
    assert story.finding.agreed
    assert story.refused(AMINA, Propose, revision=PLAN, actions=(story.action(),)) == "not_at_this_stage"


def test_an_agreed_plan_ends_what_was_asked_about_the_interim_one() -> None:
    story = an_interim_plan()
    asked = {"until": story.day(25), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
    story.order(BAO, Sign, revision=PLAN)
    story.order(AMINA, Sign, revision=PLAN)
    assert story.finding.extension is None


def test_an_interim_plan_is_worked_off_like_any_other() -> None:
    story = an_interim_plan().fix()
    assert story.stage() is Stage.FIX_REPORTED
    assert story.finding.proposal is None
    assert story.owes == {"verify"}
    assert (
        story.refused(BAO, FileInterimPlan, revision=PLAN, actions=(story.action(),)) == "not_at_this_stage"
    )
