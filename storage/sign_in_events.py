"""What happened at the door: who asked, came in, failed and left; the limits are counted from it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Connection, func, select

from remediation.words import PersonId
from storage.entrance import sign_in_events as events
from storage.statements import Stored


class Happened(StrEnum):
    """The kinds of events at the door."""

    ASKED = "asked"
    SIGNED_IN = "signed_in"
    FAILED = "failed"
    LIMITED = "limited"
    SIGNED_OUT = "signed_out"
    REVOKED = "revoked"
    INVITED = "invited"
    ADDRESS_CHANGED = "address_changed"
    PIN_SET = "pin_set"
    PIN_USED = "pin_used"
    PIN_WRONG = "pin_wrong"
    ACCOUNT_LINKED = "account_linked"
    ACCOUNT_UNLINKED = "account_unlinked"
    PASSKEY_ADDED = "passkey_added"
    PASSKEY_RENAMED = "passkey_renamed"
    PASSKEY_REMOVED = "passkey_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened at the door, at an aware instant.

    `by` is who did it to the person, where that is somebody else; `address` and `network` are digests.
    """

    kind: Happened
    at: datetime
    person: PersonId | None = None
    by: PersonId | None = None
    session: str | None = None
    means: str = ""
    address: str | None = None
    network: str | None = None


def note(connection: Connection, event: Event) -> None:
    """Keep an event for ever."""
    values = {name: getattr(event, name) for name in Event.__slots__}
    connection.execute(events.insert(), values | {"kind": event.kind.value})


def count(
    connection: Connection, kind: Happened, since: datetime, *, address: str = "", network: str = ""
) -> int:
    """Give how often something happened since an aware instant, by the digest of an address or network."""
    whose = events.c.address == address if address else events.c.network == network
    counted = select(func.count()).where(whose, events.c.kind == kind.value, events.c.at > since)
    number: int = connection.execute(counted).scalar_one()
    return number


def of_person(connection: Connection, person: str, limit: int = 20) -> tuple[Event, ...]:
    """Give the latest events about a person, the newest first."""
    query = select(events).where(events.c.person == person).order_by(events.c.id.desc()).limit(limit)
    return tuple(_event(row) for row in connection.execute(query))


def digest(text: str) -> str:
    """Give the digest under which an address (in whatever case) or a network is counted."""
    return sha256(text.strip().casefold().encode()).hexdigest()


def _event(row: Stored) -> Event:
    given = {name: getattr(row, name) for name in Event.__slots__}
    return Event(**given | {"kind": Happened(row.kind)})
