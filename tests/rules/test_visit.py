"""The visit's rules: planned, invisible or announced, put off or cancelled, begun; what pages offer."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from remediation import refusals
from remediation.facts import kind
from remediation.gatherings import case as table
from remediation.gatherings import visit as rules
from remediation.gatherings.case import apply, first_entry, open_gathering
from remediation.gatherings.summary import summary
from remediation.gatherings.visit.agenda import plannable
from remediation.gatherings.visit.orders import (
    BeginVisit,
    CancelVisit,
    EndVisit,
    ExtendAgenda,
    NoteOutcome,
    PostponeVisit,
    RecordOutcome,
)
from remediation.ledger import first_broken
from remediation.obligations import obligations
from remediation.orders import Order
from remediation.policy import Policy
from remediation.possible import possible
from remediation.refusals import Refusal
from remediation.rules.core import Stamp
from remediation.words import (
    Duty,
    FindingId,
    Hindrance,
    LetterKind,
    Role,
    Verdict,
    VisitStage,
)
from tests.rules.cast import (
    BAO,
    CHLOE,
    DHAKA,
    ERIK,
    MONDAY,
    NOTE,
    OUTSIDER,
    TOMAS,
    fault,
)
from tests.rules.test_plan import read
from tests.rules.visit import FACTORY, FRIDAY, GUARD, ITEMS, STAFF, TODAY, VisitStory, a_plan, a_visit


def test_every_fact_has_an_effect_and_every_verb_a_rule() -> None:
    assert all(effect.__name__ == kind(fact) for fact, effect in rules.EFFECTS.items())
    assert {rule.__name__ for rule in rules.DECISIONS.values()} <= set(table.VERBS)


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"on": date(2026, 3, 1)}, "on"),
        ({"items": ()}, "findings"),
        ({"items": (ITEMS[0], ITEMS[0])}, "findings"),
        ({"items": tuple(replace(ITEMS[0], finding=FindingId(f"f{n}")) for n in range(101))}, "findings"),
        ({"verifier": TOMAS}, "verifier"),
    ],
)
def test_it_is_planned_for_a_day_ahead_with_findings_that_the_verifier_has_not_fixed(
    told: dict[str, Any], field: str
) -> None:
    plannable(a_plan(), DHAKA, MONDAY)
    with pytest.raises(Refusal) as refused:
        plannable(a_plan(**told), DHAKA, MONDAY)
    assert fault(refused.value).endswith(f".{field}")


def test_it_looks_at_a_hundred_findings_at_most() -> None:
    items = tuple(replace(ITEMS[0], finding=FindingId(f"f{n}")) for n in range(100))
    plannable(a_plan(items=items), DHAKA, MONDAY)


def test_it_begins_as_it_was_planned_and_by_whom() -> None:
    visit = a_visit().visit
    assert (visit.id, visit.opened_by, visit.opened_at, visit.on) == ("visit:v-1", CHLOE, MONDAY, FRIDAY)


def test_a_visit_that_is_not_announced_is_kept_from_the_factory_until_it_begins() -> None:
    story = a_visit(announced=False)
    assert story.visit.restricted
    assert summary(story.case).restricted
    assert story.letters(LetterKind.VISIT_PLANNED) == {(Role.ADVISOR, ERIK)}
    story.order(CHLOE, PostponeVisit, on=date(2026, 3, 9), hindrance=Hindrance.PROGRAMME, reason=NOTE)
    assert story.letters(LetterKind.VISIT_POSTPONED) == {(Role.ADVISOR, ERIK)}
    late = story.later(days=20)
    assert late.letters(LetterKind.VISIT_OVERDUE) == STAFF
    assert late.letters(LetterKind.VISIT_DUE) == {(Role.ADVISOR, ERIK)}
    assert not late.order(ERIK, BeginVisit, on=late.visit.on).visit.restricted


def test_one_that_was_cancelled_before_it_began_is_never_told() -> None:
    story = a_visit(announced=False).order(CHLOE, CancelVisit, hindrance=Hindrance.EVENT, reason=NOTE)
    assert story.letters(LetterKind.VISIT_CANCELLED) == {(Role.ADVISOR, ERIK)}
    assert (story.visit.restricted, story.visit.ended, story.visit.stage) == (
        True,
        True,
        VisitStage.CANCELLED,
    )
    story.refused("not_at_this_stage", ERIK, BeginVisit, on=TODAY)


def test_an_announced_visit_is_told_to_the_factory_and_so_is_what_becomes_of_it() -> None:
    story = a_visit()
    everybody = {(Role.ADVISOR, ERIK), *((role, None) for role in FACTORY)}
    assert story.letters(LetterKind.VISIT_PLANNED) == everybody
    story.order(ERIK, PostponeVisit, on=date(2026, 3, 9), hindrance=Hindrance.FACTORY, reason=NOTE)
    assert story.letters(LetterKind.VISIT_POSTPONED) == everybody
    story.order(ERIK, CancelVisit, hindrance=Hindrance.ACCESS_REFUSED, reason=NOTE)
    assert story.letters(LetterKind.VISIT_CANCELLED) == {*everybody, (Role.TEAM_LEADER, None)}


def test_putting_it_off_moves_its_own_day_and_its_reminders_begin_anew() -> None:
    story = a_visit().later(days=6)
    assert story.visit.notices
    story.order(ERIK, PostponeVisit, on=date(2026, 3, 20), hindrance=Hindrance.EVENT, reason=NOTE)
    assert (story.visit.on, story.visit.postponed, story.visit.notices) == (date(2026, 3, 20), 1, ())
    (owed,) = obligations(story.visit)
    assert (owed.duty, owed.due, owed.person) == (Duty.HOLD_VISIT, DHAKA.end_of(date(2026, 3, 20)), ERIK)
    assert owed.since == story.now


def test_what_was_sent_about_a_visit_is_forgotten_when_it_begins_and_when_it_is_over() -> None:
    begun = a_visit().later(days=6).order(ERIK, BeginVisit, on=FRIDAY)
    assert begun.visit.notices == ()
    ended = begun.saw(GUARD).later(days=20)
    assert ended.visit.notices
    assert ended.order(ERIK, EndVisit).visit.notices == ()
    off = a_visit().later(days=6).order(ERIK, CancelVisit, hindrance=Hindrance.EVENT, reason=NOTE)
    assert off.visit.notices == ()


HINDERED: dict[str, Any] = {"hindrance": Hindrance.EVENT, "reason": NOTE}


@pytest.mark.parametrize(
    ("kind", "fields", "reserved"),
    [
        (BeginVisit, {"on": TODAY}, "advisor or team leader can begin a visit"),
        (
            RecordOutcome,
            {"finding": GUARD, "verdict": Verdict.PASS},
            "advisor or team leader can record an outcome",
        ),
        (PostponeVisit, {"on": TODAY, **HINDERED}, "advisor or team leader can postpone a visit"),
        (CancelVisit, HINDERED, "advisor or team leader can cancel a visit"),
        (EndVisit, {}, "advisor or team leader can end a visit"),
        (ExtendAgenda, {"items": ITEMS}, "system can extend a visit's agenda"),
        (NoteOutcome, {"finding": GUARD, "number": 1}, "system can say what became of an outcome"),
    ],
)
def test_who_may_not_is_told_who_may(kind: type[Order], fields: dict[str, Any], reserved: str) -> None:
    with pytest.raises(Refusal, match=f"^Only the {reserved}.$"):
        a_visit().order(OUTSIDER, kind, **fields)


def test_it_cannot_be_put_off_to_the_day_it_is_on_nor_once_it_has_begun() -> None:
    put_off: dict[str, Any] = {"hindrance": Hindrance.EVENT, "reason": NOTE}
    a_visit().refused("same_as_before.on", ERIK, PostponeVisit, on=FRIDAY, **put_off)
    a_visit().begun().refused("not_at_this_stage", ERIK, PostponeVisit, on=date(2026, 3, 20), **put_off)
    a_visit().refused("not_your_role", BAO, PostponeVisit, on=date(2026, 3, 20), **put_off)
    a_visit().refused("date_in_the_past.on", ERIK, PostponeVisit, on=date(2026, 3, 1), **put_off)
    story = a_visit().begun().saw(GUARD)
    story.refused("not_at_this_stage", ERIK, CancelVisit, **put_off)
    assert a_visit().begun().order(ERIK, CancelVisit, **put_off).visit.stage is VisitStage.CANCELLED


def test_it_begins_once_on_a_day_since_it_was_planned() -> None:
    story = a_visit()
    story.refused("field_invalid.on", ERIK, BeginVisit, on=FRIDAY)
    story.refused("field_invalid.on", ERIK, BeginVisit, on=date(2026, 3, 1))
    story.refused("not_your_role", BAO, BeginVisit, on=TODAY)
    story.begun().refused("already_done", CHLOE, BeginVisit, on=FRIDAY)
    (owed,) = obligations(story.visit)
    assert (owed.duty, owed.due) == (Duty.END_VISIT, DHAKA.due(story.now, Policy().visits.report))


def test_its_ledger_is_chained_and_its_opening_can_be_made_again() -> None:
    story = a_visit().begun().saw(GUARD).told_of(GUARD).order(ERIK, EndVisit)
    assert first_broken(story.entries) is None
    assert first_entry(story.visit) == story.entries[0]
    state: Any = open_gathering(a_plan(), Policy(), DHAKA, MONDAY, CHLOE)[0].state
    for entry in story.entries[1:]:
        state = apply(read(entry), state, Stamp(entry.at, entry.by))
    assert state == story.visit


def test_every_refusal_of_visits_has_a_code_of_its_own() -> None:
    assert refusals.NotOnTheAgenda.code == "not_on_the_agenda"


def test_a_page_offers_what_the_rules_would_take() -> None:
    def offered(story: VisitStory) -> set[type[Order]]:
        shown = (possible(each, story.visit, ERIK, (Role.ADVISOR,), story.now) for each in VERBS_OF_PEOPLE)
        return {each.kind for each in shown if each.refusal is None}

    assert offered(a_visit()) == {BeginVisit, PostponeVisit, CancelVisit, RecordOutcome}
    assert offered(a_visit().begun()) == {CancelVisit, RecordOutcome}
    assert offered(a_visit().begun().saw(GUARD)) == {EndVisit, RecordOutcome}


VERBS_OF_PEOPLE: tuple[type[Order], ...] = (BeginVisit, RecordOutcome, PostponeVisit, CancelVisit, EndVisit)
