"""How a finding's dates moved, told: extensions, suspensions and re-projections; and new seats."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from remediation import facts
from remediation.explaining import because
from remediation.moves import Move
from remediation.words import ALARM_DUTIES
from service import saying
from service.saying import day, listed
from service.telling.setting import Setting, tell


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
