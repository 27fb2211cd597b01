"""Verification visits as they unfold: Erik goes to Bao's factory on a Friday."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

import pytest

from remediation.gatherings.case import GatheringCase, open_gathering
from remediation.gatherings.letters import letters_for
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.facts import Item, VisitPlanned
from remediation.gatherings.visit.orders import (
    BeginVisit,
    NoteOutcome,
    RecordOutcome,
)
from remediation.gatherings.visit.state import Visit
from remediation.ledger import Entry
from remediation.notices import next_wake
from remediation.orders import Order
from remediation.policy import Policy
from remediation.refusals import Refusal
from remediation.words import (
    Check,
    CommandId,
    FactoryId,
    FindingId,
    LetterKind,
    PersonId,
    ProgrammeId,
    Role,
    Verdict,
)
from tests.rules.cast import (
    ACTING,
    BAO,
    CHLOE,
    DHAKA,
    ERIK,
    MONDAY,
    PHOTO,
    SYSTEM,
    TOMAS,
    fault,
)
from tests.rules.test_plan import read

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


def a_visit(**told: Any) -> VisitStory:  # noqa: ANN401
    case, entry = open_gathering(a_plan(**told), Policy(), DHAKA, MONDAY, CHLOE)
    return VisitStory(case, entries=[entry])
