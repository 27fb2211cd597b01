"""Who holds a role for a factory on a day: how letters that are owed to roles find people."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, and_, bindparam, or_, select, tuple_

from remediation.permissions import ScopeKind
from remediation.words import FactoryId, Role, Side
from storage.committees import in_office
from storage.people import Person, a_person
from storage.places import grants, people, seats
from storage.programmes import Factory

_SEATS = {
    Role.WORKER_MEMBER: (Side.WORKER, False),
    Role.MANAGEMENT_MEMBER: (Side.MANAGEMENT, False),
    Role.WORKER_CO_CHAIR: (Side.WORKER, True),
    Role.MANAGEMENT_CO_CHAIR: (Side.MANAGEMENT, True),
}
"""Roles that a seat gives: on which side, and whether only to co-chairs."""

_AT_FACTORY = (ScopeKind.FACTORY,)
_OF_PROGRAMME = (ScopeKind.PROGRAMME, ScopeKind.ALL)
_NEAREST = {
    Role.MANAGER: _AT_FACTORY,
    Role.TOP_MANAGEMENT: _AT_FACTORY,
    Role.BUYER: _AT_FACTORY,
    Role.ADVISOR: (ScopeKind.FACTORY, *_OF_PROGRAMME),
    Role.TEAM_LEADER: (ScopeKind.FACTORY, *_OF_PROGRAMME),
    Role.PROGRAMME_MANAGER: _OF_PROGRAMME,
    Role.DUTY_OFFICER: _OF_PROGRAMME,
    Role.DECISION_PANEL: _OF_PROGRAMME,
    Role.OPERATOR: _OF_PROGRAMME,
}
"""Where each role is looked for: the nearest kind of grant that anybody holds is the one that counts."""


class Holders:
    """Looks up who holds roles, within one transaction: all of a factory's at once, each factory once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._granted: dict[FactoryId, _Granted] = {}
        self._seated: dict[tuple[FactoryId, date], _Seated] = {}

    def of(self, factory: Factory, role: Role, on: date) -> tuple[Person, ...]:
        """Give the people who hold a role for a factory on a local day, by id; empty where nobody does.

        An action's owner is a named person and not looked for here.
        """
        if role in _SEATS:
            return self._in_seats(factory.id, role, on)
        if factory.id not in self._granted:
            self._granted[factory.id] = _granted(self._connection, factory)
        granted = self._granted[factory.id]
        near = (granted[role, kind] for kind in _NEAREST.get(role, ()) if (role, kind) in granted)
        return next(near, ())

    def _in_seats(self, factory: FactoryId, role: Role, on: date) -> tuple[Person, ...]:
        if (factory, on) not in self._seated:
            self._seated[factory, on] = _seated(self._connection, factory, on)
        side, only_co_chairs = _SEATS[role]
        sitting = (
            person
            for person, its_side, co_chair in self._seated[factory, on]
            if its_side is side and (co_chair or not only_co_chairs)
        )
        return tuple(dict.fromkeys(sitting))


_Granted = dict[tuple[Role, ScopeKind], tuple[Person, ...]]
_Seated = tuple[tuple[Person, Side, bool], ...]


def all_holders(connection: Connection, factory: Factory, roles: Iterable[Role]) -> tuple[Person, ...]:
    """Give everybody to whom one of the roles was given for a factory, from near or far, by name."""
    kinds = (ScopeKind.FACTORY, *_OF_PROGRAMME)
    places = [(kind.value, _scope(factory, kind)) for kind in kinds]
    near = tuple_(grants.c.kind, grants.c.scope).in_(places)
    held = grants.c.role.in_([role.value for role in roles]) & near
    query = select(people).join(grants, grants.c.person == people.c.id).where(held).distinct()
    return tuple(a_person(row) for row in connection.execute(query.order_by(people.c.name, people.c.id)))


def _scope(factory: Factory, kind: ScopeKind) -> str:
    return {ScopeKind.FACTORY: factory.id, ScopeKind.PROGRAMME: factory.programme, ScopeKind.ALL: ""}[kind]


_SEATED = (
    select(people, seats.c.side, seats.c.co_chair)
    .join(seats, seats.c.person == people.c.id)
    .where(seats.c.factory == bindparam("factory"), in_office(bindparam("on", type_=seats.c.since.type)))
    .order_by(people.c.id)
)
_GRANTED = (
    select(people, grants.c.role, grants.c.kind)
    .join(grants, grants.c.person == people.c.id)
    .where(
        grants.c.role.in_([role.value for role in _NEAREST]),
        or_(
            and_(grants.c.kind == ScopeKind.FACTORY.value, grants.c.scope == bindparam("factory")),
            and_(grants.c.kind == ScopeKind.PROGRAMME.value, grants.c.scope == bindparam("programme")),
            grants.c.kind == ScopeKind.ALL.value,
        ),
    )
    .order_by(people.c.id)
)


def _seated(connection: Connection, factory: FactoryId, on: date) -> _Seated:
    rows = connection.execute(_SEATED, {"factory": factory, "on": on})
    return tuple((a_person(row), Side(row.side), row.co_chair) for row in rows)


def _granted(connection: Connection, factory: Factory) -> _Granted:
    found: _Granted = {}
    for row in connection.execute(_GRANTED, {"factory": factory.id, "programme": factory.programme}):
        key = Role(row.role), ScopeKind(row.kind)
        found[key] = (*found.get(key, ()), a_person(row))
    return found


def of_programme(connection: Connection, programme: str, role: Role) -> tuple[Person, ...]:
    """Give the people to whom a role was given for a whole programme, by id."""
    held = (
        (grants.c.role == role.value)
        & (grants.c.kind == ScopeKind.PROGRAMME.value)
        & (grants.c.scope == programme)
    )
    query = select(people).join(grants, grants.c.person == people.c.id).where(held).order_by(people.c.id)
    return tuple(a_person(row) for row in connection.execute(query))
