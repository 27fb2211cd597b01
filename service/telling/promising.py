"""How a finding came to be promised upon, told: its issue, dispute, proposals, votes and deadlock."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from notifications.wording import N_
from remediation import facts
from remediation.orders import OnPaper, PlannedAction
from remediation.words import DisputeOutcome, Severity, SignatureMethod, Statement
from service import saying
from service.saying import day
from service.speaking import say, say_many
from service.telling.setting import Setting, sentences, tell

_OUTCOMES = {
    DisputeOutcome.UPHELD: N_("%(who)s upheld the dispute: the finding is withdrawn."),
    DisputeOutcome.PARTLY: N_("%(who)s upheld the dispute in part: the finding is %(severity)s now."),
    DisputeOutcome.REJECTED: N_("%(who)s rejected the dispute: the finding stands."),
}

_TAKEN_BACK = {
    Statement.SIGNATURE: N_("%(who)s took the signature back."),
    Statement.REFUSAL: N_("%(who)s took the refusal back."),
    Statement.DISPUTE: N_("%(who)s took the dispute back: the finding stands."),
    Statement.EXTENSION_REQUEST: N_("%(who)s took the request for a later date back: the dates stay."),
    Statement.SUSPENSION_REQUEST: N_("%(who)s took the request for a suspension back: the clock goes on."),
    Statement.FIX_REPORT: N_("%(who)s took the report of the fix back: it is to be reported again."),
    Statement.CONFIRMATION: N_("%(who)s took the confirmation of the fix back."),
}

_SIGNED = {
    SignatureMethod.OWN_DEVICE: N_("%(who)s signed the proposal on their own device."),
    SignatureMethod.SHARED_DEVICE: N_("%(who)s signed the proposal on a shared device."),
    SignatureMethod.PAPER: N_("%(who)s signed the proposal on paper."),
}


@tell.register
def _(fact: facts.Issued, around: Setting) -> str:
    repeat = say("It repeats a finding of an earlier cycle.") if fact.repeat_of else ""
    # A suspicion that was cancelled before the factory was told is never told to it.
    if fact.severity is Severity.ZERO_TOLERANCE and not around.sight.staff and not fact.factory_told:
        return sentences(say("%(who)s issued the finding.", who=around.who), repeat)
    severity = saying.SEVERITY[fact.severity]
    issued = say("%(who)s issued the finding as %(severity)s.", who=around.who, severity=severity)
    return sentences(issued, repeat)


@tell.register
def _(fact: facts.Amended, around: Setting) -> str:
    severity = saying.SEVERITY[fact.severity]
    return say("%(who)s corrected the finding: it is %(severity)s now.", who=around.who, severity=severity)


@tell.register
def _(fact: facts.RepeatLinked, around: Setting) -> str:
    if fact.earlier:
        return say("%(who)s confirmed that it repeats a finding of an earlier cycle.", who=around.who)
    return say(
        "The next assessment found the same again. %(who)s decided that this finding carries on.",
        who=around.who,
    )


@tell.register
def _(fact: facts.Disputed, around: Setting) -> str:
    return say(
        "%(who)s disputed the finding. The team leader decides by %(day)s.",
        who=around.who,
        day=around.until(fact.decide_by),
    )


@tell.register
def _(fact: facts.DisputeDecided, around: Setting) -> str:
    severity = saying.SEVERITY[fact.severity] if fact.severity else ""
    decided = say(_OUTCOMES[fact.outcome], who=around.who, severity=severity)
    return sentences(decided, _time_taken(fact.days_added))


def _time_taken(days: int) -> str:
    if not days:
        return ""
    return say_many(
        "The %(count)s day it took is added to the dates.",
        "The %(count)s days it took are added to the dates.",
        days,
    )


@tell.register
def _(fact: facts.TakenBack, around: Setting) -> str:
    return sentences(say(_TAKEN_BACK[fact.what], who=around.who), _time_taken(fact.days_added))


@tell.register
def _(fact: facts.Proposed, around: Setting) -> str:
    actions = say_many("%(count)s action", "%(count)s actions", len(fact.actions))
    proposed = say(
        "%(who)s proposed revision %(number)s of the plan: %(what)s.",
        who=around.who,
        number=fact.number,
        what=say("to take no action") if fact.no_action else actions,
    )
    voids = say("It takes the place of the revision before, and signatures start anew.")
    return sentences(proposed, voids if fact.number > 1 else "")


@tell.register
def _(fact: facts.Signed, around: Setting) -> str:
    if fact.paper and around.sight.hears(fact.side):
        how = _on_paper(fact.paper, around)
        return say("%(who)s signed the proposal on paper %(how)s.", who=around.who, how=how)
    if fact.witness and around.sight.hears(fact.side):
        return say(
            "%(who)s signed the proposal on paper, witnessed by %(witness)s.",
            who=around.who,
            witness=around.name(fact.witness),
        )
    return say(_SIGNED[fact.method], who=around.who)


@tell.register
def _(fact: facts.Refused, around: Setting) -> str:
    if fact.paper and around.sight.hears(fact.side):
        how = _on_paper(fact.paper, around)
        return say("%(who)s refused the proposal on paper %(how)s.", who=around.who, how=how)
    return say("%(who)s refused to sign the proposal.", who=around.who)


def _on_paper(paper: OnPaper, around: Setting) -> str:
    return say(
        "(signing sheet %(sheet)s of a meeting, entered by %(recorder)s, witnessed by %(witness)s)",
        sheet=paper.sheet,
        recorder=around.name(paper.recorder),
        witness=around.name(paper.witness),
    )


@tell.register
def _(fact: facts.ProposalFailed, around: Setting) -> str:
    side = saying.SIDES[fact.side]
    return say("The proposal can no longer pass: too many of the %(side)s refused it.", side=side)


@tell.register
def _(fact: facts.NoActionApproved, around: Setting) -> str:
    return say("%(who)s accepted that no action is taken.", who=around.who)


@tell.register
def _(fact: facts.LaterDateAllowed, around: Setting) -> str:
    return say("%(who)s allowed promises up to %(day)s.", who=around.who, day=day(fact.until))


@tell.register
def _(fact: facts.Committed, around: Setting) -> str:
    first = say("Both sides of the committee have signed: the plan is a commitment.")
    if not fact.agreed:
        first = say("%(who)s filed an interim plan that the worker side has not agreed to.", who=around.who)
    if not fact.actions:
        return sentences(first, say("No action is taken."))
    promises = "; ".join(_promise(each, around) for each in fact.actions)
    return sentences(first, say("Promised: %(promises)s.", promises=promises))


def _promise(action: PlannedAction, around: Setting) -> str:
    return say(
        "%(action)s by %(day)s (%(name)s)",
        action=around.action(action.id),
        day=day(action.due),
        name=around.name(action.owner),
    )


@tell.register
def _(fact: facts.DeadlockDeclared, around: Setting) -> str:
    return say(
        "%(who)s declared a deadlock. The advisor mediates by %(day)s.",
        who=around.who,
        day=around.until(fact.mediate_by),
    )


@tell.register
def _(fact: facts.MediationClosed, around: Setting) -> str:
    return say("%(who)s ended the mediation.", who=around.who)
