"""Owners move their actions on; a slip needs its reason."""

from dataclasses import replace
from datetime import datetime

from remediation.facts import ProgressRecorded
from remediation.finding import Action, Finding
from remediation.obligations import action_key
from remediation.orders import RecordProgress
from remediation.refusals import (
    AlreadyDone,
    FieldInvalid,
    NotYourRole,
    ReasonRequired,
    SameAsBefore,
    UnknownAction,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.escalation import worked
from remediation.rules.guards import at_stage, evidence_given
from remediation.words import Role, Stage

DONE = 100


def record_progress(order: RecordProgress, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.COMMITTED, to="record progress")
    action = finding.action(order.action)
    if action is None:
        raise UnknownAction(field="action")
    if order.by != action.owner and order.acting is not Role.MANAGER:
        message = "Progress is recorded by the action's owner or the factory's manager."
        raise NotYourRole(message)
    _check(order, action, finding, now)
    return (
        ProgressRecorded(
            action=order.action,
            percent=order.percent,
            note=order.note,
            evidence=order.evidence,
            files=order.files,
            slip_reason=order.slip_reason,
        ),
    )


def progress_recorded(fact: ProgressRecorded, finding: Finding, stamp: Stamp) -> Finding:
    actions = tuple(
        _moved_on(action, fact.percent, finding) if action.id == fact.action else action
        for action in finding.actions
    )
    moved = replace(finding, actions=actions, last_progress=stamp.at)
    return worked(moved, action_key(fact.action), stamp.at)


def _moved_on(action: Action, percent: int, finding: Finding) -> Action:
    late = finding.notice(action_key(action.id), finding.calendar.end_of(action.due))
    return replace(action, percent=percent, level=late.level)


def _check(order: RecordProgress, action: Action, finding: Finding, now: datetime) -> None:
    if not 0 <= order.percent <= DONE:
        message = "Percent lies between 0 and 100."
        raise FieldInvalid(message, field="percent")
    if action.done:
        message = "This action is done already."
        raise AlreadyDone(message, field="action")
    if order.percent == action.percent and not (
        order.note or order.evidence or order.files or order.slip_reason
    ):
        message = f"The action stands at {action.percent} percent already. Add a note or evidence."
        raise SameAsBefore(message, field="percent")
    evidence_given(order.evidence, order.files, required=order.percent == DONE)
    if now >= finding.calendar.end_of(action.due) and order.slip_reason is None:
        message = f"This action was due on {action.due.isoformat()}: say why it is late."
        raise ReasonRequired(message, field="slip_reason")
