"""Webhooks: what an outside system is told of a finding, and when it is tried again.

A message names nobody and quotes nothing: ids, kinds, stages and dates. Whoever wants more asks the API
with a token of their own, and sees there what their role may see.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from remediation.case import Case
from remediation.fact import Fact
from remediation.facts import KINDS, kind
from remediation.permissions import Action, Actor, Grant, ScopeKind, Thing, can
from remediation.summary import Summary, summary
from remediation.untold import untold
from remediation.words import PersonId, Role

TEST = "webhook.test"
"""The type of the message that only shows that messages arrive."""
CHANGED = "finding.changed"
"""The type of what is told to who may see where a finding stands, and not what happened."""


class Sees(StrEnum):
    """With whose eyes an outside system looks: the staff's, the factory's, or a buyer's."""

    STAFF = "staff"
    FACTORY = "factory"
    STATUS = "status"


LIKE: dict[Sees, Role] = {
    Sees.STAFF: Role.PROGRAMME_MANAGER,
    Sees.FACTORY: Role.MANAGER,
    Sees.STATUS: Role.BUYER,
}
"""The role that each of them is judged as, in the one table of permissions."""

NEEDED: dict[Sees, tuple[Action, ...]] = {
    Sees.STAFF: (Action.VIEW_FINDING, Action.VIEW_TIMELINE, Action.VIEW_STAFF_MATTERS),
    Sees.FACTORY: (Action.VIEW_FINDING, Action.VIEW_TIMELINE),
    Sees.STATUS: (Action.VIEW_FINDING,),
}
"""What somebody must be allowed to see to let a system see it: nobody lends eyes better than their own."""


class Topic(StrEnum):
    """What a message is about; whoever registers a webhook may choose some."""

    ISSUING = "issuing"
    AGREEMENT = "agreement"
    DATES = "dates"
    FIXING = "fixing"
    VERIFICATION = "verification"
    ALARM = "alarm"
    LATENESS = "lateness"
    REMINDERS = "reminders"
    COMMITTEE = "committee"


TAKEN_BACK = "taken_back"
"""What somebody takes back may be a dispute, a vote, or an objection to a fix."""

KINDS_OF: dict[Topic, tuple[str, ...]] = {
    Topic.ISSUING: (
        *("issued", "amended", "repeat_linked", "disputed", "dispute_decided", "ended", "reopened"),
        TAKEN_BACK,
    ),
    Topic.AGREEMENT: (
        *("proposed", "signed", "refused", "proposal_failed", "no_action_approved", "later_date_allowed"),
        *("committed", "deadlock_declared", "mediation_closed", TAKEN_BACK),
    ),
    Topic.DATES: (
        *("extension_requested", "extension_cosigned", "extension_decided", "reprojected"),
        *("suspension_asked", "suspended", "suspension_declined", "suspension_ended", "resumed"),
    ),
    Topic.FIXING: ("progress_recorded", "fix_reported", "fix_objected", "fix_concurred", TAKEN_BACK),
    Topic.VERIFICATION: ("verification_booked", "verified", "effectiveness_checked"),
    Topic.ALARM: ("alarm_decided", "authority_notified", "contained"),
    Topic.LATENESS: (
        *("escalated", "deescalated", "decision_due", "consequence_decided"),
        *("recovery_plan_filed", "recovery_plan_accepted", "recovery_plan_returned"),
    ),
    Topic.REMINDERS: (
        *("reminded", "snoozed"),
        *("acknowledged", "acknowledgement_ending", "acknowledgement_lapsed"),
    ),
    Topic.COMMITTEE: ("reseated",),
}
"""Every kind of fact, by the topics it belongs to."""

TOPICS_OF: dict[str, frozenset[Topic]] = {
    each: frozenset(topic for topic, kinds in KINDS_OF.items() if each in kinds) for each in KINDS
}

AGAIN_AFTER: tuple[timedelta, ...] = (
    timedelta(seconds=10),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failed try the next one comes: over three days, as Standard Webhooks advises."""
FAILING_AT_MOST = timedelta(days=3)
"""For so long nothing arrives until a webhook is stopped and its programme's managers are told."""
IN_A_ROW = 3
"""So many failures in a row show that it is the receiver, and not a message: then it is left in peace."""
FORMER_SECRET_HOLDS = timedelta(hours=24)
"""How long messages are signed with the former secret too, after another was made."""
KEPT = timedelta(days=30)
"""How long messages and what became of them are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What the engine asks for: that a webhook be sent what is due at an aware instant."""

    hook: str
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """When a webhook is to be looked at again (aware); None where nothing waits for it."""

    at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something to tell an outside system: its type, when it happened (aware), and the finding after it."""

    type: str
    at: datetime
    finding: Summary


def eyes(sees: Sees, programme: str, factory: str) -> Actor:
    """Give whom a webhook is judged as, over a programme, or over one factory where that is not empty."""
    kind_of_scope = ScopeKind.FACTORY if factory else ScopeKind.PROGRAMME
    return Actor(PersonId("webhook"), (Grant(LIKE[sees], kind_of_scope, factory or programme),))


def lends_no_better(actor: Actor, sees: Sees, thing: Thing) -> bool:
    """Whether an actor may see all that they would let a system see of a programme or factory."""
    return all(can(actor, each, thing) for each in NEEDED[sees])


def event(actor: Actor, fact: Fact, before: Case | None, after: Case, at: datetime) -> Event | None:
    """Give what an actor is told of a fact that led from one case to another at an aware instant, if at all.

    `before` is None for a finding's issue.
    """
    finding = after.finding
    thing = Thing(finding.programme, finding.factory, restricted=finding.restricted)
    if not can(actor, Action.VIEW_FINDING, thing):
        return None
    if can(actor, Action.VIEW_TIMELINE, thing):
        staff = can(actor, Action.VIEW_STAFF_MATTERS, thing)
        if not staff and untold(fact, at, finding.factory_told_at):
            return None
        return Event(type=f"finding.{kind(type(fact))}", at=at, finding=summary(after))
    if before is not None and _standing(before) == _standing(after):
        return None
    return Event(type=CHANGED, at=at, finding=summary(after))


def _standing(case: Case) -> tuple[object, ...]:
    row = summary(case)
    return row.severity, row.stage, row.attempt, row.level, row.restricted


def message(told: Event, service: str) -> dict[str, Any]:
    """Give an event as JSON knows it; `service` is the address that the API is reached by."""
    row = told.finding
    return {
        "type": told.type,
        "timestamp": told.at.isoformat(),
        "data": {
            "finding": row.finding,
            "sequence": row.seq,
            "programme": row.programme,
            "factory": row.factory,
            "plan": row.plan,
            "point": row.point,
            "question": row.question,
            "severity": row.severity.value,
            "stage": row.stage.value,
            "attempt": row.attempt,
            "level": row.level,
            "issued_at": row.issued_at.isoformat(),
            "next_duty": row.next_duty.value if row.next_duty else None,
            "next_due": row.next_due.isoformat() if row.next_due else None,
            "next_due_day": row.next_due_day.isoformat() if row.next_due_day else None,
            "url": f"{service}/api/v1/findings/{row.finding}",
        },
    }


def test_message(webhook: str, at: datetime) -> dict[str, Any]:
    """Give the message that only shows that messages arrive."""
    return {"type": TEST, "timestamp": at.isoformat(), "data": {"webhook": webhook}}


def again_after(tries: int) -> timedelta | None:
    """Give how long after so many failed tries (at least one) the next comes; None when it is given up."""
    return AGAIN_AFTER[tries - 1] if tries <= len(AGAIN_AFTER) else None


def rest_after(failures: int) -> timedelta | None:
    """Give how long a receiver is left in peace after so many failures in a row; None while it is not."""
    rounds = failures // IN_A_ROW
    return AGAIN_AFTER[min(rounds, len(AGAIN_AFTER)) - 1] if rounds else None
