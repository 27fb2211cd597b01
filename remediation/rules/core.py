"""What all rules share: the facts a decision gives, and the stamp a fact bears."""

from dataclasses import dataclass
from datetime import datetime

from remediation.facts import Fact
from remediation.words import PersonId

Facts = tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Stamp:
    """When a fact happened (aware) and through whom."""

    at: datetime
    by: PersonId
