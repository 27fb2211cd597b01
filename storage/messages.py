"""Messages: one mail to one person each, frozen as rendered, and what became of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, func, select

from remediation.words import LetterKind, PersonId
from storage.letters import LettersTaken, mark_addressed
from storage.places import stood_in
from storage.statements import Stored, insert_of
from storage.tables import letters, message_letters, messages

DIGEST = "digest"
"""The kind of a message that gathers a person's letters of a morning."""
SIGN_IN = "sign_in"
"""The kind of a message that carries a sign-in code: sent once at most, and not kept."""
INVITATION = "invitation"
ADDRESS_CHANGED = "address_changed"
MENTION = "mention"
"""The kind of a message that tells somebody of a comment which mentions them."""
HOOK_STOPPED = "hook_stopped"
"""The kind of a message that tells a programme's manager of a webhook at which nothing arrives any more."""


_KEYS_AT_ONCE = 500


class MessageState(StrEnum):
    """Where a message stands. `unknown`: the mail server may have taken it, but its answer was lost."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    UNKNOWN = "unknown"
    FAILED = "failed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """A mail to be sent, as rendered. `key` says what it is, and no two messages share one.

    `kind` is that of its letter, `DIGEST`, or that of a mail which carries no letter (`SIGN_IN`,
    `INVITATION` and so on); `letters` are the ids of those it carries. With a reason in `skipped` (such as
    `no_address`) it is recorded and never sent.
    """

    key: str
    person: PersonId
    kind: LetterKind | str
    letters: tuple[int, ...]
    urgent: bool
    address: str
    message_id: str
    date: datetime
    subject: str
    content: bytes
    morning: dt.date | None = None
    skipped: str = ""
    not_before: datetime | None = None
    """When it may leave; at once without it."""
    stands_in: tuple[tuple[int, int], ...] = ()
    """Which of its letters are read in somebody's place: the letter, and their absence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as pages show it. From `next_try_at` on it may be tried (again)."""

    id: int
    key: str
    person: PersonId
    kind: str
    morning: dt.date | None
    urgent: bool
    address: str
    message_id: str
    date: datetime
    subject: str
    created_at: datetime
    state: MessageState
    reason: str
    attempts: int
    ambiguous: int
    next_try_at: datetime
    last_reply: str
    settled_at: datetime | None


def address(connection: Connection, taken: Sequence[int], given: Sequence[NewMessage], at: datetime) -> None:
    """Turn waiting letters (ids) into messages, all or none. Raises LettersTaken: then nothing must stand.

    Without letters it adds messages about letters that are addressed already, as to a next person.
    """
    mark_addressed(connection, taken)
    for message in given:
        new = _insert(connection, message, at)
        carried = [{"letter": letter, "message": new} for letter in message.letters]
        if carried:
            connection.execute(message_letters.insert(), carried)
        if message.stands_in:
            covers = [{"letter": letter, "absence": each} for letter, each in message.stands_in]
            connection.execute(stood_in.insert(), [row | {"message": new} for row in covers])


def _insert(connection: Connection, message: NewMessage, at: datetime) -> int:
    values = {
        "key": message.key,
        "person": message.person,
        "kind": str(message.kind),
        "morning": message.morning,
        "urgent": message.urgent,
        "address": message.address,
        "message_id": message.message_id,
        "date": message.date,
        "subject": message.subject,
        "content": message.content,
        "created_at": at,
        "next_try_at": message.not_before or at,
        "state": (MessageState.SKIPPED if message.skipped else MessageState.WAITING).value,
        "reason": message.skipped,
        "settled_at": at if message.skipped else None,
    }
    insert = insert_of(connection.dialect.name, messages, *values).on_conflict_do_nothing()
    new: int | None = connection.execute(insert.returning(messages.c.id), values).scalar()
    if new is None:
        raise LettersTaken
    return new


def find(connection: Connection, message: int) -> Message | None:
    """Give a message by id, or None."""
    row = connection.execute(_SHOWN.where(messages.c.id == message)).one_or_none()
    return a_message(row) if row else None


def content(connection: Connection, message: int) -> bytes | None:
    """Give a message as it is sent, by id, or None."""
    mail: bytes | None = connection.execute(
        select(messages.c.content).where(messages.c.id == message)
    ).scalar()
    return mail


def of_finding(connection: Connection, finding: str) -> dict[int, tuple[Message, ...]]:
    """Give the messages that carry a finding's letters, by the letter's id."""
    found: dict[int, tuple[Message, ...]] = {}
    for row in connection.execute(_OF_FINDING, {"finding": finding}):
        found[row.letter] = (*found.get(row.letter, ()), a_message(row))
    return found


def of_person(connection: Connection, person: str, limit: int = 50) -> tuple[Message, ...]:
    """Give the latest messages to a person, the newest first."""
    query = _SHOWN.where(messages.c.person == person).order_by(messages.c.id.desc()).limit(limit)
    return tuple(a_message(row) for row in connection.execute(query))


def forget(connection: Connection, keys: Iterable[str]) -> int:
    """Delete messages by their keys that nobody has tried to send yet; give how many there were."""
    untried = (messages.c.state == MessageState.WAITING.value) & (messages.c.attempts == 0)
    gone = connection.execute(delete(messages).where(messages.c.key.in_(list(keys)), untried))
    return gone.rowcount


def known_keys(connection: Connection, keys: Iterable[str]) -> frozenset[str]:
    """Give those of the keys that messages have already."""
    found: set[str] = set()
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _KEYS_AT_ONCE):
        chosen = messages.c.key.in_(wanted[start : start + _KEYS_AT_ONCE])
        found.update(connection.execute(select(messages.c.key).where(chosen)).scalars())
    return frozenset(found)


def letters_of(connection: Connection, message: int) -> tuple[int, ...]:
    """Give the ids of the letters that a message carries."""
    query = select(message_letters.c.letter).where(message_letters.c.message == message)
    return tuple(connection.execute(query.order_by(message_letters.c.letter)).scalars())


def tally(connection: Connection) -> dict[MessageState, int]:
    """Give how many messages there are in each state."""
    rows = connection.execute(select(messages.c.state, func.count()).group_by(messages.c.state))
    return dict.fromkeys(MessageState, 0) | {MessageState(state): count for state, count in rows}


_SHOWN = select(*(column for column in messages.c if column.name not in {"content", "claimed_by"}))
_OF_FINDING = (
    _SHOWN.add_columns(message_letters.c.letter)
    .join(message_letters, message_letters.c.message == messages.c.id)
    .join(letters, letters.c.id == message_letters.c.letter)
    .where(letters.c.finding == bindparam("finding"))
    .order_by(messages.c.id)
)


def a_message(row: Stored) -> Message:
    """Give the message of a row of `messages`."""
    return Message(
        id=row.id,
        key=row.key,
        person=PersonId(row.person),
        kind=row.kind,
        morning=row.morning,
        urgent=row.urgent,
        address=row.address,
        message_id=row.message_id,
        date=row.date,
        subject=row.subject,
        created_at=row.created_at,
        state=MessageState(row.state),
        reason=row.reason,
        attempts=row.attempts,
        ambiguous=row.ambiguous,
        next_try_at=row.next_try_at,
        last_reply=row.last_reply,
        settled_at=row.settled_at,
    )
