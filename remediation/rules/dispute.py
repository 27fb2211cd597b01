"""Contesting a finding: once, within 14 days, with new facts; the time it takes is added to the dates."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import Disputed, DisputeDecided, Ended
from remediation.finding import Finding
from remediation.orders import DecideDispute, Dispute
from remediation.refusals import (
    AlreadyDone,
    NotAMember,
    NotAtThisStage,
    NotIndependent,
    NotYourRole,
    ReasonRequired,
    TooLate,
)
from remediation.rules.agreement import settled
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, at_stage
from remediation.rules.issuing import dated, graded
from remediation.standstills import overlap, put_off
from remediation.words import BEFORE_COMMITMENT, DisputeOutcome, Role, Severity, Stage


def dispute(order: Dispute, finding: Finding, now: datetime) -> Facts:
    if finding.seat_of(order.by) is None and order.acting is not Role.MANAGER:
        message = "A finding is disputed by a committee member or the factory's manager."
        raise NotAMember(message)
    if finding.disputed_at is not None or finding.attempt > 1:
        message = "A finding can be disputed once, in its first attempt."
        raise AlreadyDone(message)
    at_stage(finding, *BEFORE_COMMITMENT, to="dispute a finding")
    window = finding.policy.windows.dispute
    if now >= put_off(finding, finding.attempt_began, finding.calendar.due(finding.attempt_began, window)):
        message = f"A finding can be disputed within {window} of its issue."
        raise TooLate(message)
    by = finding.calendar.due(now, finding.policy.windows.decide_dispute)
    return (Disputed(reason=order.reason, decide_by=by),)


def disputed(fact: Disputed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(
        finding,
        stage=Stage.DISPUTED,
        stage_before_dispute=finding.stage,
        disputed_at=stamp.at,
        disputed_by=stamp.by,
        dispute_decide_by=fact.decide_by,
    )


def decide_dispute(order: DecideDispute, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.TEAM_LEADER, to="decide a dispute")
    if finding.stage is not Stage.DISPUTED:
        message = "There is no dispute that waits for a decision."
        raise NotAtThisStage(message)
    if order.by == finding.assessor:
        message = "Who assessed the factory does not decide disputes about the assessment."
        raise NotIndependent(message)
    partly = order.outcome is DisputeOutcome.PARTLY
    fact = DisputeDecided(
        outcome=order.outcome,
        reason=order.reason,
        severity=_amended_severity(order) if partly else finding.severity,
        days_added=days_taken(finding, now),
    )
    if order.outcome is DisputeOutcome.UPHELD:
        return (fact, Ended(stage=Stage.WITHDRAWN, reason=order.reason))
    # Seats may have changed meanwhile, so that the votes on the table now suffice or cannot.
    return (fact, *settled(dispute_decided(fact, finding, Stamp(now, order.by)), now))


def dispute_decided(fact: DisputeDecided, finding: Finding, stamp: Stamp) -> Finding:
    back = returned(finding)
    if fact.severity is not finding.severity:
        back = dated(graded(back, fact.severity), back.attempt_began, set_at=stamp.at)
    return later_by(back, fact.days_added, stamp)


def returned(finding: Finding) -> Finding:
    """Give a disputed finding back where it stood."""
    return replace(finding, stage=finding.stage_before_dispute or Stage.ISSUED, stage_before_dispute=None)


def later_by(finding: Finding, days: int, stamp: Stamp) -> Finding:
    """Give the finding with the days that a dispute took added to its dates."""
    if not days:
        return finding
    moved = finding.calendar.moved
    return replace(
        finding,
        dates_set_at=stamp.at,
        days_added=days,
        review_by=moved(finding.review_by, days),
        commit_by=moved(finding.commit_by, days),
        fix_by=moved(finding.fix_by, days) if finding.fix_by else None,
    )


def _amended_severity(order: DecideDispute) -> Severity:
    if order.severity is None:
        message = "A partly upheld dispute names the severity that now holds."
        raise ReasonRequired(message, field="severity")
    if order.severity is Severity.ZERO_TOLERANCE:
        message = "A dispute cannot raise a zero-tolerance alarm; issue a finding for it."
        raise NotYourRole(message, field="severity")
    return order.severity


def days_taken(finding: Finding, now: datetime) -> int:
    """Give the days for which a dispute has stopped the way, without those that were suspended anyway."""
    if finding.path is not Stage.DISPUTED or finding.disputed_at is None:
        return 0  # the way went on, and so did its clock
    first, today = finding.calendar.today(finding.disputed_at), finding.calendar.today(now)
    # A suspension has moved the dates already.
    return (today - first).days - overlap(finding, first, today)
