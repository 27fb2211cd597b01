"""The end of a finding's life, and a new attempt after it."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import Ended, Reopened
from remediation.finding import Finding
from remediation.orders import Cease, Reopen, Supersede
from remediation.refusals import FieldInvalid, NotAtThisStage
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, of_the_programme
from remediation.rules.issuing import dated, graded
from remediation.standstills import cut_short, never_suspended
from remediation.words import Role, Severity, Stage


def supersede(order: Supersede, finding: Finding, now: datetime) -> Facts:
    of_the_programme(order, to="carry a finding on in the next cycle")
    if not order.successor or order.successor == finding.id:
        message = "Name the next cycle's finding; a finding cannot succeed itself."
        raise FieldInvalid(message, field="successor")
    return (Ended(stage=Stage.SUPERSEDED, successor=order.successor, withheld=finding.restricted),)


def cease(order: Cease, finding: Finding, now: datetime) -> Facts:
    of_the_programme(order, to="end a finding because its factory closed or left")
    return (Ended(stage=Stage.CEASED, reason=order.reason, withheld=finding.restricted),)


def reopen(order: Reopen, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.TEAM_LEADER, to="reopen a finding")
    if not finding.ended:
        message = "Only a finding whose life is over can be reopened."
        raise NotAtThisStage(message)
    return (replace(reopening(finding, "after_end", finding.severity), reason=order.reason),)


def reopening(finding: Finding, cause: str, severity: Severity) -> Reopened:
    """Give the fact that starts the next attempt."""
    return Reopened(
        attempt=finding.attempt + 1,
        severity=severity,
        cause=cause,
        reason=None,
        withheld=finding.restricted,
    )


def ended(fact: Ended, finding: Finding, stamp: Stamp) -> Finding:
    return replace(
        cut_short(finding, stamp.at),
        stage=fact.stage,
        stage_before_dispute=None,
        successor=fact.successor,
        proposal=None,
        extension=None,
        mediate_by=None,
        notices=(),
    )


def reopened(fact: Reopened, finding: Finding, stamp: Stamp) -> Finding:
    """Start the next attempt with nothing of the last but who must not verify it, and the alarm's state.

    What was on the table or asked for has gone already, with the report of the fix or the end.
    """
    begun = replace(
        never_suspended(finding).moved_to(Stage.UNDER_REVIEW),
        attempt=fact.attempt,
        successor=None,
        # After an end an alarm still to be dealt with has its hours from now; otherwise they never stopped.
        alarm_raised_at=stamp.at if finding.ended and finding.alarm_raised_at else finding.alarm_raised_at,
        later_date=None,
        deadlocked=False,
        deadlocked_at=None,
        actions=(),
        agreed=True,
        committed_at=None,
        last_progress=None,
        extensions_granted=0,
        extension_days=0,
        fix=None,
        contained=False,
    )
    return dated(graded(begun, fact.severity), stamp.at)
