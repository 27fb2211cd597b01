"""Which letters a gathering's fact calls for, and to whom: a table over the kinds of fact."""

from collections.abc import Iterator

from remediation import facts
from remediation.facts import Fact
from remediation.gatherings.meeting.facts import (
    MeetingCalled,
    MeetingCancelled,
    MeetingEnded,
    MeetingMoved,
    MinutesAgreed,
    PaperDeclined,
    PaperRecorded,
)
from remediation.gatherings.plan import PlanCompleted, PlanFiled, ProgressReported
from remediation.gatherings.visit.facts import VisitCancelled, VisitEnded, VisitPlanned, VisitPostponed
from remediation.letters import CO_CHAIRS, FACTORY, MEMBERS, LetterOrder, Rule, To, keyed, to
from remediation.words import Duty, Hindrance, LetterKind, Role


def letters_for(fact: Fact, seq: int) -> tuple[LetterOrder, ...]:
    """Give the letters that a gathering's fact calls for. `seq` is its place in the gathering's ledger."""
    rule = _RULES.get(type(fact))
    return tuple(keyed(each, fact, seq) for each in rule(fact)) if rule else ()


INVITED = (*CO_CHAIRS, Role.WORKER_MEMBER, Role.MANAGEMENT_MEMBER, Role.ADVISOR)
"""Who is told of a meeting: all of the committee, and the advisor, who observes."""
_OF_A_SIDE = {
    Role.WORKER_CO_CHAIR: (Role.WORKER_CO_CHAIR, Role.WORKER_MEMBER),
    Role.MANAGEMENT_CO_CHAIR: (Role.MANAGEMENT_CO_CHAIR, Role.MANAGEMENT_MEMBER),
}


def _of_the_meeting(fact: facts.Reminded) -> Iterator[To]:
    """Remind everybody the day before a meeting, whoever owes it later, and of what waits for signatures."""
    if fact.duty is Duty.WITNESS_PAPER:
        return to(LetterKind.PAPER_TO_WITNESS, fact.owner, gathered=True)
    if fact.duty is Duty.SIGN_MINUTES:
        return to(LetterKind.MINUTES_DUE, *_OF_A_SIDE[fact.owner], gathered=True)
    if fact.days_left > 1:
        return iter(())
    told = INVITED if fact.days_left >= 0 else (*CO_CHAIRS, Role.ADVISOR)
    return to(LetterKind.MEETING_NEAR, *told, gathered=True)


_OF_MEETINGS = frozenset({Duty.HOLD_MEETING, Duty.SIGN_MINUTES, Duty.WITNESS_PAPER})
_OF_VISITS = frozenset({Duty.HOLD_VISIT, Duty.END_VISIT})


def _reminded(fact: facts.Reminded) -> Iterator[To]:
    if fact.duty in _OF_MEETINGS:
        return _of_the_meeting(fact)
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
    MeetingCalled: lambda fact: to(LetterKind.MEETING_CALLED, *INVITED),
    MeetingMoved: lambda fact: to(LetterKind.MEETING_MOVED, *INVITED),
    MeetingCancelled: lambda fact: to(LetterKind.MEETING_CANCELLED, *INVITED),
    MeetingEnded: lambda fact: to(LetterKind.MINUTES_READY, *INVITED[:-1]),
    MinutesAgreed: lambda fact: to(LetterKind.MINUTES_AGREED, *INVITED),
    PaperRecorded: lambda fact: to(LetterKind.PAPER_TO_WITNESS, Role.ADVISOR),
    PaperDeclined: lambda fact: iter((To(LetterKind.PAPER_DECLINED, MEMBERS[fact.side], fact.recorder),)),
    VisitPlanned: lambda fact: _of_the_visit(LetterKind.VISIT_PLANNED, fact),
    VisitPostponed: lambda fact: _of_the_visit(LetterKind.VISIT_POSTPONED, fact),
    VisitCancelled: _cancelled,
    VisitEnded: lambda fact: to(LetterKind.VISIT_REPORT, *FACTORY, Role.ADVISOR),
}
