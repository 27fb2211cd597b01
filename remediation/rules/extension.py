"""A later date for a promise: asked by both sides before it is missed, decided by staff, limited twice.

At most two, at most half of the original window together. Asking never stops the clock. A request that
the other side has not joined may be replaced by another.
"""

from dataclasses import replace
from datetime import date, datetime

from remediation.facts import ExtensionCosigned, ExtensionDecided, ExtensionRequested
from remediation.finding import Action, Extension, Finding
from remediation.orders import CosignExtension, DecideExtension, RequestExtension
from remediation.refusals import (
    AlreadyDone,
    ExtensionLimit,
    ExtensionMissing,
    ExtensionPending,
    TooEarly,
    TooLate,
    UnknownAction,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.guards import acting_as, at_stage, day_ahead, member
from remediation.words import ActionId, Role, Severity, Stage


def request_extension(order: RequestExtension, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.COMMITTED, to="ask for an extension")
    seat = member(finding, order)
    if finding.extension is not None and finding.extension.decider is not None:
        raise ExtensionPending
    named = _open_actions(finding, order.actions)
    _check(named, order.until, finding, now)
    return (
        ExtensionRequested(
            side=seat.side,
            actions=tuple(action.id for action in named),
            until=order.until,
            reason=order.reason,
            interim_protection=order.interim_protection,
        ),
    )


def extension_requested(fact: ExtensionRequested, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, extension=Extension(asked_by=fact.side, actions=fact.actions, until=fact.until))


def cosign_extension(order: CosignExtension, finding: Finding, now: datetime) -> Facts:
    at_stage(finding, Stage.COMMITTED, to="join a request for an extension")
    seat = member(finding, order)
    asked = pending(finding)
    if asked.decider is not None:
        message = "Both sides have asked; the request waits for its decision."
        raise AlreadyDone(message)
    if seat.side is asked.asked_by:
        message = "The other side of the committee must join the request."
        raise AlreadyDone(message)
    _check(_open_actions(finding, asked.actions), asked.until, finding, now)
    by = finding.calendar.due(now, finding.policy.extensions.decide)
    return (ExtensionCosigned(side=seat.side, decider=decider(finding), decide_by=by),)


def extension_cosigned(fact: ExtensionCosigned, finding: Finding, stamp: Stamp) -> Finding:
    asked = replace(pending(finding), decider=fact.decider, decide_by=fact.decide_by, cosigned_at=stamp.at)
    return replace(finding, extension=asked)


def decide_extension(order: DecideExtension, finding: Finding, now: datetime) -> Facts:
    asked = pending(finding)
    if asked.decider is None:
        message = "The other side of the committee has not joined the request yet."
        raise TooEarly(message)
    acting_as(order, asked.decider, to="decide this extension")
    if order.granted:
        day_ahead(finding.calendar, asked.until, now, field="granted")
    return (
        ExtensionDecided(
            granted=order.granted, reason=order.reason, actions=asked.actions, until=asked.until
        ),
    )


def extension_decided(fact: ExtensionDecided, finding: Finding, stamp: Stamp) -> Finding:
    decided = replace(finding, extension=None)
    if not fact.granted:
        return decided
    named = (action for action in finding.actions if action.id in fact.actions and not action.done)
    # A suspension that ended early may have left the day asked for behind some action's own.
    moved = {action.id for action in named if action.due < fact.until}
    added = max((_days_added(fact.until, each) for each in finding.actions if each.id in moved), default=0)
    actions = tuple(
        replace(action, due=fact.until, since=stamp.at, put_off=0) if action.id in moved else action
        for action in finding.actions
    )
    return replace(
        decided,
        actions=actions,
        extensions_granted=finding.extensions_granted + 1,
        extension_days=finding.extension_days + added,
    )


def decider(finding: Finding) -> Role:
    """Give the role that decides the next extension."""
    if finding.severity is Severity.ZERO_TOLERANCE:
        return Role.PROGRAMME_MANAGER
    return Role.TEAM_LEADER if finding.extensions_granted else Role.ADVISOR


def days_left_to_extend(finding: Finding) -> int:
    """Give how many days extensions may still add: a share of the time first promised."""
    if finding.committed_at is None or not finding.actions:
        return 0
    began = finding.calendar.today(finding.committed_at)
    window = (max(action.original_due for action in finding.actions) - began).days
    return window * finding.policy.extensions.percent // 100 - finding.extension_days


def _open_actions(finding: Finding, ids: tuple[ActionId, ...]) -> tuple[Action, ...]:
    named = tuple(action for action in finding.actions if action.id in ids)
    if not named or len(named) < len(set(ids)) or any(action.done for action in named):
        message = "Name at least one open action of the commitment, and none that is done."
        raise UnknownAction(message, field="actions")
    return named


def _check(actions: tuple[Action, ...], until: date, finding: Finding, now: datetime) -> None:
    limit = finding.policy.extensions.count
    if finding.extensions_granted >= limit:
        message = f"There were {limit} extensions already, the most the policy allows."
        raise ExtensionLimit(message)
    left = days_left_to_extend(finding)
    for action in actions:
        if now >= finding.calendar.end_of(action.due):
            message = f"An extension is asked for before the date; {action.due.isoformat()} has passed."
            raise TooLate(message, field="actions")
        if _days_added(until, action) <= 0:
            message = f"The new date must be later than {action.due.isoformat()}."
            raise TooEarly(message, field="until")
        if _days_added(until, action) > left:
            message = f"The policy leaves {max(left, 0)} days to extend; choose an earlier date."
            raise ExtensionLimit(message, field="until")


def _days_added(until: date, action: Action) -> int:
    return (until - action.due).days


def pending(finding: Finding) -> Extension:
    """Give the request that is not decided yet."""
    if finding.extension is None:
        raise ExtensionMissing
    return finding.extension
