"""Letters about a verification visit: its day, a day that moved, its reminders, and its report."""

from notifications.languages import Language, language
from notifications.letters.asking import NOTHING, Ask, asked
from notifications.letters.composing import asking, spoken
from notifications.occasion import GatheringOccasion, Letter
from notifications.rendering import render
from notifications.wording import HINDRANCES
from remediation.facts import Escalated, Fact, Reminded
from remediation.gatherings.visit.facts import VisitCancelled, VisitEnded, VisitPlanned, VisitPostponed
from remediation.words import FACTORY_ROLES, Duty


def visit_planned(occasion: GatheringOccasion[VisitPlanned]) -> Letter:
    """Tell who goes, and the factory of an announced visit, on which day it is."""
    return _compose(occasion, NOTHING, on=occasion.fact.on, announced=occasion.fact.announced)


def visit_due(occasion: GatheringOccasion[Reminded]) -> Letter:
    """Remind the verifier that the visit, or its report, is due."""
    fact = occasion.fact
    ask = asked(occasion.state, fact.obligation, occasion.reader.role)
    return _compose(occasion, ask, days_left=fact.days_left, report=fact.duty is Duty.END_VISIT)


def visit_overdue(occasion: GatheringOccasion[Escalated]) -> Letter:
    """Tell the programme's staff that a visit, or its report, is late."""
    fact = occasion.fact
    ask = asked(occasion.state, fact.obligation, occasion.reader.role)
    late = {"days_late": fact.days_late, "level": fact.level, "due": fact.due, "tone": "late"}
    return _compose(occasion, ask, report=fact.duty is Duty.END_VISIT, **late)


def visit_postponed(occasion: GatheringOccasion[VisitPostponed]) -> Letter:
    """Tell whoever knew of the visit of its new day, and why it was put off."""
    fact = occasion.fact
    return _compose(occasion, NOTHING, on=fact.on, was=fact.was, hindrance=HINDRANCES[fact.hindrance])


def visit_cancelled(occasion: GatheringOccasion[VisitCancelled]) -> Letter:
    """Tell whoever knew of the visit that it does not take place, and why."""
    fact = occasion.fact
    return _compose(occasion, NOTHING, was=fact.was, hindrance=HINDRANCES[fact.hindrance])


def visit_report(occasion: GatheringOccasion[VisitEnded]) -> Letter:
    """Tell that the visit is over, and where its report is."""
    return _compose(occasion, NOTHING, on=occasion.fact.on)


def _compose(occasion: GatheringOccasion[Fact], ask: Ask, **own: object) -> Letter:
    speech = language(occasion.reader.language)
    to_factory = occasion.reader.role in FACTORY_ROLES
    shared = spoken(occasion, speech) | asking(occasion, ask, speech) | {"tone": "", "to_factory": to_factory}
    return render(occasion.kind, speech, shared | own | _worded(own, speech))


def _worded(own: dict[str, object], speech: Language) -> dict[str, object]:
    said = own.get("hindrance")
    return {"hindrance": speech.say(said)} if isinstance(said, str) else {}
