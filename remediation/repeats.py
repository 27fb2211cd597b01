"""Repeats: which former finding an assessment found again, how sure that is, and what the former becomes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum

from remediation.words import ENDINGS, FindingId, Stage

ALIKE = 0.5
"""From this likeness of their questions on (0 to 1), findings on one compliance point may be the same."""


class Basis(StrEnum):
    """Why a finding is taken for a repeat."""

    QUESTION = "question"
    CROSSWALK = "crosswalk"
    """The question had another id before, as the programme's crosswalk says."""
    POINT = "point"
    """It is about the same compliance point only: a person must say."""


class Standing(StrEnum):
    """How sure it is."""

    CERTAIN = "certain"
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


class Then(StrEnum):
    """What becomes of the former finding."""

    SUPERSEDE = "supersede"
    """It ends; the new one carries on, with a fresh root cause."""
    CARRY_ON = "carry_on"
    """It goes on as promised; the new one ends."""
    LINK = "link"
    """It had ended already: the two are only linked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a finding is about. `on` is the local day of its assessment, `plan` tells assessments apart."""

    finding: FindingId
    plan: str
    point: str
    question: str
    text: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A new finding, the former one that it repeats, and why that is thought."""

    finding: FindingId
    former: FindingId
    basis: Basis


def current(question: str, crosswalk: Mapping[str, str]) -> str:
    """Give a question's latest id: the crosswalk says what follows each, one that goes round ends there."""
    passed = {question}
    while (following := crosswalk.get(question, question)) not in passed:
        question = following
        passed.add(question)
    return question


def matches(new: Sequence[About], former: Sequence[About], crosswalk: Mapping[str, str]) -> tuple[Match, ...]:
    """Match new findings of one factory with former ones: by question, else by compliance point, each once.

    The latest former one counts. Where question ids changed, `crosswalk` gives the new id by the old.
    """
    latest = sorted(former, key=lambda each: each.on or date.min, reverse=True)
    certain = [found for each in new if (found := _by_question(each, latest, crosswalk))]
    taken = {each.former for each in certain}
    known = {each.finding for each in certain}
    proposed = []
    for each in new:
        found = None if each.finding in known else _by_point(each, latest, taken)
        if found is not None:
            taken.add(found.former)
            proposed.append(found)
    return (*certain, *proposed)


def _by_question(each: About, latest: Sequence[About], crosswalk: Mapping[str, str]) -> Match | None:
    same = current(each.question, crosswalk)
    for before in latest:
        if _precedes(before, each) and current(before.question, crosswalk) == same:
            basis = Basis.QUESTION if before.question == each.question else Basis.CROSSWALK
            return Match(finding=each.finding, former=before.finding, basis=basis)
    return None


def _by_point(each: About, latest: Sequence[About], taken: set[FindingId]) -> Match | None:
    """Give the former finding on the same point whose question is the most alike."""
    alike = {
        before.finding: _likeness(before, each)
        for before in latest
        if before.point == each.point and before.finding not in taken and _precedes(before, each)
    }
    best = max(alike, key=alike.__getitem__, default=None)
    if best is None or alike[best] < ALIKE:
        return None
    return Match(finding=each.finding, former=best, basis=Basis.POINT)


def _precedes(before: About, each: About) -> bool:
    if before.finding == each.finding or before.plan == each.plan:
        return False
    return (before.on or date.min) <= (each.on or date.max)


def _likeness(one: About, other: About) -> float:
    """Give how alike two questions are, from 0 to 1; 1 where one of them is not known in words."""
    if not one.text or not other.text:
        return 1.0
    return SequenceMatcher(None, one.text.casefold(), other.text.casefold(), autojunk=False).ratio()


def usual(stage: Stage) -> Then:
    """Give what usually becomes of a former finding at a stage.

    What is promised or under judgement goes on. What nobody has promised anything about, or was fixed and
    came back, begins afresh with the new one.
    """
    if stage in ENDINGS:
        return Then.LINK
    beginning = {Stage.ISSUED, Stage.UNDER_REVIEW, Stage.CLOSED}
    return Then.SUPERSEDE if stage in beginning else Then.CARRY_ON
