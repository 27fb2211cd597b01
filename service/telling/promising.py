"""How a finding came to be promised upon, told: its issue, dispute, proposals, votes and deadlock."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from remediation import facts
from remediation.words import DisputeOutcome, Severity
from service import saying
from service.saying import day
from service.telling.setting import Setting, tell

_OUTCOMES = {
    DisputeOutcome.UPHELD: "upheld the dispute: the finding is withdrawn",
    DisputeOutcome.PARTLY: "upheld the dispute in part",
    DisputeOutcome.REJECTED: "rejected the dispute: the finding stands",
}


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
