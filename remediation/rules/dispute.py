"""Contesting a finding: once, within 14 days, with new facts; the time it takes is added to the dates."""

from dataclasses import replace
from datetime import datetime, timedelta

from remediation.calendar import Calendar
from remediation.facts import DisputeDecided, Disputed, Ended
from remediation.finding import Finding
from remediation.orders import DecideDispute, Dispute
from remediation.refusals import AlreadyDone, NotAMember, NotIndependent, NotYourRole, ReasonRequired, TooLate
from remediation.rules.core import Facts, Stamp, apply, decide
from remediation.rules.guards import acting_as, at_stage
from remediation.rules.issuing import with_severity
from remediation.words import DisputeOutcome, Role, Severity, Stage


@decide.register
def _(order: Dispute, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.ISSUED, Stage.UNDER_REVIEW, to="dispute a finding")
    if finding.seat_of(order.by) is None and order.acting is not Role.MANAGER:
        message = "A finding is disputed by a committee member or the factory's manager."
        raise NotAMember(message)
    if finding.disputed_at is not None or finding.attempt > 1:
        message = "A finding can be disputed once, in its first attempt."
        raise AlreadyDone(message)
    window = finding.policy.windows.dispute
    if now >= finding.calendar.due(finding.attempt_began, window):
        message = f"A finding can be disputed within {window} of its issue."
        raise TooLate(message)
    by = finding.calendar.due(now, finding.policy.windows.decide_dispute)
    return (Disputed(reason=order.reason, decide_by=by),)


@apply.register
def _(fact: Disputed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(
        finding,
        stage=Stage.DISPUTED,
        stage_before_dispute=finding.stage,
        disputed_at=stamp.at,
        dispute_decide_by=fact.decide_by,
    )


@decide.register
def _(order: DecideDispute, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.DISPUTED, to="decide a dispute")
    acting_as(order, Role.TEAM_LEADER, to="decide a dispute")
    if order.by == finding.assessor:
        message = "Who assessed the factory does not decide disputes about the assessment."
        raise NotIndependent(message)
    severity = finding.severity
    if order.outcome is DisputeOutcome.PARTLY:
        severity = _amended_severity(order)
    decided = DisputeDecided(
        outcome=order.outcome,
        reason=order.reason,
        severity=severity,
        days_added=_days_taken(finding, now),
    )
    if order.outcome is DisputeOutcome.UPHELD:
        return (decided, Ended(stage=Stage.WITHDRAWN, reason=order.reason))
    return (decided,)


@apply.register
def _(fact: DisputeDecided, finding: Finding, stamp: Stamp) -> Finding:
    calendar = finding.calendar
    decided = replace(finding, stage=finding.stage_before_dispute or Stage.ISSUED)
    if fact.severity is not finding.severity:
        decided = with_severity(decided, fact.severity, stamp.at)
    return replace(
        decided,
        review_by=_later(calendar, decided.review_by, fact.days_added),
        commit_by=_later(calendar, decided.commit_by, fact.days_added),
        fix_by=_later(calendar, decided.fix_by, fact.days_added) if decided.fix_by else None,
    )


def _amended_severity(order: DecideDispute) -> Severity:
    if order.severity is None:
        message = "A partly upheld dispute names the severity that now holds."
        raise ReasonRequired(message, field="severity")
    if order.severity is Severity.ZERO_TOLERANCE:
        message = "A dispute cannot raise a zero-tolerance alarm; issue a finding for it."
        raise NotYourRole(message, field="severity")
    return order.severity


def _days_taken(finding: Finding, now: datetime) -> int:
    if finding.severity is Severity.ZERO_TOLERANCE:
        return 0  # its clock keeps running
    began = finding.disputed_at or now
    return (finding.calendar.today(now) - finding.calendar.today(began)).days


def _later(calendar: Calendar, due: datetime, days: int) -> datetime:
    # By local days, so that a change of clocks in between does not move the end of the day.
    return calendar.end_of(calendar.last_day(due) + timedelta(days=days))
