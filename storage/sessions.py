"""Sessions: browsers that are signed in, known by the SHA-256 of a random value in their cookie."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, select, update

from remediation.words import PersonId
from storage.entrance import sessions
from storage.statements import Stored

TOUCHED_EVERY = timedelta(minutes=5)
"""How old `seen_at` grows before it is written anew, so that reading a page rarely writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """How long a session lasts without being used, and at most."""

    idle: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A browser that is signed in. `means` is how: by code, link or token. `shared`: others use it too."""

    id: str
    person: PersonId
    device: str
    shared: bool
    means: str
    opened_at: datetime
    seen_at: datetime
    idle_until: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What a new session is made from: who, on which device, how, and for how long."""

    person: PersonId
    device: str
    shared: bool
    means: str
    lifetime: Lifetime


def open_session(connection: Connection, opening: Opening, at: datetime) -> tuple[str, Session]:
    """Give a new session with the value for its cookie, which is not kept and can be given this once."""
    secret = secrets.token_urlsafe(32)
    return secret, keep_session(connection, secret, opening, at)


def keep_session(connection: Connection, secret: str, opening: Opening, at: datetime) -> Session:
    """Store a session under a cookie's value."""
    session = Session(
        id=secrets.token_urlsafe(9),
        person=opening.person,
        device=opening.device,
        shared=opening.shared,
        means=opening.means,
        opened_at=at,
        seen_at=at,
        idle_until=at + min(opening.lifetime.idle, opening.lifetime.most),
        expires_at=at + opening.lifetime.most,
    )
    values = {name: getattr(session, name) for name in Session.__slots__}
    connection.execute(sessions.insert(), values | {"sha256": _sha256(secret)})
    return session


def of_secret(connection: Connection, secret: str, now: datetime) -> Session | None:
    """Give the session of a cookie's value, or None where there is none or it has ended."""
    row = connection.execute(_OF_SECRET, {"sha256": _sha256(secret), "now": now}).one_or_none()
    return _session(row) if row else None


def touch(connection: Connection, session: Session, now: datetime) -> None:
    """Note that a session was used just now, which keeps it from running out."""
    idle = session.idle_until - session.seen_at
    values = {"seen_at": now, "idle_until": min(now + idle, session.expires_at)}
    own = (sessions.c.id == session.id) & sessions.c.ended_at.is_(None)
    connection.execute(update(sessions).where(own).values(**values))


def of_person(connection: Connection, person: str, now: datetime) -> tuple[Session, ...]:
    """Give a person's sessions that hold at an aware instant, the latest used first."""
    query = select(sessions).where(sessions.c.person == person, *_lives(now))
    rows = connection.execute(query.order_by(sessions.c.seen_at.desc(), sessions.c.id))
    return tuple(_session(row) for row in rows)


def end(connection: Connection, person: str, session: str, at: datetime) -> bool:
    """End a person's session by its id, and tell whether they had such a one until now."""
    own = (sessions.c.id == session) & (sessions.c.person == person)
    return connection.execute(update(sessions).where(own, *_lives(at)).values(ended_at=at)).rowcount == 1


def end_all(connection: Connection, person: str, at: datetime, *, but: str = "") -> tuple[str, ...]:
    """End a person's sessions, but for one id; give the ids of those that held until now."""
    theirs = (sessions.c.person == person) & (sessions.c.id != but)
    ended = update(sessions).where(theirs, *_lives(at)).values(ended_at=at).returning(sessions.c.id)
    return tuple(connection.execute(ended).scalars())


def _lives(now: datetime | BindParameter[datetime]) -> tuple[ColumnElement[bool], ...]:
    return sessions.c.ended_at.is_(None), sessions.c.idle_until > now, sessions.c.expires_at > now


_NOW = bindparam("now", type_=sessions.c.idle_until.type)
_OF_SECRET = select(sessions).where(sessions.c.sha256 == bindparam("sha256"), *_lives(_NOW))


def _session(row: Stored) -> Session:
    return Session(**{name: getattr(row, name) for name in Session.__slots__})


def _sha256(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
