"""Figures of a whole programme: by month, by compliance point, and by factory."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    func,
    select,
)

from remediation.figures import Kept
from remediation.words import FactoryId, Stage
from storage.figures import OPEN, Scope
from storage.findings import kept_as
from storage.tables import attempts, findings

_A = attempts.c


class Step(StrEnum):
    """A step of an attempt that is counted by the local month in which it was taken."""

    ISSUED = "issued"
    COMMITTED = "committed"
    CLOSED = "closed"
    REOPENED = "reopened"
    SUSTAINED = "sustained"


_STEPS: dict[Step, tuple[Column[date], ColumnElement[bool]]] = {
    Step.ISSUED: (_A.began_on, _A.number == 1),
    Step.COMMITTED: (_A.committed_on, _A.committed_on.is_not(None)),
    Step.CLOSED: (_A.closed_on, _A.closed_on.is_not(None)),
    Step.REOPENED: (_A.reopened_on, _A.reopened_on.is_not(None)),
    Step.SUSTAINED: (_A.ended_on, _A.ending == Stage.SUSTAINED.value),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PointFigures:
    """A compliance point: findings issued, attempts reopened, and days from an issue to a verified fix.

    `days` is the mean over attempts that were closed, rounded; None where none was.
    """

    point: str
    issued: int
    reopened: int
    closed: int
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactoryFigures:
    """A factory: its findings, those open and overdue, and its highest level."""

    factory: FactoryId
    findings: int
    open: int
    overdue: int
    level: int


def by_month(connection: Connection, scope: Scope, since: date) -> dict[tuple[Step, date], int]:
    """Give how many steps were taken in each local month, named by its first day, from a day on."""
    found: dict[tuple[Step, date], int] = {}
    for step, (day, condition) in _STEPS.items():
        chosen = and_(scope.within(attempts), condition, day >= since)
        for month, number in connection.execute(_grouped(day, func.count()).where(chosen)):
            found[step, _first(month)] = number
    return found


def promises_by_month(
    connection: Connection, scope: Scope, since: date, now: datetime
) -> dict[date, dict[Kept, int]]:
    """Give what became of promises by the month of the promised day, from a day on, at an aware instant."""
    sums = [_number(condition) for condition in kept_as(now).values()]
    query = _grouped(_A.promised_for, *sums).where(scope.within(attempts), _A.promised_for >= since)
    return {_first(row[0]): dict(zip(Kept, row[1:], strict=True)) for row in connection.execute(query)}


def held(connection: Connection, scope: Scope) -> tuple[int, int]:
    """Give how many verified fixes were shown to hold, and of how many of them that is known."""
    sustained = _A.ending == Stage.SUSTAINED.value
    known = and_(_A.closed_on.is_not(None), sustained | _A.reopened_on.is_not(None))
    query = select(_number(and_(known, _A.reopened_on.is_(None))), _number(known))
    row = connection.execute(query.where(scope.within(attempts))).one()
    return row[0] or 0, row[1] or 0


def by_point(connection: Connection, scope: Scope) -> tuple[PointFigures, ...]:
    """Give each compliance point with findings, the most frequent first."""
    issued = _number(_A.number == 1)
    columns = (
        issued.label("issued"),
        func.count(_A.reopened_on).label("reopened"),
        func.count(_A.closed_on).label("closed"),
        func.sum(_days(connection)).label("days"),
    )
    query = select(_A.point, *columns).where(scope.within(attempts)).group_by(_A.point)
    return tuple(
        PointFigures(
            point=row.point,
            issued=row.issued,
            reopened=row.reopened,
            closed=row.closed,
            days=round(row.days / row.closed) if row.closed else None,
        )
        for row in connection.execute(query.order_by(issued.desc(), _A.point))
    )


def by_factory(connection: Connection, scope: Scope, now: datetime) -> tuple[FactoryFigures, ...]:
    """Give each factory with findings, by id, at an aware instant."""
    query = (
        select(
            findings.c.factory,
            func.count().label("findings"),
            _number(OPEN).label("open"),
            _number(findings.c.next_due <= now).label("overdue"),
            func.max(findings.c.level).label("level"),
        )
        .where(scope.within(findings))
        .group_by(findings.c.factory)
        .order_by(findings.c.factory)
    )
    return tuple(FactoryFigures(**row._mapping) for row in connection.execute(query))  # noqa: SLF001 - public


def promises_by_factory(
    connection: Connection, scope: Scope, now: datetime
) -> Iterator[tuple[FactoryId, Counter[Kept]]]:
    """Give what became of the promises of each factory at an aware instant."""
    sums = [_number(condition) for condition in kept_as(now).values()]
    query = select(_A.factory, *sums).where(scope.within(attempts)).group_by(_A.factory)
    for row in connection.execute(query):
        yield FactoryId(row[0]), Counter(dict(zip(Kept, row[1:], strict=True)))


def _grouped(day: Column[date], *sums: ColumnElement[int]) -> Select[Any]:
    # Both databases write a day as its ISO text.
    month = func.substr(cast(day, String), 1, 7)
    return select(month, *sums).group_by(month)


def _first(month: str) -> date:
    return date.fromisoformat(f"{month}-01")


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _days(connection: Connection) -> ColumnElement[Any]:
    """Give the days from the beginning of an attempt to its close; null where it is not closed."""
    if connection.dialect.name == "sqlite":
        return cast(func.julianday(_A.closed_on) - func.julianday(_A.began_on), Integer)
    return _A.closed_on - _A.began_on
