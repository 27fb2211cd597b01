"""What the clock does: reminders and ladder steps become facts, and people acknowledge escalations."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import Acknowledged, Escalated, Reminded
from remediation.finding import Finding, Notice
from remediation.notices import due_notices, notice_of
from remediation.obligations import obligations
from remediation.orders import Acknowledge
from remediation.refusals import AlreadyDone, NotAtThisStage
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as
from remediation.words import Role

ACKNOWLEDGERS = (Role.ADVISOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER)


def keep_time(finding: Finding, now: datetime) -> Facts:
    """Give the reminders and ladder steps that have come due by `now`, in order."""
    return due_notices(finding, now)


def reminded(fact: Reminded, finding: Finding, stamp: Stamp) -> Finding:
    notice = _notice(finding, fact.obligation, fact.due)
    return _with_notice(finding, replace(notice, reminded=fact.scheduled))


def escalated(fact: Escalated, finding: Finding, stamp: Stamp) -> Finding:
    notice = _notice(finding, fact.obligation, fact.due)
    return _with_notice(finding, replace(notice, level=fact.level, escalated_at=stamp.at, acknowledged=False))


def acknowledge(order: Acknowledge, finding: Finding, now: datetime) -> Facts:
    acting_as(order, *ACKNOWLEDGERS, to="acknowledge an escalation")
    owed = next((each for each in obligations(finding) if each.key == order.obligation), None)
    notice = notice_of(finding, owed) if owed else None
    if notice is None or notice.level == 0:
        message = "Nothing of this kind is escalated on the finding."
        raise NotAtThisStage(message, field="obligation")
    if notice.acknowledged:
        message = f"Level {notice.level} is acknowledged already."
        raise AlreadyDone(message)
    return (Acknowledged(obligation=order.obligation, level=notice.level),)


def acknowledged(fact: Acknowledged, finding: Finding, stamp: Stamp) -> Finding:
    notices = tuple(
        replace(notice, acknowledged=True) if notice.obligation == fact.obligation else notice
        for notice in finding.notices
    )
    return replace(finding, notices=notices)


def _notice(finding: Finding, obligation: str, due: datetime) -> Notice:
    for notice in finding.notices:
        if notice.obligation == obligation and notice.due == due:
            return notice
    return Notice(obligation=obligation, due=due)


def _with_notice(finding: Finding, notice: Notice) -> Finding:
    """Keep one notice for each obligation that is still owed, with its present due instant."""
    owed = {(each.key, each.due) for each in obligations(finding)}
    others = (
        each
        for each in finding.notices
        if each.obligation != notice.obligation and (each.obligation, each.due) in owed
    )
    return replace(finding, notices=(*others, notice))
