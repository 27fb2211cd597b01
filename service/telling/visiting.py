"""A verification visit, told: planned, begun, outcomes, put off or cancelled, ended."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from remediation.gatherings.visit.facts import (
    AgendaExtended,
    OutcomeRecorded,
    OutcomeRefused,
    OutcomeTaken,
    VisitBegun,
    VisitCancelled,
    VisitEnded,
    VisitPlanned,
    VisitPostponed,
)
from service.saying import HINDRANCE, VERDICTS, day
from service.speaking import say, say_many
from service.telling.setting import Setting, sentences, tell


@tell.register
def _(fact: VisitPlanned, around: Setting) -> str:
    planned = say("A visit to the factory was planned for %(day)s.", day=day(fact.on))
    return sentences(planned, say("It was announced.") if fact.announced else say("It was not announced."))


@tell.register
def _(fact: VisitBegun, around: Setting) -> str:
    return say("The visit began on %(day)s.", day=day(fact.on))


@tell.register
def _(fact: OutcomeRecorded, around: Setting) -> str:
    return say(
        "%(who)s recorded an outcome: %(verdict)s (finding %(finding)s).",
        who=around.who,
        verdict=VERDICTS[fact.verdict],
        finding=fact.finding,
    )


@tell.register
def _(fact: OutcomeTaken, around: Setting) -> str:
    return say("The finding accepted the outcome.")


@tell.register
def _(fact: OutcomeRefused, around: Setting) -> str:
    return say("The finding did not accept the outcome.")


@tell.register
def _(fact: AgendaExtended, around: Setting) -> str:
    number = len(fact.items)
    return say_many(
        "%(count)s finding came onto the agenda.", "%(count)s findings came onto the agenda.", number
    )


@tell.register
def _(fact: VisitPostponed, around: Setting) -> str:
    return say(
        "%(who)s postponed the visit from %(was)s to %(day)s: %(why)s.",
        who=around.who,
        was=day(fact.was),
        day=day(fact.on),
        why=HINDRANCE[fact.hindrance],
    )


@tell.register
def _(fact: VisitCancelled, around: Setting) -> str:
    return say(
        "%(who)s cancelled the visit of %(was)s: %(why)s.",
        who=around.who,
        was=day(fact.was),
        why=HINDRANCE[fact.hindrance],
    )


@tell.register
def _(fact: VisitEnded, around: Setting) -> str:
    return say("%(who)s ended the visit.", who=around.who)
