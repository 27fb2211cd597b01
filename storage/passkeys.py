"""Passkeys: whose they are, and what their devices were asked to sign: each challenge counts once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, select, update

from remediation.words import PersonId
from storage.entrance import passkey_challenges as challenges
from storage.entrance import passkeys
from storage.statements import add_new

ANSWERED_WITHIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A person's passkey. `credential` and `public_key` are base64url; the instants are aware."""

    credential: str
    id: str
    person: PersonId
    public_key: str
    uses: int
    name: str
    added_at: datetime
    used_at: datetime | None = None


def keep_challenge(connection: Connection, challenge: str, person: str | None, now: datetime) -> None:
    """Keep the digest of what a device is asked; `person` is who adds a passkey. Forgets those too old."""
    connection.execute(delete(challenges).where(challenges.c.asked_at <= now - ANSWERED_WITHIN))
    row = {"sha256": _digest(challenge), "person": person, "asked_at": now}
    connection.execute(challenges.insert(), row)


def take_challenge(connection: Connection, challenge: str, person: str | None, now: datetime) -> bool:
    """Use a challenge up, and tell whether this person was asked it within ANSWERED_WITHIN."""
    asked = (challenges.c.sha256 == _digest(challenge)) & (challenges.c.asked_at > now - ANSWERED_WITHIN)
    return connection.execute(delete(challenges).where(asked, challenges.c.person == person)).rowcount == 1


def add(connection: Connection, passkey: Passkey) -> bool:
    """Keep a new passkey, and tell whether it is: a credential is one person's alone."""
    row = {name: getattr(passkey, name) for name in Passkey.__slots__}
    return add_new(connection, passkeys, [row]) == 1


def of_credential(connection: Connection, credential: str) -> Passkey | None:
    """Give the passkey that a device names, or None."""
    query = select(passkeys).where(passkeys.c.credential == credential)
    row = connection.execute(query).mappings().one_or_none()
    return Passkey(**row) if row else None


def of_person(connection: Connection, person: str) -> tuple[Passkey, ...]:
    """Give a person's passkeys, the oldest first."""
    query = select(passkeys).where(passkeys.c.person == person)
    rows = connection.execute(query.order_by(passkeys.c.added_at, passkeys.c.id)).mappings()
    return tuple(Passkey(**row) for row in rows)


def was_used(connection: Connection, passkey: Passkey, uses: int, now: datetime) -> bool:
    """Note a use with the device's new count; tell whether nobody used the passkey meanwhile."""
    same = (passkeys.c.credential == passkey.credential) & (passkeys.c.uses == passkey.uses)
    return connection.execute(update(passkeys).where(same).values(uses=uses, used_at=now)).rowcount == 1


def rename(connection: Connection, passkey: Passkey, name: str) -> None:
    """Give a passkey another name."""
    own = passkeys.c.credential == passkey.credential
    connection.execute(update(passkeys).where(own).values(name=name))


def remove(connection: Connection, passkey: Passkey) -> bool:
    """Forget a passkey, and tell whether it was still there."""
    return (
        connection.execute(delete(passkeys).where(passkeys.c.credential == passkey.credential)).rowcount == 1
    )


def _digest(challenge: str) -> str:
    return sha256(challenge.encode()).hexdigest()
