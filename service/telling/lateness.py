"""How late a finding was, told: reminders, steps of the ladder, and what was answered to them."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from notifications.wording import N_
from remediation import facts
from remediation.words import PersonId, Relief, Role
from service import saying
from service.saying import day, listed
from service.speaking import say, say_many
from service.telling.setting import Setting, sentences, tell

_RELIEFS = {
    Relief.VERIFIED_PROGRESS: N_("a verification found part of it done"),
    Relief.RECOVERY_PLAN: N_("a recovery plan was accepted"),
}


@tell.register
def _(fact: facts.Reminded, around: Setting) -> str:
    return say(
        "Reminder to %(whom)s: %(duty)s, due on %(day)s.",
        whom=_owner(fact.owner, fact.person, around),
        duty=saying.within_a_sentence(saying.DUTY[fact.duty]),
        day=day(fact.due_day),
    )


@tell.register
def _(fact: facts.Escalated, around: Setting) -> str:
    told = listed(saying.ROLE[role] for role in fact.told)
    return say(
        "Overdue, level %(level)s: %(duty)s, due on %(day)s (%(lateness)s). Told: %(told)s.",
        level=fact.level,
        duty=saying.within_a_sentence(saying.DUTY[fact.duty]),
        day=day(fact.due_day),
        lateness=saying.LATENESS[fact.lateness],
        told=told or say("nobody yet"),
    )


@tell.register
def _(fact: facts.Acknowledged, around: Setting) -> str:
    seen = say("%(who)s has seen the escalation at level %(level)s.", who=around.who, level=fact.level)
    holds = say("That holds until %(day)s.", day=around.until(fact.until)) if fact.until else ""
    return sentences(seen, holds)


@tell.register
def _(fact: facts.AcknowledgementEnding, around: Setting) -> str:
    return say(
        "Told to %(name)s: the acknowledgement of level %(level)s holds until the end of %(day)s.",
        name=around.name(fact.person),
        level=fact.level,
        day=around.until(fact.until),
    )


@tell.register
def _(fact: facts.AcknowledgementLapsed, around: Setting) -> str:
    return say(
        "Nothing was done: the acknowledgement of level %(level)s counts as never given.", level=fact.level
    )


@tell.register
def _(fact: facts.Snoozed, around: Setting) -> str:
    return say_many(
        "%(who)s put level %(level)s off by %(count)s working day: it comes on %(day)s at the earliest.",
        "%(who)s put level %(level)s off by %(count)s working days: it comes on %(day)s at the earliest.",
        fact.days,
        who=around.who,
        level=fact.next_level,
        day=day(around.watched.calendar.today(fact.until)),
    )


@tell.register
def _(fact: facts.RecoveryPlanFiled, around: Setting) -> str:
    return say(
        "%(who)s filed a recovery plan until %(until)s. The team leader decides by %(day)s.",
        who=around.who,
        until=day(fact.until),
        day=around.until(fact.decide_by),
    )


@tell.register
def _(fact: facts.RecoveryPlanAccepted, around: Setting) -> str:
    return say("%(who)s accepted the recovery plan until %(day)s.", who=around.who, day=day(fact.until))


@tell.register
def _(fact: facts.RecoveryPlanReturned, around: Setting) -> str:
    return say(
        "%(who)s returned the recovery plan. A better one is owed by %(day)s.",
        who=around.who,
        day=around.until(fact.plan_by),
    )


@tell.register
def _(fact: facts.Deescalated, around: Setting) -> str:
    return say(
        "Down from level %(was)s to level %(level)s: %(why)s.",
        was=fact.was,
        level=fact.level,
        why=say(_RELIEFS[fact.cause]),
    )


@tell.register
def _(fact: facts.DecisionDue, around: Setting) -> str:
    told = listed(saying.ROLE[role] for role in fact.told)
    return say(
        "Overdue, level %(level)s is for people to decide: %(duty)s, due on %(day)s (%(lateness)s). "
        "Asked by %(until)s: %(told)s.",
        level=fact.level,
        duty=saying.within_a_sentence(saying.DUTY[fact.duty]),
        day=day(fact.due_day),
        lateness=saying.LATENESS[fact.lateness],
        until=around.until(fact.decide_by),
        told=told,
    )


@tell.register
def _(fact: facts.ConsequenceDecided, around: Setting) -> str:
    return say(
        "%(who)s decided what follows at level %(level)s: %(what)s.",
        who=around.who,
        level=fact.level,
        what=saying.CONSEQUENCES[fact.consequence],
    )


def _owner(role: Role, person: PersonId | None, around: Setting) -> str:
    return around.name(person) if person else saying.THE_ROLE[role]
