"""Refusals of the rules in the reader's language.

What goes through the engine and is stored is a code and an English sentence. A page knows a sentence with
values in it by its shape; one that it does not know stays in English.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Final

from notifications.languages import SOURCE
from notifications.wording import N_
from remediation.spans import Span
from remediation.words import Role, Stage
from service.codes import STAGES
from service.saying import THE_ROLE, day, days, listed, span_said
from service.speaking import say, spoken

_SHAPES: Final = {
    "The finding is (?P<stage>.+): its life is over. A team leader can reopen it.": N_(
        "The finding is %(stage)s: its life is over. A team leader can reopen it."
    ),
    "To .+, the finding must be (?P<stages>.+); it is (?P<stage>.+).": N_(
        "For this the finding must be %(stages)s; it is %(stage)s."
    ),
    "Only the programme's staff can .+.": N_("Only the programme's staff can do this."),
    "Only the (?P<roles>[a-z ,-]+) can .+.": N_("Only these can do this: %(roles)s."),
    "Attach at most (?P<number>.+) pieces of evidence at a time.": N_(
        "Attach at most %(number)s pieces of evidence at a time."
    ),
    "The date (?P<day>.+) has passed. Choose today or a later day.": N_(
        "The date %(day)s has passed. Choose today or a later day."
    ),
    "(?P<day>.+) is more than ten years ahead. Choose an earlier day.": N_(
        "%(day)s is more than ten years ahead. Choose an earlier day."
    ),
    "(?P<day>.+) is later than (?P<latest>.+), a whole new time for a fix.": N_(
        "%(day)s is later than %(latest)s, a whole new time for a fix."
    ),
    "(?P<day>.+) is later than (?P<latest>.+), the last day the policy allows for this severity. "
    "Choose an earlier date, or ask the advisor to allow a later one.": N_(
        "%(day)s is later than %(latest)s, the last day the policy allows for this severity. "
        "Choose an earlier date, or ask the advisor to allow a later one."
    ),
    "A proposal holds at most (?P<number>.+) actions, each with an id of its own.": N_(
        "A proposal holds at most %(number)s actions, each with an id of its own."
    ),
    "A finding can be disputed within (?P<span>.+) of its issue.": N_(
        "A finding can be disputed within %(span)s of its issue."
    ),
    "Level (?P<number>.+) is acknowledged already.": N_("Level %(number)s is acknowledged already."),
    "The step after level (?P<number>.+) was put off already; it can be once a level.": N_(
        "The step after level %(number)s was put off already; it can be once a level."
    ),
    "A step of the ladder can be put off by at most (?P<number>.+) working days, and at least one.": N_(
        "A step of the ladder can be put off by at most %(number)s working days, and at least one."
    ),
    "There were (?P<number>.+) extensions already, the most the policy allows.": N_(
        "There were %(number)s extensions already, the most the policy allows."
    ),
    "An extension is asked for before the date; (?P<day>.+) has passed.": N_(
        "An extension is asked for before the date; %(day)s has passed."
    ),
    "The new date must be later than (?P<day>.+).": N_("The new date must be later than %(day)s."),
    "The policy leaves (?P<days>.+) days to extend; choose an earlier date.": N_(
        "The policy leaves %(days)s to extend; choose an earlier date."
    ),
    "These actions are not done yet: (?P<names>.+). Record their progress first.": N_(
        "These actions are not done yet: %(names)s. Record their progress first."
    ),
    "Objections could be raised within (?P<span>.+) of the report.": N_(
        "Objections could be raised within %(span)s of the report."
    ),
    "The action stands at (?P<number>.+) percent already. Add a note or evidence.": N_(
        "The action stands at %(number)s percent already. Add a note or evidence."
    ),
    "This action was due on (?P<day>.+): say why it is late.": N_(
        "This action was due on %(day)s: say why it is late."
    ),
    "A committee has at most (?P<number>.+) seats, and each person holds one of them.": N_(
        "A committee has at most %(number)s seats, and each person holds one of them."
    ),
    "The clock stands still already, up to and including (?P<day>.+).": N_(
        "The clock stands still already, up to and including %(day)s."
    ),
    "It was asked for up to (?P<day>.+), which has passed. Decline it.": N_(
        "It was asked for up to %(day)s, which has passed. Decline it."
    ),
    "The suspension ends with (?P<day>.+) by itself.": N_("The suspension ends with %(day)s by itself."),
    "These are (?P<days>.+) days; the policy allows (?P<number>.+) at a time. Choose an earlier day.": N_(
        "These are %(days)s; the policy allows %(number)s at a time. Choose an earlier day."
    ),
    "These are (?P<days>.+) days; of (?P<number>.+) in all, (?P<left>.+) are left.": N_(
        "These are %(days)s; of %(number)s in all, %(left)s are left."
    ),
    "The check must be dated after the verification on (?P<day>.+).": N_(
        "The check must be dated after the verification on %(day)s."
    ),
    "The new date (?P<day>.+) must lie ahead.": N_("The new date %(day)s must lie ahead."),
}
"""Sentences of the rules that hold values, by their shape. The others are looked up as they are."""


def in_words(sentence: str) -> str:
    """Give a refusal's sentence in the language spoken, as far as that language has it."""
    return by_shape(sentence, _shapes())


Shapes = tuple[tuple[re.Pattern[str], str], ...]


def by_shape(sentence: str, shapes: Shapes) -> str:
    """Give an English sentence of ours in the language spoken, where it is known whole or by its shape."""
    known = spoken().say(sentence)
    if spoken().code == SOURCE or known != sentence:
        return known
    for shape, text in shapes:
        if found := shape.fullmatch(sentence):
            return say(text, **{name: _said(name, value) for name, value in found.groupdict().items()})
    return sentence


@cache
def _shapes() -> Shapes:
    return tuple((re.compile(shape), text) for shape, text in _SHAPES.items())


def _said(name: str, value: str) -> str:
    return _VALUES[name](value) if name in _VALUES else value


def _span(value: str) -> str:
    return span_said(Span.parse(value))


def _each(value: str) -> Iterator[str]:
    """Give the codes of a list as the rules write it: `issued, under review or disputed`."""
    return (each.replace(" ", "_") for each in re.split(", | or ", value))


def _day(value: str) -> str:
    return day(date.fromisoformat(value))


_VALUES: Final[dict[str, Callable[[str], str]]] = {
    "day": _day,
    "days": lambda value: days(int(value)),
    "latest": _day,
    "roles": lambda value: listed((THE_ROLE[Role(each)] for each in _each(value)), last="or"),
    "span": _span,
    "stage": lambda value: listed(STAGES[Stage(each)] for each in _each(value)),
    "stages": lambda value: listed((STAGES[Stage(each)] for each in _each(value)), last="or"),
}
"""How the values of a shape are said, by name; the others as they stand."""
