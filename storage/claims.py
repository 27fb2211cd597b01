"""Claims: who may send a message now, and what came of it.

A message is claimed for a while, the claim is committed, and only then mail is spoken. A claim whose
lease ran out may be taken over; that its mail may have left is counted as an ambiguous try.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, case, select, update

from storage.messages import SIGN_IN, Message, MessageState, a_message
from storage.statements import Stored
from storage.tables import OPEN, messages

LEASE = timedelta(seconds=45)
"""How long what a killed worker had in hand waits for another; longer than one message may take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A message that one worker may send until `until`. `attempt` counts from 1."""

    message: Message
    content: bytes
    worker: str
    attempt: int
    until: datetime


def claim(
    connection: Connection, now: datetime, worker: str, *, limit: int = 20, lease: timedelta = LEASE
) -> tuple[Claim, ...]:
    """Take messages that may be tried now, urgent ones first. Commit before the first is sent.

    `worker` names the claimant, and no other process or restart of it may bear the same name.
    """
    ready = and_(OPEN, messages.c.next_try_at <= now)
    order = (messages.c.urgent.desc(), messages.c.next_try_at, messages.c.id)
    found = select(messages.c.id).where(ready).order_by(*order).limit(limit)
    ids = connection.execute(found.with_for_update(skip_locked=True)).scalars().all()
    abandoned = case((messages.c.state == MessageState.CLAIMED.value, 1), else_=0)
    take = update(messages).values(
        state=MessageState.CLAIMED.value,
        claimed_by=worker,
        attempts=messages.c.attempts + 1,
        ambiguous=messages.c.ambiguous + abandoned,
        next_try_at=now + lease,
    )
    rows = connection.execute(take.where(messages.c.id.in_(ids), ready).returning(messages)) if ids else ()
    claims = [_claim(row, worker, now + lease) for row in rows]
    return tuple(sorted(claims, key=lambda each: ids.index(each.message.id)))


def _claim(row: Stored, worker: str, until: datetime) -> Claim:
    message = a_message(row)
    return Claim(message=message, content=row.content, worker=worker, attempt=row.attempts, until=until)


# Each of these tells whether the claim still held. If not, another worker has the message by now, and
# nothing was changed.


def accepted(connection: Connection, held: Claim, at: datetime, reply: str) -> bool:
    """Record that the mail server took it."""
    return _settle(connection, held, MessageState.ACCEPTED, at, reply)


def failed(connection: Connection, held: Claim, at: datetime, reply: str, reason: str = "refused") -> bool:
    """Record that it can never be delivered."""
    return _settle(connection, held, MessageState.FAILED, at, reply, reason)


def skipped(connection: Connection, held: Claim, at: datetime, reason: str) -> bool:
    """Record that it need not be sent any more, and why."""
    return _settle(connection, held, MessageState.SKIPPED, at, held.message.last_reply, reason)


def deferred(connection: Connection, held: Claim, next_try_at: datetime, reply: str) -> bool:
    """Record that it certainly was not taken, and shall be tried again."""
    return _change(
        connection, held, state=MessageState.WAITING.value, next_try_at=next_try_at, last_reply=reply
    )


def unknown(
    connection: Connection, held: Claim, at: datetime, reply: str, next_try_at: datetime | None = None
) -> bool:
    """Record that the answer was lost, so that it may have been taken.

    With `next_try_at` it is sent again byte by byte, else this is its end.
    """
    if next_try_at is None:
        return _settle(connection, held, MessageState.UNKNOWN, at, reply, ambiguous=messages.c.ambiguous + 1)
    return _change(
        connection,
        held,
        state=MessageState.WAITING.value,
        next_try_at=next_try_at,
        last_reply=reply,
        ambiguous=messages.c.ambiguous + 1,
    )


def _settle(  # noqa: PLR0913 - the columns of an end
    connection: Connection,
    held: Claim,
    state: MessageState,
    at: datetime,
    reply: str,
    reason: str = "",
    **also: object,
) -> bool:
    ended = {"state": state.value, "settled_at": at, "last_reply": reply, "reason": reason}
    if held.message.kind == SIGN_IN:
        also["content"] = b""  # what lets somebody in must not lie about
    return _change(connection, held, **ended, **also)


def _change(connection: Connection, held: Claim, **values: object) -> bool:
    still_held = and_(
        messages.c.id == held.message.id,
        messages.c.state == MessageState.CLAIMED.value,
        messages.c.claimed_by == held.worker,
        messages.c.attempts == held.attempt,
    )
    return connection.execute(update(messages).where(still_held).values(**values)).rowcount == 1
