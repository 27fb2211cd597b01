"""The morning's message: all that one person is reminded of, by factory and urgency, in one letter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from itertools import groupby
from typing import Any, Final

from notifications.languages import Language, language
from notifications.letters.composing import stands_in, when, witnesses
from notifications.letters.keeping import action_text
from notifications.letters.moving import day_of, moves_for, what_moved
from notifications.letters.standing_still import SuspensionFact, next_owed
from notifications.occasion import AnyOccasion, GatheringOccasion, Letter, Occasion
from notifications.rendering import render
from notifications.wording import DUTIES, N_, ROLES, SEVERITIES
from remediation.facts import Reminded, Reprojected, Suspended
from remediation.moves import Move
from remediation.words import Duty, LetterKind

FOLDER: Final = "morning"
MOST_ITEMS: Final = 60
"""Mail programs cut long messages off; what is beyond this stands on the page."""
SOON, WEEK = 1, 7


class Urgency(IntEnum):
    """How an item of the morning is placed: the most urgent first."""

    OVERDUE = 0
    SOON = 1
    WEEK = 2
    LATER = 3
    RESUMED = 4
    SUSPENDED = 5
    NEW = 6
    CORRECTED = 7
    MOVED = 8


HEADINGS: Final[dict[Urgency, str]] = {
    Urgency.OVERDUE: N_("Overdue"),
    Urgency.SOON: N_("Due today or tomorrow"),
    Urgency.WEEK: N_("Due within a week"),
    Urgency.LATER: N_("Due later"),
    Urgency.RESUMED: N_("The clock runs again"),
    Urgency.SUSPENDED: N_("Suspended: the clock stands still"),
    Urgency.NEW: N_("New findings"),
    Urgency.CORRECTED: N_("Corrected findings"),
    Urgency.MOVED: N_("Dates that have moved"),
}
_CAME: Final = {
    LetterKind.RESUMED: Urgency.RESUMED,
    LetterKind.SUSPENSION_ENDED: Urgency.RESUMED,
    LetterKind.SUSPENDED: Urgency.SUSPENDED,
    LetterKind.NEW_FINDING: Urgency.NEW,
    LetterKind.FINDING_AMENDED: Urgency.CORRECTED,
}


@dataclass(frozen=True, slots=True, order=True)
class Item:
    """One line of the morning. Its order is that of the letter within a factory."""

    factory: str
    urgency: Urgency
    due_day: date
    link: str
    duty: str
    question: str
    severity: str
    text: str
    days_left: int | None
    by: str
    still: str = ""
    """The last day of a suspension that has begun."""
    was: str = ""


def morning(occasions: Sequence[AnyOccasion]) -> Letter:
    """Write one person's message of the morning from gathered occasions, all with that reader."""
    speech = language(occasions[0].reader.language)
    items = _in_order([item for occasion in occasions for item in _items(occasion, speech)])
    return render(FOLDER, speech, _values(occasions, items, speech))


def _items(occasion: AnyOccasion, speech: Language) -> Iterator[Item]:
    if isinstance(occasion, GatheringOccasion):
        yield _of_a_gathering(occasion, speech)
        return
    if occasion.kind is not LetterKind.DATES_MOVED:
        yield _item(occasion, speech)
        return
    for move in moves_for(occasion):
        yield _moved(move, occasion, speech)


def _of_a_gathering(occasion: GatheringOccasion[Reminded], speech: Language) -> Item:
    fact = occasion.fact
    return Item(
        factory=occasion.label.factory,
        urgency=_urgency(occasion),
        due_day=occasion.state.calendar.last_day(fact.due),
        link=occasion.link,
        duty=speech.say(DUTIES[fact.duty]),
        question="",
        severity="",
        text="",
        days_left=fact.days_left,
        by=when(fact.due, occasion.state.calendar, speech),
    )


def _moved(move: Move, occasion: Occasion[Reprojected], speech: Language) -> Item:
    old, new = move.old_day, move.new_day
    return Item(
        factory=occasion.label.factory,
        urgency=Urgency.MOVED,
        due_day=new or old or occasion.state.calendar.today(occasion.at),
        link=occasion.link,
        duty=what_moved(move, speech),
        question=occasion.label.question,
        severity=speech.say(SEVERITIES[occasion.state.severity]),
        text="",
        days_left=None,
        by=day_of(move.new, occasion.state.calendar, speech),
        was=speech.day(old) if old else "",
    )


def _item(occasion: Occasion[Any], speech: Language) -> Item:
    state, fact = occasion.state, occasion.fact
    reminded = isinstance(fact, Reminded)
    duty, due = _owed(occasion)
    return Item(
        factory=occasion.label.factory,
        urgency=_urgency(occasion),
        due_day=state.calendar.last_day(due),
        link=occasion.link,
        duty=speech.say(DUTIES[duty]),
        question=occasion.label.question,
        severity=speech.say(SEVERITIES[state.severity]),
        text=action_text(occasion, fact.obligation) if reminded else "",
        days_left=fact.days_left if reminded else None,
        by=when(due, state.calendar, speech),
        still=speech.day(fact.last) if isinstance(fact, Suspended) else "",
    )


def _owed(occasion: Occasion[Any]) -> tuple[Duty, datetime]:
    """Give what a line is about, and its aware due instant: the commitment of what is new."""
    fact = occasion.fact
    if isinstance(fact, Reminded):
        return fact.duty, fact.due
    owed = next_owed(occasion) if isinstance(fact, SuspensionFact) else None
    return (owed.duty, owed.due) if owed else (Duty.COMMIT, occasion.state.commit_by)


def _in_order(items: list[Item]) -> list[Item]:
    """Sort by factory and urgency; the factory where something is most urgent comes first."""
    most_urgent: dict[str, Urgency] = {}
    for item in items:
        most_urgent[item.factory] = min(item.urgency, most_urgent.get(item.factory, item.urgency))
    return sorted(items, key=lambda item: (most_urgent[item.factory], item))


def _urgency(occasion: AnyOccasion) -> Urgency:
    if occasion.kind in _CAME:
        return _CAME[occasion.kind]
    days = occasion.fact.days_left
    if days < 0:
        return Urgency.OVERDUE
    if days <= SOON:
        return Urgency.SOON
    return Urgency.WEEK if days <= WEEK else Urgency.LATER


def _values(occasions: Sequence[AnyOccasion], items: list[Item], speech: Language) -> dict[str, object]:
    roles = dict.fromkeys(speech.say(ROLES[occasion.reader.role]) for occasion in occasions)
    late = sum(item.urgency is Urgency.OVERDUE for item in items)
    return {
        "name": occasions[0].reader.name,
        "your_role": speech.listed(list(roles)),
        "instead_of": _instead_of(occasions[0], speech),
        "stands_in": stands_in(occasions, speech),
        "witnesses": witnesses(occasions),
        "number": "",
        "tone": "late" if late else "",
        "count": len(items),
        "late": late,
        "factories": _by_factory(items[:MOST_ITEMS], speech),
        "left_out": max(0, len(items) - MOST_ITEMS),
        "list_link": f"{occasions[0].public_url.rstrip('/')}/findings",
    }


def _instead_of(occasion: AnyOccasion, speech: Language) -> str:
    return speech.say(ROLES[occasion.instead_of]) if occasion.instead_of else ""


def _by_factory(items: list[Item], speech: Language) -> list[dict[str, object]]:
    return [
        {"name": factory, "groups": _by_urgency(list(of_factory), speech)}
        for factory, of_factory in groupby(items, key=lambda item: item.factory)
    ]


def _by_urgency(items: list[Item], speech: Language) -> list[dict[str, object]]:
    return [
        {"heading": speech.say(HEADINGS[urgency]), "things": list(things)}
        for urgency, things in groupby(items, key=lambda item: item.urgency)
    ]
