"""Zero tolerance: suspicion raises the alarm, a duty officer decides, the harm is contained in hours."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import AlarmDecided, AuthorityNotified, Contained
from remediation.finding import Finding
from remediation.orders import Contain, DecideAlarm, NotifyAuthority
from remediation.refusals import AlreadyDone, NotAtThisStage, NotIndependent, ReasonRequired
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, evidence_given
from remediation.rules.issuing import dated, graded
from remediation.words import Alarm, Role, Severity, Stage


def decide_alarm(order: DecideAlarm, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.DUTY_OFFICER, to="decide an alarm")
    if finding.alarm is not Alarm.RAISED:
        message = "There is no alarm that waits for a decision."
        raise NotAtThisStage(message)
    if order.by == finding.assessor:
        message = "Who raised the alarm does not decide it."
        raise NotIndependent(message)
    return (
        AlarmDecided(
            alarm=Alarm.CONFIRMED if order.confirmed else Alarm.CANCELLED,
            severity=finding.severity if order.confirmed else _severity_that_stands(order),
            reason=order.reason,
            first_told=finding.restricted,
        ),
    )


def alarm_decided(fact: AlarmDecided, finding: Finding, stamp: Stamp) -> Finding:
    decided = replace(graded(finding, fact.severity), alarm=fact.alarm)
    if finding.restricted:
        # A factory that learns of the finding only now has its days from now.
        return dated(replace(decided, factory_told_at=stamp.at), stamp.at)
    if fact.severity is not finding.severity:
        return dated(decided, finding.attempt_began, set_at=stamp.at)
    return decided


def notify_authority(order: NotifyAuthority, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.DUTY_OFFICER, to="notify the authority")
    if finding.alarm is not Alarm.CONFIRMED:
        message = "The authority is notified of a confirmed alarm."
        raise NotAtThisStage(message)
    if finding.authority_notified:
        message = "The notice to the authority is recorded already."
        raise AlreadyDone(message)
    return (AuthorityNotified(note=order.note),)


def authority_notified(fact: AuthorityNotified, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, authority_notified=True)


def contain(order: Contain, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.MANAGER, to="show containment")
    if finding.terms.contain is None or finding.path is Stage.CLOSED:
        message = "This finding does not ask for containment."
        raise NotAtThisStage(message)
    if finding.contained:
        message = "Containment is recorded already."
        raise AlreadyDone(message)
    evidence_given(order.evidence, order.files)
    return (Contained(evidence=order.evidence, files=order.files),)


def contained(fact: Contained, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, contained=True)


def _severity_that_stands(order: DecideAlarm) -> Severity:
    if order.severity is None or order.severity is Severity.ZERO_TOLERANCE:
        message = "A cancelled alarm names the severity that stands instead."
        raise ReasonRequired(message, field="severity")
    return order.severity
