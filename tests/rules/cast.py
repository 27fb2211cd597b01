"""The cast, and stories of findings told on the pure rules, with valid defaults."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import pytest
from pydantic import TypeAdapter

from remediation.calendar import Calendar, Offset
from remediation.case import Case, open_case
from remediation.facts import KINDS, Fact, Issued
from remediation.finding import Finding
from remediation.ledger import Entry
from remediation.notices import next_wake
from remediation.obligations import Obligation, obligations
from remediation.orders import (
    Attached,
    ConcurWithFix,
    DecideAlarm,
    Order,
    PlannedAction,
    Propose,
    RecordProgress,
    ReportFixed,
    Seat,
    Sign,
    Verify,
)
from remediation.policy import Policy
from remediation.refusals import Refusal
from remediation.words import (
    ActionId,
    ActionKind,
    CommandId,
    Digest,
    EvidenceId,
    FactoryId,
    FindingId,
    Modality,
    NoteId,
    PersonId,
    PlanId,
    ProgrammeId,
    Role,
    Severity,
    Side,
    Stage,
    Verdict,
)

AMINA, ASHA, BAO, BINH = (PersonId(name) for name in ("amina", "asha", "bao", "binh"))
CHLOE, ERIK, TOMAS = (PersonId(name) for name in ("chloe", "erik", "tomas"))
DINA, PETRA, RUTH, OUTSIDER = (PersonId(name) for name in ("dina", "petra", "ruth", "outsider"))
SYSTEM = PersonId("system")
ACTING = {
    AMINA: Role.WORKER_CO_CHAIR,
    ASHA: Role.WORKER_MEMBER,
    BAO: Role.MANAGER,
    BINH: Role.MANAGEMENT_MEMBER,
    CHLOE: Role.ADVISOR,
    ERIK: Role.ADVISOR,
    TOMAS: Role.TEAM_LEADER,
    DINA: Role.DUTY_OFFICER,
    PETRA: Role.PROGRAMME_MANAGER,
    RUTH: Role.DECISION_PANEL,
    OUTSIDER: Role.BUYER,
    SYSTEM: Role.SYSTEM,
}
"""Amina is elected by the workers; Bao manages; Chloé assessed; Erik verifies; Tomas leads; Ruth decides."""

AMINAS_SEAT = Seat(person=AMINA, side=Side.WORKER, elected=True, co_chair=True)
ASHAS_SEAT = Seat(person=ASHA, side=Side.WORKER)
BAOS_SEAT = Seat(person=BAO, side=Side.MANAGEMENT, co_chair=True)
BINHS_SEAT = Seat(person=BINH, side=Side.MANAGEMENT)
SEATS = (AMINAS_SEAT, ASHAS_SEAT, BAOS_SEAT, BINHS_SEAT)

DHAKA = Calendar("dhaka-1", "Asia/Dhaka", (Offset(datetime(2020, 1, 1, tzinfo=UTC), 360),))
"""Without a day of rest, so that days in tests are plain sums. UTC+6."""
RESTFUL = replace(DHAKA, version="dhaka-2", rest_days=(5,), holidays=(date(2026, 3, 26),))
MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
"""Monday 2 March 2026, ten in the morning in Dhaka."""

Told = Any
"""How a story begins: all that `a_case` takes."""

PLAN, BETTER = Digest("plan-1"), Digest("plan-2")
FIRST, SECOND = ActionId("a1"), ActionId("a2")
NOTE, PHOTO = NoteId("note"), (NoteId("photo"),)
FILE = (Attached(id=EvidenceId("e-1"), digest=Digest("d" * 64)),)


@cache
def _reader(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(KINDS[kind])


def fact_of(entry: Entry) -> Fact:
    """Read the fact back from an entry's text, as nobody in the rules does."""
    fact: Fact = _reader(entry.kind).validate_json(entry.body)
    return fact


def fault(refusal: Refusal) -> str:
    """Give the code of a refusal, and the field after a dot. Fails unless it says what is the matter."""
    assert str(refusal).endswith("."), "a refusal is a sentence"
    assert str(refusal) != Refusal.sentence, "and says what is the matter"
    return f"{refusal.code}.{refusal.field}" if refusal.field else refusal.code


@dataclass
class Story:
    """A case as it unfolds. `now` is the story's clock; `entries` is all that the ledger holds."""

    case: Case
    now: datetime
    entries: list[Entry] = field(default_factory=list)
    orders: int = 0

    @property
    def finding(self) -> Finding:
        return self.case.finding

    def stage(self) -> Stage:
        return self.case.finding.stage

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.entries]

    @property
    def facts(self) -> list[Fact]:
        return [fact_of(entry) for entry in self.entries]

    def order(self, person: PersonId, kind: type[Order], **fields: Any) -> tuple[Fact, ...]:  # noqa: ANN401
        """Let a person give an order now. Gives the facts that followed from it."""
        self.orders += 1
        acting = fields.pop("acting", None) or ACTING[person]
        order = kind(id=CommandId(f"c{self.orders}"), by=person, acting=acting, **fields)
        return self._went_on(self.case.obey(order, self.now), order.id)

    def refused(self, person: PersonId, kind: type[Order], **fields: Any) -> str:  # noqa: ANN401
        """Let a person give an order that must be refused. Gives the code, and the field after a dot."""
        before = self.case, len(self.entries)
        with pytest.raises(Refusal) as refused:
            self.order(person, kind, **fields)
        assert (self.case, len(self.entries)) == before
        return fault(refused.value)

    def later(self, **span: float) -> tuple[Fact, ...]:
        """Let time pass as the workflow does: wake up for each notice. Gives what the clock did."""
        until, first = self.now + timedelta(**span), len(self.entries)
        while (wake := next_wake(self.finding)) is not None and wake <= until:
            assert wake > self.now or first == len(self.entries), "the clock moves on"
            self.now = max(self.now, wake)
            assert self.keep_time(), "who wakes up finds something to do"
        self.now = until
        return tuple(fact_of(entry) for entry in self.entries[first:])

    def outage(self, **span: float) -> tuple[Fact, ...]:
        """Let time pass while nobody wakes up; then catch up."""
        self.now += timedelta(**span)
        return self.keep_time()

    def keep_time(self) -> tuple[Fact, ...]:
        return self._went_on(self.case.keep_time(self.now), None)

    def day(self, days: int = 0) -> date:
        """Give the factory's local day so many days from now."""
        return self.finding.calendar.today(self.now) + timedelta(days=days)

    def action(self, name: str = FIRST, *, days: int = 60, owner: PersonId = BAO) -> PlannedAction:
        return PlannedAction(id=ActionId(name), kind=ActionKind.CORRECTIVE, owner=owner, due=self.day(days))

    def owed(self, key: str) -> Obligation | None:
        return next((each for each in obligations(self.finding) if each.key == key), None)

    def due_day(self, key: str) -> date:
        """Give the local day by whose end something is owed."""
        owed = self.owed(key)
        assert owed is not None, f"{key} is not owed"
        return self.finding.calendar.last_day(owed.due)

    @property
    def owes(self) -> set[str]:
        return {each.key for each in obligations(self.finding)}

    def propose(self, person: PersonId = AMINA, revision: Digest = PLAN, **fields: Any) -> tuple[Fact, ...]:  # noqa: ANN401
        fields.setdefault("actions", (self.action(),))
        return self.order(person, Propose, revision=revision, **fields)

    def commit(self, *actions: PlannedAction, revision: Digest = PLAN) -> "Story":
        """Let Amina propose, and Amina and Bao sign."""
        self.propose(revision=revision, actions=actions or (self.action(),))
        self.order(AMINA, Sign, revision=revision)
        self.order(BAO, Sign, revision=revision)
        return self

    def do(self, *actions: ActionId) -> "Story":
        """Let Bao do actions, all of them unless some are named."""
        for action in actions or tuple(each.id for each in self.finding.actions if not each.done):
            late = self.now >= self.finding.calendar.end_of(self._due(action))
            reason = NOTE if late else None
            self.order(BAO, RecordProgress, action=action, percent=100, evidence=PHOTO, slip_reason=reason)
        return self

    def fix(self) -> "Story":
        """Let Bao do all that is open, and report the fix."""
        self.do()
        self.order(BAO, ReportFixed, evidence=PHOTO)
        return self

    def verify(self, verdict: Verdict = Verdict.PASS, **fields: Any) -> tuple[Fact, ...]:  # noqa: ANN401
        """Let Erik look on site."""
        fields = {"modality": Modality.ON_SITE, "evidence": PHOTO} | fields
        return self.order(ERIK, Verify, verdict=verdict, **fields)

    def _due(self, action: ActionId) -> date:
        known = self.finding.action(action)
        assert known is not None
        return known.due

    def _went_on(self, step: tuple[Case, tuple[Entry, ...]], command: CommandId | None) -> tuple[Fact, ...]:
        self.case, entries = step
        self.entries += entries
        return tuple(fact_of(entry) for entry in entries if entry.command == command)


def an_issue(severity: str = "major", **fields: Any) -> Issued:  # noqa: ANN401
    """Give the fact that a finding was issued."""
    usual: dict[str, Any] = {
        "finding": FindingId("f1"),
        "programme": ProgrammeId("p1"),
        "factory": FactoryId("x1"),
        "plan": PlanId("plan1"),
        "point": "emergency_preparedness",
        "question": "q1",
        "assessor": CHLOE,
        "repeat_of": None,
        "proof_by_interview": False,
        "policy": "default-1",
        "calendar": "dhaka-1",
        "seats": SEATS,
        "factory_told": False,
    }
    return Issued(severity=Severity(severity), **(usual | fields))


def a_case(
    severity: str = "major",
    *,
    policy: Policy | None = None,
    calendar: Calendar = DHAKA,
    at: datetime = MONDAY,
    told_as: type[Story] = Story,
    **fields: Any,  # noqa: ANN401
) -> Story:
    """Begin the story of a finding that Chloé issued on a Monday."""
    case, entry = open_case(an_issue(severity, **fields), policy or Policy(), calendar, at, CHLOE)
    return told_as(case, at, [entry])


def a_confirmed_alarm(**told: Told) -> Story:
    """Begin the story of a zero-tolerance finding of which the factory was told five hours later."""
    story = a_case("zero_tolerance", **told)
    story.later(hours=5)
    story.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    return story


def a_closed_case(severity: str = "major", **told: Told) -> Story:
    """Begin the story of a finding that was fixed and verified on the first day."""
    story = a_case(severity, **told).commit().fix()
    story.order(AMINA, ConcurWithFix)
    story.verify()
    return story
