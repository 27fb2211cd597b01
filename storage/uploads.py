"""Files that were uploaded in the pages: tried first, then confirmed, and carried out."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    false,
    select,
    update,
)

from remediation.words import PersonId
from storage.columns import Instant
from storage.statements import Stored, save
from storage.tables import metadata

uploads = Table(
    "uploads",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("about", String, nullable=False, index=True),
    Column("file", String(64), nullable=False),
    Column("name", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("data", LargeBinary, nullable=False),
    Column("report", Text, nullable=False),
    Column("confirmed_at", Instant),
    Column("confirmed_by", String),
    Column("skip_bad", Boolean, nullable=False, server_default=false()),
    Column("taken_at", Instant),
    Column("done_at", Instant),
    Column("outcome", Text),
    CheckConstraint("kind IN ('assessment', 'plan')", name="kind"),
)
"""Uploaded files. `about` is a programme's or a plan's id, `file` the SHA-256 of `data`; `report` and
`outcome` are JSON of what the file would do and did. Rows are forgotten some weeks later."""


class UploadKind(StrEnum):
    """What an uploaded file is."""

    ASSESSMENT = "assessment"
    PLAN = "plan"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded file without its bytes. Instants are aware; `taken_at` is when its work was begun last."""

    id: str
    kind: UploadKind
    about: str
    file: str
    name: str
    by: PersonId
    at: datetime
    report: str
    confirmed_at: datetime | None = None
    confirmed_by: PersonId | None = None
    skip_bad: bool = False
    taken_at: datetime | None = None
    done_at: datetime | None = None
    outcome: str | None = None

    @property
    def under_way(self) -> bool:
        """Whether it is confirmed and not carried out yet."""
        return self.confirmed_at is not None and self.done_at is None


_FIELDS = [uploads.c[field.name] for field in fields(Upload)]
_UNDER_WAY: ColumnElement[bool] = uploads.c.confirmed_at.is_not(None) & uploads.c.done_at.is_(None)


def keep(connection: Connection, upload: Upload, data: bytes) -> Upload:
    """Store a file and what it would do, and give it as it stands.

    The same file again is tried anew, unless it is under way: then it stays as it is.
    """
    known = find(connection, upload.id)
    if known is not None and known.under_way:
        return known
    save(connection, uploads, [{**_row(upload), "data": data}])
    return upload


def find(connection: Connection, upload: str) -> Upload | None:
    """Give an upload by id, or None."""
    row = connection.execute(select(*_FIELDS).where(uploads.c.id == upload)).one_or_none()
    return _upload(row) if row else None


def data_of(connection: Connection, upload: str) -> bytes:
    """Give a file's bytes; none for one that there is not."""
    data: bytes | None = connection.execute(select(uploads.c.data).where(uploads.c.id == upload)).scalar()
    return data or b""


def about(connection: Connection, kind: UploadKind, places: Collection[str]) -> tuple[Upload, ...]:
    """Give the uploads of a kind about these programmes or plans, the latest first."""
    query = select(*_FIELDS).where(uploads.c.kind == kind.value, uploads.c.about.in_(sorted(places)))
    rows = connection.execute(query.order_by(uploads.c.at.desc(), uploads.c.id))
    return tuple(_upload(row) for row in rows)


def confirm(  # noqa: PLR0913 - who confirms what, when and how
    connection: Connection, upload: str, by: PersonId, at: datetime, *, skip_bad: bool, outcome: str | None
) -> bool:
    """Confirm an upload that is not confirmed yet, and tell whether this did it."""
    open_ = (uploads.c.id == upload) & uploads.c.confirmed_at.is_(None)
    said = {"confirmed_at": at, "confirmed_by": by, "skip_bad": skip_bad, "outcome": outcome}
    return connection.execute(update(uploads).where(open_).values(**said)).rowcount == 1


def take(connection: Connection, upload: str, at: datetime, before: datetime) -> bool:
    """Begin an upload's work at an instant, unless it was begun after `before`; tell whether it is ours."""
    free = uploads.c.taken_at.is_(None) | (uploads.c.taken_at <= before)
    taken = update(uploads).where(uploads.c.id == upload, _UNDER_WAY, free).values(taken_at=at)
    return connection.execute(taken).rowcount == 1


def left(connection: Connection, kind: UploadKind, before: datetime) -> tuple[str, ...]:
    """Give the uploads under way that nobody has worked on since `before`, the oldest first."""
    begun = uploads.c.taken_at.is_(None) | (uploads.c.taken_at <= before)
    query = select(uploads.c.id).where(
        uploads.c.kind == kind.value, _UNDER_WAY, begun, uploads.c.confirmed_at <= before
    )
    return tuple(connection.execute(query.order_by(uploads.c.confirmed_at)).scalars())


def finish(connection: Connection, upload: str, outcome: str, at: datetime) -> None:
    """Record what came of an upload. The first outcome stands."""
    open_ = (uploads.c.id == upload) & _UNDER_WAY
    connection.execute(update(uploads).where(open_).values(outcome=outcome, done_at=at))


def forget(connection: Connection, before: datetime) -> int:
    """Delete the uploads from before an instant that are not under way; give their number."""
    return connection.execute(delete(uploads).where(uploads.c.at < before, ~_UNDER_WAY)).rowcount


def _row(upload: Upload) -> dict[str, Any]:
    return {field.name: getattr(upload, field.name) for field in fields(Upload)} | {"kind": upload.kind.value}


def _upload(row: Stored) -> Upload:
    stored = row._mapping  # noqa: SLF001 - a public name in spite of its looks
    return Upload(**{**stored, "kind": UploadKind(row.kind)})
