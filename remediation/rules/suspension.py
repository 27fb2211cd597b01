"""The factory's clock stands still: asked by the advisor, countersigned by the team leader, over by itself.

For listed causes only, capped at a time and in all; never under zero tolerance. Asking stops nothing. A
request that is not decided yet may be replaced by another.
"""

from dataclasses import replace
from datetime import date, datetime

from remediation.facts import Resumed, Suspended, SuspensionAsked, SuspensionDeclined, SuspensionEnded
from remediation.finding import Finding, Standstill, Suspension
from remediation.orders import CountersignSuspension, DeclineSuspension, EndSuspension, Suspend
from remediation.refusals import (
    AlreadyDone,
    NeverSuspended,
    NotIndependent,
    SuspensionLimit,
    SuspensionMissing,
    TooLate,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, at_stage, day_ahead
from remediation.standstills import days_used, running, shortened, started, stopped
from remediation.words import BEFORE_COMMITMENT, PersonId, Role, Severity, Stage


def suspend(order: Suspend, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.ADVISOR, to="ask for a suspension")
    _can_stand_still(finding)
    still = running(finding)
    if still is not None:
        message = f"The clock stands still already, up to and including {still.last.isoformat()}."
        raise AlreadyDone(message)
    day_ahead(finding.calendar, order.until, now, field="until")
    _within_limits(finding, finding.calendar.today(now), order.until)
    by = finding.calendar.due(now, finding.policy.suspensions.decide)
    return (SuspensionAsked(cause=order.cause, until=order.until, reason=order.reason, decide_by=by),)


def suspension_asked(fact: SuspensionAsked, finding: Finding, stamp: Stamp) -> Finding:
    asked = Suspension(
        cause=fact.cause,
        until=fact.until,
        asked_by=stamp.by,
        asked_at=stamp.at,
        decide_by=fact.decide_by,
    )
    return replace(finding, suspension=asked)


def countersign_suspension(order: CountersignSuspension, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.TEAM_LEADER, to="countersign a suspension")
    asked = asked_for(finding)
    if order.by == asked.asked_by:
        message = "A suspension is countersigned by somebody else than who asked for it."
        raise NotIndependent(message)
    _can_stand_still(finding)
    today = finding.calendar.today(now)
    if asked.until < today:
        message = f"It was asked for up to {asked.until.isoformat()}, which has passed. Decline it."
        raise TooLate(message)
    still = Standstill(cause=asked.cause, began=now, first=today, last=asked.until)
    owners = _owners(stopped(finding, still))
    return (Suspended(cause=asked.cause, first=today, last=asked.until, days=still.days, owners=owners),)


def suspended(fact: Suspended, finding: Finding, stamp: Stamp) -> Finding:
    still = Standstill(cause=fact.cause, began=stamp.at, first=fact.first, last=fact.last)
    return stopped(replace(finding, suspension=None), still)


def decline_suspension(order: DeclineSuspension, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.TEAM_LEADER, to="decline a suspension")
    asked = asked_for(finding)
    return (SuspensionDeclined(cause=asked.cause, until=asked.until, reason=order.reason),)


def suspension_declined(fact: SuspensionDeclined, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, suspension=None)


def end_suspension(order: EndSuspension, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.ADVISOR, Role.TEAM_LEADER, to="end a suspension")
    still, today = running(finding), finding.calendar.today(now)
    if still is None:
        message = "The clock does not stand still: there is no suspension to end."
        raise SuspensionMissing(message)
    days = (still.last - today).days
    if days <= 0:
        message = f"The suspension ends with {still.last.isoformat()} by itself."
        raise AlreadyDone(message)
    ended = SuspensionEnded(
        cause=still.cause, last=today, days=days, reason=order.reason, owners=_owners(finding)
    )
    return (ended,)


def suspension_ended(fact: SuspensionEnded, finding: Finding, stamp: Stamp) -> Finding:
    return shortened(finding, fact.last)


def resumed(fact: Resumed, finding: Finding, stamp: Stamp) -> Finding:
    return started(finding)


def _can_stand_still(finding: Finding) -> None:
    if finding.severity is Severity.ZERO_TOLERANCE:
        raise NeverSuspended
    # While it is disputed the clock stands still anyway; after the report it is the staff's.
    at_stage(finding, *BEFORE_COMMITMENT, Stage.COMMITTED, to="suspend a finding")


def _within_limits(finding: Finding, first: date, last: date) -> None:
    limits, days = finding.policy.suspensions, (last - first).days + 1
    if days > limits.days:
        message = f"These are {days} days; the policy allows {limits.days} at a time. Choose an earlier day."
        raise SuspensionLimit(message, field="until")
    left = limits.total - days_used(finding)
    if days > left:
        message = f"These are {days} days; of {limits.total} in all, {max(left, 0)} are left."
        raise SuspensionLimit(message, field="until")


def _owners(finding: Finding) -> tuple[PersonId, ...]:
    """Give the owners of the actions whose days the running suspension moved."""
    return tuple(dict.fromkeys(each.owner for each in finding.actions if each.put_off))


def asked_for(finding: Finding) -> Suspension:
    """Give the request for a suspension that is not decided yet."""
    if finding.suspension is None:
        message = "No suspension waits for a decision. The advisor asks for one first."
        raise SuspensionMissing(message)
    return finding.suspension
