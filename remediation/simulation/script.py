"""What people do in a simulation: each duty is met by the orders that meet it, on its last day, or never.

People who are named nowhere in the finding are stand-ins, `simulated-…` by their role.
"""

# ruff: noqa: ARG001, ARG005 - every scene is asked for alike, and not each needs all of it

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from remediation import orders
from remediation.finding import Finding, Proposal
from remediation.letters import MEMBERS
from remediation.obligations import Obligation, action_key
from remediation.orders import Order, PlannedAction
from remediation.rules.agreement import last_day_allowed
from remediation.words import (
    ActionId,
    ActionKind,
    CommandId,
    Consequence,
    Digest,
    DisputeOutcome,
    Duty,
    Modality,
    NoteId,
    PersonId,
    Role,
    Verdict,
)

NOON = time(12)
UNDATED = timedelta(days=90)
"""How far ahead an action is promised where the policy sets no date."""
AFRESH = timedelta(days=30)
"""How far ahead the advisor allows a date where the policy's last day has passed."""
# Who is silent files no recovery plan for it either.
OF_THE_COMMITTEE = frozenset({Duty.REVIEW, Duty.COMMIT, Duty.RECOVERY_PLAN})
OF_THE_FACTORY = frozenset(
    {Duty.CONTAIN, Duty.ACTION, Duty.PROGRESS_REVIEW, Duty.REPORT_FIX, Duty.RECOVERY_PLAN}
)
NOTE, EVIDENCE = NoteId("simulated"), (NoteId("simulated"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """What is assumed of people. By default everybody does what they owe on its last day, at noon.

    `slip_days`: every action is done so many days late. `nobody_signs`: the committee stays silent, without
    review, proposal or signature. `nobody_reports`: the factory shows nothing, neither containment nor
    progress nor a fix. Nobody ever acknowledges an escalation.
    """

    slip_days: int = 0
    nobody_signs: bool = False
    nobody_reports: bool = False

    def left_undone(self, duty: Duty) -> bool:
        """Whether nobody ever does it."""
        silent = self.nobody_signs and duty in OF_THE_COMMITTEE
        return silent or (self.nobody_reports and duty in OF_THE_FACTORY)


def done_at(owed: Obligation, finding: Finding, assumptions: Assumptions) -> datetime | None:
    """Give the instant at which something owed is done; None where nobody does it.

    Noon of its last day on the factory's clock; halfway where it is owed within hours.
    """
    if assumptions.left_undone(owed.duty):
        return None
    calendar = finding.calendar
    slip = timedelta(days=assumptions.slip_days if owed.duty is Duty.ACTION else 0)
    noon = calendar.instant(calendar.last_day(owed.due) + slip, NOON)
    if slip or owed.since < noon < owed.due:
        return noon
    return owed.since + (owed.due - owed.since) / 2


def orders_for(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    """Give the orders that meet what is owed, in order; some of them may not be needed."""
    return _SCRIPT[owed.duty](owed, finding, now)


_Scene = Callable[[Obligation, Finding, datetime], tuple[Order, ...]]


def _by(role: Role, kind: type[Order], **fields: Any) -> _Scene:  # noqa: ANN401 - an order's fields
    return lambda owed, finding, now: (_order(role, kind, **fields),)


def _order(role: Role, kind: type[Order], person: PersonId | None = None, **fields: Any) -> Order:  # noqa: ANN401
    stand_in = PersonId(f"simulated-{role}")
    return kind(id=CommandId("simulated"), by=person or stand_in, acting=role, **fields)


def _review(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    """Put a plan on the table that is due on the last day allowed."""
    if not finding.seats:
        return ()
    today, latest = finding.calendar.today(now), last_day_allowed(finding)
    day = latest if latest is not None else today + UNDATED
    first: tuple[Order, ...] = ()
    if day < today:
        day = today + AFRESH
        first = (_order(Role.ADVISOR, orders.AllowLaterDate, until=day, reason=NOTE),)
    return (*first, _proposal(finding, day))


def _proposal(finding: Finding, day: date) -> Order:
    author = finding.seats[0]
    action = PlannedAction(id=ActionId("simulated"), kind=ActionKind.CORRECTIVE, owner=author.person, due=day)
    revision = Digest(f"simulated-{finding.attempt}-{finding.revisions}")
    return _order(MEMBERS[author.side], orders.Propose, author.person, revision=revision, actions=(action,))


def _commit(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    """Let every member sign what is on the table, or a new plan where that can no longer be signed."""
    table = finding.proposal
    if table is not None and _can_be_signed(table, finding, now):
        return _signatures(finding, table.revision)
    plan = _review(owed, finding, now)
    return (*plan, *(sign for put in plan for sign in _signatures_of(put, finding)))


def _signatures_of(put: Order, finding: Finding) -> tuple[Order, ...]:
    return _signatures(finding, put.revision) if isinstance(put, orders.Propose) else ()


def _signatures(finding: Finding, revision: Digest) -> tuple[Order, ...]:
    return tuple(
        _order(MEMBERS[seat.side], orders.Sign, seat.person, revision=revision)
        for seat in finding.seats
        if finding.proposal is None
        or finding.proposal.revision != revision
        or seat.person not in finding.proposal.signed
    )


def _can_be_signed(table: Proposal, finding: Finding, now: datetime) -> bool:
    today = finding.calendar.today(now)
    return not table.failed and not table.no_action and all(each.due >= today for each in table.actions)


def _do(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    return tuple(
        _order(
            Role.MANAGER,
            orders.RecordProgress,
            action=action.id,
            percent=100,
            evidence=EVIDENCE,
            slip_reason=NOTE if now >= owed.due else None,
        )
        for action in finding.actions
        if action_key(action.id) == owed.key
    )


def _show_progress(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    """Say where the first open action stands; it is late only where its own day has passed."""
    action = next(each for each in finding.actions if not each.done)
    late = now >= finding.calendar.end_of(action.due)
    fields: dict[str, Any] = {"percent": action.percent, "note": NOTE, "slip_reason": NOTE if late else None}
    return (_order(Role.MANAGER, orders.RecordProgress, action=action.id, **fields),)


def _check(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    today = finding.calendar.today(now)
    return (_order(Role.ADVISOR, orders.CheckEffectiveness, held=True, on=today, evidence=EVIDENCE),)


def _plan_recovery(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    calendar, fix = finding.calendar, finding.terms.fix
    day = calendar.today(now) + AFRESH
    day = min(day, calendar.last_day(calendar.due(now, fix))) if fix else day
    key = owed.key.partition(":")[2]
    return (_order(Role.MANAGER, orders.FileRecoveryPlan, obligation=key, note=NOTE, until=day),)


def _about_the_ladder(role: Role, kind: type[Order], **fields: Any) -> _Scene:  # noqa: ANN401 - as above
    return lambda owed, finding, now: (
        _order(role, kind, obligation=owed.key.partition(":")[2], reason=NOTE, **fields),
    )


def _decide_extension(owed: Obligation, finding: Finding, now: datetime) -> tuple[Order, ...]:
    # Denied: what was promised stands, so that a simulation invents no later dates.
    return (_order(owed.owner, orders.DecideExtension, granted=False, reason=NOTE),)


_SCRIPT: dict[Duty, _Scene] = {
    Duty.CONFIRM_ALARM: _by(Role.DUTY_OFFICER, orders.DecideAlarm, confirmed=True, reason=NOTE),
    Duty.NOTIFY_AUTHORITY: _by(Role.DUTY_OFFICER, orders.NotifyAuthority, note=NOTE),
    Duty.CONTAIN: _by(Role.MANAGER, orders.Contain, evidence=EVIDENCE),
    Duty.REVIEW: _review,
    Duty.COMMIT: _commit,
    Duty.DECIDE_DISPUTE: _by(
        Role.TEAM_LEADER, orders.DecideDispute, outcome=DisputeOutcome.REJECTED, reason=NOTE
    ),
    Duty.MEDIATE: _by(Role.ADVISOR, orders.CloseMediation, reason=NOTE),
    Duty.ACTION: _do,
    Duty.PROGRESS_REVIEW: _show_progress,
    Duty.DECIDE_EXTENSION: _decide_extension,
    # Declined: a simulation stops no clock that nobody has stopped.
    Duty.DECIDE_SUSPENSION: _by(Role.TEAM_LEADER, orders.DeclineSuspension, reason=NOTE),
    Duty.REPORT_FIX: _by(Role.MANAGER, orders.ReportFixed, evidence=EVIDENCE),
    Duty.VERIFY: _by(
        Role.ADVISOR, orders.Verify, verdict=Verdict.PASS, modality=Modality.ON_SITE, evidence=EVIDENCE
    ),
    Duty.CHECK_EFFECTIVENESS: _check,
    Duty.RECOVERY_PLAN: _plan_recovery,
    Duty.DECIDE_RECOVERY_PLAN: _about_the_ladder(Role.TEAM_LEADER, orders.AcceptRecoveryPlan),
    Duty.DECIDE_CONSEQUENCE: _about_the_ladder(
        Role.DECISION_PANEL, orders.DecideConsequence, consequence=Consequence.NONE
    ),
}
