"""Who belongs where: the people that hold a role or a seat within somebody's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Connection, Select, or_, select, true

from remediation.permissions import Grant, Reach, ScopeKind
from remediation.words import Role
from storage.committees import a_seat, in_office, roles_of
from storage.people import Person, people_of
from storage.places import factories, grants, seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person, and what they are within the reach: given roles and committee seats."""

    person: Person
    grants: tuple[Grant, ...]


def members(
    connection: Connection, reach: Reach, on: date, *, after: str = "", limit: int = 200
) -> tuple[Member, ...]:
    """Give the people within a reach on a day, by id, beginning after an id; at most `limit`."""
    if reach.nowhere:
        return ()
    given = select(grants.c.person).where(_granted(reach), grants.c.person > after)
    seated = select(seats.c.person).where(_seated(reach), in_office(on), seats.c.person > after)
    both = given.union(seated).subquery()
    ids = connection.execute(select(both.c.person).order_by(both.c.person).limit(limit)).scalars().all()
    return _members(connection, reach, on, ids)


def member(connection: Connection, reach: Reach, on: date, person: str) -> Member | None:
    """Give one person within a reach on a day, or None."""
    found = () if reach.nowhere else _members(connection, reach, on, [person])
    return found[0] if found and found[0].grants else None


def _members(connection: Connection, reach: Reach, on: date, ids: Sequence[str]) -> tuple[Member, ...]:
    held: dict[str, tuple[Grant, ...]] = {}
    given = select(grants).where(_granted(reach), grants.c.person.in_(ids)).order_by(*grants.primary_key)
    for row in connection.execute(given):
        grant = Grant(Role(row.role), ScopeKind(row.kind), row.scope)
        held[row.person] = (*held.get(row.person, ()), grant)
    seated = select(seats).where(_seated(reach), in_office(on), seats.c.person.in_(ids))
    for row in connection.execute(seated.order_by(seats.c.factory)):
        own = tuple(Grant(role, ScopeKind.FACTORY, row.factory) for role in roles_of(a_seat(row)))
        held[row.person] = (*held.get(row.person, ()), *own)
    known = people_of(connection, ids)
    return tuple(Member(person=known[id_], grants=held.get(id_, ())) for id_ in sorted(known))


def _granted(reach: Reach) -> ColumnElement[bool]:
    if reach.everywhere:
        return true()
    at_factory = grants.c.kind == ScopeKind.FACTORY.value
    of_programme = grants.c.kind == ScopeKind.PROGRAMME.value
    return or_(
        at_factory & grants.c.scope.in_(_factories(reach)),
        of_programme & grants.c.scope.in_(sorted(reach.programmes)),
    )


def _seated(reach: Reach) -> ColumnElement[bool]:
    return true() if reach.everywhere else seats.c.factory.in_(_factories(reach))


def _factories(reach: Reach) -> Select[tuple[str]]:
    in_programmes = factories.c.programme.in_(sorted(reach.programmes))
    return select(factories.c.id).where(in_programmes | factories.c.id.in_(sorted(reach.factories)))
