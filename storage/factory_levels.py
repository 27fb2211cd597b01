"""Factories' escalation levels: kept with what changes them, and read as a history."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from zlib import crc32

from sqlalchemy import Connection, and_, bindparam, func, select, text, tuple_

from remediation.recording import Recording
from remediation.roll_up import Move, Weight, cause_of, roll_up, weight
from remediation.words import ENDINGS, FactoryId, FindingId
from storage.statements import Stored
from storage.tables import factory_levels, findings

_LOCKS = 0x4C56
"""The space of advisory locks on factories' levels."""
_OPEN = findings.c.stage.not_in([stage.value for stage in ENDINGS])


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """What a factory came to weigh at an aware instant, by an entry `seq` of a finding's ledger."""

    factory: FactoryId
    number: int
    weight: Weight
    at: datetime
    finding: FindingId
    seq: int


def keep_levels(connection: Connection, recordings: Sequence[Recording]) -> None:
    """Bring the levels of the factories of these recordings up to date, within the same transaction."""
    by_factory: dict[FactoryId, list[Move]] = {}
    for each in recordings:
        by_factory.setdefault(each.summary.factory, []).append(_move(each))
    _lock(connection, by_factory)
    for factory, moves in by_factory.items():
        _keep(connection, factory, moves)


def _move(recording: Recording) -> Move:
    row, last = recording.summary, recording.entries[-1:]
    at = last[0].at if last else row.issued_at
    return Move(finding=row.finding, seq=row.seq, at=at, weight=weight(row))


def _lock(connection: Connection, factories: Iterable[str]) -> None:
    """Let nobody else count these factories' findings until this is committed.

    SQLite has one writer at a time. In PostgreSQL two transactions that change two findings of one factory
    would each count the other's as it was; the second waits here, and then sees what the first committed.
    """
    if connection.dialect.name != "postgresql":
        return
    lock = text("SELECT pg_advisory_xact_lock(:space, :key)")
    for key in sorted({crc32(factory.encode()) - 2**31 for factory in factories}):
        connection.execute(lock, {"space": _LOCKS, "key": key})


def _keep(connection: Connection, factory: FactoryId, moves: Sequence[Move]) -> None:
    now = counted(connection, factory)
    last = latest(connection, [factory]).get(factory)
    if now == (last.weight if last else Weight()):
        return
    cause = cause_of(moves, now)
    row = {"factory": factory, "number": last.number + 1 if last else 1, "at": cause.at}
    where = {"level": now.level, "known": now.known, "finding": cause.finding, "seq": cause.seq}
    connection.execute(factory_levels.insert(), row | where)


def counted(connection: Connection, factory: str) -> Weight:
    """Give what a factory's open findings weigh together, counted anew."""
    query = select(findings.c.level, findings.c.restricted).distinct()
    rows = connection.execute(query.where(findings.c.factory == factory, _OPEN, findings.c.level > 0))
    return roll_up(Weight(row.level, 0 if row.restricted else row.level) for row in rows)


def latest(connection: Connection, factories: Collection[str] | None = None) -> dict[FactoryId, Level]:
    """Give the last level of each factory that ever climbed; of these, or of all."""
    numbers = select(factory_levels.c.factory, func.max(factory_levels.c.number)).group_by(
        factory_levels.c.factory
    )
    if factories is not None:
        numbers = numbers.where(factory_levels.c.factory.in_(sorted(factories)))
    key = tuple_(factory_levels.c.factory, factory_levels.c.number)
    rows = connection.execute(select(factory_levels).where(key.in_(numbers)))
    return {FactoryId(row.factory): _level(row) for row in rows}


def history(connection: Connection, factories: Collection[str]) -> dict[str, tuple[Level, ...]]:
    """Give all levels that factories came to, the earliest first; those that never climbed are left out."""
    found: dict[str, tuple[Level, ...]] = {}
    for row in connection.execute(_HISTORY, {"factories": sorted(factories)}):
        found[row.factory] = (*found.get(row.factory, ()), _level(row))
    return found


_HISTORY = (
    select(factory_levels)
    .where(factory_levels.c.factory.in_(bindparam("factories", expanding=True)))
    .order_by(factory_levels.c.factory, factory_levels.c.number)
)


def as_known(levels: Iterable[Level]) -> tuple[Level, ...]:
    """Give a factory's levels, the earliest first, as who may not see restricted findings knows them."""
    told: list[Level] = []
    for each in levels:
        if each.weight.known != (told[-1].weight.known if told else 0):
            told.append(replace(each, weight=Weight(each.weight.known, each.weight.known)))
    return tuple(told)


def astray(connection: Connection) -> tuple[FactoryId, ...]:
    """Give the factories whose last level is not what their open findings add up to."""
    climbed = and_(_OPEN, findings.c.level > 0)
    query = select(findings.c.factory, findings.c.level, findings.c.restricted).where(climbed).distinct()
    rows = connection.execute(query.order_by(findings.c.factory))
    counts = {
        FactoryId(factory): roll_up(Weight(row.level, 0 if row.restricted else row.level) for row in of_it)
        for factory, of_it in groupby(rows, key=lambda row: str(row.factory))
    }
    known = {factory: level.weight for factory, level in latest(connection).items()}
    wrong = (each for each in counts.keys() | known.keys() if _of(counts, each) != _of(known, each))
    return tuple(sorted(wrong))


def mend(connection: Connection, factory: FactoryId) -> None:
    """Bring a factory's level up to date; the open finding that stands highest counts as the cause."""
    highest = select(findings.c.id, findings.c.seq, findings.c.updated_at, findings.c.level)
    chosen = highest.where(findings.c.factory == factory).order_by(
        findings.c.level.desc(), findings.c.updated_at.desc(), findings.c.id
    )
    row = connection.execute(chosen.limit(1)).one_or_none()
    if row is None:
        return
    _lock(connection, [factory])
    cause = Move(finding=FindingId(row.id), seq=row.seq, at=row.updated_at, weight=Weight(row.level))
    _keep(connection, factory, [cause])


def _of(weights: dict[FactoryId, Weight], factory: FactoryId) -> Weight:
    return weights.get(factory, Weight())


def _level(row: Stored) -> Level:
    return Level(
        factory=FactoryId(row.factory),
        number=row.number,
        weight=Weight(row.level, row.known),
        at=row.at,
        finding=FindingId(row.finding),
        seq=row.seq,
    )
