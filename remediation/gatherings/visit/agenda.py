"""Planning a visit, and what comes onto its agenda by itself."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from remediation.calendar import Calendar
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.visit.facts import AgendaExtended, Item, VisitPlanned
from remediation.gatherings.visit.orders import ExtendAgenda
from remediation.gatherings.visit.state import Line, Visit
from remediation.policy import Policy
from remediation.refusals import AlreadyDone, FieldInvalid, NotAtThisStage, NotIndependent
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, day_ahead
from remediation.words import GatheringId, PersonId, Role, VisitStage

MOST_ITEMS = 100
OPEN = frozenset({VisitStage.PLANNED, VisitStage.UNDER_WAY})


def visit_gathering(visit: str) -> GatheringId:
    """Give the id of a visit as a gathering."""
    return gathering_id(Kind.VISIT, visit)


def plannable(planned: VisitPlanned, calendar: Calendar, now: datetime) -> None:
    """Refuse a plan for a day that has passed, without findings, or by somebody who fixed one of them."""
    day_ahead(calendar, planned.on, now, field="on")
    if not planned.items:
        message = "Choose at least one finding to look at."
        raise FieldInvalid(message, field="findings")
    if len(planned.items) > MOST_ITEMS:
        message = "A visit looks at 100 findings at most."
        raise FieldInvalid(message, field="findings")
    if len({each.finding for each in planned.items}) < len(planned.items):
        message = "Each finding is chosen once."
        raise FieldInvalid(message, field="findings")
    independent(planned.items, planned.verifier, field="verifier")


def independent(items: Iterable[Item], person: PersonId, *, field: str = "") -> None:
    """Refuse who planned, did or reported a fix that is looked at."""
    if any(person in each.fixers for each in items):
        message = "A fix is verified by somebody who neither planned, did nor reported it."
        raise NotIndependent(message, field=field)


def begin(planned: VisitPlanned, policy: Policy, calendar: Calendar, at: datetime, by: PersonId) -> Visit:
    """Give a visit's first state."""
    return Visit(
        planned=planned,
        policy=policy,
        calendar=calendar,
        opened_at=at,
        opened_by=by,
        on=planned.on,
        set_at=at,
        lines=tuple(Line(item=each) for each in planned.items),
    )


def extend_agenda(order: ExtendAgenda, visit: Visit, now: datetime) -> Facts:
    """Give the fact that findings came onto the agenda: new ones, or for another check than before."""
    acting_as(order, Role.SYSTEM, to="extend a visit's agenda")
    if visit.stage not in OPEN:
        message = "The visit is over: what is due goes to the next one."
        raise NotAtThisStage(message)
    items = tuple(each for each in order.items if _is_new(visit, each))
    if not items:
        message = "All of it is on the agenda already."
        raise AlreadyDone(message)
    return (AgendaExtended(items=items),)


def _is_new(visit: Visit, item: Item) -> bool:
    line = visit.line(item.finding)
    return line is None or (line.outcome is None and line.item.check is not item.check)


def agenda_extended(fact: AgendaExtended, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit with the findings on its agenda."""
    for item in fact.items:
        line = visit.line(item.finding)
        visit = visit.with_line(replace(line, item=item) if line else Line(item=item))
    return visit
