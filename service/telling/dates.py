"""How a finding's dates moved, told: extensions, suspensions and re-projections; and new seats."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from remediation import facts
from remediation.moves import Move
from remediation.words import ALARM_DUTIES
from service import saying
from service.explaining import because
from service.saying import day, listed
from service.speaking import say, say_many
from service.telling.setting import Setting, sentences, tell


@tell.register
def _(fact: facts.ExtensionRequested, around: Setting) -> str:
    which = listed(around.action(each) for each in fact.actions)
    return say(
        "%(who)s asked to move %(actions)s to %(day)s. The other side must join.",
        who=around.who,
        actions=which,
        day=day(fact.until),
    )


@tell.register
def _(fact: facts.ExtensionCosigned, around: Setting) -> str:
    return say(
        "%(who)s joined the request for a later date. Who decides, by %(day)s: %(role)s.",
        who=around.who,
        day=around.until(fact.decide_by),
        role=saying.THE_ROLE[fact.decider],
    )


@tell.register
def _(fact: facts.ExtensionDecided, around: Setting) -> str:
    which = listed(around.action(each) for each in fact.actions)
    if fact.granted:
        return say(
            "%(who)s granted the later date: %(actions)s is due on %(day)s now.",
            who=around.who,
            actions=which,
            day=day(fact.until),
        )
    return say(
        "%(who)s did not grant the later date: the dates of %(actions)s stay.", who=around.who, actions=which
    )


@tell.register
def _(fact: facts.SuspensionAsked, around: Setting) -> str:
    return say(
        "%(who)s asked that the clock stand still up to and including %(until)s, because %(cause)s. "
        "The team leader decides by %(day)s.",
        who=around.who,
        until=day(fact.until),
        cause=saying.CAUSE[fact.cause],
        day=around.until(fact.decide_by),
    )


@tell.register
def _(fact: facts.Suspended, around: Setting) -> str:
    return say(
        "%(who)s countersigned the suspension: from %(first)s to %(last)s the clock stands still, "
        "because %(cause)s. Dates ahead are %(days)s later.",
        who=around.who,
        first=day(fact.first),
        last=day(fact.last),
        cause=saying.CAUSE[fact.cause],
        days=saying.days(fact.days),
    )


@tell.register
def _(fact: facts.SuspensionDeclined, around: Setting) -> str:
    return say(
        "%(who)s declined to suspend the finding up to %(day)s: the clock goes on.",
        who=around.who,
        day=day(fact.until),
    )


@tell.register
def _(fact: facts.SuspensionEnded, around: Setting) -> str:
    return say(
        "%(who)s ended the suspension with %(day)s: what it moved is %(days)s earlier again.",
        who=around.who,
        day=day(fact.last),
        days=saying.days(fact.days),
    )


@tell.register
def _(fact: facts.Resumed, around: Setting) -> str:
    return say(
        "The clock runs again. It stood still from %(first)s to %(last)s.",
        first=day(fact.first),
        last=day(fact.last),
    )


@tell.register
def _(fact: facts.Reseated, around: Setting) -> str:
    return say_many(
        "The committee has new seats: %(count)s member.",
        "The committee has new seats: %(count)s members.",
        len(fact.seats),
    )


@tell.register
def _(fact: facts.Reprojected, around: Setting) -> str:
    news = ((say("calendar"), fact.calendar), (say("policy"), fact.policy))
    what = listed(name for name, given in news if given)
    seen = [move for move in fact.moves if around.sight.staff or move.duty not in ALARM_DUTIES]
    moved = "; ".join(_moved(move) for move in seen)
    first = say("%(who)s let the finding follow the new %(what)s.", who=around.who, what=what)
    return sentences(first, say("Moved: %(moves)s.", moves=moved) if moved else say("No date moved."))


def _moved(move: Move) -> str:
    name = saying.DUTY[move.duty] if move.duty else saying.LIMITS[move.key]
    old, new = (day(each) if each else say("no date") for each in (move.old_day, move.new_day))
    return say(
        "%(what)s from %(old)s to %(new)s (%(why)s)",
        what=saying.within_a_sentence(name),
        old=old,
        new=new,
        why=because(move.why),
    )
