"""PINs: a member's own proof on a device that others use, too; each try is counted before it is judged."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from storage.entrance import pins
from storage.statements import save

MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """What is known of a person's PIN: since when it holds, and whether too many wrong ones were typed."""

    set_at: datetime
    locked: bool


def keep(connection: Connection, person: str, digest: str, at: datetime) -> None:
    """Store the digest of a person's new PIN, with all its tries before it."""
    save(connection, pins, [{"person": person, "digest": digest, "set_at": at, "wrong": 0}])


def of_person(connection: Connection, person: str) -> Pin | None:
    """Give what is known of a person's PIN, or None where they have set none."""
    row = connection.execute(select(pins).where(pins.c.person == person)).one_or_none()
    return Pin(set_at=row.set_at, locked=row.wrong >= MOST_TRIES) if row else None


def begin_try(connection: Connection, person: str) -> str | None:
    """Count a try as wrong until it is known to be right, and give the digest; None after too many.

    Commit before the PIN is compared: however many try at once, no more than MOST_TRIES compare.
    """
    left = (pins.c.person == person) & (pins.c.wrong < MOST_TRIES)
    tried = update(pins).where(left).values(wrong=pins.c.wrong + 1).returning(pins.c.digest)
    digest: str | None = connection.execute(tried).scalar()
    return digest


def was_right(connection: Connection, person: str) -> None:
    """Forget the wrong tries before a right one."""
    connection.execute(update(pins).where(pins.c.person == person).values(wrong=0))
