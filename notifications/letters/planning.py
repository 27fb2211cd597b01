"""Letters about an improvement plan: due, late, filed, reported on, complete."""

from datetime import date

from notifications.languages import Language, language
from notifications.letters.asking import NOTHING, Ask, asked
from notifications.letters.composing import asking, spoken
from notifications.occasion import GatheringOccasion, Letter
from notifications.rendering import render
from remediation.facts import ConsequenceDecided, DecisionDue, Escalated, Fact, Reminded
from remediation.gatherings.plan import PlanCompleted, PlanFiled, PlanOpened, ProgressReported, Tally
from remediation.obligations import decision_key
from remediation.words import ENDINGS, Stage

PENDING = frozenset({Stage.ISSUED, Stage.UNDER_REVIEW, Stage.DISPUTED})


def plan_due(occasion: GatheringOccasion[Reminded]) -> Letter:
    """Remind the factory that its improvement plan is due."""
    fact = occasion.fact
    ask = asked(occasion.state, fact.obligation, occasion.reader.role)
    return _compose(occasion, ask, due=fact.due, days_left=fact.days_left)


def plan_overdue(occasion: GatheringOccasion[Escalated | DecisionDue]) -> Letter:
    """Tell those of one level of the ladder that the plan is missing; the panel is asked to decide."""
    fact = occasion.fact
    decided = isinstance(fact, DecisionDue)
    key = decision_key(fact.obligation) if decided else fact.obligation
    ask = asked(occasion.state, key, occasion.reader.role)
    return _compose(
        occasion, ask, due=fact.due, days_late=fact.days_late, level=fact.level, decision=decided, tone="late"
    )


def plan_consequence(occasion: GatheringOccasion[ConsequenceDecided]) -> Letter:
    """Tell everybody who had been told what the decision panel decided."""
    fact = occasion.fact
    ask = asked(occasion.state, fact.obligation, occasion.reader.role)
    return _compose(occasion, ask, due=fact.due, consequence=fact.consequence)


def plan_filed(occasion: GatheringOccasion[PlanFiled]) -> Letter:
    """Tell that the plan is filed, and how late."""
    fact = occasion.fact
    return _compose(occasion, NOTHING, by_commitments=fact.by_commitments, days_late=fact.days_late)


def progress_report(occasion: GatheringOccasion[ProgressReported]) -> Letter:
    """Tell that a progress report is there, with its numbers."""
    fact = occasion.fact
    return _compose(occasion, NOTHING, report=fact.number, on=fact.on, **_numbers(fact.tally))


def plan_completed(occasion: GatheringOccasion[PlanCompleted]) -> Letter:
    """Tell that all findings of the plan have ended, with its closing numbers."""
    return _compose(occasion, NOTHING, **_numbers(occasion.fact.tally))


def _numbers(tally: Tally) -> dict[str, object]:
    pending = sum(number for stage, number in tally.stages.items() if stage in PENDING)
    sustained = tally.stages.get(Stage.SUSTAINED, 0)
    return {
        "findings": tally.findings,
        "completed": tally.ended,
        "sustained": sustained,
        "otherwise_ended": sum(tally.stages.get(each, 0) for each in ENDINGS) - sustained,
        "pending": pending,
        "in_progress": tally.findings - tally.ended - pending,
        "overdue": tally.overdue,
    }


def _compose(occasion: GatheringOccasion[Fact], ask: Ask, **own: object) -> Letter:
    speech = language(occasion.reader.language)
    shared = spoken(occasion, speech) | _of_the_plan(occasion, speech) | asking(occasion, ask, speech)
    return render(occasion.kind, speech, shared | own)


def _of_the_plan(occasion: GatheringOccasion[Fact], speech: Language) -> dict[str, object]:
    opening = occasion.state.opening
    released = opening.released if isinstance(opening, PlanOpened) else None
    return {"tone": "", "released": _day(released, speech), "plan_link": occasion.link}


def _day(day: date | None, speech: Language) -> str:
    return speech.day(day) if day else ""
