"""Calendar feeds: addresses with a secret in them, of which only the SHA-256 is kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, select, update

from remediation.words import PersonId
from storage.entrance import feeds
from storage.statements import Stored

READ_EVERY = timedelta(hours=1)
"""How old `read_at` grows before it is written anew: calendars ask often."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A person's feed: of one `factory`, or of all where it is empty. `read_at`: about when last read."""

    id: str
    person: PersonId
    factory: str
    made_at: datetime
    read_at: datetime | None


def make(connection: Connection, person: str, factory: str, at: datetime) -> str:
    """Store a new feed, and give the secret of its address, which is not kept and can be given this once."""
    secret = secrets.token_urlsafe(32)
    row = {"id": secrets.token_hex(8), "person": person, "sha256": _hashed(secret), "factory": factory}
    connection.execute(insert(feeds).values(**row, made_at=at))
    return secret


def of_secret(connection: Connection, secret: str) -> Feed | None:
    """Give the feed whose address holds this secret, or None."""
    row = connection.execute(select(feeds).where(feeds.c.sha256 == _hashed(secret))).one_or_none()
    return _feed(row) if row else None


def of_person(connection: Connection, person: str) -> tuple[Feed, ...]:
    """Give a person's feeds, the oldest first."""
    rows = connection.execute(
        select(feeds).where(feeds.c.person == person).order_by(feeds.c.made_at, feeds.c.id)
    )
    return tuple(map(_feed, rows))


def read(connection: Connection, feed: Feed, now: datetime) -> None:
    """Note that a feed was read at an aware instant, about once an hour."""
    if feed.read_at is None or now - feed.read_at >= READ_EVERY:
        connection.execute(update(feeds).where(feeds.c.id == feed.id).values(read_at=now))


def end(connection: Connection, person: str, ident: str) -> bool:
    """End a person's feed, and tell whether there was one."""
    own = (feeds.c.id == ident) & (feeds.c.person == person)
    return connection.execute(delete(feeds).where(own)).rowcount == 1


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()


def _feed(row: Stored) -> Feed:
    return Feed(**{name: getattr(row, name) for name in Feed.__slots__})
