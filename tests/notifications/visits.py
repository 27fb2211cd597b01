"""Stories of verification visits, told by the real rules: they call for every letter about visits."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from remediation.gatherings.case import open_gathering
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.facts import Item, VisitPlanned
from remediation.gatherings.visit.orders import (
    BeginVisit,
    CancelVisit,
    EndVisit,
    PostponeVisit,
    RecordOutcome,
)
from remediation.notices import next_wake
from remediation.orders import Order
from remediation.policy import Policy
from remediation.words import (
    Check,
    CommandId,
    FactoryId,
    FindingId,
    Hindrance,
    ProgrammeId,
    Role,
    Verdict,
)
from tests.notifications.plans import PlanTold, told_by
from tests.notifications.stories import CHLOE, DHAKA, NOTE, START

TODAY = DHAKA.today(START)
BY = {"by": CHLOE, "acting": Role.ADVISOR}


def every_visit_letter() -> list[PlanTold]:
    """Give the letters of a visit put off and held late, and of one that was not announced and not held."""
    return [*_visit(_held(), announced=True), *_visit(_turned_away(), announced=False)]


def _held() -> list[tuple[int, Order]]:
    seen: dict[str, Any] = {"finding": FindingId("f-1"), "verdict": Verdict.PASS, "evidence": (NOTE,)}
    later = TODAY + timedelta(days=30)
    put_off: dict[str, Any] = {"hindrance": Hindrance.FACTORY, "reason": NOTE}
    return [
        (10, PostponeVisit(id=CommandId("c1"), on=later, **put_off, **BY)),  # type: ignore[arg-type]
        (40, BeginVisit(id=CommandId("c2"), on=later, **BY)),  # type: ignore[arg-type]
        (40, RecordOutcome(id=CommandId("c3"), **seen, **BY)),  # type: ignore[arg-type]
        (60, EndVisit(id=CommandId("c4"), **BY)),  # type: ignore[arg-type]
    ]


def _turned_away() -> list[tuple[int, Order]]:
    why: dict[str, Any] = {"hindrance": Hindrance.ACCESS_REFUSED, "reason": NOTE}
    return [
        (21, BeginVisit(id=CommandId("c1"), on=TODAY + timedelta(days=21), **BY)),  # type: ignore[arg-type]
        (21, CancelVisit(id=CommandId("c2"), **why, **BY)),  # type: ignore[arg-type]
    ]


def _visit(orders: list[tuple[int, Order]], *, announced: bool) -> Iterator[PlanTold]:
    opened = VisitPlanned(
        gathering=visit_gathering("v-7c41b2e9"),
        programme=ProgrammeId("prog"),
        factory=FactoryId("shapla"),
        policy=Policy().version,
        calendar=DHAKA.version,
        verifier=CHLOE,
        on=TODAY + timedelta(days=21),
        announced=announced,
        items=(Item(finding=FindingId("f-1"), check=Check.FIX),),
    )
    case, entry = open_gathering(opened, Policy(), DHAKA, START, CHLOE)
    yield from told_by(case, (entry,))
    now = START
    for day, order in orders:
        until = START + timedelta(days=day)
        while (wake := next_wake(case.state)) is not None and wake <= until:
            now = max(now, wake)
            case, entries = case.keep_time(now)
            yield from told_by(case, entries)
        case, entries = case.obey(order, until)
        yield from told_by(case, entries)
