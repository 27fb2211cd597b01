"""Suspended findings with valid defaults, and what the clock brought about, for all tests of suspensions."""

from datetime import date
from typing import Any

from remediation.facts import DecisionDue, Escalated, Fact, Reminded
from remediation.orders import CountersignSuspension, Suspend
from remediation.words import Lateness, SuspensionCause
from tests.rules.cast import CHLOE, DHAKA, NOTE, TOMAS, Story, a_case

PARTS = SuspensionCause.PARTS_ON_ORDER
ACTION = "action:a1"
LATE = ((1, 1), (2, 7), (3, 11))
"""Level and days after the due day, where nobody acknowledges level 2."""


def asked(story: Story, days: int = 11, cause: SuspensionCause = PARTS) -> tuple[Fact, ...]:
    """Let Chloé ask for a suspension that ends so many days from today."""
    return story.order(CHLOE, Suspend, cause=cause, until=story.day(days), reason=NOTE)


def suspended(story: Story, days: int = 11) -> Story:
    """Let Tomas countersign at once: today and `days` more days are suspended."""
    asked(story, days)
    story.order(TOMAS, CountersignSuspension)
    return story


def promised(*, days: int = 10, **case: Any) -> Story:  # noqa: ANN401
    story = a_case(**case)
    return story.commit(story.action(days=days))


def notices(facts: tuple[Fact, ...]) -> list[Reminded | Escalated]:
    return [fact for fact in facts if isinstance(fact, Reminded | Escalated)]


def steps(facts: tuple[Fact, ...]) -> list[tuple[int, date]]:
    """Give each step's level on the factory's ladder and the local day it was scheduled for."""
    return [(fact.level, DHAKA.today(fact.scheduled)) for fact in climbed(facts)]


def climbed(facts: tuple[Fact, ...]) -> list[Escalated | DecisionDue]:
    steps = [fact for fact in facts if isinstance(fact, Escalated | DecisionDue)]
    return [fact for fact in steps if fact.lateness is not Lateness.STAFF]
