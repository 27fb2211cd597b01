"""Comments: what people say to one another about a finding, beside its facts; and whom they mention."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    ForeignKey,
    String,
    Table,
    Text,
    bindparam,
    func,
    select,
    update,
)

from remediation.words import FindingId, PersonId, Role
from storage.columns import Instant
from storage.commands import by_key
from storage.statements import Stored, add_new
from storage.tables import metadata

comments = Table(
    "comments",
    metadata,
    Column("id", String, primary_key=True),
    Column("finding", String, nullable=False, index=True),
    Column("by", String, nullable=False),
    Column("acting", String, nullable=False),
    Column("at", Instant, nullable=False),
    Column("asked", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("confidential", Boolean, nullable=False),
    Column("retracted_at", Instant),
)
"""Comments on findings. `asked` is the SHA-256 of the request; the text of a retracted one is emptied."""

mentions = Table(
    "mentions",
    metadata,
    Column("comment", String, ForeignKey("comments.id"), primary_key=True),
    Column("person", String, primary_key=True),
)
"""Whom a comment is meant for in particular."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A comment, made at an aware instant in a role. `confidential` ones are for staff only."""

    id: str
    finding: FindingId
    by: PersonId
    acting: Role
    at: datetime
    asked: str
    text: str
    confidential: bool
    retracted_at: datetime | None = None
    mentions: tuple[PersonId, ...] = ()


def comment_id(person: PersonId, key: str) -> str:
    """Give the id that follows from a person and an idempotency key of theirs."""
    return by_key(person, key)


def find(connection: Connection, comment: str) -> Comment | None:
    """Give a comment by id, or None."""
    row = connection.execute(select(comments).where(comments.c.id == comment)).one_or_none()
    return _comment(row, _mentions(connection, [comment])[comment]) if row else None


def keep(connection: Connection, comment: Comment) -> bool:
    """Store a comment with its mentions, and tell whether it is new. Safe to repeat."""
    row = {name: getattr(comment, name) for name in Comment.__slots__ if name != "mentions"}
    if not add_new(connection, comments, [row | {"acting": comment.acting.value}]):
        return False
    add_new(connection, mentions, [{"comment": comment.id, "person": each} for each in comment.mentions])
    return True


def of_finding(connection: Connection, finding: str) -> tuple[Comment, ...]:
    """Give the comments on a finding, the oldest first."""
    rows = connection.execute(_OF_FINDING, {"finding": finding}).all()
    meant = _mentions(connection, [row.id for row in rows]) if rows else {}
    return tuple(_comment(row, meant[row.id]) for row in rows)


_OF_FINDING = (
    select(comments).where(comments.c.finding == bindparam("finding")).order_by(comments.c.at, comments.c.id)
)


def count(connection: Connection, finding: str) -> int:
    """Give the number of comments on a finding, retracted ones included."""
    query = select(func.count()).where(comments.c.finding == finding)
    number: int = connection.execute(query).scalar_one()
    return number


def retract(connection: Connection, comment: str, at: datetime) -> bool:
    """Empty a comment, which leaves that there was one; tell whether it stood until now."""
    standing = (comments.c.id == comment) & comments.c.retracted_at.is_(None)
    return connection.execute(update(comments).where(standing).values(retracted_at=at, text="")).rowcount == 1


def _mentions(connection: Connection, ids: list[str]) -> dict[str, tuple[PersonId, ...]]:
    meant: dict[str, tuple[PersonId, ...]] = defaultdict(tuple)
    query = select(mentions).where(mentions.c.comment.in_(ids)).order_by(mentions.c.person)
    for row in connection.execute(query):
        meant[row.comment] = (*meant[row.comment], PersonId(row.person))
    return meant


def _comment(row: Stored, meant: tuple[PersonId, ...]) -> Comment:
    given = {name: getattr(row, name) for name in Comment.__slots__ if name != "mentions"}
    return Comment(**given | {"acting": Role(row.acting), "mentions": meant})
