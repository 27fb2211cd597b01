"""How late a finding was, told: reminders, steps of the ladder, and what was answered to them."""
# ruff: noqa: ARG001 - facts are all told alike, and not each needs what stands around it

from remediation import facts
from remediation.words import PersonId, Relief, Role
from service import saying
from service.saying import day, listed
from service.telling.setting import Setting, tell

_RELIEFS = {
    Relief.VERIFIED_PROGRESS: "a verification found part of it done",
    Relief.RECOVERY_PLAN: "a recovery plan was accepted",
}


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


def _owner(role: Role, person: PersonId | None, around: Setting) -> str:
    return around.name(person) if person else f"the {saying.ROLE[role]}"
