"""One plausible order of every verb, for tests that try them all."""

from datetime import date
from typing import Any

from remediation import orders
from remediation.orders import Order
from remediation.words import (
    ActionId,
    ActionKind,
    Consequence,
    DisputeOutcome,
    FindingId,
    Modality,
    Severity,
    Statement,
    SuspensionCause,
    Verdict,
)
from tests.rules.cast import BAO, ERIK, FIRST, NOTE, PHOTO, PLAN, RESTFUL, SEATS

SOON = date(2026, 4, 20)
ACTIONS = (orders.PlannedAction(id=ActionId("a1"), kind=ActionKind.CORRECTIVE, owner=BAO, due=SOON),)

FIELDS: dict[type[Order], dict[str, Any]] = {
    orders.Amend: {"severity": Severity.CRITICAL, "note": NOTE},
    orders.Dispute: {"reason": NOTE},
    orders.DecideDispute: {"outcome": DisputeOutcome.REJECTED, "reason": NOTE},
    orders.Propose: {"revision": PLAN, "actions": ACTIONS},
    orders.Sign: {"revision": PLAN},
    orders.Refuse: {"revision": PLAN, "reason": NOTE},
    orders.ApproveNoAction: {"revision": PLAN, "reason": NOTE},
    orders.AllowLaterDate: {"until": date(2026, 8, 1), "reason": NOTE},
    orders.DeclareDeadlock: {"reason": NOTE},
    orders.CloseMediation: {"reason": NOTE},
    orders.FileInterimPlan: {"revision": PLAN, "actions": ACTIONS},
    orders.RecordProgress: {"action": FIRST, "percent": 50},
    orders.RequestExtension: {
        "actions": (FIRST,),
        "until": date(2026, 4, 25),
        "reason": NOTE,
        "interim_protection": NOTE,
    },
    orders.CosignExtension: {},
    orders.DecideExtension: {"granted": True, "reason": NOTE},
    orders.Suspend: {"cause": SuspensionCause.PARTS_ON_ORDER, "until": date(2026, 4, 1), "reason": NOTE},
    orders.CountersignSuspension: {},
    orders.DeclineSuspension: {"reason": NOTE},
    orders.EndSuspension: {"reason": NOTE},
    orders.ReportFixed: {"evidence": PHOTO},
    orders.ObjectToFix: {"reason": NOTE},
    orders.ConcurWithFix: {},
    orders.TakeBack: {"what": Statement.FIX_REPORT},
    orders.BookVerification: {"verifier": ERIK, "modality": Modality.ON_SITE, "on": SOON},
    orders.Verify: {"verdict": Verdict.PASS, "modality": Modality.ON_SITE, "evidence": PHOTO},
    orders.CheckEffectiveness: {"held": True, "on": SOON, "evidence": PHOTO},
    orders.Reopen: {"reason": NOTE},
    orders.Supersede: {"successor": FindingId("f2")},
    orders.LinkRepeat: {"other": FindingId("f0"), "earlier": True},
    orders.Cease: {"reason": NOTE},
    orders.DecideAlarm: {"confirmed": True, "reason": NOTE},
    orders.NotifyAuthority: {"note": NOTE},
    orders.Contain: {"evidence": PHOTO},
    orders.Acknowledge: {"obligation": "commit"},
    orders.Snooze: {"obligation": "commit", "days": 3, "reason": NOTE},
    orders.FileRecoveryPlan: {"obligation": "action:a1", "note": NOTE, "until": SOON},
    orders.AcceptRecoveryPlan: {"obligation": "action:a1", "reason": NOTE},
    orders.ReturnRecoveryPlan: {"obligation": "action:a1", "reason": NOTE},
    orders.DecideConsequence: {
        "obligation": "action:a1",
        "consequence": Consequence.PUBLICATION,
        "reason": NOTE,
    },
    orders.Reseat: {"seats": SEATS[:2]},
    orders.Reproject: {"calendar": RESTFUL, "reason": NOTE},
}


def an_order(kind: type[Order]) -> dict[str, Any]:
    """Give the fields of a plausible order, without who gives it."""
    return dict(FIELDS[kind])
