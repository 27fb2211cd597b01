"""Commands: orders as they were received, durable before the workflow is asked, and what became of them."""

from base64 import b32encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, exists, func, select, update

from remediation.ledger import Entry
from remediation.words import CommandId, PersonId, SubjectId, subject_of
from storage.ledger import entries_of_command
from storage.statements import Stored, add_new
from storage.tables import UNSETTLED, commands, ledger


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """An order as received: `key` is the caller's idempotency key, `digest` the SHA-256 of what was sent.

    `order` is JSON that `storage.codec.order_of` reads with `verb`.
    """

    id: CommandId
    person: PersonId
    key: str
    finding: SubjectId
    verb: str
    order: str
    digest: str
    received_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The rules refused: the refusal's code, its sentence, and the field at fault (or empty)."""

    code: str
    detail: str
    field: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Done:
    """The command was carried out, and this is what it led to."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Pending:
    """Nobody has decided the command yet."""


Outcome = Done | Refused | Pending


class KeyReused(Exception):
    """The same person used the same idempotency key before, for something else."""

    def __init__(self, earlier: Command) -> None:
        self.earlier = earlier
        super().__init__(
            f"this idempotency key was used on {earlier.received_at:%Y-%m-%d %H:%M} UTC for another request "
            f"({earlier.verb} of {earlier.finding}); use a new key for a new request"
        )


def command_id(person: str, key: str) -> CommandId:
    """Give the id of a person's command by its key: the same for every try."""
    return CommandId(f"c-{by_key(person, key)}")


def by_key(person: str, key: str) -> str:
    """Give what follows from a person and an idempotency key of theirs: the same for every try."""
    digest = sha256(f"{person}\n{key}".encode()).digest()
    return b32encode(digest[:15]).decode().lower()


def receive(connection: Connection, command: Command) -> Command:
    """Store a command, and give it as it stands: on a repetition, the one first received.

    Raises KeyReused where person and key stand for another finding, verb or body.
    """
    add_new(connection, commands, [_row(command)])
    same_key = (commands.c.person == command.person) & (commands.c.key == command.key)
    stored = _command(connection.execute(select(commands).where(same_key)).one())
    if _request(stored) != _request(command):
        raise KeyReused(stored)
    return stored


def keep(connection: Connection, given: Collection[Command]) -> None:
    """Store commands that nobody sent us, each under an id of its own. Safe to repeat."""
    add_new(connection, commands, [_row(each) for each in given])


def _request(command: Command) -> tuple[str, str, str]:
    return command.finding, command.verb, command.digest


def refuse(connection: Connection, command: str, refusal: Refused) -> None:
    """Record a refusal. Safe to repeat: the first stands, and what was carried out is never refused."""
    open_ = (commands.c.id == command) & commands.c.refusal.is_(None) & ~_carried_out()
    values = {"refusal": refusal.code, "detail": refusal.detail, "field": refusal.field}
    connection.execute(update(commands).where(open_).values(**values, refused_at=refusal.at, settled=True))


def find(connection: Connection, command: str) -> Command | None:
    """Give a command by id, or None."""
    row = connection.execute(select(commands).where(commands.c.id == command)).one_or_none()
    return _command(row) if row else None


def with_key_before(connection: Connection, person: str, beginning: str) -> tuple[Command, ...]:
    """Give a person's commands whose keys begin so, by key: those of one request to many findings."""
    mine = (commands.c.person == person) & commands.c.key.startswith(beginning, autoescape=True)
    return tuple(
        _command(row) for row in connection.execute(select(commands).where(mine).order_by(commands.c.key))
    )


def outcome(connection: Connection, command: str) -> Outcome:
    """Give what became of a command; an unknown one is pending."""
    entries = entries_of_command(connection, command)
    if entries:
        return Done(entries)
    query = select(commands).where(commands.c.id == command, commands.c.refusal.is_not(None))
    row = connection.execute(query).one_or_none()
    if row is None:
        return Pending()
    return Refused(code=row.refusal, detail=row.detail, field=row.field, at=row.refused_at)


def pending(connection: Connection, older_than: datetime, limit: int = 100) -> tuple[Command, ...]:
    """Give the commands received before an instant that nobody has decided, the oldest first."""
    waiting = select(commands).where(UNSETTLED, commands.c.received_at < older_than, ~_carried_out())
    query = waiting.order_by(commands.c.received_at, commands.c.id).limit(limit)
    return tuple(_command(row) for row in connection.execute(query))


def carried_out(
    connection: Connection, older_than: datetime, limit: int = 100
) -> tuple[tuple[Command, int], ...]:
    """Give the commands received before an instant whose facts stand, and which are not settled yet.

    Each with its last entry's sequence number, the oldest first. `settle` says that no more is to be done.
    """
    last = select(func.max(ledger.c.seq)).where(ledger.c.command == commands.c.id).scalar_subquery()
    done = select(commands, last.label("seq")).where(
        UNSETTLED, commands.c.received_at < older_than, _carried_out()
    )
    query = done.order_by(commands.c.received_at, commands.c.id).limit(limit)
    return tuple((_command(row), row.seq) for row in connection.execute(query))


def let_go(connection: Connection, older_than: datetime) -> None:
    """Settle commands received before an instant whose facts stand: none is looked at for ever."""
    old = (UNSETTLED, commands.c.received_at < older_than, _carried_out())
    connection.execute(update(commands).where(*old).values(settled=True))


def settle(connection: Connection, ids: Collection[CommandId]) -> None:
    """Say that commands have been carried out and that everybody concerned knows it."""
    connection.execute(update(commands).where(commands.c.id.in_(sorted(ids))).values(settled=True))


def _carried_out() -> Any:  # noqa: ANN401 - SQLAlchemy's Exists
    return exists().where(ledger.c.command == commands.c.id)


def _row(command: Command) -> dict[str, Any]:
    return {
        "id": command.id,
        "person": command.person,
        "key": command.key,
        "finding": command.finding,
        "verb": command.verb,
        "order": command.order,
        "digest": command.digest,
        "received_at": command.received_at,
    }


def _command(row: Stored) -> Command:
    return Command(
        id=CommandId(row.id),
        person=PersonId(row.person),
        key=row.key,
        finding=subject_of(row.finding),
        verb=row.verb,
        order=row.order,
        digest=row.digest,
        received_at=row.received_at,
    )
