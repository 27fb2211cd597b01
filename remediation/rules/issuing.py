"""A finding begins: issue it, date its attempt, grade it anew, correct it while nobody has acted."""

from dataclasses import replace
from datetime import datetime

from remediation.calendar import Calendar
from remediation.facts import Amended, Issued
from remediation.finding import Finding
from remediation.moves import COUNTED_FROM_ITS_ISSUE
from remediation.orders import Amend
from remediation.policy import Policy
from remediation.refusals import NotYourRole, SameAsBefore
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import at_stage, of_the_programme
from remediation.rules.seating import one_seat_each
from remediation.spans import Span
from remediation.standstills import never_suspended, put_off
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
        seats=one_seat_each(issued.seats),
        issued_at=at,
        attempt_began=at,
        review_by=calendar.due(at, terms.review),
        commit_by=calendar.due(at, terms.commit),
        fix_by=calendar.due(at, terms.fix) if terms.fix else None,
        repeat_of=issued.repeat_of,
        proof_by_interview=issued.proof_by_interview,
        alarm=Alarm.RAISED if raised else None,
        alarm_raised_at=at if raised else None,
        # Only a zero-tolerance alarm is ever kept from the factory.
        factory_told_at=at if issued.factory_told or not raised else None,
    )


def dated(finding: Finding, start: datetime, *, set_at: datetime | None = None) -> Finding:
    """Give the finding with review, commitment and fix dates counted from `start`.

    `set_at` is when they were set, where that is later. What was suspended since is not counted.
    """
    terms = finding.terms

    def due(span: Span) -> datetime:
        return put_off(finding, start, finding.calendar.due(start, span))

    return replace(
        finding,
        attempt_began=start,
        dates_set_at=set_at,
        days_added=0,
        held=tuple(each for each in finding.held if each.key not in COUNTED_FROM_ITS_ISSUE),
        review_by=due(terms.review),
        commit_by=due(terms.commit),
        fix_by=due(terms.fix) if terms.fix else None,
    )


def graded(finding: Finding, severity: Severity) -> Finding:
    """Give the finding with a severity. A zero-tolerance alarm ends with its own."""
    over = finding.severity is Severity.ZERO_TOLERANCE and severity is not finding.severity
    return replace(finding, severity=severity, alarm=Alarm.CANCELLED if over else finding.alarm)


def amend(order: Amend, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.ISSUED, to="correct a finding")
    of_the_programme(order, to="correct a finding")
    if finding.severity is Severity.ZERO_TOLERANCE:
        message = "A zero-tolerance alarm is confirmed or cancelled by the duty officer, not corrected."
        raise NotYourRole(message, field="severity")
    if order.severity is finding.severity:
        message = "The finding already has this severity."
        raise SameAsBefore(message, field="severity")
    raised = order.severity is Severity.ZERO_TOLERANCE
    withheld = raised and not finding.policy.tell_factory_when_raised
    return (Amended(severity=order.severity, note=order.note, withheld=withheld),)


def amended(fact: Amended, finding: Finding, stamp: Stamp) -> Finding:
    now_holds = graded(finding, fact.severity)
    # The factory has its days from when it reads what now holds.
    if fact.severity is not Severity.ZERO_TOLERANCE:
        return dated(now_holds, stamp.at)
    told = None if fact.withheld else finding.factory_told_at
    alarm = replace(now_holds, alarm=Alarm.RAISED, alarm_raised_at=stamp.at, factory_told_at=told)
    return dated(never_suspended(alarm), stamp.at)
