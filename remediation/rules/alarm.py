"""Zero tolerance: suspicion raises the alarm, a duty officer decides, the harm is contained in hours."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import AlarmDecided, AuthorityNotified, Contained
from remediation.finding import Finding
from remediation.orders import Contain, DecideAlarm, NotifyAuthority
from remediation.refusals import AlreadyDone, NotAtThisStage, NotIndependent, ReasonRequired, SameAsBefore
from remediation.rules.core import Facts, Stamp, apply, decide
from remediation.rules.guards import acting_as, evidence_given
from remediation.rules.issuing import with_dates_from, with_severity
from remediation.words import Alarm, Role, Severity


@decide.register
def _(order: DecideAlarm, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.DUTY_OFFICER, to="decide an alarm")
    if finding.ended or finding.alarm is not Alarm.RAISED:
        message = "There is no alarm that waits for a decision."
        raise NotAtThisStage(message)
    if order.by == finding.assessor:
        message = "Who raised the alarm does not decide it."
        raise NotIndependent(message)
    if order.confirmed:
        return (AlarmDecided(alarm=Alarm.CONFIRMED, severity=finding.severity, reason=order.reason),)
    if order.severity is None or order.severity is Severity.ZERO_TOLERANCE:
        message = "A cancelled alarm names the severity that stands instead."
        raise ReasonRequired(message, field="severity")
    return (AlarmDecided(alarm=Alarm.CANCELLED, severity=order.severity, reason=order.reason),)


@apply.register
def _(fact: AlarmDecided, finding: Finding, stamp: Stamp) -> Finding:
    if fact.alarm is Alarm.CONFIRMED:
        decided = replace(finding, alarm=Alarm.CONFIRMED, factory_told_at=finding.factory_told_at or stamp.at)
    else:
        decided = with_severity(finding, fact.severity, stamp.at)
    # A factory that learns of the finding only now has its days from now.
    return with_dates_from(decided, stamp.at) if finding.restricted else decided


@decide.register
def _(order: NotifyAuthority, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.DUTY_OFFICER, to="notify the authority")
    if finding.alarm is not Alarm.CONFIRMED:
        message = "The authority is notified of a confirmed alarm."
        raise NotAtThisStage(message)
    if finding.authority_notified:
        message = "The notice to the authority is recorded already."
        raise AlreadyDone(message)
    return (AuthorityNotified(note=order.note),)


@apply.register
def _(fact: AuthorityNotified, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, authority_notified=True)


@decide.register
def _(order: Contain, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.MANAGER, to="show containment")
    if finding.ended or finding.restricted or finding.terms.contain is None:
        message = "This finding does not ask for containment."
        raise NotAtThisStage(message)
    if finding.contained:
        message = "Containment is recorded already."
        raise SameAsBefore(message)
    evidence_given(order.evidence)
    return (Contained(evidence=order.evidence),)


@apply.register
def _(fact: Contained, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, contained=True)
