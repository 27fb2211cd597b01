"""The way down the ladder: one level less for a recovery plan that is accepted, or for verified progress."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from remediation.facts import Deescalated, RecoveryPlanAccepted, RecoveryPlanFiled, RecoveryPlanReturned
from remediation.finding import Finding, Notice, Recovery
from remediation.ladder import told_up_to, what_is_late
from remediation.obligations import action_key, obligations
from remediation.orders import AcceptRecoveryPlan, FileRecoveryPlan, ReturnRecoveryPlan
from remediation.refusals import AlreadyDone, DateInThePast, NotAtThisStage
from remediation.rules.core import Facts, Stamp
from remediation.rules.escalation import change_notice, escalated_thing, reached, with_notice, worked
from remediation.rules.guards import acting_as, day_ahead, within_a_fix
from remediation.words import ActionId, Relief, Role


def file_recovery_plan(order: FileRecoveryPlan, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.MANAGER, to="file a recovery plan")
    owed, notice = escalated_thing(finding, order.obligation)
    if _plan(notice).filed_at is not None:
        message = "A recovery plan is filed already; the team leader decides on it."
        raise AlreadyDone(message)
    day_ahead(finding.calendar, order.until, now, field="until")
    within_a_fix(finding, order.until, now, field="until")
    by = finding.calendar.due(now, finding.policy.windows.decide_recovery_plan)
    return (RecoveryPlanFiled(obligation=owed.key, note=order.note, until=order.until, decide_by=by),)


def recovery_plan_filed(fact: RecoveryPlanFiled, finding: Finding, stamp: Stamp) -> Finding:
    def filed(notice: Notice) -> Notice:
        plan = replace(_plan(notice), filed_at=stamp.at, until=fact.until, decide_by=fact.decide_by)
        return replace(notice, recovery=plan)

    return worked(change_notice(finding, fact.obligation, filed), fact.obligation, stamp.at)


def accept_recovery_plan(order: AcceptRecoveryPlan, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.TEAM_LEADER, to="accept a recovery plan")
    owed, notice = escalated_thing(finding, order.obligation)
    until = _filed(notice).until
    if until is None or until < finding.calendar.today(now):
        message = "The plan's last day has passed. Return it, and ask for another."
        raise DateInThePast(message, field="obligation")
    down = Deescalated(
        **what_is_late(finding, owed),
        was=notice.level,
        level=notice.level - 1,
        cause=Relief.RECOVERY_PLAN,
        told=told_up_to(finding, owed, notice.level),
        climb=notice.climb + 1,
        plan_until=until,
    )
    return (RecoveryPlanAccepted(obligation=owed.key, until=until, reason=order.reason), down)


def recovery_plan_accepted(fact: RecoveryPlanAccepted, finding: Finding, stamp: Stamp) -> Finding:
    return finding  # what follows from it is a fact of its own


def return_recovery_plan(order: ReturnRecoveryPlan, finding: Finding, now: datetime) -> Facts:
    acting_as(order, Role.TEAM_LEADER, to="return a recovery plan")
    owed, notice = escalated_thing(finding, order.obligation)
    _filed(notice)
    by = finding.calendar.due(now, finding.policy.windows.recovery_plan)
    return (RecoveryPlanReturned(obligation=owed.key, reason=order.reason, plan_by=by),)


def recovery_plan_returned(fact: RecoveryPlanReturned, finding: Finding, stamp: Stamp) -> Finding:
    owed_again = Recovery(since=stamp.at, by=fact.plan_by)
    return change_notice(finding, fact.obligation, lambda notice: replace(notice, recovery=owed_again))


def carried_down(after: Finding, before: Finding, remaining: Collection[ActionId]) -> Facts:
    """Give the steps down of what a verification found undone: a claim alone took nothing off the ladder.

    `after` is the finding with the new dates.
    """
    climbed = {action_key(each.id): each.level for each in before.actions if each.id in remaining}
    return tuple(
        Deescalated(
            **what_is_late(after, owed),
            was=climbed[owed.key],
            level=climbed[owed.key] - 1,
            cause=Relief.VERIFIED_PROGRESS,
            told=told_up_to(after, owed, climbed[owed.key]),
            climb=1,
        )
        for owed in obligations(after)
        if climbed.get(owed.key, 0) > 0
    )


def deescalated(fact: Deescalated, finding: Finding, stamp: Stamp) -> Finding:
    notice = finding.notice(fact.obligation, fact.due)
    until = fact.plan_until
    down = replace(
        reached(notice, fact.level, None),
        floor=fact.level,
        climb=fact.climb,
        counted_from=finding.calendar.end_of(until) if until else None,
        counted_since=stamp.at if until else None,
        recovery=None,
        decision=None,
    )
    return with_notice(finding, down)


def _plan(notice: Notice) -> Recovery:
    if notice.recovery is None:
        message = "No recovery plan is asked for: it is owed from a level of the ladder that was not reached."
        raise NotAtThisStage(message, field="obligation")
    return notice.recovery


def _filed(notice: Notice) -> Recovery:
    plan = _plan(notice)
    if plan.filed_at is None:
        message = "The manager has not filed a recovery plan yet."
        raise NotAtThisStage(message, field="obligation")
    return plan
