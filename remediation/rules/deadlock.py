"""When the sides cannot agree: the advisor mediates, and management may file an interim plan, not agreed."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import Committed, DeadlockDeclared, MediationClosed
from remediation.finding import Finding
from remediation.orders import CloseMediation, DeclareDeadlock, FileInterimPlan
from remediation.refusals import AlreadyDone, NotAtThisStage, NotYourRole
from remediation.rules.agreement import check_actions, check_dates
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, at_stage, member
from remediation.words import Role, Side, Stage


def declare_deadlock(order: DeclareDeadlock, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.UNDER_REVIEW, to="declare a deadlock")
    seat = member(finding, order)
    if finding.deadlocked:
        message = "The deadlock is declared already; the advisor mediates."
        raise AlreadyDone(message)
    by = finding.calendar.due(now, finding.policy.windows.mediate)
    return (DeadlockDeclared(side=seat.side, reason=order.reason, mediate_by=by),)


def deadlock_declared(fact: DeadlockDeclared, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, deadlocked=True, deadlocked_at=stamp.at, mediate_by=fact.mediate_by)


def close_mediation(order: CloseMediation, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.ADVISOR, to="close a mediation")
    if finding.mediate_by is None:
        message = "There is no mediation to close."
        raise NotAtThisStage(message)
    return (MediationClosed(reason=order.reason),)


def mediation_closed(fact: MediationClosed, finding: Finding, stamp: Stamp) -> Finding:
    # The deadlock itself ends with a commitment: a mediation without result leaves the interim plan open.
    return replace(finding, mediate_by=None)


def file_interim_plan(order: FileInterimPlan, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.UNDER_REVIEW, to="file an interim plan")
    if not finding.deadlocked:
        message = "An interim plan can be filed only after a deadlock was declared."
        raise NotAtThisStage(message)
    seat = finding.seat_of(order.by)
    if order.acting is not Role.MANAGER and (seat is None or seat.side is not Side.MANAGEMENT):
        message = "An interim plan is filed by management."
        raise NotYourRole(message)
    check_actions(order.actions)
    check_dates(finding, order.actions, now)
    return (
        Committed(
            revision=order.revision,
            author=order.by,
            actions=order.actions,
            agreed=False,
            signatures=(order.by,),
        ),
    )
