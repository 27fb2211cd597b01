"""The verification visit's rules: planned, invisible or announced, begun, recorded, put off, ended."""

from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from remediation import refusals
from remediation.facts import Fact, kind
from remediation.gatherings import case as table
from remediation.gatherings import visit as rules
from remediation.gatherings.case import GatheringCase, apply, first_entry, open_gathering
from remediation.gatherings.letters import letters_for
from remediation.gatherings.summary import summary
from remediation.gatherings.visit.agenda import plannable, visit_gathering
from remediation.gatherings.visit.facts import ActionSeen, Item, Outcomes, VisitEnded, VisitPlanned
from remediation.gatherings.visit.orders import (
    BeginVisit,
    CancelVisit,
    EndVisit,
    ExtendAgenda,
    NoteOutcome,
    PostponeVisit,
    RecordOutcome,
)
from remediation.gatherings.visit.state import Delivery, Visit
from remediation.ledger import Entry, first_broken
from remediation.notices import next_wake
from remediation.obligations import obligations
from remediation.orders import Order
from remediation.policy import Policy
from remediation.possible import possible
from remediation.refusals import Refusal
from remediation.rules.core import Stamp
from remediation.words import (
    ActionId,
    Check,
    CommandId,
    Duty,
    FactoryId,
    FindingId,
    Hindrance,
    LetterKind,
    Modality,
    PersonId,
    ProgrammeId,
    Role,
    Verdict,
    VisitStage,
)
from tests.rules.cast import (
    ACTING,
    BAO,
    CHLOE,
    DHAKA,
    ERIK,
    FILE,
    MONDAY,
    NOTE,
    OUTSIDER,
    PHOTO,
    SYSTEM,
    TOMAS,
    fault,
)

GUARD, DOOR, PAY = (FindingId(each) for each in ("f-guard", "f-door", "f-pay"))
FRIDAY = date(2026, 3, 6)
TODAY = DHAKA.today(MONDAY)
FACTORY = {Role.MANAGER, Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR}
STAFF = {(Role.TEAM_LEADER, None), (Role.PROGRAMME_MANAGER, None)}
ITEMS = (
    Item(finding=GUARD, check=Check.FIX, fixers=(BAO, TOMAS)),
    Item(finding=DOOR, check=Check.OBJECTION),
    Item(finding=PAY, check=Check.EFFECTIVENESS),
)


def a_plan(**told: Any) -> VisitPlanned:  # noqa: ANN401
    """Give Erik's announced visit on Friday to three findings of Bao's factory."""
    given: dict[str, Any] = {
        "gathering": visit_gathering("v-1"),
        "programme": ProgrammeId("better"),
        "factory": FactoryId("dhaka"),
        "policy": Policy().version,
        "calendar": DHAKA.version,
        "verifier": ERIK,
        "on": FRIDAY,
        "announced": True,
        "items": ITEMS,
    }
    return VisitPlanned(**given | told)


@dataclass
class VisitStory:
    """A visit as it unfolds."""

    case: GatheringCase
    now: Any = MONDAY
    entries: list[Entry] = field(default_factory=list)
    orders: int = 0

    @property
    def visit(self) -> Visit:
        assert isinstance(self.case.state, Visit)
        return self.case.state

    def later(self, **span: float) -> "VisitStory":
        """Let time pass, the clock striking whenever it is due."""
        until = self.now + timedelta(**span)
        while (wake := next_wake(self.visit)) is not None and wake <= until:
            self.now = max(self.now, wake)
            self._after(self.case.keep_time(self.now))
        self.now = until
        return self

    def order(self, person: PersonId, kind: type[Order], **fields: Any) -> "VisitStory":  # noqa: ANN401
        self.orders += 1
        given = {"id": CommandId(f"c{self.orders}"), "by": person, "acting": ACTING[person], **fields}
        self._after(self.case.obey(kind(**given), self.now))
        return self

    def refused(self, why: str, person: PersonId, kind: type[Order], **fields: Any) -> None:  # noqa: ANN401
        """Let a person give an order that is refused with this code, and the field after a dot."""
        with pytest.raises(Refusal) as refused:
            self.order(person, kind, **fields)
        assert fault(refused.value) == why, refused.value

    def begun(self) -> "VisitStory":
        return self.later(days=4).order(ERIK, BeginVisit, on=FRIDAY)

    def saw(self, finding: FindingId, verdict: Verdict = Verdict.PASS, **told: Any) -> "VisitStory":  # noqa: ANN401
        return self.order(ERIK, RecordOutcome, finding=finding, verdict=verdict, evidence=PHOTO, **told)

    def told_of(self, finding: FindingId, number: int = 1, code: str = "") -> "VisitStory":
        return self.order(SYSTEM, NoteOutcome, finding=finding, number=number, code=code)

    def _after(self, done: tuple[GatheringCase, tuple[Entry, ...]]) -> None:
        self.case, entries = done
        self.entries += entries

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.entries]

    def letters(self, letter: LetterKind) -> set[tuple[Role, PersonId | None]]:
        return {
            (each.role, each.person)
            for entry in self.entries
            for each in letters_for(read(entry), entry.seq)
            if each.kind is letter
        }


def read(entry: Entry) -> Fact:
    """Read a fact back as storage does."""
    fact: Fact = TypeAdapter(table.KINDS[entry.kind]).validate_json(entry.body)
    return fact


def a_visit(**told: Any) -> VisitStory:  # noqa: ANN401
    case, entry = open_gathering(a_plan(**told), Policy(), DHAKA, MONDAY, CHLOE)
    return VisitStory(case, entries=[entry])


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
