"""Which letters a gathering's fact calls for, and to whom: a table over the kinds of fact."""

from collections.abc import Iterator

from remediation import facts
from remediation.facts import Fact
from remediation.gatherings.plan import PlanCompleted, PlanFiled, ProgressReported
from remediation.letters import FACTORY, LetterOrder, Rule, To, keyed, to
from remediation.words import LetterKind, Role


def letters_for(fact: Fact, seq: int) -> tuple[LetterOrder, ...]:
    """Give the letters that a gathering's fact calls for. `seq` is its place in the gathering's ledger."""
    rule = _RULES.get(type(fact))
    return tuple(keyed(each, fact, seq) for each in rule(fact)) if rule else ()


def _escalated(fact: facts.Escalated | facts.DecisionDue) -> Iterator[To]:
    return to(LetterKind.PLAN_OVERDUE, *(role for role in fact.told if role is not Role.ACTION_OWNER))


_RULES: dict[type[Fact], Rule] = {
    facts.Reminded: lambda fact: to(LetterKind.PLAN_DUE, *FACTORY, gathered=True),
    facts.Escalated: _escalated,
    facts.DecisionDue: _escalated,
    facts.ConsequenceDecided: lambda fact: to(LetterKind.PLAN_CONSEQUENCE, *fact.told),
    PlanFiled: lambda fact: to(LetterKind.PLAN_FILED, *FACTORY, Role.ADVISOR),
    ProgressReported: lambda fact: to(LetterKind.PROGRESS_REPORT, *FACTORY, Role.ADVISOR),
    PlanCompleted: lambda fact: to(LetterKind.PLAN_COMPLETED, *FACTORY, Role.ADVISOR),
}
