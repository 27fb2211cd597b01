"""Facts of suspensions: asked for, countersigned, declined, ended early, and over."""

from dataclasses import dataclass
from datetime import date, datetime

from remediation.fact import Fact
from remediation.words import NoteId, PersonId, SuspensionCause


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionAsked(Fact):
    """The advisor asks that the factory's clock stand still up to and including the local day `until`.

    The team leader decides by `decide_by`; until then the clock runs.
    """

    cause: SuspensionCause
    until: date
    reason: NoteId
    decide_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(Fact):
    """The team leader countersigned: the factory's dates ahead are `days` later, `first` to `last` included.

    `owners` are those whose promised days moved.
    """

    cause: SuspensionCause
    first: date
    last: date
    days: int
    owners: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionDeclined(Fact):
    """The clock was never stopped."""

    cause: SuspensionCause
    until: date
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspensionEnded(Fact):
    """The suspension ends early, with the local day `last`: what it put off comes `days` earlier again."""

    cause: SuspensionCause
    last: date
    days: int
    reason: NoteId
    owners: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(Fact):
    """The clock runs again: it stood still from `first` to `last`, both included.

    `scheduled` is the morning of the next working day, on which people hear of it.
    """

    cause: SuspensionCause
    first: date
    last: date
    days: int
    scheduled: datetime
