"""The letter about something that was taken back: to whom the letter about it had gone."""

from notifications.letters.composing import compose
from notifications.occasion import Letter, Occasion
from remediation.facts import TakenBack


def taken_back(occasion: Occasion[TakenBack]) -> Letter:
    """Tell that it counts no more, and that nothing has to be done about it. Never who of a side said it."""
    return compose(occasion, what=occasion.fact.what, days_added=occasion.fact.days_added)
