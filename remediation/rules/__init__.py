"""What each order leads to and what each fact changes: two tables, and the two functions that read them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from remediation import facts, orders
from remediation.finding import Finding
from remediation.rules import (
    agreement,
    alarm,
    deadlock,
    dispute,
    endings,
    extension,
    fixing,
    guards,
    issuing,
    progress,
    recovery,
    repeating,
    reprojection,
    seating,
    suspension,
    taking_back,
    verification,
    watching,
)
from remediation.rules.core import Facts, Stamp
from remediation.rules.issuing import begin

__all__ = ["DECISIONS", "EFFECTS", "Facts", "Stamp", "apply", "begin", "decide"]

DECISIONS: dict[type[orders.Order], Callable[[Any, Finding, datetime], Facts]] = {
    orders.Amend: issuing.amend,
    orders.Dispute: dispute.dispute,
    orders.DecideDispute: dispute.decide_dispute,
    orders.Propose: agreement.propose,
    orders.Sign: agreement.sign,
    orders.Refuse: agreement.refuse,
    orders.ApproveNoAction: agreement.approve_no_action,
    orders.AllowLaterDate: agreement.allow_later_date,
    orders.DeclareDeadlock: deadlock.declare_deadlock,
    orders.CloseMediation: deadlock.close_mediation,
    orders.FileInterimPlan: deadlock.file_interim_plan,
    orders.RecordProgress: progress.record_progress,
    orders.RequestExtension: extension.request_extension,
    orders.CosignExtension: extension.cosign_extension,
    orders.DecideExtension: extension.decide_extension,
    orders.Suspend: suspension.suspend,
    orders.CountersignSuspension: suspension.countersign_suspension,
    orders.DeclineSuspension: suspension.decline_suspension,
    orders.EndSuspension: suspension.end_suspension,
    orders.ReportFixed: fixing.report_fixed,
    orders.ObjectToFix: fixing.object_to_fix,
    orders.ConcurWithFix: fixing.concur_with_fix,
    orders.TakeBack: taking_back.take_back,
    orders.BookVerification: verification.book_verification,
    orders.Verify: verification.verify,
    orders.CheckEffectiveness: verification.check_effectiveness,
    orders.Reopen: endings.reopen,
    orders.Supersede: endings.supersede,
    orders.LinkRepeat: repeating.link_repeat,
    orders.Cease: endings.cease,
    orders.DecideAlarm: alarm.decide_alarm,
    orders.NotifyAuthority: alarm.notify_authority,
    orders.Contain: alarm.contain,
    **watching.DECISIONS,
    orders.FileRecoveryPlan: recovery.file_recovery_plan,
    orders.AcceptRecoveryPlan: recovery.accept_recovery_plan,
    orders.ReturnRecoveryPlan: recovery.return_recovery_plan,
    orders.Reseat: seating.reseat,
    orders.Reproject: reprojection.reproject,
}
"""Every order and the rule that decides it."""

EFFECTS: dict[type[facts.Fact], Callable[[Any, Finding, Stamp], Finding]] = {
    facts.Amended: issuing.amended,
    facts.RepeatLinked: repeating.repeat_linked,
    facts.Disputed: dispute.disputed,
    facts.DisputeDecided: dispute.dispute_decided,
    facts.Proposed: agreement.proposed,
    facts.Signed: agreement.signed,
    facts.Refused: agreement.refused,
    facts.ProposalFailed: agreement.proposal_failed,
    facts.NoActionApproved: agreement.no_action_approved,
    facts.LaterDateAllowed: agreement.later_date_allowed,
    facts.Committed: agreement.committed,
    facts.DeadlockDeclared: deadlock.deadlock_declared,
    facts.MediationClosed: deadlock.mediation_closed,
    facts.ProgressRecorded: progress.progress_recorded,
    facts.ExtensionRequested: extension.extension_requested,
    facts.ExtensionCosigned: extension.extension_cosigned,
    facts.ExtensionDecided: extension.extension_decided,
    facts.SuspensionAsked: suspension.suspension_asked,
    facts.Suspended: suspension.suspended,
    facts.SuspensionDeclined: suspension.suspension_declined,
    facts.SuspensionEnded: suspension.suspension_ended,
    facts.Resumed: suspension.resumed,
    facts.FixReported: fixing.fix_reported,
    facts.FixObjected: fixing.fix_objected,
    facts.FixConcurred: fixing.fix_concurred,
    facts.TakenBack: taking_back.taken_back,
    facts.VerificationBooked: verification.verification_booked,
    facts.Verified: verification.verified,
    facts.EffectivenessChecked: verification.effectiveness_checked,
    facts.Reopened: endings.reopened,
    facts.Ended: endings.ended,
    facts.AlarmDecided: alarm.alarm_decided,
    facts.AuthorityNotified: alarm.authority_notified,
    facts.Contained: alarm.contained,
    **watching.EFFECTS,
    facts.RecoveryPlanFiled: recovery.recovery_plan_filed,
    facts.RecoveryPlanAccepted: recovery.recovery_plan_accepted,
    facts.RecoveryPlanReturned: recovery.recovery_plan_returned,
    facts.Deescalated: recovery.deescalated,
    facts.Reseated: seating.reseated,
    facts.Reprojected: reprojection.reprojected,
}
"""Every fact after the first (`begin` makes the state of `Issued`) and what it changes."""


def decide(order: orders.Order, finding: Finding, now: datetime) -> Facts:
    """Give the facts that an order leads to now. Raises `Refusal` when the rules do not allow it."""
    guards.alive(finding, order)
    guards.told(finding, order)
    return DECISIONS[type(order)](order, finding, now)


def apply(fact: facts.Fact, finding: Finding, stamp: Stamp) -> Finding:
    """Give the finding's state after a fact. What was recorded is never judged again.

    Raises `Refusal` only for facts out of the order in which a ledger holds them.
    """
    return EFFECTS[type(fact)](fact, finding, stamp)
