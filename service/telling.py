"""A ledger entry told in a plain sentence or two, to somebody who may know what it says."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from remediation import facts
from remediation.explaining import because
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.moves import Move
from remediation.words import (
    ALARM_DUTIES,
    ActionId,
    Alarm,
    DisputeOutcome,
    Modality,
    NoteId,
    PersonId,
    Relief,
    Role,
    Severity,
    Verdict,
)
from service import saying
from service.saying import day, listed
from service.sight import Sight


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Around a fact: who brought it about, in words, whom it is told to, and what actions are called."""

    who: str
    sight: Sight
    finding: Finding
    actions: Mapping[ActionId, str]

    def name(self, person: PersonId) -> str:
        """Give a person's name."""
        return self.sight.name(person)

    def action(self, action: ActionId) -> str:
        """Give what an action is called."""
        words = self.actions.get(action)
        return f"“{words}”" if words else f"action {action}"

    def until(self, end: datetime) -> str:
        """Give the factory's last local day before an aware instant."""
        return day(self.finding.calendar.last_day(end))

    def given(self, what: tuple[NoteId, ...]) -> str:
        """Give how many pieces of evidence came with it."""
        return f" with {len(what)} {'piece' if len(what) == 1 else 'pieces'} of evidence" if what else ""


@singledispatch
def tell(fact: Fact, around: Setting) -> str:
    """Tell what happened. Nothing in it is hidden from whom it is told to."""
    return f"{around.who}: {saying.spaced(facts.kind(type(fact)))}."


@tell.register
def _(fact: facts.Issued, around: Setting) -> str:
    repeat = " It repeats a finding of an earlier cycle." if fact.repeat_of else ""
    # A suspicion that was cancelled before the factory was told is never told to it.
    if fact.severity is Severity.ZERO_TOLERANCE and not around.sight.staff and not fact.factory_told:
        return f"{around.who} issued the finding.{repeat}"
    return f"{around.who} issued the finding as {saying.SEVERITY[fact.severity]}.{repeat}"


@tell.register
def _(fact: facts.Amended, around: Setting) -> str:
    return f"{around.who} corrected the finding: it is {saying.SEVERITY[fact.severity]} now."


@tell.register
def _(fact: facts.Disputed, around: Setting) -> str:
    return f"{around.who} disputed the finding. The team leader decides by {around.until(fact.decide_by)}."


_OUTCOMES = {
    DisputeOutcome.UPHELD: "upheld the dispute: the finding is withdrawn",
    DisputeOutcome.PARTLY: "upheld the dispute in part",
    DisputeOutcome.REJECTED: "rejected the dispute: the finding stands",
}


@tell.register
def _(fact: facts.DisputeDecided, around: Setting) -> str:
    partly = fact.outcome is DisputeOutcome.PARTLY
    severity = f": the finding is {saying.SEVERITY[fact.severity]} now" if partly else ""
    days = f" The {fact.days_added} days it took are added to the dates." if fact.days_added else ""
    return f"{around.who} {_OUTCOMES[fact.outcome]}{severity}.{days}"


@tell.register
def _(fact: facts.Proposed, around: Setting) -> str:
    what = "to take no action" if fact.no_action else f"{len(fact.actions)} actions"
    what = "1 action" if what == "1 actions" else what
    voids = (
        " It takes the place of the revision before, and signatures start anew." if fact.number > 1 else ""
    )
    return f"{around.who} proposed revision {fact.number} of the plan: {what}.{voids}"


@tell.register
def _(fact: facts.Signed, around: Setting) -> str:
    witness = (
        f", witnessed by {around.name(fact.witness)}"
        if fact.witness and around.sight.hears(fact.side)
        else ""
    )
    return f"{around.who} signed the proposal {saying.METHODS[fact.method].split(',')[0]}{witness}."


@tell.register
def _(fact: facts.Refused, around: Setting) -> str:
    return f"{around.who} refused to sign the proposal."


@tell.register
def _(fact: facts.ProposalFailed, around: Setting) -> str:
    return f"The proposal can no longer pass: too many of the {saying.SIDES[fact.side]} refused it."


@tell.register
def _(fact: facts.NoActionApproved, around: Setting) -> str:
    return f"{around.who} accepted that no action is taken."


@tell.register
def _(fact: facts.LaterDateAllowed, around: Setting) -> str:
    return f"{around.who} allowed promises up to {day(fact.until)}."


@tell.register
def _(fact: facts.Committed, around: Setting) -> str:
    promises = (
        f"{around.action(each.id)} by {day(each.due)} ({around.name(each.owner)})" for each in fact.actions
    )
    what = f" Promised: {'; '.join(promises)}." if fact.actions else " No action is taken."
    if not fact.agreed:
        return f"{around.who} filed an interim plan that the worker side has not agreed to.{what}"
    return f"Both sides of the committee have signed: the plan is a commitment.{what}"


@tell.register
def _(fact: facts.DeadlockDeclared, around: Setting) -> str:
    return f"{around.who} declared a deadlock. The advisor mediates by {around.until(fact.mediate_by)}."


@tell.register
def _(fact: facts.MediationClosed, around: Setting) -> str:
    return f"{around.who} ended the mediation."


@tell.register
def _(fact: facts.ProgressRecorded, around: Setting) -> str:
    done = "done" if fact.percent == 100 else f"{fact.percent} percent done"  # noqa: PLR2004 - a percentage
    return f"{around.who} recorded {around.action(fact.action)} as {done}{around.given(fact.evidence)}."


@tell.register
def _(fact: facts.ExtensionRequested, around: Setting) -> str:
    which = listed(around.action(each) for each in fact.actions)
    return f"{around.who} asked to move {which} to {day(fact.until)}. The other side must join."


@tell.register
def _(fact: facts.ExtensionCosigned, around: Setting) -> str:
    who, until = saying.ROLE[fact.decider], around.until(fact.decide_by)
    return f"{around.who} joined the request for a later date. The {who} decides by {until}."


@tell.register
def _(fact: facts.ExtensionDecided, around: Setting) -> str:
    which = listed(around.action(each) for each in fact.actions)
    if fact.granted:
        return f"{around.who} granted the later date: {which} is due on {day(fact.until)} now."
    return f"{around.who} did not grant the later date: the dates of {which} stay."


@tell.register
def _(fact: facts.SuspensionAsked, around: Setting) -> str:
    return (
        f"{around.who} asked that the clock stand still up to and including {day(fact.until)}, because "
        f"{saying.CAUSE[fact.cause]}. The team leader decides by {around.until(fact.decide_by)}."
    )


@tell.register
def _(fact: facts.Suspended, around: Setting) -> str:
    return (
        f"{around.who} countersigned the suspension: from {day(fact.first)} to {day(fact.last)} the clock "
        f"stands still, because {saying.CAUSE[fact.cause]}. Dates ahead are {saying.days(fact.days)} later."
    )


@tell.register
def _(fact: facts.SuspensionDeclined, around: Setting) -> str:
    return f"{around.who} declined to suspend the finding up to {day(fact.until)}: the clock goes on."


@tell.register
def _(fact: facts.SuspensionEnded, around: Setting) -> str:
    sooner = saying.days(fact.days)
    return (
        f"{around.who} ended the suspension with {day(fact.last)}: what it moved is {sooner} earlier again."
    )


@tell.register
def _(fact: facts.Resumed, around: Setting) -> str:
    return f"The clock runs again. It stood still from {day(fact.first)} to {day(fact.last)}."


@tell.register
def _(fact: facts.FixReported, around: Setting) -> str:
    return (
        f"{around.who} reported the finding as fixed{around.given(fact.evidence)}. Worker members may object "
        f"until {around.until(fact.objections_until)}; it is verified by {around.until(fact.verify_by)}."
    )


@tell.register
def _(fact: facts.FixObjected, around: Setting) -> str:
    return f"{around.who} objected to the reported fix: it must be seen on site."


@tell.register
def _(fact: facts.FixConcurred, around: Setting) -> str:
    return f"{around.who} confirmed the reported fix."


@tell.register
def _(fact: facts.VerificationBooked, around: Setting) -> str:
    if fact.modality is Modality.ON_SITE and not around.sight.staff:
        return "The programme has arranged the verification of the fix."
    how = saying.MODALITY[fact.modality]
    return f"{around.who} arranged the verification: {around.name(fact.verifier)}, {how}, on {day(fact.on)}."


@tell.register
def _(fact: facts.Verified, around: Setting) -> str:
    remaining = "; ".join(f"{around.action(each.id)} by {day(each.due)}" for each in fact.remaining)
    more = f" What remains: {remaining}." if fact.remaining else ""
    if fact.verdict is Verdict.PASS and fact.effectiveness_by:
        more = f" Whether it holds is checked by {around.until(fact.effectiveness_by)}."
    how = saying.MODALITY[fact.modality]
    return f"{around.who} verified the fix {how}: it {saying.VERDICTS[fact.verdict]}.{more}"


@tell.register
def _(fact: facts.EffectivenessChecked, around: Setting) -> str:
    held = "has held" if fact.held else "has not held"
    return f"{around.who} checked the fix on {day(fact.on)}: it {held}."


_RELIEFS = {
    Relief.VERIFIED_PROGRESS: "a verification found part of it done",
    Relief.RECOVERY_PLAN: "a recovery plan was accepted",
}
_CAUSES = {
    "verification": "because its verification failed",
    "effectiveness": "because the fix did not hold",
    "after_end": "after its end",
}


@tell.register
def _(fact: facts.Reopened, around: Setting) -> str:
    cause = _CAUSES.get(fact.cause, "")
    severity = saying.SEVERITY[fact.severity]
    return f"The finding is open again {cause}: attempt {fact.attempt} begins, as {severity}, with new dates."


@tell.register
def _(fact: facts.Ended, around: Setting) -> str:
    return f"The finding's life ended. {saying.STAGES[fact.stage]}."


@tell.register
def _(fact: facts.AlarmDecided, around: Setting) -> str:
    if fact.alarm is Alarm.CONFIRMED:
        return f"{around.who} confirmed the zero-tolerance alarm."
    severity = saying.SEVERITY[fact.severity]
    return f"{around.who} cancelled the zero-tolerance alarm: the finding is {severity} now."


@tell.register
def _(fact: facts.AuthorityNotified, around: Setting) -> str:
    return f"{around.who} gave notice to the authority."


@tell.register
def _(fact: facts.Contained, around: Setting) -> str:
    return f"{around.who} showed that the harm has stopped{around.given(fact.evidence)}."


@tell.register
def _(fact: facts.Reminded, around: Setting) -> str:
    whom = _owner(fact.owner, fact.person, around)
    return f"Reminder to {whom}: {saying.DUTY[fact.duty].lower()}, due on {day(fact.due_day)}."


@tell.register
def _(fact: facts.Escalated, around: Setting) -> str:
    told = listed(saying.ROLE[role] for role in fact.told)
    return (
        f"Overdue, level {fact.level}: {saying.DUTY[fact.duty].lower()}, due on {day(fact.due_day)} "
        f"({saying.LATENESS[fact.lateness]}). Told: {told or 'nobody yet'}."
    )


@tell.register
def _(fact: facts.Acknowledged, around: Setting) -> str:
    holds = f" That holds until {around.until(fact.until)}." if fact.until else ""
    return f"{around.who} has seen the escalation at level {fact.level}.{holds}"


@tell.register
def _(fact: facts.AcknowledgementEnding, around: Setting) -> str:
    name, until = around.name(fact.person), around.until(fact.until)
    return f"Told to {name}: the acknowledgement of level {fact.level} holds until the end of {until}."


@tell.register
def _(fact: facts.AcknowledgementLapsed, around: Setting) -> str:
    return f"Nothing was done: the acknowledgement of level {fact.level} counts as never given."


@tell.register
def _(fact: facts.Snoozed, around: Setting) -> str:
    until, days = day(around.finding.calendar.today(fact.until)), fact.days
    by = "1 working day" if days == 1 else f"{days} working days"
    return f"{around.who} put level {fact.next_level} off by {by}: it comes on {until} at the earliest."


@tell.register
def _(fact: facts.RecoveryPlanFiled, around: Setting) -> str:
    return (
        f"{around.who} filed a recovery plan until {day(fact.until)}. "
        f"The team leader decides by {around.until(fact.decide_by)}."
    )


@tell.register
def _(fact: facts.RecoveryPlanAccepted, around: Setting) -> str:
    return f"{around.who} accepted the recovery plan until {day(fact.until)}."


@tell.register
def _(fact: facts.RecoveryPlanReturned, around: Setting) -> str:
    return f"{around.who} returned the recovery plan. A better one is owed by {around.until(fact.plan_by)}."


@tell.register
def _(fact: facts.Deescalated, around: Setting) -> str:
    return f"Down from level {fact.was} to level {fact.level}: {_RELIEFS[fact.cause]}."


@tell.register
def _(fact: facts.DecisionDue, around: Setting) -> str:
    told = listed(saying.ROLE[role] for role in fact.told)
    return (
        f"Overdue, level {fact.level} is for people to decide: {saying.DUTY[fact.duty].lower()}, due on "
        f"{day(fact.due_day)} ({saying.LATENESS[fact.lateness]}). "
        f"Asked by {around.until(fact.decide_by)}: {told}."
    )


@tell.register
def _(fact: facts.ConsequenceDecided, around: Setting) -> str:
    return (
        f"{around.who} decided what follows at level {fact.level}: {saying.CONSEQUENCES[fact.consequence]}."
    )


@tell.register
def _(fact: facts.Reseated, around: Setting) -> str:
    return f"The committee has new seats: {len(fact.seats)} members."


@tell.register
def _(fact: facts.Reprojected, around: Setting) -> str:
    what = listed(name for name, given in (("calendar", fact.calendar), ("policy", fact.policy)) if given)
    seen = [move for move in fact.moves if around.sight.staff or move.duty not in ALARM_DUTIES]
    moved = "; ".join(_moved(move) for move in seen)
    first = f"{around.who} let the finding follow the new {what}."
    return f"{first} Moved: {moved}." if moved else f"{first} No date moved."


def _moved(move: Move) -> str:
    name = saying.DUTY[move.duty] if move.duty else saying.LIMITS[move.key]
    old, new = (day(each) if each else "no date" for each in (move.old_day, move.new_day))
    return f"{name.lower()} from {old} to {new} ({because(move.why)})"


def _owner(role: Role, person: PersonId | None, around: Setting) -> str:
    return around.name(person) if person else f"the {saying.ROLE[role]}"
