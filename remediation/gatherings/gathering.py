"""What plans, meetings and visits have in common: who they are, and what a kind must say of itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from remediation.facts import Fact
from remediation.orders import Order
from remediation.watched import Watched
from remediation.words import FactoryId, GatheringId, PersonId, ProgrammeId, SubjectId


class Kind(StrEnum):
    """The gatherings around findings. The value stands before the colon of a gathering's id."""

    PLAN = "plan"
    MEETING = "meeting"
    VISIT = "visit"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Fact):
    """A gathering's first fact: it exists, at a factory, under policy and calendar named by version."""

    gathering: GatheringId
    programme: ProgrammeId
    factory: FactoryId
    policy: str
    calendar: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathering(Watched):
    """One gathering's state. Its opening is kept, so that the first entry can be made again from it."""

    opened_at: datetime
    opened_by: PersonId
    schema: int = 1

    @property
    def opening(self) -> Opening:
        """What it began with."""
        raise NotImplementedError

    @property
    def id(self) -> GatheringId:
        """Its kind, a colon, and its own id."""
        return self.opening.gathering

    @property
    def programme(self) -> ProgrammeId:
        """Whose it is."""
        return self.opening.programme

    @property
    def factory(self) -> FactoryId:
        """Where it is."""
        return self.opening.factory

    @property
    def stage(self) -> StrEnum:
        """Where it stands."""
        raise NotImplementedError

    @property
    def looks_at(self) -> datetime | None:
        """From when on the steward has something to tell it; None where only findings say."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """A kind's rules: its opening, what state that gives, what orders lead to and facts change."""

    opening: type[Opening]
    begin: Callable[..., Any]
    decisions: Mapping[type[Order], Callable[..., tuple[Fact, ...]]]
    effects: Mapping[type[Fact], Callable[..., Any]]


def gathering_id(kind: Kind, own: str) -> GatheringId:
    """Give a gathering's id from its own, such as a plan's."""
    return GatheringId(f"{kind.value}:{own}")


def kind_of(subject: SubjectId | str) -> Kind | None:
    """Give what kind of gathering an id belongs to; None for a finding's, and for an id that nothing has."""
    return next((kind for kind in Kind if subject.startswith(f"{kind}:")), None)


def own_id(gathering: GatheringId | str) -> str:
    """Give a gathering's own id, without its kind."""
    return gathering.partition(":")[2]
