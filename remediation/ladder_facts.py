"""Facts of reminders and the ladder: what the clock has brought about, and how people answered it."""

from dataclasses import dataclass
from datetime import date, datetime

from remediation.fact import Fact
from remediation.words import Duty, Lateness, PersonId, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded(Fact):
    """An owner of an obligation was reminded.

    `step` and `scheduled` say which reminder it is; `days_left` is as of its sending, negative when late.
    """

    obligation: str
    duty: Duty
    due: datetime
    due_day: date
    step: str
    owner: Role
    person: PersonId | None
    days_left: int
    scheduled: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalated(Fact):
    """A missed date climbed to a level of the ladder, and these roles are told.

    `scheduled` is the step's instant; `days_late` is as of its taking, which an outage may have delayed.
    """

    obligation: str
    duty: Duty
    due: datetime
    due_day: date
    level: int
    lateness: Lateness
    told: tuple[Role, ...]
    owner: Role
    person: PersonId | None
    days_late: int
    scheduled: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Fact):
    """An escalation was seen at its level."""

    obligation: str
    level: int
