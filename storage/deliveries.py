"""Deliveries: which entry of the ledger a webhook is to hear of, whether it has, and how each try went."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import ColumnElement, Connection, delete, exists, func, insert, select, tuple_, update

from remediation.hooks import KEPT, TOPICS_OF
from remediation.ledger import Entry
from remediation.recording import Recording
from remediation.words import FindingId
from storage import hooks
from storage.hook_tables import deliveries, delivery_tries
from storage.hook_tables import hooks as hook_table
from storage.statements import Row, Stored, add_new

TEST = "test"
"""The kind of a delivery that only shows that messages arrive. It is about no finding."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An entry of the ledger that a webhook is to hear of. `id` is the message's own, in every try.

    `at` is when it happened, `next_try_at` when it may be sent (again): both aware.
    """

    id: str
    hook: str
    finding: FindingId
    seq: int
    kind: str
    at: datetime
    state: DeliveryState
    tries: int
    next_try_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Try:
    """How one try went: what was answered (`status`), how long it took, and what was wrong (`fault`), if."""

    delivery: str
    at: datetime
    status: int | None
    milliseconds: int
    fault: str


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many messages may be sent to a webhook, and since when the latest of them (aware)."""

    count: int
    latest: datetime


def keep_deliveries(connection: Connection, recordings: Sequence[Recording]) -> None:
    """Note which webhooks are to hear of new entries, in the transaction that records them.

    Safe to repeat. Where nobody listens it costs one look at a table of few rows.
    """
    listeners = connection.execute(_LISTENING).all()
    if listeners:
        every = ((hook, each) for hook in listeners for each in recordings)
        rows = [row for hook, recording in every for row in _rows(hook, recording)]
        add_new(connection, deliveries, rows)


_LISTENING = select(hook_table.c.id, hook_table.c.programme, hook_table.c.factory, hook_table.c.topics).where(
    hooks.listening()
)


def _rows(hook: Stored, recording: Recording) -> Iterator[Row]:
    about = recording.summary
    if hook.programme != about.programme or hook.factory not in {"", about.factory}:
        return
    topics = frozenset(hooks.topics_of(hook.topics))
    for entry in recording.entries:
        if not topics or topics & TOPICS_OF[entry.kind]:
            yield _row(hook.id, entry)


def _row(hook: str, entry: Entry) -> Row:
    return {
        "id": message_id(hook, entry.finding, entry.seq),
        "hook": hook,
        "finding": entry.finding,
        "seq": entry.seq,
        "kind": entry.kind,
        "at": entry.at,
        "next_try_at": entry.at,
    }


def message_id(hook: str, finding: str, seq: int) -> str:
    """Give the id of the message that tells a webhook of an entry: the same however often it is told."""
    named = f"{hook}\n{finding}\n{seq}"
    return f"msg_{sha256(named.encode()).hexdigest()[:32]}"


def add_test(connection: Connection, hook: str, now: datetime) -> str:
    """Let a webhook be sent a message that only shows that messages arrive; give its id."""
    seq = int(now.timestamp())
    row = {"id": message_id(hook, "", seq), "hook": hook, "finding": "", "seq": seq, "kind": TEST}
    add_new(connection, deliveries, [row | {"at": now, "next_try_at": now}])
    return str(row["id"])


def due(connection: Connection, hook: str, now: datetime, limit: int) -> tuple[Delivery, ...]:
    """Give what may be sent to a webhook at an aware instant, the earliest first.

    What happened later to a finding waits until the earlier has arrived, or is given up.
    """
    ahead = _BEFORE & (_earlier.c.next_try_at > now)
    query = select(deliveries).where(deliveries.c.hook == hook, _WAITING, deliveries.c.next_try_at <= now)
    query = query.where(~exists().where(ahead)).order_by(deliveries.c.at, deliveries.c.seq, deliveries.c.id)
    return tuple(map(_delivery, connection.execute(query.limit(limit))))


def next_try(connection: Connection, hook: str) -> datetime | None:
    """Give when a webhook's next message may be sent (aware); None where none waits."""
    heads = select(func.min(deliveries.c.next_try_at)).where(deliveries.c.hook == hook, _WAITING)
    found: datetime | None = connection.execute(heads.where(~exists().where(_BEFORE))).scalar()
    return found


def waiting(connection: Connection, now: datetime) -> dict[str, Backlog]:
    """Give what may be sent at an aware instant, by webhook."""
    query = (
        select(deliveries.c.hook, func.count(), func.max(deliveries.c.next_try_at))
        .join(hook_table, hook_table.c.id == deliveries.c.hook)
        .where(_WAITING, deliveries.c.next_try_at <= now, hooks.takes(now, deliveries.c.kind == TEST))
        .group_by(deliveries.c.hook)
    )
    return {hook: Backlog(count, latest) for hook, count, latest in connection.execute(query)}


def tried(connection: Connection, how: Try, state: DeliveryState, next_try_at: datetime) -> None:
    """Keep how a try went, and what that makes of the delivery."""
    values = {name: getattr(how, name) for name in Try.__slots__}
    connection.execute(insert(delivery_tries).values(values))
    counted = {"tries": deliveries.c.tries + 1, "state": state.value, "next_try_at": next_try_at}
    connection.execute(update(deliveries).where(deliveries.c.id == how.delivery).values(counted))


def leave_out(connection: Connection, delivery: str) -> None:
    """Forget a delivery of what its webhook may not know."""
    connection.execute(delete(deliveries).where(deliveries.c.id == delivery))


def send_again(connection: Connection, hook: str, now: datetime, *, chosen: ColumnElement[bool]) -> int:
    """Let a webhook be told again of what is chosen, from an aware instant on; give how many they are."""
    settled = (deliveries.c.hook == hook) & chosen & (deliveries.c.kind != TEST)
    values = {"state": DeliveryState.WAITING.value, "tries": 0, "next_try_at": now}
    return connection.execute(update(deliveries).where(settled).values(values)).rowcount


def one(delivery: str) -> ColumnElement[bool]:
    """Choose one delivery."""
    return deliveries.c.id == delivery


def unsent() -> ColumnElement[bool]:
    """Choose what waits."""
    return _WAITING


def since(at: datetime) -> ColumnElement[bool]:
    """Choose all that is about what happened at an aware instant or later."""
    return deliveries.c.at >= at


def try_now(connection: Connection, hook: str, now: datetime) -> None:
    """Let all that waits for a webhook be tried at an aware instant."""
    theirs = (deliveries.c.hook == hook) & _WAITING
    connection.execute(update(deliveries).where(theirs).values(next_try_at=now))


def page(
    connection: Connection, hook: str, limit: int, before: Delivery | None = None
) -> tuple[Delivery, ...]:
    """Give the latest deliveries to a webhook, the newest first; with `before` those that come after it."""
    query = select(deliveries).where(deliveries.c.hook == hook)
    if before is not None:
        query = query.where(tuple_(deliveries.c.at, deliveries.c.id) < tuple_(before.at, before.id))
    rows = connection.execute(query.order_by(deliveries.c.at.desc(), deliveries.c.id.desc()).limit(limit))
    return tuple(map(_delivery, rows))


def find(connection: Connection, hook: str, delivery: str) -> Delivery | None:
    """Give a delivery to a webhook by id, or None."""
    query = select(deliveries).where(deliveries.c.hook == hook, deliveries.c.id == delivery)
    row = connection.execute(query).one_or_none()
    return _delivery(row) if row else None


def tries_of(connection: Connection, ids: Sequence[str]) -> Mapping[str, tuple[Try, ...]]:
    """Give how the tries of deliveries went, the earliest first."""
    query = select(delivery_tries).where(delivery_tries.c.delivery.in_(ids)).order_by(delivery_tries.c.at)
    found: dict[str, list[Try]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.delivery].append(Try(**{name: getattr(row, name) for name in Try.__slots__}))
    return {each: tuple(tries) for each, tries in found.items()}


def counts(connection: Connection, hook: str) -> dict[DeliveryState, int]:
    """Give how many deliveries of a webhook are in each state."""
    query = select(deliveries.c.state, func.count()).where(deliveries.c.hook == hook)
    rows = connection.execute(query.group_by(deliveries.c.state))
    return dict.fromkeys(DeliveryState, 0) | {DeliveryState(state): count for state, count in rows}


def forget(connection: Connection, now: datetime) -> None:
    """Delete what is older than deliveries are kept, as of an aware instant."""
    _drop(connection, deliveries.c.at < now - KEPT)


def drop(connection: Connection, hook: str) -> None:
    """Delete all deliveries of a webhook that was ended."""
    _drop(connection, deliveries.c.hook == hook)


def _drop(connection: Connection, chosen: ColumnElement[bool]) -> None:
    their = delivery_tries.c.delivery.in_(select(deliveries.c.id).where(chosen))
    connection.execute(delete(delivery_tries).where(their))
    connection.execute(delete(deliveries).where(chosen))


_WAITING = deliveries.c.state == DeliveryState.WAITING.value
_earlier = deliveries.alias("earlier")
_BEFORE = (
    (_earlier.c.hook == deliveries.c.hook)
    & (_earlier.c.finding == deliveries.c.finding)
    & (_earlier.c.seq < deliveries.c.seq)
    & (_earlier.c.state == DeliveryState.WAITING.value)
)
"""That another delivery waits, to the same webhook and about the same finding, of what happened before."""


def _delivery(row: Stored) -> Delivery:
    return Delivery(
        id=row.id,
        hook=row.hook,
        finding=FindingId(row.finding),
        seq=row.seq,
        kind=row.kind,
        at=row.at,
        state=DeliveryState(row.state),
        tries=row.tries,
        next_try_at=row.next_try_at,
    )
