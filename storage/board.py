"""The advisor's board: what waits for the programme's staff at many factories, and what each one needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, case, func, select

from remediation.need import Need
from remediation.waiting import Ask
from remediation.words import Duty, FactoryId, FindingId, Severity, Stage
from storage.columns import NEVER
from storage.figures import OPEN, Scope
from storage.tables import attempts, findings, waits

_GRAVE = [Severity.ZERO_TOLERANCE.value, Severity.CRITICAL.value]
_REPORTED = [Stage.FIX_REPORTED.value, Stage.VERIFYING.value]


@dataclass(frozen=True, slots=True)
class Asked:
    """What waits on a finding for the programme's staff, by an aware instant."""

    finding: FindingId
    what: Duty | Ask
    due: datetime


def asked(
    connection: Connection, scope: Scope, what: Collection[Duty | Ask], limit: int
) -> tuple[Asked, ...]:
    """Give the first so many findings on which one of these things waits, the soonest due first."""
    due = func.min(waits.c.due).label("due")
    query = (
        select(waits.c.finding, waits.c.what, due)
        .join(findings, _CURRENT)
        .where(waits.c.what.in_([each.value for each in what]), scope.within(findings))
        .group_by(waits.c.finding, waits.c.what)
        .order_by(due, waits.c.finding)
        .limit(limit)
    )
    return tuple(Asked(FindingId(row.finding), _what(row.what), row.due) for row in connection.execute(query))


def counted(connection: Connection, scope: Scope, what: Collection[Duty | Ask]) -> dict[Duty | Ask, int]:
    """Give on how many findings each of these things waits."""
    number = func.count(waits.c.finding.distinct()).label("number")
    query = (
        select(waits.c.what, number)
        .join(findings, _CURRENT)
        .where(waits.c.what.in_([each.value for each in what]), scope.within(findings))
        .group_by(waits.c.what)
    )
    return {_what(row.what): row.number for row in connection.execute(query)}


def objected(connection: Connection, scope: Scope, limit: int) -> tuple[tuple[FindingId, ...], int]:
    """Give the first findings whose reported fix workers object to, the soonest due first, and how many."""
    current = and_(attempts.c.finding == findings.c.id, attempts.c.number == findings.c.attempt)
    chosen = (
        select(findings.c.id)
        .join(attempts, current)
        .where(scope.within(findings), findings.c.stage.in_(_REPORTED), attempts.c.objected)
    )
    ids = connection.execute(chosen.order_by(findings.c.next_due, findings.c.id).limit(limit)).scalars().all()
    number = connection.execute(select(func.count()).select_from(chosen.subquery())).scalar_one()
    return tuple(map(FindingId, ids)), number


def overdue(connection: Connection, scope: Scope, now: datetime) -> int:
    """Give how many findings are overdue at an aware instant."""
    late = and_(scope.within(findings), findings.c.next_due <= now)
    number: int = connection.execute(select(func.count()).select_from(findings).where(late)).scalar_one()
    return number


def needs(
    connection: Connection, scope: Scope, now: datetime, what: Collection[Duty | Ask]
) -> dict[FactoryId, Need]:
    """Give what calls for attention at each factory with open findings, at an aware instant."""
    late = findings.c.next_due <= now
    query = (
        select(
            findings.c.factory,
            func.max(findings.c.level).label("level"),
            func.count().label("open"),
            _number(late).label("overdue"),
            _number(and_(late, findings.c.severity.in_(_GRAVE))).label("grave"),
            func.min(findings.c.next_due).label("next_due"),
        )
        .where(scope.within(findings), OPEN)
        .group_by(findings.c.factory)
    )
    waiting = _asked_by_factory(connection, scope, what)
    return {
        FactoryId(row.factory): Need(
            factory=row.factory,
            level=row.level,
            open=row.open,
            overdue=row.overdue,
            grave=row.grave,
            asked=waiting.get(row.factory, 0),
            next_due=None if row.next_due == NEVER else row.next_due,
        )
        for row in connection.execute(query)
    }


def _asked_by_factory(
    connection: Connection, scope: Scope, what: Collection[Duty | Ask]
) -> Mapping[str, int]:
    number = func.count(waits.c.finding.distinct()).label("number")
    query = (
        select(findings.c.factory, number)
        .join_from(waits, findings, _CURRENT)
        .where(waits.c.what.in_([each.value for each in what]), scope.within(findings))
        .group_by(findings.c.factory)
    )
    return {row.factory: row.number for row in connection.execute(query)}


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _what(value: str) -> Duty | Ask:
    return Ask(value) if value in _ASKS else Duty(value)


_ASKS = frozenset(each.value for each in Ask)
_CURRENT = and_(waits.c.finding == findings.c.id, waits.c.seq == findings.c.seq)
