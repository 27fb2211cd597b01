"""What people do in a simulation: which orders meet each duty, by whom, when, and with which days in them."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TypeVar

import pytest

from remediation import facts
from remediation.facts import Fact
from remediation.orders import PlannedAction
from remediation.policy import Policy
from remediation.simulation import Assumptions, Course, Start, simulate
from remediation.spans import Span
from remediation.words import ActionId, ActionKind, Duty, Modality, NoteId, PersonId, Severity, Side, Verdict
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    BINHS_SEAT,
    DHAKA,
    SEATS,
    Story,
    a_case,
    a_confirmed_alarm,
)

Kind = TypeVar("Kind", bound=Fact)
SIMULATED = NoteId("simulated")


def ahead(story: Story, assumptions: Assumptions | None = None, *, days: int = 500) -> Course:
    start = Start(finding=story.finding, seq=story.case.seq)
    return simulate(start, assumptions or Assumptions(), story.now, story.now + timedelta(days=days))


def all_of(kind: type[Kind], course: Course) -> list[tuple[datetime, Kind]]:
    return [(at, fact) for at, fact in course.facts if isinstance(fact, kind)]


def the(kind: type[Kind], course: Course) -> Kind:
    return all_of(kind, course)[0][1]


def test_the_first_member_promises_one_action_for_the_last_day_allowed() -> None:
    story = a_case()
    proposed = the(facts.Proposed, ahead(story))
    promise = PlannedAction(
        id=ActionId("simulated"), kind=ActionKind.CORRECTIVE, owner=AMINA, due=date(2026, 5, 31)
    )
    assert (proposed.author, proposed.actions, proposed.no_action) == (AMINA, (promise,), False)
    led = a_case(seats=(BINHS_SEAT, *SEATS[:3]))
    assert the(facts.Proposed, ahead(led)).author == BINH


def test_where_no_day_is_the_last_it_is_promised_for_ninety_days_on() -> None:
    story = a_case("collaborative")
    ((at, proposed),) = all_of(facts.Proposed, ahead(story, days=60))
    assert proposed.actions[0].due == DHAKA.today(at) + timedelta(days=90)


def test_after_the_last_day_the_advisor_allows_thirty_days_and_they_are_promised() -> None:
    story = a_case()
    story.later(days=100)
    course = ahead(story)
    until = story.day(30)
    assert the(facts.LaterDateAllowed, course).until == until
    assert the(facts.Proposed, course).actions[0].due == until


def test_on_the_last_day_itself_nobody_needs_to_allow_a_later_one() -> None:
    story = a_case()
    story.later(days=90)
    course = ahead(story)
    assert all_of(facts.LaterDateAllowed, course) == []
    assert the(facts.Proposed, course).actions[0].due == story.day()


def test_members_sign_for_their_side_in_the_order_of_their_seats_until_it_is_enough() -> None:
    signed = [fact for _, fact in all_of(facts.Signed, ahead(a_case()))]
    assert [(fact.person, fact.side) for fact in signed] == [
        (AMINA, Side.WORKER),
        (ASHA, Side.WORKER),
        (BAO, Side.MANAGEMENT),
    ]


def test_what_can_no_longer_be_signed_is_proposed_under_another_name() -> None:
    story = a_case()
    course = ahead(story, Assumptions(nobody_reports=True), days=40)
    first = the(facts.Proposed, course).revision
    failed = a_case()
    failed.propose(revision=first, actions=(failed.action(days=5),))
    assert the(facts.Proposed, ahead(failed, days=40)).revision != first


def test_done_means_all_of_it_with_evidence_and_a_reason_only_where_it_is_late() -> None:
    def done(slip: int) -> facts.ProgressRecorded:
        return the(facts.ProgressRecorded, ahead(a_case().commit(), Assumptions(slip_days=slip)))

    on_time, late = done(0), done(3)
    assert (on_time.percent, on_time.evidence, on_time.slip_reason) == (100, (SIMULATED,), None)
    assert late == replace(on_time, slip_reason=SIMULATED)


def test_a_review_of_progress_says_where_the_first_open_action_stands() -> None:
    story = a_case("collaborative")
    story.commit(story.action(days=200), story.action("a2", days=300))
    story.do(ActionId("a1"))
    shown = the(facts.ProgressRecorded, ahead(story))
    assert (shown.action, shown.percent, shown.note, shown.slip_reason) == ("a2", 0, SIMULATED, None)
    late = a_case("collaborative")
    late.commit(late.action(days=20))
    slipped = the(facts.ProgressRecorded, ahead(late, Assumptions(slip_days=300)))
    assert (slipped.percent, slipped.slip_reason) == (0, SIMULATED)


@pytest.mark.parametrize(("fix", "days"), [(60, 30), (20, 20), (None, 30)])
def test_a_recovery_plan_is_for_thirty_days_or_as_long_as_a_fix_may_take(fix: int | None, days: int) -> None:
    terms = Policy().terms
    limited = replace(terms[Severity.MAJOR], fix=Span(fix) if fix else None)
    story = a_case(policy=Policy(version="limited", terms=terms | {Severity.MAJOR: limited}))
    story.commit(story.action(days=10))
    ((at, filed),) = all_of(facts.RecoveryPlanFiled, ahead(story, Assumptions(slip_days=40), days=60))
    assert (filed.obligation, filed.note) == ("action:a1", SIMULATED)
    assert filed.until == DHAKA.today(at) + timedelta(days=days)


def test_what_is_owed_within_hours_is_done_halfway() -> None:
    story = a_case("zero_tolerance")
    ((at, _),) = all_of(facts.AlarmDecided, ahead(story, days=3))
    assert at == story.now + timedelta(hours=12)
    confirmed = a_confirmed_alarm()
    ((told, _),) = all_of(facts.AuthorityNotified, ahead(confirmed, days=3))
    owed = confirmed.owed("notify_authority")
    assert owed is not None
    assert told == owed.since + (owed.due - owed.since) / 2


def test_people_who_are_named_nowhere_are_stand_ins_by_their_role() -> None:
    course = ahead(a_case().commit())
    assert the(facts.FixReported, course).reporter == PersonId("simulated-manager")
    verified = the(facts.Verified, course)
    assert verified.verifier == PersonId("simulated-advisor")
    assert (verified.verdict, verified.modality) == (Verdict.PASS, Modality.ON_SITE)
    checked = all_of(facts.EffectivenessChecked, course)
    assert [(fact.held, fact.on == DHAKA.today(at)) for at, fact in checked] == [(True, True)]


@pytest.mark.parametrize(
    ("assumptions", "undone"),
    [
        (Assumptions(nobody_signs=True), {"review", "commit", "recovery_plan"}),
        (
            Assumptions(nobody_reports=True),
            {"contain", "action", "progress_review", "report_fix", "recovery_plan"},
        ),
        (Assumptions(slip_days=9), set()),
    ],
)
def test_what_is_left_undone_is_said(assumptions: Assumptions, undone: set[str]) -> None:
    assert {duty.value for duty in Duty if assumptions.left_undone(duty)} == undone
