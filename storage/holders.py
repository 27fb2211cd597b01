"""Who holds a role for a factory on a day: how letters that are owed to roles find people."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import Connection, select, tuple_

from remediation.permissions import ScopeKind
from remediation.words import Role, Side
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


def holders(connection: Connection, factory: Factory, role: Role, on: date) -> tuple[Person, ...]:
    """Give the people who hold a role for a factory on a local day, by id; empty where nobody does.

    An action's owner is a named person and not looked for here.
    """
    if role in _SEATS:
        return _seated(connection, factory, role, on)
    for kind in _NEAREST.get(role, ()):
        found = _granted(connection, role, kind, _scope(factory, kind))
        if found:
            return found
    return ()


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


def _seated(connection: Connection, factory: Factory, role: Role, on: date) -> tuple[Person, ...]:
    side, only_co_chairs = _SEATS[role]
    query = select(people).join(seats, seats.c.person == people.c.id)
    chosen = query.where(seats.c.factory == factory.id, seats.c.side == side.value, in_office(on))
    if only_co_chairs:
        chosen = chosen.where(seats.c.co_chair)
    return tuple(a_person(row) for row in connection.execute(chosen.order_by(people.c.id).distinct()))


def _granted(connection: Connection, role: Role, kind: ScopeKind, scope: str) -> tuple[Person, ...]:
    held = (grants.c.role == role.value) & (grants.c.kind == kind.value) & (grants.c.scope == scope)
    query = select(people).join(grants, grants.c.person == people.c.id).where(held).order_by(people.c.id)
    return tuple(a_person(row) for row in connection.execute(query))
