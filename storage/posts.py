"""Posts: the roles that people hold, each with the factory and programme it is held in, and lent ones."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, select

from remediation.permissions import Grant, ScopeKind
from remediation.standing_in import Post, deputies_of, may_stand_in
from remediation.words import FactoryId, PersonId, ProgrammeId, Role
from storage import absences
from storage.committees import a_seat, roles_of, seated
from storage.places import factories, grants, seats


@dataclass(frozen=True, slots=True)
class Held:
    """A grant of a person's, with the post it means."""

    person: PersonId
    grant: Grant
    post: Post


def held_by(connection: Connection, people: Iterable[str], now: datetime) -> tuple[Held, ...]:
    """Give what people hold at an aware instant: what was given to them, and their seats."""
    wanted = sorted(set(people))
    at_factory = and_(grants.c.kind == ScopeKind.FACTORY.value, factories.c.id == grants.c.scope)
    query = select(grants, factories.c.programme).outerjoin(factories, at_factory)
    given = connection.execute(query.where(grants.c.person.in_(wanted)).order_by(*grants.primary_key))
    found = [
        _held(row.person, Role(row.role), ScopeKind(row.kind), row.scope, row.programme) for row in given
    ]
    for row in seated(connection, seats.c.person.in_(wanted), now):
        found += [
            _held(row.person, role, ScopeKind.FACTORY, row.factory, row.programme)
            for role in roles_of(a_seat(row))
        ]
    return tuple(found)


def _held(person: str, role: Role, kind: ScopeKind, scope: str, programme: str | None) -> Held:
    post = Post(role)
    if kind is ScopeKind.PROGRAMME:
        post = Post(role, ProgrammeId(scope))
    elif kind is ScopeKind.FACTORY:
        post = Post(role, ProgrammeId(programme or ""), FactoryId(scope))
    return Held(PersonId(person), Grant(role, kind, scope), post)


def lent_to(connection: Connection, person: str, now: datetime) -> tuple[tuple[PersonId, Grant], ...]:
    """Give the grants that others' absences lend to somebody at an aware instant, each with whose it is.

    An absence lends while its days last anywhere on earth: whoever was told can act.
    """
    if not absences.names_as_deputy(connection, person, now):
        return ()
    away = {each.person: each.deputy for each in absences.anywhere(connection, now).values()}
    lenders = [lender for lender in away if person in set(deputies_of(lender, away))]
    held = held_by(connection, [person, *lenders], now) if lenders else ()
    own = [each.post for each in held if each.person == person]
    return tuple(
        (each.person, each.grant) for each in held if each.person in lenders and may_stand_in(each.post, own)
    )
