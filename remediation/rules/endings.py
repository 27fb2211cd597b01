"""The end of a finding's life, and a new attempt after it."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import Ended, Reopened
from remediation.finding import Finding
from remediation.orders import Cease, Reopen, Supersede
from remediation.refusals import NotAtThisStage, SameAsBefore
from remediation.rules.core import Facts, Stamp, apply, decide
from remediation.rules.guards import acting_as
from remediation.rules.issuing import with_dates_from, with_severity
from remediation.words import Role, Stage


@decide.register
def _(order: Supersede, finding: Finding, now: datetime) -> Facts:
    _not_ended(finding)
    if order.successor == finding.id:
        message = "A finding cannot succeed itself."
        raise SameAsBefore(message, field="successor")
    return (Ended(stage=Stage.SUPERSEDED, successor=order.successor),)


@decide.register
def _(order: Cease, finding: Finding, now: datetime) -> Facts:
    _not_ended(finding)
    return (Ended(stage=Stage.CEASED, reason=order.reason),)


@decide.register
def _(order: Reopen, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.TEAM_LEADER, to="reopen a finding")
    if not finding.ended:
        message = "Only a finding whose life is over can be reopened."
        raise NotAtThisStage(message)
    return (
        Reopened(
            attempt=finding.attempt + 1, severity=finding.severity, cause="after_end", reason=order.reason
        ),
    )


@apply.register
def _(fact: Ended, finding: Finding, stamp: Stamp) -> Finding:
    return replace(
        finding, stage=fact.stage, successor=fact.successor, proposal=None, extension=None, mediate_by=None, notices=()
    )


@apply.register
def _(fact: Reopened, finding: Finding, stamp: Stamp) -> Finding:
    begun = replace(
        finding,
        stage=Stage.UNDER_REVIEW,
        attempt=fact.attempt,
        successor=None,
        proposal=None,
        later_date=None,
        deadlocked=False,
        deadlocked_at=None,
        mediate_by=None,
        actions=(),
        agreed=True,
        committed_at=None,
        last_progress=None,
        extension=None,
        extensions_granted=0,
        extension_days=0,
        fix=None,
        contained=False,
        notices=(),
    )
    if fact.severity is not finding.severity:
        begun = with_severity(begun, fact.severity, stamp.at)
    return with_dates_from(begun, stamp.at)


def _not_ended(finding: Finding) -> None:
    if finding.ended:
        message = "The finding's life is over already."
        raise NotAtThisStage(message)
