"""The letter about dates that moved because the factory's days or the programme's policy changed."""

from datetime import datetime

from notifications.languages import Language, language
from notifications.letters.asking import NOTHING, asked
from notifications.letters.composing import compose, when
from notifications.occasion import Letter, Occasion
from notifications.wording import DUTIES, LIMITS
from remediation.calendar import Calendar
from remediation.facts import Reprojected
from remediation.moves import Move
from remediation.words import ALARM_DUTIES, STAFF_ROLES


def dates_moved(occasion: Occasion[Reprojected]) -> Letter:
    """Tell the factory and the advisor which dates of a finding moved, and from which day to which."""
    moves, speech = moves_for(occasion), language(occasion.reader.language)
    first = next((move for move in moves if move.duty and move.new), None)
    return compose(
        occasion,
        asked(occasion.state, first.key, occasion.reader.role) if first else NOTHING,
        moves=[_line(move, occasion, speech) for move in moves],
        duty=first.duty if first else None,
    )


def moves_for(occasion: Occasion[Reprojected]) -> list[Move]:
    """Give the moves that the reader is told of, the soonest new date first."""
    staff = occasion.reader.role in STAFF_ROLES
    told = [move for move in occasion.fact.moves if staff or move.duty not in ALARM_DUTIES]
    return sorted(told, key=lambda move: (move.new is None, move.new or move.old))


def what_moved(move: Move, speech: Language) -> str:
    """Give what a date is of, in the reader's words."""
    return speech.say(DUTIES[move.duty] if move.duty else LIMITS[move.key])


def day_of(due: datetime | None, calendar: Calendar, speech: Language) -> str:
    """Give a due instant as people keep it; nothing where there is none."""
    return when(due, calendar, speech) if due else ""


def _line(move: Move, occasion: Occasion[Reprojected], speech: Language) -> dict[str, str]:
    calendar = occasion.state.calendar
    old = speech.day(move.old_day) if move.old_day not in {None, move.new_day} else ""
    return {
        "what": what_moved(move, speech),
        "new": day_of(move.new, calendar, speech),
        "old": old or day_of(move.old, calendar, speech),
    }
