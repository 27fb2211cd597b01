"""The directory's changes: who changed what about whom or where, from what to what, and when."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from pydantic_core import from_json, to_json
from sqlalchemy import Connection, select

from remediation.words import PersonId
from storage.places import directory_changes

COMMAND_LINE = PersonId("command line")
"""Stands for a person where somebody works on the database itself."""


class Changed(StrEnum):
    """What kind of thing was changed."""

    PROGRAMME = "programme"
    FACTORY = "factory"
    PERSON = "person"
    ROLES = "roles"
    COMMITTEE = "committee"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryChange:
    """A change of one thing (`subject`, its id), as JSON values from before and after."""

    at: datetime
    by: PersonId
    what: Changed
    subject: str
    before: Any
    after: Any


def note(connection: Connection, change: DirectoryChange) -> None:
    """Keep a change within the transaction that makes it; nothing where nothing changes."""
    before, after = (to_json(value).decode() for value in (change.before, change.after))
    if before == after:
        return
    row = {"at": change.at, "by": change.by, "what": change.what.value, "subject": change.subject}
    connection.execute(directory_changes.insert(), row | {"before": before, "after": after})


def latest(connection: Connection, subject: str = "", limit: int = 50) -> tuple[DirectoryChange, ...]:
    """Give the latest changes of all, or of one thing by its id; the newest first."""
    query = select(directory_changes).order_by(directory_changes.c.id.desc()).limit(limit)
    if subject:
        query = query.where(directory_changes.c.subject == subject)
    return tuple(
        DirectoryChange(
            at=row.at,
            by=PersonId(row.by),
            what=Changed(row.what),
            subject=row.subject,
            before=from_json(row.before),
            after=from_json(row.after),
        )
        for row in connection.execute(query)
    )
