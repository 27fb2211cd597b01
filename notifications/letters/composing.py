"""Composing: the values that every letter shares, put beside those of its own."""

from collections.abc import Sequence
from datetime import datetime

from notifications.languages import Language, language
from notifications.letters.asking import NOTHING, Ask
from notifications.occasion import AnyOccasion, Letter, Occasion
from notifications.rendering import render
from notifications.wording import DUTIES, ROLES, SEVERITIES
from remediation.calendar import Calendar
from remediation.facts import DecisionDue, Escalated, Fact
from remediation.watched import Watched
from remediation.words import Duty, Role, Severity


def compose(occasion: Occasion[Fact], ask: Ask = NOTHING, **own: object) -> Letter:
    """Write the letter of an occasion's kind. `own` are the values that only its templates use."""
    speech = language(occasion.reader.language)
    return render(occasion.kind, speech, shared(occasion, speech) | asking(occasion, ask, speech) | own)


def shared(occasion: Occasion[Fact], speech: Language) -> dict[str, object]:
    """Give the values of every letter about one finding."""
    state, label = occasion.state, occasion.label
    return spoken(occasion, speech) | {
        "question": label.question,
        "point": speech.say(label.point),
        "severity": speech.say(SEVERITIES[state.severity]),
        "attempt": state.attempt,
        "tone": tone(occasion),
    }


def spoken(occasion: AnyOccasion, speech: Language) -> dict[str, object]:
    """Give the values of every letter, whatever it is about."""
    state, reader = occasion.state, occasion.reader
    return {
        "name": reader.name,
        "reader": reader.role,
        "your_role": speech.say(ROLES[reader.role]),
        "instead_of": speech.say(ROLES[occasion.instead_of]) if occasion.instead_of else "",
        "stands_in": stands_in([occasion], speech),
        "witnesses": witnesses([occasion]),
        "factory": occasion.label.factory,
        "number": occasion.number,
        "link": occasion.link,
        "day": speech.day,
        "short_day": speech.short_day,
        "short": lambda instant: speech.short_day(state.calendar.last_day(instant)),
        "when": lambda instant: when(instant, state.calendar, speech),
        "role": lambda role: speech.say(ROLES[Role(role)]),
        "duty_of": lambda duty: speech.say(DUTIES[Duty(duty)]),
    }


def stands_in(occasions: Sequence[AnyOccasion], speech: Language) -> list[tuple[str, str]]:
    """Give in whose place letters are read, each once: the role in words, and the last day of leave."""
    covers = dict.fromkeys(occasion.covers for occasion in occasions if occasion.covers)
    return [(speech.say(ROLES[cover.role]), speech.short_day(cover.until)) for cover in covers]


def witnesses(occasions: Sequence[AnyOccasion]) -> list[str]:
    """Give what a letter witnesses of the ledgers of what it is about, one line each."""
    return [str(each) for each in dict.fromkeys(occasion.witness for occasion in occasions) if each]


def asking(occasion: AnyOccasion, ask: Ask, speech: Language) -> dict[str, object]:
    """Give the values of the box that says who does what by when, and what happens otherwise."""
    calendar = occasion.state.calendar
    return {
        "who": speech.say(ask.who) if ask.who else "",
        "by": when(ask.by, calendar, speech) if ask.by else "",
        "then_at": on_or_at(ask.then.at, occasion.state, speech) if ask.then else "",
        "then_decided": bool(ask.then and ask.then.by_decision),
        "then_level": ask.then.rung.level if ask.then else 0,
        "then_told": speech.listed([speech.say(ROLES[role]) for role in ask.then.rung.told])
        if ask.then
        else "",
    }


def when(due: datetime, calendar: Calendar, speech: Language) -> str:
    """Give a due instant as people keep it: its local day, or its hour where it ends within the day."""
    day = calendar.last_day(due)
    return speech.day(day) if calendar.end_of(day) == due else speech.moment(due, calendar.zone)


def on_or_at(at: datetime, state: Watched, speech: Language) -> str:
    """Give the instant of a step to come: its local day, or its hour for a zero-tolerance finding."""
    if state.urgent:
        return speech.moment(at, state.calendar.zone)
    return speech.day(state.calendar.today(at))


def tone(occasion: Occasion[Fact]) -> str:
    """Give the style of a letter: `grave`, `late` or none."""
    if occasion.state.severity is Severity.ZERO_TOLERANCE:
        return "grave"
    return "late" if isinstance(occasion.fact, Escalated | DecisionDue) else ""
