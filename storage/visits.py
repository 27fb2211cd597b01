"""Verification visits in SQL: which are open, and what is due for one: fixes, objections and checks."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, and_, func, select

from remediation.gatherings.gathering import Kind
from remediation.gatherings.visit.state import Visit
from remediation.permissions import Reach
from remediation.words import Check, Duty, FactoryId, FindingId, GatheringId, Severity, VisitStage
from storage.figures import Scope
from storage.findings import seen
from storage.gatherings import some
from storage.tables import attempts, findings, gatherings, waits

MOST_DUE = 1000
_WHAT = {Duty.VERIFY.value: Check.FIX, Duty.CHECK_EFFECTIVENESS.value: Check.EFFECTIVENESS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A finding that is to be looked at by an aware instant; `reported_on` is the local day of its fix."""

    finding: FindingId
    factory: FactoryId
    severity: Severity
    level: int
    check: Check
    due: datetime
    reported_on: date | None


def open_visits(connection: Connection, factory: str | None = None) -> tuple[GatheringId, ...]:
    """Give the visits whose life goes on, of one factory or of all, by id."""
    mine = (gatherings.c.kind == Kind.VISIT.value) & ~gatherings.c.ended
    query = select(gatherings.c.id).where(mine).order_by(gatherings.c.id)
    if factory is not None:
        query = query.where(gatherings.c.factory == factory)
    return tuple(GatheringId(each) for each in connection.execute(query).scalars())


def due(connection: Connection, scope: Scope, limit: int = MOST_DUE) -> tuple[Due, ...]:
    """Give what is to be verified or checked within a scope, the soonest due first."""
    current = and_(waits.c.finding == findings.c.id, waits.c.seq == findings.c.seq)
    attempt = and_(attempts.c.finding == findings.c.id, attempts.c.number == findings.c.attempt)
    soonest = func.min(waits.c.due).label("due")
    columns = (findings.c.id, findings.c.factory, findings.c.severity, findings.c.level)
    told = (attempts.c.objected, attempts.c.reported_on)
    query = (
        select(*columns, waits.c.what, *told, soonest)
        .join(findings, current)
        .join(attempts, attempt)
        .where(waits.c.what.in_(sorted(_WHAT)), scope.within(findings))
        .group_by(*columns, waits.c.what, *told)
        .order_by(soonest, findings.c.id)
        .limit(limit)
    )
    return tuple(
        Due(
            finding=FindingId(row.id),
            factory=FactoryId(row.factory),
            severity=Severity(row.severity),
            level=row.level,
            check=_check(row.what, objected=row.objected),
            due=row.due,
            reported_on=row.reported_on,
        )
        for row in connection.execute(query)
    )


def _check(what: str, *, objected: bool) -> Check:
    return Check.OBJECTION if objected and what == Duty.VERIFY.value else _WHAT[what]


def visits(
    connection: Connection, visible: Reach, restricted: Reach, *, over: bool, limit: int
) -> tuple[Visit, ...]:
    """Give visits that somebody may see: those ahead or under way, or else those that are over.

    The latest planned first, at most so many. `restricted` says where they also see what factories must not.
    """
    gone = gatherings.c.stage.in_([VisitStage.ENDED.value, VisitStage.CANCELLED.value])
    chosen = (gatherings.c.kind == Kind.VISIT.value) & (gone if over else ~gone)
    query = select(gatherings.c.id).where(chosen, seen(visible, restricted, gatherings))
    latest = query.order_by(gatherings.c.opened_at.desc(), gatherings.c.id).limit(limit)
    ids = connection.execute(latest).scalars().all()
    states = (case.state for _, case in some(connection, ids))
    found = [state for state in states if isinstance(state, Visit)]
    return tuple(sorted(found, key=lambda each: each.opened_at, reverse=True))
