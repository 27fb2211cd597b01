"""Mailed codes and links: stored as digests, short-lived, used once, and counted when tried."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, and_, delete, select, update

from remediation.words import PersonId
from storage.entrance import sign_in_codes as codes

LIFETIME = timedelta(minutes=15)
KEPT = timedelta(days=1)
MOST_TRIES = 5
DIGITS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    """What the mail says: a code to type where it was asked for, and a random value for a link."""

    code: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Who a code or link lets in, and which of our pages they were on their way to."""

    person: PersonId
    leads_to: str


def make(connection: Connection, ask: str, person: PersonId | None, leads_to: str, at: datetime) -> Mailed:
    """Give a new code and link for a person, bound to the asking browser's value.

    For nobody (None) they are made and kept as well, so that nothing tells the one from the other.
    """
    mailed = Mailed(code=f"{secrets.randbelow(10**DIGITS):0{DIGITS}}", link=secrets.token_urlsafe(32))
    row = {
        "ask": _digest(ask),
        "person": person,
        "code": _bound(ask, mailed.code),
        "link": _digest(mailed.link),
        "leads_to": leads_to,
        "asked_at": at,
        "expires_at": at + LIFETIME,
    }
    connection.execute(codes.insert(), row)
    return mailed


def use_code(connection: Connection, ask: str, code: str, now: datetime) -> Known | None:
    """Use a typed code once; None for a wrong, used or expired one, or after too many tries. It counts."""
    mine = and_(codes.c.ask == _digest(ask), codes.c.tries < MOST_TRIES, *_open(now))
    tried = update(codes).where(mine).values(tries=codes.c.tries + 1).returning(codes.c.id)
    ids = connection.execute(tried).scalars().all()
    return _use(connection, and_(codes.c.id.in_(ids), codes.c.code == _bound(ask, code)), now)


def use_link(connection: Connection, link: str, now: datetime) -> Known | None:
    """Use a link once; None for an unknown, used or expired one."""
    return _use(connection, codes.c.link == _digest(link), now)


def of_link(connection: Connection, link: str, now: datetime) -> PersonId | None:
    """Give whom a link would let in, and leave it as it is."""
    found = select(codes.c.person).where(codes.c.link == _digest(link), *_open(now))
    person: str | None = connection.execute(found).scalar()
    return PersonId(person) if person else None


def void(connection: Connection, person: str, now: datetime) -> None:
    """Use up all that was mailed to a person, without letting anybody in."""
    connection.execute(update(codes).where(codes.c.person == person, *_open(now)).values(used_at=now))


def forget_old(connection: Connection, now: datetime) -> None:
    """Delete the codes that ran out more than a day ago."""
    connection.execute(delete(codes).where(codes.c.expires_at < now - KEPT))


def _use(connection: Connection, which: ColumnElement[bool], now: datetime) -> Known | None:
    used = update(codes).where(which, codes.c.person.is_not(None), *_open(now)).values(used_at=now)
    row = connection.execute(used.returning(codes.c.person, codes.c.leads_to)).first()
    return Known(person=PersonId(row.person), leads_to=row.leads_to) if row else None


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return codes.c.used_at.is_(None), codes.c.expires_at > now


def _bound(ask: str, code: str) -> str:
    """Give the digest of a code for one browser: without its value eight digits could be searched for."""
    return _digest(f"{ask} {code}")


def _digest(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
