"""A finding begins: issue it, correct it while nobody has acted, seat its committee, start an attempt."""

from dataclasses import replace
from datetime import datetime

from remediation.calendar import Calendar
from remediation.facts import Amended, Issued, Reseated
from remediation.finding import Finding
from remediation.orders import Amend, Reseat
from remediation.policy import Policy
from remediation.refusals import SameAsBefore
from remediation.rules.core import Facts, Stamp, apply, decide
from remediation.rules.guards import at_stage
from remediation.words import Alarm, Severity, Stage


def begin(issued: Issued, policy: Policy, calendar: Calendar, at: datetime) -> Finding:
    """Give the first state of a finding, under the policy and calendar that the fact names by version."""
    terms = policy.terms[issued.severity]
    raised = issued.severity is Severity.ZERO_TOLERANCE
    return Finding(
        id=issued.finding,
        programme=issued.programme,
        factory=issued.factory,
        plan=issued.plan,
        point=issued.point,
        question=issued.question,
        severity=issued.severity,
        assessor=issued.assessor,
        policy=policy,
        calendar=calendar,
        seats=issued.seats,
        issued_at=at,
        attempt_began=at,
        review_by=calendar.due(at, terms.review),
        commit_by=calendar.due(at, terms.commit),
        fix_by=calendar.due(at, terms.fix) if terms.fix else None,
        repeat_of=issued.repeat_of,
        proof_by_interview=issued.proof_by_interview,
        alarm=Alarm.RAISED if raised else None,
        alarm_raised_at=at if raised else None,
        factory_told_at=at if issued.factory_told else None,
    )


def with_dates_from(finding: Finding, start: datetime) -> Finding:
    """Give the finding with review, commitment and fix dates counted anew from an instant."""
    terms, due = finding.terms, finding.calendar.due
    return replace(
        finding,
        attempt_began=start,
        review_by=due(start, terms.review),
        commit_by=due(start, terms.commit),
        fix_by=due(start, terms.fix) if terms.fix else None,
    )


def with_severity(finding: Finding, severity: Severity, at: datetime) -> Finding:
    """Give the finding with another severity, its dates counted from the attempt's start under its terms.

    A zero-tolerance alarm begins or ends with it. What was held back from the factory as zero
    tolerance is the factory's to see once it is not.
    """
    changed = with_dates_from(replace(finding, severity=severity), finding.attempt_began)
    if severity is Severity.ZERO_TOLERANCE:
        return replace(changed, alarm=Alarm.RAISED, alarm_raised_at=at)
    if finding.alarm is Alarm.RAISED or finding.alarm is Alarm.CONFIRMED:
        changed = replace(changed, alarm=Alarm.CANCELLED)
    return replace(changed, factory_told_at=finding.factory_told_at or at)


@decide.register
def _(order: Amend, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.ISSUED, to="correct a finding")
    if order.severity is finding.severity:
        message = "The finding already has this severity."
        raise SameAsBefore(message, field="severity")
    return (Amended(severity=order.severity, note=order.note),)


@apply.register
def _(fact: Amended, finding: Finding, stamp: Stamp) -> Finding:
    return with_severity(finding, fact.severity, stamp.at)


@decide.register
def _(order: Reseat, finding: Finding, now: datetime) -> Facts:
    if finding.ended or order.seats == finding.seats:
        raise SameAsBefore
    return (Reseated(seats=order.seats),)


@apply.register
def _(fact: Reseated, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, seats=fact.seats)
