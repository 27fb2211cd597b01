"""Gatherings in SQL: recorded as findings are, and read as one row each, the state as JSON."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from remediation.gatherings.case import GatheringCase, State, apply, begin
from remediation.gatherings.gathering import Kind, Opening
from remediation.gatherings.letters import letters_for
from remediation.gatherings.summary import GatheringRecording, GatheringSummary
from remediation.ledger import Entry
from remediation.permissions import Reach
from remediation.rules.core import Stamp
from remediation.words import Duty, FactoryId, GatheringId, ProgrammeId
from storage import ledger
from storage.codec import fact_of, gathering_case_of
from storage.columns import NEVER
from storage.findings import seen
from storage.ledger import LedgerUnreadable
from storage.recording import append, keep_letters
from storage.sent import keep_orders
from storage.statements import Insert, Row, Stored, insert_of
from storage.tables import gatherings
from storage.versions import Shelf, VersionMissing
from storage.waiting import expected, kept, write_waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which gatherings are asked for; None leaves open."""

    kind: Kind | None = None
    own: Collection[str] | None = None
    ended: bool | None = None
    factory: str | None = None


def record_gatherings(connection: Connection, recordings: Sequence[GatheringRecording]) -> None:
    """Record within the connection's transaction, which must be rolled back if this raises LedgerForked.

    Safe to repeat.
    """
    recordings = sorted(recordings, key=lambda recording: recording.summary.gathering)
    entries = [entry for recording in recordings for entry in recording.entries]
    append(connection, entries)
    if recordings:
        connection.execute(_upsert(connection.dialect.name), [_row(each) for each in recordings])
    rows = ((each.summary, each.waits) for each in recordings)
    write_waits(connection, [(row.gathering, row.seq, row.factory, waits) for row, waits in rows])
    keep_letters(connection, entries, letters_for)
    keep_orders(connection, entries)


def case(connection: Connection, gathering: str, shelf: Shelf | None = None) -> GatheringCase | None:
    """Give a gathering's whole state by id, or None. Raises VersionMissing."""
    row = connection.execute(_STATE, {"gathering": gathering}).one_or_none()
    if row is None:
        return None
    shelf = shelf or Shelf(connection)
    return gathering_case_of(row.state, shelf.policy(row.policy), shelf.calendar(row.calendar))


def find(connection: Connection, gathering: str) -> GatheringSummary | None:
    """Give a gathering's row by id, or None."""
    row = connection.execute(_SUMMARY, {"gathering": gathering}).one_or_none()
    return _summary(row) if row else None


def some(connection: Connection, ids: Collection[str]) -> tuple[tuple[GatheringSummary, GatheringCase], ...]:
    """Give gatherings by id, each row with its whole state, in no order of meaning. Raises VersionMissing."""
    if not ids:
        return ()
    shelf, rows = Shelf(connection), connection.execute(select(gatherings).where(gatherings.c.id.in_(ids)))
    return tuple(
        (
            _summary(row),
            gathering_case_of(row.state, shelf.policy(row.policy), shelf.calendar(row.calendar)),
        )
        for row in rows
    )


def listed(
    connection: Connection, asked: Asked, *, visible: Reach, restricted: Reach
) -> tuple[GatheringSummary, ...]:
    """Give the gatherings asked for that somebody may see, by id; `restricted` as with findings."""
    query = _chosen(_SUMMARIES, asked).where(seen(visible, restricted, gatherings)).order_by(gatherings.c.id)
    return tuple(_summary(row) for row in connection.execute(query))


def _chosen(query: Select[Any], asked: Asked) -> Select[Any]:
    if asked.kind is not None:
        query = query.where(gatherings.c.kind == asked.kind.value)
    if asked.own is not None:
        query = query.where(gatherings.c.own.in_(sorted(asked.own)))
    if asked.ended is not None:
        query = query.where(gatherings.c.ended.is_(asked.ended))
    if asked.factory is not None:
        query = query.where(gatherings.c.factory == asked.factory)
    return query


def known(connection: Connection, ids: Collection[str]) -> frozenset[str]:
    """Give which of some gatherings stand in SQL."""
    rows = connection.execute(select(gatherings.c.id).where(gatherings.c.id.in_(sorted(ids))))
    return frozenset(rows.scalars())


_SUMMARIES = select(*(column for column in gatherings.c if column.name != "state"))
_ONE = gatherings.c.id == bindparam("gathering")
_SUMMARY = _SUMMARIES.where(_ONE)
_STATE = select(gatherings.c.state, gatherings.c.policy, gatherings.c.calendar).where(_ONE)


def _at(instant: datetime) -> datetime | None:
    return None if instant == NEVER else instant


def _summary(row: Stored) -> GatheringSummary:
    return GatheringSummary(
        gathering=GatheringId(row.id),
        kind=Kind(row.kind),
        own=row.own,
        programme=ProgrammeId(row.programme),
        factory=FactoryId(row.factory),
        stage=row.stage,
        ended=row.ended,
        seq=row.seq,
        digest=row.digest,
        level=row.level,
        restricted=row.restricted,
        opened_at=row.opened_at,
        next_due=_at(row.next_due),
        next_due_day=row.next_due_day,
        next_duty=Duty(row.next_duty) if row.next_duty else None,
        looks_at=_at(row.looks_at),
    )


def _row(recording: GatheringRecording) -> Row:
    row = recording.summary
    return {
        "id": row.gathering,
        "kind": row.kind.value,
        "own": row.own,
        "programme": row.programme,
        "factory": row.factory,
        "stage": row.stage,
        "ended": row.ended,
        "seq": row.seq,
        "digest": row.digest,
        "level": row.level,
        "restricted": row.restricted,
        "opened_at": row.opened_at,
        "next_due": row.next_due or NEVER,
        "next_due_day": row.next_due_day,
        "next_duty": row.next_duty.value if row.next_duty else None,
        "looks_at": row.looks_at or NEVER,
        "policy": recording.policy,
        "calendar": recording.calendar,
        "updated_at": recording.entries[-1].at if recording.entries else row.opened_at,
        "state": recording.state,
    }


@cache
def _upsert(dialect: str) -> Insert:
    columns = tuple(gatherings.c.keys())
    statement = insert_of(dialect, gatherings, *columns)
    changed = {name: statement.excluded[name] for name in columns if name != "id"}
    newer = gatherings.c.seq < statement.excluded.seq
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=[gatherings.c.id], set_=changed, where=newer
    )
    return upsert


def ids(connection: Connection, *, ended: bool | None = None) -> Iterator[GatheringId]:
    """Give the ids of gatherings, in order; of those that have ended, or have not, where that is asked."""
    query = _chosen(select(gatherings.c.id), Asked(ended=ended)).order_by(gatherings.c.id)
    return (GatheringId(each) for each in connection.execute(query).scalars())


def refold(connection: Connection, gathering: str, until: int | None = None) -> GatheringCase:
    """Give the case that a gathering's ledger adds up to, without a look at the stored state.

    With `until` only up to that sequence number. Raises LedgerUnreadable, VersionMissing or UnknownKind.
    """
    last, state = steps(connection, gathering, until)[-1]
    return GatheringCase(state=state, seq=last.seq, digest=last.digest)


def steps(
    connection: Connection, gathering: str, until: int | None = None
) -> tuple[tuple[Entry, State], ...]:
    """Give each entry of a gathering with the state it led to, in order. Raises as `refold` does."""
    every = ledger.entries(connection, gathering)
    story = [each for each in every if until is None or each.seq <= until]
    first = fact_of(story[0].kind, story[0].body) if story else None
    if not isinstance(first, Opening):
        raise LedgerUnreadable(gathering)
    shelf, at, by = Shelf(connection), story[0].at, story[0].by
    state = begin(first, shelf.policy(first.policy), shelf.calendar(first.calendar), at, by)
    told = [(story[0], state)]
    for entry in story[1:]:
        state = apply(fact_of(entry.kind, entry.body), state, Stamp(entry.at, entry.by))
        told.append((entry, state))
    return tuple(told)


def astray(connection: Connection, among: Collection[GatheringId] | None = None) -> tuple[GatheringId, ...]:
    """Give the gatherings whose ledger does not add up to what is stored: state, and what waits.

    `among` narrows the look to some; None looks at all.
    """
    every = tuple(ids(connection)) if among is None else tuple(sorted(among))
    return tuple(each for each in every if not _agrees(connection, each))


def _agrees(connection: Connection, gathering: GatheringId) -> bool:
    try:
        stored, folded = case(connection, gathering), refold(connection, gathering)
    except (LedgerUnreadable, VersionMissing, ValueError):
        return False
    waiting = kept(connection, [gathering], gatherings)
    # Of one that has moved on since it was read, nothing is said of what waits.
    should = expected(folded.state)
    return stored == folded and waiting.get((gathering, folded.seq), should) == should
