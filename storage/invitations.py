"""Invitations: who asked whom to come in, and whether they came."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from remediation.words import PersonId
from storage.entrance import invitations
from storage.statements import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation of a person by another, at an aware instant; accepted when they next signed in."""

    id: int
    person: PersonId
    by: PersonId
    at: datetime
    accepted_at: datetime | None


def add(connection: Connection, person: str, by: str, at: datetime) -> Invitation:
    """Keep who was invited by whom."""
    new = invitations.insert().values(person=person, by=by, at=at).returning(invitations)
    return _invitation(connection.execute(new).one())


def latest(connection: Connection, person: str) -> Invitation | None:
    """Give a person's latest invitation, or None."""
    query = select(invitations).where(invitations.c.person == person).order_by(invitations.c.id.desc())
    row = connection.execute(query.limit(1)).one_or_none()
    return _invitation(row) if row else None


def accept(connection: Connection, person: str, at: datetime) -> None:
    """Note that an invited person has signed in. The first time counts."""
    open_ = (invitations.c.person == person) & invitations.c.accepted_at.is_(None)
    connection.execute(update(invitations).where(open_).values(accepted_at=at))


def _invitation(row: Stored) -> Invitation:
    return Invitation(
        id=row.id, person=PersonId(row.person), by=PersonId(row.by), at=row.at, accepted_at=row.accepted_at
    )
