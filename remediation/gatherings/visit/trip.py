"""The trip itself: begun, put off or cancelled with a reason, and ended with its report."""

from dataclasses import replace
from datetime import datetime

from remediation.gatherings.visit.facts import VisitBegun, VisitCancelled, VisitEnded, VisitPostponed
from remediation.gatherings.visit.orders import BeginVisit, CancelVisit, EndVisit, PostponeVisit
from remediation.gatherings.visit.outcomes import VERIFIERS
from remediation.gatherings.visit.state import Visit
from remediation.refusals import AlreadyDone, FieldInvalid, NotAtThisStage, SameAsBefore
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, day_ahead
from remediation.words import VisitStage


def begin_visit(order: BeginVisit, visit: Visit, now: datetime) -> Facts:
    """Give the fact that the visit has begun: today, or on an earlier day where the phone had no link."""
    acting_as(order, *VERIFIERS, to="begin a visit")
    if visit.begun_at is not None:
        message = "The visit has begun already."
        raise AlreadyDone(message)
    _planned(visit)
    calendar = visit.calendar
    if not calendar.today(visit.opened_at) <= order.on <= calendar.today(now):
        message = "It began today, or on a day since it was planned."
        raise FieldInvalid(message, field="on")
    return (VisitBegun(on=order.on),)


def visit_begun(fact: VisitBegun, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit under way, with its report owed."""
    report_by = visit.calendar.due(stamp.at, visit.policy.visits.report)
    return replace(visit, begun_on=fact.on, begun_at=stamp.at, report_by=report_by, notices=())


def postpone_visit(order: PostponeVisit, visit: Visit, now: datetime) -> Facts:
    """Give the fact that the visit is put off, before it has begun."""
    acting_as(order, *VERIFIERS, to="postpone a visit")
    _planned(visit)
    day_ahead(visit.calendar, order.on, now, field="on")
    if order.on == visit.on:
        message = "The visit is on this day already."
        raise SameAsBefore(message, field="on")
    put_off = VisitPostponed(
        on=order.on,
        was=visit.on,
        hindrance=order.hindrance,
        reason=order.reason,
        verifier=visit.verifier,
        withheld=visit.restricted,
    )
    return (put_off,)


def visit_postponed(fact: VisitPostponed, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit on its new day; what was sent about the old one does not count for it."""
    return replace(visit, on=fact.on, set_at=stamp.at, postponed=visit.postponed + 1, notices=())


def cancel_visit(order: CancelVisit, visit: Visit, now: datetime) -> Facts:
    """Give the fact that the visit does not take place: before it begins, or turned away at the gate."""
    acting_as(order, *VERIFIERS, to="cancel a visit")
    if any(line.outcomes for line in visit.lines):
        message = "Outcomes were recorded: end the visit instead of cancelling it."
        raise NotAtThisStage(message)
    cancelled = VisitCancelled(
        was=visit.begun_on or visit.on,
        hindrance=order.hindrance,
        reason=order.reason,
        verifier=visit.verifier,
        withheld=visit.restricted,
    )
    return (cancelled,)


def visit_cancelled(fact: VisitCancelled, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit at its end."""
    return replace(visit, cancelled_at=stamp.at, notices=())


def end_visit(order: EndVisit, visit: Visit, now: datetime) -> Facts:
    """Give the fact that the visit is over. What nobody looked at stays due, and the report says so."""
    acting_as(order, *VERIFIERS, to="end a visit")
    if visit.stage is VisitStage.ENDED:
        message = "The visit has ended already."
        raise AlreadyDone(message)
    if visit.begun_at is None:
        message = "The visit has not begun: begin it first, or cancel it."
        raise NotAtThisStage(message)
    if not any(line.outcomes for line in visit.lines):
        message = "No outcome was recorded: record one, or cancel the visit."
        raise NotAtThisStage(message)
    ended = VisitEnded(on=visit.calendar.today(now), outcomes=visit.totals, summary=order.summary)
    return (ended,)


def visit_ended(fact: VisitEnded, visit: Visit, stamp: Stamp) -> Visit:
    """Give the visit at its end; outcomes on their way are still delivered."""
    return replace(visit, ended_at=stamp.at, notices=())


def _planned(visit: Visit) -> None:
    if visit.stage is not VisitStage.PLANNED:
        message = "The visit has begun or is over."
        raise NotAtThisStage(message)
