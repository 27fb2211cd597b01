"""The directory's people: who they are, what they may act as, and the tokens they are known by."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection, bindparam, delete, func, select, update

from remediation.permissions import Actor, Grant, ScopeKind
from remediation.standing_in import lending
from remediation.words import PersonId, Role
from storage.committees import grants_of_seats
from storage.places import grants, people, tokens
from storage.posts import lent_to
from storage.statements import Stored, add_new, save


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person. Many members have no e-mail address of their own."""

    id: PersonId
    name: str
    email: str | None
    language: str
    phone: str | None = None


_PERSON = select(people).where(people.c.id == bindparam("person"))
_PEOPLE = select(people).where(people.c.id.in_(bindparam("ids", expanding=True)))
_GIVEN = select(grants).where(grants.c.person == bindparam("person")).order_by(*grants.primary_key)


def save_person(connection: Connection, person: Person) -> None:
    """Store a person, or bring them up to date."""
    row = {"id": person.id, "name": person.name, "email": person.email}
    save(connection, people, [row | {"language": person.language, "phone": person.phone}])


def person(connection: Connection, person: str) -> Person | None:
    """Give a person by id, or None."""
    row = connection.execute(_PERSON, {"person": person}).one_or_none()
    return a_person(row) if row else None


def people_of(connection: Connection, ids: Iterable[str]) -> dict[PersonId, Person]:
    """Give the people with these ids; who is not known is left out."""
    wanted = sorted(set(ids))
    rows = connection.execute(_PEOPLE, {"ids": wanted}) if wanted else ()
    return {PersonId(row.id): a_person(row) for row in rows}


def of_address(connection: Connection, address: str) -> tuple[Person, ...]:
    """Give the people with this e-mail address, in whatever case it is written; several may share one."""
    theirs = func.lower(people.c.email) == address.strip().lower()
    rows = connection.execute(select(people).where(theirs).order_by(people.c.id))
    return tuple(a_person(row) for row in rows)


def every_id(connection: Connection) -> tuple[PersonId, ...]:
    """Give the ids of all people."""
    return tuple(map(PersonId, connection.execute(select(people.c.id).order_by(people.c.id)).scalars()))


def a_person(row: Stored) -> Person:
    """Give the person of a row of `people`."""
    return Person(id=PersonId(row.id), name=row.name, email=row.email, language=row.language, phone=row.phone)


def give(connection: Connection, person: str, grant: Grant) -> None:
    """Let a person act in a role somewhere. Safe to repeat."""
    row = {"person": person, "role": grant.role.value, "kind": grant.kind.value, "scope": grant.scope}
    add_new(connection, grants, [row])


def take(connection: Connection, person: str, grant: Grant) -> None:
    """End what `give` gave. Safe to repeat."""
    connection.execute(
        delete(grants).where(
            grants.c.person == person,
            grants.c.role == grant.role.value,
            grants.c.kind == grant.kind.value,
            grants.c.scope == grant.scope,
        )
    )


def actor(connection: Connection, person: str, now: datetime) -> Actor:
    """Give a person with all they may act as at an aware instant.

    That is what was given to them, their seats, and what those who are away lend to them as deputy.
    """
    own = Actor(PersonId(person), given(connection, person) + grants_of_seats(connection, person, now))
    return lending(own, lent_to(connection, person, now))


def given(connection: Connection, person: str) -> tuple[Grant, ...]:
    """Give the roles that were given to a person, without those of their seats."""
    rows = connection.execute(_GIVEN, {"person": person})
    return tuple(Grant(Role(row.role), ScopeKind(row.kind), row.scope) for row in rows)


def issue_token(connection: Connection, person: str, label: str, at: datetime) -> str:
    """Give a new token for a person, whose SHA-256 alone is stored: it can be shown this once."""
    token = secrets.token_urlsafe(32)
    row = {"sha256": _sha256(token), "person": person, "label": label, "created_at": at}
    connection.execute(tokens.insert(), [row])
    return token


def keep_token(connection: Connection, token: str, person: str, label: str, at: datetime) -> None:
    """Store a token that was made elsewhere, such as one of the demo. Safe to repeat."""
    row = {"sha256": _sha256(token), "person": person, "label": label, "created_at": at}
    add_new(connection, tokens, [row])


def person_of_token(connection: Connection, token: str) -> Person | None:
    """Give the person who is known by a token, or None for an unknown or revoked one."""
    known = (tokens.c.sha256 == _sha256(token)) & tokens.c.revoked_at.is_(None)
    query = select(people).join(tokens, tokens.c.person == people.c.id).where(known)
    row = connection.execute(query).one_or_none()
    return a_person(row) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenNote:
    """What is known of a token: its SHA-256, whose it is, what for, and from when to when it held."""

    sha256: str
    person: PersonId
    label: str
    created_at: datetime
    revoked_at: datetime | None


def tokens_of(connection: Connection, person: str) -> tuple[TokenNote, ...]:
    """Give what is known of a person's tokens, the oldest first."""
    query = select(tokens).where(tokens.c.person == person).order_by(tokens.c.created_at, tokens.c.sha256)
    return tuple(TokenNote(**row) for row in connection.execute(query).mappings())


def holders_of(connection: Connection, role: Role) -> tuple[PersonId, ...]:
    """Give who was given a role anywhere, by id."""
    query = select(grants.c.person).where(grants.c.role == role.value).distinct()
    return tuple(map(PersonId, connection.execute(query.order_by(grants.c.person)).scalars()))


def revoke(connection: Connection, sha256: str, at: datetime) -> bool:
    """End a token by its SHA-256 for good, and tell whether it held until now."""
    holding = (tokens.c.sha256 == sha256) & tokens.c.revoked_at.is_(None)
    return connection.execute(update(tokens).where(holding).values(revoked_at=at)).rowcount == 1


def _sha256(token: str) -> str:
    return sha256(token.encode()).hexdigest()
