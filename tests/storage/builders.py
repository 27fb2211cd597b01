"""Cases and their recordings for storage tests, with valid defaults."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from remediation.attempts import attempt_of
from remediation.calendar import Calendar, Offset
from remediation.case import Case, open_case
from remediation.facts import Issued
from remediation.hooks import Sees
from remediation.ledger import Entry
from remediation.orders import Order, PlannedAction, Propose, Seat, Sign
from remediation.policy import Policy
from remediation.recording import Recording
from remediation.summary import summary
from remediation.waiting import waits
from remediation.words import (
    ActionId,
    ActionKind,
    CommandId,
    Digest,
    FactoryId,
    FindingId,
    PersonId,
    PlanId,
    ProgrammeId,
    Role,
    Severity,
    Side,
)
from storage.codec import case_state
from storage.hooks import Hook, HookState
from storage.passkeys import Passkey

AMINA, BAO, CHLOE, TOMAS = (PersonId(name) for name in ("amina", "bao", "chloe", "tomas"))
MONDAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
DHAKA = Calendar(
    version="dhaka-1",
    zone="Asia/Dhaka",
    offsets=(Offset(datetime(2020, 1, 1, tzinfo=UTC), 360),),
    rest_days=(5,),
)
SEATS = (
    Seat(person=AMINA, side=Side.WORKER, elected=True, co_chair=True),
    Seat(person=BAO, side=Side.MANAGEMENT, co_chair=True),
)


@dataclass
class Life:
    """A finding's life as it unfolds: its case now, and all entries so far."""

    case: Case
    entries: tuple[Entry, ...]

    def obey(self, order: Order, at: datetime) -> "Life":
        case, entries = self.case.obey(order, at)
        return Life(case, self.entries + entries)

    def keep_time(self, at: datetime) -> "Life":
        case, entries = self.case.keep_time(at)
        return Life(case, self.entries + entries)


def a_life(
    finding: str = "f1",
    *,
    factory: str = "lotus",
    plan: str = "plan-1",
    programme: str = "bd",
    severity: Severity = Severity.MAJOR,
    point: str = "emergency-preparedness",
    question: str = "q1",
    at: datetime = MONDAY,
    policy: Policy | None = None,
    factory_told: bool = True,
) -> Life:
    policy = policy or Policy()
    issued = Issued(
        finding=FindingId(finding),
        programme=ProgrammeId(programme),
        factory=FactoryId(factory),
        plan=PlanId(plan),
        point=point,
        question=question,
        severity=severity,
        assessor=CHLOE,
        repeat_of=None,
        proof_by_interview=False,
        policy=policy.version,
        calendar=DHAKA.version,
        seats=SEATS,
        factory_told=factory_told,
    )
    case, entry = open_case(issued, policy, DHAKA, at, CHLOE)
    return Life(case, (entry,))


def an_action(due_in: int = 40, *, at: datetime = MONDAY) -> PlannedAction:
    due = (at + timedelta(days=due_in)).date()
    return PlannedAction(id=ActionId("a1"), kind=ActionKind.CORRECTIVE, owner=BAO, due=due)


REVISION = Digest("a" * 64)


def agreed(life: Life) -> Life:
    """A life in which Bao proposed and both sides signed, an hour apart each."""
    at = life.entries[-1].at
    propose = Propose(
        id=CommandId("c-propose"),
        by=BAO,
        acting=Role.MANAGEMENT_MEMBER,
        revision=REVISION,
        actions=(an_action(at=at),),
    )
    life = life.obey(propose, at + timedelta(hours=1))
    for hour, (person, acting) in enumerate(((AMINA, Role.WORKER_MEMBER), (BAO, Role.MANAGEMENT_MEMBER)), 2):
        sign = Sign(id=CommandId(f"c-sign-{person}"), by=person, acting=acting, revision=REVISION)
        life = life.obey(sign, at + timedelta(hours=hour))
    return life


def a_recording(life: Life, since: int = 0) -> Recording:
    """The recording of a life's entries after the first `since`."""
    finding = life.case.finding
    return Recording(
        entries=life.entries[since:],
        summary=summary(life.case),
        state=case_state(life.case),
        policy=finding.policy.version,
        calendar=finding.calendar.version,
        waits=waits(finding),
        attempt=attempt_of(finding, life.entries[-1].at),
    )


def recordings(lives: Iterable[Life]) -> list[Recording]:
    return [a_recording(life) for life in lives]


def a_hook(programme: str = "bd", by: str = "petra", **changed: Any) -> Hook:  # noqa: ANN401
    """Give a webhook of a whole programme that hears of everything staff may know."""
    fields = {
        "id": "the-hook",
        "programme": ProgrammeId(programme),
        "factory": "",
        "sees": Sees.STAFF,
        "url": "https://receiver.example/hook",
        "description": "",
        "topics": (),
        "state": HookState.ACTIVE,
        "why": None,
        "by": PersonId(by),
        "made_at": MONDAY,
    }
    return Hook(**{**fields, **changed})


def a_passkey(person: PersonId, name: str = "My phone", uses: int = 0) -> Passkey:
    """Give a passkey of somebody's device."""
    return Passkey(
        credential=f"credential-of-{person}",
        id=f"key-of-{person}",
        person=person,
        public_key="cHVibGlj",
        uses=uses,
        name=name,
        added_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
