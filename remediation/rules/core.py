"""The two functions at the heart: decide what an order leads to, and apply what has happened.

Rules register by the type of order or fact; importing `remediation.rules` loads them all.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import singledispatch

from remediation.facts import Fact
from remediation.finding import Finding
from remediation.orders import Order
from remediation.words import PersonId

Facts = tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a fact happened (aware) and through whom."""

    at: datetime
    by: PersonId


@singledispatch
def decide(order: Order, finding: Finding, now: datetime) -> Facts:
    """Give the facts that an order leads to now. Raises `Refusal` when the rules do not allow it."""
    message = f"no rule decides {type(order).__name__}"
    raise TypeError(message)


@singledispatch
def apply(fact: Fact, finding: Finding, stamp: Stamp) -> Finding:
    """Give the finding's state after a fact. Total: a recorded fact is never refused."""
    message = f"no rule applies {type(fact).__name__}"
    raise TypeError(message)
