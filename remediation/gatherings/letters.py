"""Which letters a gathering's fact calls for, and to whom: a table over the kinds of fact."""

from collections.abc import Iterator

from remediation import facts
from remediation.facts import Fact
from remediation.gatherings.plan import PlanCompleted, PlanFiled, ProgressReported
from remediation.gatherings.visit.facts import VisitCancelled, VisitEnded, VisitPlanned, VisitPostponed
from remediation.letters import FACTORY, LetterOrder, Rule, To, keyed, to
from remediation.words import Duty, Hindrance, LetterKind, Role


def letters_for(fact: Fact, seq: int) -> tuple[LetterOrder, ...]:
    """Give the letters that a gathering's fact calls for. `seq` is its place in the gathering's ledger."""
    rule = _RULES.get(type(fact))
    return tuple(keyed(each, fact, seq) for each in rule(fact)) if rule else ()


_OF_VISITS = frozenset({Duty.HOLD_VISIT, Duty.END_VISIT})


def _reminded(fact: facts.Reminded) -> Iterator[To]:
    if fact.duty in _OF_VISITS:
        return iter((To(LetterKind.VISIT_DUE, fact.owner, fact.person, gathered=True),))
    return to(LetterKind.PLAN_DUE, *FACTORY, gathered=True)


def _escalated(fact: facts.Escalated | facts.DecisionDue) -> Iterator[To]:
    kind = LetterKind.VISIT_OVERDUE if fact.duty in _OF_VISITS else LetterKind.PLAN_OVERDUE
    return to(kind, *(role for role in fact.told if role is not Role.ACTION_OWNER))


def _of_the_visit(kind: LetterKind, fact: VisitPlanned | VisitPostponed | VisitCancelled) -> Iterator[To]:
    """Tell who goes, and the factory where it knows of the visit."""
    yield To(kind, Role.ADVISOR, fact.verifier)
    withheld = not fact.announced if isinstance(fact, VisitPlanned) else fact.withheld
    if not withheld:
        yield from to(kind, *FACTORY)


def _cancelled(fact: VisitCancelled) -> Iterator[To]:
    yield from _of_the_visit(LetterKind.VISIT_CANCELLED, fact)
    if fact.hindrance is Hindrance.ACCESS_REFUSED:
        yield To(LetterKind.VISIT_CANCELLED, Role.TEAM_LEADER)


_RULES: dict[type[Fact], Rule] = {
    facts.Reminded: _reminded,
    facts.Escalated: _escalated,
    facts.DecisionDue: _escalated,
    facts.ConsequenceDecided: lambda fact: to(LetterKind.PLAN_CONSEQUENCE, *fact.told),
    PlanFiled: lambda fact: to(LetterKind.PLAN_FILED, *FACTORY, Role.ADVISOR),
    ProgressReported: lambda fact: to(LetterKind.PROGRESS_REPORT, *FACTORY, Role.ADVISOR),
    PlanCompleted: lambda fact: to(LetterKind.PLAN_COMPLETED, *FACTORY, Role.ADVISOR),
    VisitPlanned: lambda fact: _of_the_visit(LetterKind.VISIT_PLANNED, fact),
    VisitPostponed: lambda fact: _of_the_visit(LetterKind.VISIT_POSTPONED, fact),
    VisitCancelled: _cancelled,
    VisitEnded: lambda fact: to(LetterKind.VISIT_REPORT, *FACTORY, Role.ADVISOR),
}
