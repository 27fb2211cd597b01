"""Facts of reminders and the ladder: what the clock has brought about, and how people answered it."""

from dataclasses import dataclass
from datetime import date, datetime

from remediation.fact import Fact
from remediation.words import Consequence, Duty, Lateness, NoteId, PersonId, Relief, Role


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
    `climb` counts how often this has begun to climb. `recovery_plan_by` is set where it asks for a plan.
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
    climb: int = 1
    recovery_plan_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledged(Fact):
    """An escalation was seen at its level. Without anything done it counts as never seen from `until` on."""

    obligation: str
    level: int
    until: datetime | None = None
    """None where it does not run out: under zero tolerance, whose steps wait for nobody."""
    acting: Role = Role.ADVISOR


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementEnding(Fact):
    """Who acknowledged is told on the last day that it runs out at `until`."""

    obligation: str
    duty: Duty
    due: datetime
    level: int
    person: PersonId
    acting: Role
    until: datetime
    scheduled: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgementLapsed(Fact):
    """Nothing was done: the acknowledgement counts as never given from now on."""

    obligation: str
    duty: Duty
    due: datetime
    level: int
    scheduled: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snoozed(Fact):
    """The next step of the ladder, to `next_level`, was put off by so many working days to `until`."""

    obligation: str
    level: int
    next_level: int
    days: int
    until: datetime
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPlanFiled(Fact):
    """The manager says how what is late will be done by the end of a local day; the team leader decides."""

    obligation: str
    note: NoteId
    until: date
    decide_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPlanAccepted(Fact):
    """The team leader relies on the plan until its last day."""

    obligation: str
    until: date
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryPlanReturned(Fact):
    """The plan will not do; the manager owes a better one by `plan_by`."""

    obligation: str
    reason: NoteId
    plan_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Deescalated(Fact):
    """What was late came down from level `was` to `level`, and who had been told before hears of it.

    From there the ladder begins anew, from the date or from the last day of an accepted plan (`plan_until`).
    """

    obligation: str
    duty: Duty
    due: datetime
    due_day: date
    was: int
    level: int
    cause: Relief
    lateness: Lateness
    told: tuple[Role, ...]
    owner: Role
    person: PersonId | None
    climb: int
    plan_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDue(Fact):
    """A missed date has come to the level that people decide on. These roles are asked, by `decide_by`."""

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
    decide_by: datetime
    climb: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsequenceDecided(Fact):
    """The panel decided what follows, or that nothing does; who had been told before hears of it."""

    obligation: str
    duty: Duty
    due: datetime
    due_day: date
    level: int
    lateness: Lateness
    consequence: Consequence
    reason: NoteId
    told: tuple[Role, ...]
    owner: Role
    person: PersonId | None


Scheduled = Reminded | Escalated | DecisionDue | AcknowledgementEnding
"""What the clock brings about and somebody is told of, each at its own instant."""
