"""What is printed of a finding and of the committee, as far as its reader may see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from remediation.permissions import Action, ScopeKind, can
from remediation.words import Role, Side
from service.api.findings import proposal
from service.api.places import thing_of
from service.api.shapes import FindingShape, ProposalShape
from service.auth import Caller
from service.dossier import Dossier
from service.showing import shape
from storage import committees, people
from storage.programmes import Factory

FUNCTIONS = (
    Role.MANAGER,
    Role.TOP_MANAGEMENT,
    Role.MANAGEMENT_CO_CHAIR,
    Role.WORKER_CO_CHAIR,
    Role.MANAGEMENT_MEMBER,
    Role.WORKER_MEMBER,
)
"""What an owner of an action is called by in the factory: the first of these that they hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """A finding with its number on the paper, and in words what was agreed on and what is on the table."""

    number: int
    finding: FindingShape
    root_cause: str
    proposal: ProposalShape | None

    @property
    def to_sign(self) -> bool:
        """Whether members can still sign its proposal."""
        table = self.finding.proposal
        return self.proposal is not None and table is not None and not table.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Who holds a seat of the committee."""

    name: str
    side: Side
    co_chair: bool
    elected: bool


def leaf(dossier: Dossier, number: int = 1) -> Leaf:
    """Give a finding as it is printed for the dossier's reader."""
    shown = shape(dossier)
    worded = shown.proposal is not None and shown.proposal.revision in dossier.plans
    words = proposal(dossier, shown.proposal.revision) if shown.proposal and worded else None
    agreed = dossier.plan if dossier.sight.may(Action.VIEW_TEXTS) else None
    return Leaf(
        number=number,
        finding=shown,
        root_cause=agreed.root_cause if agreed else "",
        proposal=words,
    )


def seated(
    connection: Connection, caller: Caller, factory: Factory, now: datetime
) -> tuple[Member, ...] | None:
    """Give who sits on a factory's committee at an aware instant; None to who may not see people there."""
    if can(caller.actor, Action.VIEW_PEOPLE, thing_of(factory)) is None:
        return None
    seats = committees.committee(connection, factory.id, factory.today(now))
    names = people.people_of(connection, {each.person for each in seats})
    return tuple(
        Member(name=names[each.person].name, side=each.side, co_chair=each.co_chair, elected=each.elected)
        for each in seats
    )


def functions(
    connection: Connection, factory: Factory, leaves: tuple[Leaf, ...], now: datetime
) -> Mapping[str, Role]:
    """Give what each owner of an action does in the factory at an aware instant, by their id."""
    return held(connection, factory, _owners(leaves), now)


def held(connection: Connection, factory: Factory, owners: set[str], now: datetime) -> Mapping[str, Role]:
    """Give what people do in a factory at an aware instant, by their ids; those who do something."""
    roles = {person: _held(connection, factory, person, now) for person in owners}
    found = {
        person: next((each for each in FUNCTIONS if each in theirs), None) for person, theirs in roles.items()
    }
    return {person: role for person, role in found.items() if role}


def _owners(leaves: tuple[Leaf, ...]) -> set[str]:
    return {owner for each in leaves for owner in _owners_in(each)}


def _owners_in(leaf: Leaf) -> Iterator[str]:
    yield from (each.owner.id for each in leaf.finding.promises if each.owner)
    yield from (each.owner.id for each in (leaf.proposal.actions if leaf.proposal else ()))


def _held(connection: Connection, factory: Factory, person: str, now: datetime) -> set[Role]:
    """Give the roles that somebody holds for themselves in this factory."""
    own = (each for each in people.actor(connection, person, now).grants if each.lent_by is None)
    return {each.role for each in own if each.kind is ScopeKind.FACTORY and each.scope == factory.id}
