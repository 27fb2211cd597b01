"""Who belongs where: the people that hold a role or a seat within somebody's reach."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Select, or_, select, true

from remediation.permissions import Grant, Reach, ScopeKind
from remediation.words import Role
from storage.committees import a_seat, roles_of, seated
from storage.people import Person, people_of
from storage.places import factories, grants, seats


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person, and what they are within the reach: given roles and committee seats."""

    person: Person
    grants: tuple[Grant, ...]


def members(
    connection: Connection, reach: Reach, now: datetime, *, after: str = "", limit: int = 200
) -> tuple[Member, ...]:
    """Give the people within a reach at an aware instant, by id, beginning after an id; at most `limit`."""
    if reach.nowhere:
        return ()
    given = select(grants.c.person).where(_granted(reach), grants.c.person > after)
    # Somewhere on earth it is the day before or after: each factory's own day decides below.
    today, a_day = now.date(), timedelta(days=1)
    soon, lately = seats.c.since <= today + a_day, seats.c.until.is_(None) | (seats.c.until >= today - a_day)
    seated_ = select(seats.c.person).where(_seated(reach), soon, lately, seats.c.person > after)
    both = given.union(seated_).subquery()
    ids = connection.execute(select(both.c.person).order_by(both.c.person).limit(limit)).scalars().all()
    return _members(connection, reach, now, ids)


def member(connection: Connection, reach: Reach, now: datetime, person: str) -> Member | None:
    """Give one person within a reach at an aware instant, or None."""
    found = () if reach.nowhere else _members(connection, reach, now, [person])
    return found[0] if found and found[0].grants else None


def _members(connection: Connection, reach: Reach, now: datetime, ids: Sequence[str]) -> tuple[Member, ...]:
    held: dict[str, tuple[Grant, ...]] = {}
    given = select(grants).where(_granted(reach), grants.c.person.in_(ids)).order_by(*grants.primary_key)
    for row in connection.execute(given):
        grant = Grant(Role(row.role), ScopeKind(row.kind), row.scope)
        held[row.person] = (*held.get(row.person, ()), grant)
    for row in seated(connection, _seated(reach) & seats.c.person.in_(ids), now):
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
