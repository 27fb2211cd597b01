"""Outcomes of a visit: recorded, delivered, refused, and counted in its report, in whatever order."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediation.gatherings.letters import letters_for
from remediation.gatherings.summary import summary
from remediation.gatherings.visit.facts import ActionSeen, Item, Outcomes, VisitEnded
from remediation.gatherings.visit.orders import (
    BeginVisit,
    CancelVisit,
    EndVisit,
    ExtendAgenda,
    NoteOutcome,
    PostponeVisit,
    RecordOutcome,
)
from remediation.gatherings.visit.state import Delivery
from remediation.ledger import first_broken
from remediation.obligations import obligations
from remediation.orders import Order
from remediation.refusals import Refusal
from remediation.words import (
    ActionId,
    Check,
    FindingId,
    Hindrance,
    LetterKind,
    Modality,
    PersonId,
    Role,
    Verdict,
    VisitStage,
)
from tests.rules.cast import (
    BAO,
    CHLOE,
    ERIK,
    FILE,
    MONDAY,
    NOTE,
    PHOTO,
    SYSTEM,
    TOMAS,
)
from tests.rules.test_plan import read
from tests.rules.visit import DOOR, FACTORY, FRIDAY, GUARD, ITEMS, PAY, STAFF, TODAY, a_visit


def test_what_is_seen_on_site_is_recorded_once_the_visit_has_begun_and_bears_its_day() -> None:
    story = a_visit()
    story.refused("not_at_this_stage", ERIK, RecordOutcome, finding=GUARD, verdict=Verdict.PASS, files=FILE)
    story.begun().later(days=2).saw(GUARD)
    outcome = story.visit.lines[0].outcome
    assert outcome is not None
    assert (outcome.found.on, outcome.found.number, outcome.delivery) == (FRIDAY, 1, Delivery.ON_ITS_WAY)


def test_documents_are_verified_from_the_desk_before_and_during_the_visit() -> None:
    story = a_visit().later(days=1).saw(GUARD, modality=Modality.DESKTOP)
    assert story.visit.lines[0].outcomes[0].found.on == date(2026, 3, 3)
    story.refused(
        "on_site_required.modality",
        ERIK,
        RecordOutcome,
        finding=DOOR,
        verdict=Verdict.PASS,
        modality=Modality.DESKTOP,
        evidence=PHOTO,
    )


def test_two_advisors_who_record_the_same_finding_are_one_outcome_and_one_typed_refusal() -> None:
    story = a_visit().begun().saw(GUARD)
    story.refused(
        "already_done.finding", CHLOE, RecordOutcome, finding=GUARD, verdict=Verdict.FAIL, evidence=PHOTO
    )
    assert len(story.visit.lines[0].outcomes) == 1


@pytest.mark.parametrize("verdict", [Verdict.PASS, Verdict.FAIL])
def test_whether_a_fix_held_is_an_outcome_of_the_visit_like_others(verdict: Verdict) -> None:
    checked = Item(finding=FindingId("n"), check=Check.EFFECTIVENESS)
    story = a_visit().order(SYSTEM, ExtendAgenda, items=(checked,))
    story.begun().saw(FindingId("n"), verdict).told_of(FindingId("n"))
    (outcome,) = story.visit.lines[-1].outcomes
    became = (outcome.found.check, outcome.found.on, outcome.delivery)
    assert became == (Check.EFFECTIVENESS, FRIDAY, Delivery.TAKEN)
    held = verdict is Verdict.PASS
    assert story.visit.totals == Outcomes(passed=int(held), failed=int(not held), open=3)


def test_what_the_finding_refused_is_kept_with_its_code_and_may_be_recorded_again() -> None:
    story = a_visit().begun().saw(GUARD).told_of(GUARD, code="not_at_this_stage")
    line = story.visit.lines[0]
    assert (line.outcome, line.outcomes[0].code) == (None, "not_at_this_stage")
    assert story.visit.totals == Outcomes(open=2, refused=1)
    story.saw(GUARD, Verdict.FAIL).told_of(GUARD, number=2)
    assert [each.delivery for each in story.visit.lines[0].outcomes] == [Delivery.REFUSED, Delivery.TAKEN]
    story.refused("already_done", SYSTEM, NoteOutcome, finding=GUARD, number=2)
    story.refused("not_your_role", ERIK, NoteOutcome, finding=GUARD, number=2)
    story.refused("not_on_the_agenda.finding", SYSTEM, NoteOutcome, finding=FindingId("other"), number=1)


def test_nobody_judges_their_own_fix_nor_shows_nothing() -> None:
    story = a_visit().begun()
    seen: dict[str, Any] = {"finding": GUARD, "verdict": Verdict.PASS}
    story.refused("not_independent", TOMAS, RecordOutcome, evidence=PHOTO, **seen)
    story.refused("evidence_required.evidence", ERIK, RecordOutcome, **seen)
    story.refused("not_your_role", BAO, RecordOutcome, evidence=PHOTO, **seen)


A1, A2 = ActionId("a1"), ActionId("a2")
NEXT = date(2026, 4, 1)
DONE, UNDONE = (ActionSeen(id=A1, verdict=each) for each in (Verdict.PASS, Verdict.FAIL))


@pytest.mark.parametrize(
    ("finding", "verdict", "actions", "why"),
    [
        (GUARD, Verdict.PASS, (UNDONE,), "field_invalid.verdict"),
        (GUARD, Verdict.PASS, (replace(DONE, due=NEXT),), "field_invalid.actions"),
        (GUARD, Verdict.FAIL, (replace(UNDONE, due=NEXT),), "field_invalid.actions"),
        (GUARD, Verdict.FAIL, (UNDONE, UNDONE), "field_invalid.actions"),
        (GUARD, Verdict.PARTIAL, (DONE,), "field_invalid.actions"),
        (GUARD, Verdict.PARTIAL, (UNDONE,), "field_invalid.actions"),
        (GUARD, Verdict.PARTIAL, (replace(UNDONE, due=FRIDAY),), "date_in_the_past.actions"),
        (PAY, Verdict.PARTIAL, (replace(UNDONE, due=NEXT),), "field_invalid.verdict"),
    ],
)
def test_an_outcome_and_what_is_said_of_its_actions_must_fit(
    finding: FindingId, verdict: Verdict, actions: tuple[ActionSeen, ...], why: str
) -> None:
    a_visit().begun().refused(
        why, ERIK, RecordOutcome, finding=finding, verdict=verdict, actions=actions, evidence=PHOTO
    )


def test_a_partial_outcome_says_what_remains_and_until_when() -> None:
    seen = (
        ActionSeen(id=A1, verdict=Verdict.PASS),
        ActionSeen(id=A2, verdict=Verdict.PARTIAL, due=NEXT),
    )
    story = a_visit().begun().saw(GUARD, Verdict.PARTIAL, actions=seen)
    outcome = story.visit.lines[0].outcome
    assert outcome is not None
    assert (outcome.found.actions, outcome.at) == (seen, story.now)


def test_an_outcome_keeps_all_that_was_shown_and_said() -> None:
    story = a_visit().begun().saw(GUARD, files=FILE, note=NOTE)
    found = story.visit.lines[0].outcomes[0].found
    assert (found.evidence, found.files, found.note) == (PHOTO, FILE, NOTE)
    assert story.told_of(GUARD).visit.lines[0].outcomes[0].code == "", "nothing is wrong with what was taken"


def test_objections_and_checks_come_onto_the_agenda_by_themselves() -> None:
    story = a_visit()
    objected, new = replace(ITEMS[0], check=Check.OBJECTION), Item(finding=FindingId("n"), check=Check.FIX)
    story.order(SYSTEM, ExtendAgenda, items=(objected, new, ITEMS[1]))
    assert [line.item for line in story.visit.lines] == [objected, *ITEMS[1:], new]
    story.refused("already_done", SYSTEM, ExtendAgenda, items=(objected, new))
    story.refused("not_your_role", ERIK, ExtendAgenda, items=(new,))
    story.begun().saw(GUARD).told_of(GUARD, code="too_late")
    story.order(SYSTEM, ExtendAgenda, items=ITEMS[:1])
    assert [each.code for each in story.visit.lines[0].outcomes] == ["too_late"], "what was tried is kept"
    story.saw(GUARD)
    story.refused("already_done", SYSTEM, ExtendAgenda, items=(objected,))
    story.order(ERIK, EndVisit)
    story.refused("not_at_this_stage", SYSTEM, ExtendAgenda, items=(new,))


def test_it_ends_with_its_numbers_and_lives_until_every_outcome_is_delivered() -> None:
    story = a_visit()
    story.refused("not_at_this_stage", ERIK, EndVisit)
    story.begun().refused("not_at_this_stage", ERIK, EndVisit)
    partial = (ActionSeen(id=A1, verdict=Verdict.FAIL, due=NEXT),)
    story.saw(GUARD, Verdict.PARTIAL, actions=partial).saw(DOOR, Verdict.FAIL)
    story.told_of(DOOR).order(ERIK, EndVisit, summary=NOTE)
    ended = read(story.entries[-1])
    assert isinstance(ended, VisitEnded)
    assert (ended.outcomes, ended.summary) == (Outcomes(partial=1, failed=1, open=1), NOTE)
    assert (story.visit.stage, story.visit.ended) == (VisitStage.ENDED, False)
    assert story.visit.looks_at == MONDAY
    assert story.letters(LetterKind.VISIT_REPORT) == {(role, None) for role in (*FACTORY, Role.ADVISOR)}
    story.refused("already_done", ERIK, EndVisit)
    story.refused("not_at_this_stage", ERIK, RecordOutcome, finding=PAY, verdict=Verdict.PASS, files=FILE)
    story.told_of(GUARD)
    assert summary(story.case).looks_at is None
    assert (summary(story.case).ended, obligations(story.visit)) == (True, ())
    story.refused("not_at_this_stage", ERIK, EndVisit)


def test_a_report_that_nobody_writes_is_the_programmes_lateness_never_the_factorys() -> None:
    story = a_visit().begun().saw(GUARD).later(days=30)
    assert story.letters(LetterKind.VISIT_OVERDUE) == STAFF


ORDERS: list[tuple[PersonId, type[Order], dict[str, Any]]] = [
    (ERIK, BeginVisit, {"on": FRIDAY}),
    (CHLOE, BeginVisit, {"on": TODAY}),
    *(
        (who, RecordOutcome, {"finding": finding, "verdict": verdict, "evidence": PHOTO, "modality": how})
        for who in (ERIK, CHLOE)
        for finding in (GUARD, DOOR, PAY)
        for verdict in (Verdict.PASS, Verdict.FAIL)
        for how in Modality
    ),
    *(
        (SYSTEM, NoteOutcome, {"finding": finding, "number": number, "code": code})
        for finding in (GUARD, DOOR)
        for number in (1, 2)
        for code in ("", "too_late")
    ),
    (SYSTEM, ExtendAgenda, {"items": (Item(finding=FindingId("n"), check=Check.FIX),)}),
    (ERIK, PostponeVisit, {"on": date(2026, 3, 12), "hindrance": Hindrance.EVENT, "reason": NOTE}),
    (ERIK, CancelVisit, {"hindrance": Hindrance.EVENT, "reason": NOTE}),
    (ERIK, EndVisit, {}),
]


@given(
    announced=st.booleans(),
    steps=st.lists(st.tuples(st.sampled_from(ORDERS), st.integers(0, 48)), max_size=14),
)
def test_whatever_is_tried_in_whatever_order_these_hold(
    *, announced: bool, steps: list[tuple[tuple[PersonId, type[Order], dict[str, Any]], int]]
) -> None:
    story = a_visit(announced=announced)
    for (who, order, fields), hours in steps:
        was, hidden = len(story.entries), story.visit.restricted
        try:
            story.later(hours=hours).order(who, order, **fields)
        except Refusal:
            assert story.visit.restricted == hidden  # what is refused changes nothing
        told = [each for entry in story.entries[was:] for each in letters_for(read(entry), entry.seq)]
        if story.visit.restricted:
            assert not {each.role for each in told} & FACTORY
    visit = story.visit
    assert first_broken(story.entries) is None
    for line in visit.lines:
        standing = [each for each in line.outcomes if each.delivery is not Delivery.REFUSED]
        assert len(standing) <= 1  # nobody's outcome is overwritten, and none counts twice
        assert [each.found.number for each in line.outcomes] == list(range(1, len(line.outcomes) + 1))
    assert visit.ended == (visit.stage in {VisitStage.ENDED, VisitStage.CANCELLED} and not visit.on_their_way)
    totals = visit.totals
    counted = (totals.passed, totals.partial, totals.failed, totals.open, totals.refused)
    assert sum(counted) == len(visit.lines)
