"""Accounts at providers: whose they are; and that nobody comes back from a provider twice by the same way."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select

from remediation.words import PersonId
from storage.entrance import account_returns as returns
from storage.entrance import accounts
from storage.statements import add_new

KEPT = timedelta(days=1)
"""How long a return is remembered: far longer than a browser keeps what it needs for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person's account at a provider, linked at an aware instant."""

    issuer: str
    subject: str
    person: PersonId
    linked_at: datetime


def person_of(connection: Connection, issuer: str, subject: str) -> PersonId | None:
    """Give whose account this is, or None where it is not linked."""
    own = (accounts.c.issuer == issuer) & (accounts.c.subject == subject)
    person: str | None = connection.execute(select(accounts.c.person).where(own)).scalar()
    return PersonId(person) if person else None


def link(connection: Connection, account: Account) -> bool:
    """Link an account to a person who has none of this provider yet, and tell whether it could be."""
    row = {name: getattr(account, name) for name in Account.__slots__}
    return add_new(connection, accounts, [row]) == 1


def of_person(connection: Connection, person: str) -> tuple[Account, ...]:
    """Give a person's accounts."""
    query = select(accounts).where(accounts.c.person == person).order_by(accounts.c.issuer)
    return tuple(Account(**row) for row in connection.execute(query).mappings())


def unlink(connection: Connection, person: str, issuer: str) -> bool:
    """Undo the link of a person's account at this issuer, and tell whether there was one."""
    own = (accounts.c.person == person) & (accounts.c.issuer == issuer)
    return connection.execute(delete(accounts).where(own)).rowcount == 1


def unlink_all(connection: Connection, person: str) -> None:
    """Undo the links of all of a person's accounts."""
    connection.execute(delete(accounts).where(accounts.c.person == person))


def come_back(connection: Connection, sha256: str, now: datetime) -> bool:
    """Note that a sign-in came back from its provider, and tell whether it did so for the first time."""
    connection.execute(delete(returns).where(returns.c.at < now - KEPT))
    return add_new(connection, returns, [{"sha256": sha256, "at": now}]) == 1
