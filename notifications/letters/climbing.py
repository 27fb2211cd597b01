"""Letters about people at the ladder: what was seen, recovery plans, ways down, and the panel's decision."""

from notifications.letters.asking import Ask, asked
from notifications.letters.composing import compose
from notifications.occasion import Letter, Occasion
from notifications.wording import YOU
from remediation.facts import (
    AcknowledgementEnding,
    ConsequenceDecided,
    DecisionDue,
    Deescalated,
    Escalated,
    RecoveryPlanFiled,
    RecoveryPlanReturned,
)
from remediation.obligations import decision_key, recovery_decision_key, recovery_key


def acknowledgement_ending(occasion: Occasion[AcknowledgementEnding]) -> Letter:
    """Tell who acknowledged a level that it counts as never given unless something is done."""
    fact = occasion.fact
    owed = asked(occasion.state, fact.obligation, occasion.reader.role)
    ask = Ask(who=YOU, by=fact.until, then=owed.then) if owed.who else owed
    return compose(occasion, ask, duty=fact.duty, level=fact.level, until=fact.until)


def recovery_plan_due(occasion: Occasion[Escalated]) -> Letter:
    """Ask the manager for a recovery plan."""
    fact = occasion.fact
    ask = asked(occasion.state, recovery_key(fact.obligation), occasion.reader.role)
    return compose(
        occasion,
        ask,
        duty=fact.duty,
        level=fact.level,
        lateness=fact.lateness,
        plan_by=fact.recovery_plan_by,
    )


def recovery_plan_filed(occasion: Occasion[RecoveryPlanFiled]) -> Letter:
    """Ask the team leader to accept the plan or to return it."""
    fact = occasion.fact
    ask = asked(occasion.state, recovery_decision_key(fact.obligation), occasion.reader.role)
    return compose(occasion, ask, until=fact.until, decide_by=fact.decide_by)


def recovery_plan_returned(occasion: Occasion[RecoveryPlanReturned]) -> Letter:
    """Ask the manager for a better plan."""
    fact = occasion.fact
    ask = asked(occasion.state, recovery_key(fact.obligation), occasion.reader.role)
    return compose(occasion, ask, plan_by=fact.plan_by)


def deescalated(occasion: Occasion[Deescalated]) -> Letter:
    """Tell everybody who had been told that it came down by one level, and why."""
    fact = occasion.fact
    return compose(
        occasion,
        asked(occasion.state, fact.obligation, occasion.reader.role),
        duty=fact.duty,
        was=fact.was,
        level=fact.level,
        cause=fact.cause,
        lateness=fact.lateness,
        until=fact.plan_until or fact.due_day,
    )


def decision_due(occasion: Occasion[DecisionDue]) -> Letter:
    """Ask the decision panel what follows."""
    fact = occasion.fact
    ask = asked(occasion.state, decision_key(fact.obligation), occasion.reader.role)
    return compose(
        occasion,
        ask,
        duty=fact.duty,
        due=fact.due,
        days_late=fact.days_late,
        lateness=fact.lateness,
        decide_by=fact.decide_by,
    )


def consequence_decided(occasion: Occasion[ConsequenceDecided]) -> Letter:
    """Tell everybody who had been told what the decision panel decided."""
    fact = occasion.fact
    return compose(
        occasion,
        asked(occasion.state, fact.obligation, occasion.reader.role),
        duty=fact.duty,
        due=fact.due,
        lateness=fact.lateness,
        consequence=fact.consequence,
    )
