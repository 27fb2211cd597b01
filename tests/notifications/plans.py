"""The story of an improvement plan, told by the real rules: it calls for every letter about plans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from notifications.occasion import GatheringOccasion, Reader
from remediation.facts import Fact
from remediation.gatherings.case import KINDS, GatheringCase, open_gathering
from remediation.gatherings.letters import letters_for
from remediation.gatherings.plan import CompletePlan, FilePlan, ReportProgress, Tally, plan_opened
from remediation.ledger import Entry
from remediation.letters import LetterOrder
from remediation.notices import next_wake
from remediation.orders import DecideConsequence, Order
from remediation.policy import Policy
from remediation.words import (
    SYSTEM,
    CommandId,
    Consequence,
    FactoryId,
    PersonId,
    PlanId,
    ProgrammeId,
    Role,
    Stage,
)
from storage.codec import adapter
from tests.notifications.stories import BAO, CHLOE, DHAKA, LABEL, NAMES, NOTE, PUBLIC, RUTH, START

TALLY = Tally(stages={Stage.UNDER_REVIEW: 1, Stage.COMMITTED: 2, Stage.SUSTAINED: 3}, overdue=2)
ENDED = Tally(stages={Stage.SUSTAINED: 5, Stage.SUPERSEDED: 1})


@dataclass(frozen=True)
class PlanTold:
    """A letter that a plan's fact called for, with the state it is written from."""

    order: LetterOrder
    fact: Fact
    at: Any
    state: Any

    def occasion(self, tongue: str = "en") -> GatheringOccasion[Fact]:
        """Give what it is written from."""
        person = self.order.person or PersonId(f"the-{self.order.role}")
        name = NAMES.get(person, "Chloé Martin")
        return GatheringOccasion(
            kind=self.order.kind,
            reader=Reader(person=person, name=name, language=tongue, role=self.order.role),
            label=LABEL,
            fact=self.fact,
            at=self.at,
            state=self.state,
            public_url=PUBLIC,
        )


def every_plan_letter() -> list[PlanTold]:
    """Give the letters of a plan that nobody files for months, and of its end."""
    policy = Policy()
    opened = plan_opened(
        PlanId("p-7c41b2e9"),
        ProgrammeId("prog"),
        FactoryId("shapla"),
        "a-1",
        DHAKA.today(START),
        policy.version,
        DHAKA.version,
    )
    case, entry = open_gathering(opened, policy, DHAKA, START, CHLOE)
    return [*told_by(case, (entry,)), *_unfolding(case)]


def _unfolding(case: GatheringCase) -> Iterator[PlanTold]:
    now, until = START, START + timedelta(days=130)
    while (wake := next_wake(case.state)) is not None and wake <= until:
        now = max(now, wake)
        case, entries = case.keep_time(now)
        yield from told_by(case, entries)
    for order in _orders():
        case, entries = case.obey(order, until)
        yield from told_by(case, entries)


def _orders() -> Iterator[Order]:
    panel = {"by": RUTH, "acting": Role.DECISION_PANEL, "obligation": "file_plan", "reason": NOTE}
    yield DecideConsequence(id=CommandId("c1"), consequence=Consequence.PUBLICATION, **panel)  # type: ignore[arg-type]
    yield FilePlan(id=CommandId("c2"), by=BAO, acting=Role.MANAGER)
    yield ReportProgress(id=CommandId("c3"), by=SYSTEM, acting=Role.SYSTEM, number=1, tally=TALLY)
    yield CompletePlan(id=CommandId("c4"), by=SYSTEM, acting=Role.SYSTEM, tally=ENDED)


def told_by(case: GatheringCase, entries: tuple[Entry, ...]) -> Iterator[PlanTold]:
    """Give the letters that entries call for, with the state they are written from."""
    for entry in entries:
        fact = adapter(KINDS[entry.kind]).validate_json(entry.body)
        for order in letters_for(fact, entry.seq):
            yield PlanTold(order, fact, entry.at, case.state)
