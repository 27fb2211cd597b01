"""The read model: one finding, and pages of findings that somebody may see, soonest due first."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    true,
    tuple_,
)

from remediation.case import Case
from remediation.figures import Kept
from remediation.permissions import Reach
from remediation.summary import Summary
from remediation.words import (
    Duty,
    FindingId,
    Severity,
    Stage,
)
from storage import versions
from storage.codec import case_of
from storage.columns import NEVER
from storage.cursors import END, Cursor
from storage.places import factories, points, subjects
from storage.statements import Row, Stored
from storage.tables import attempts, findings, waits

MOST_ON_A_PAGE = 200
_KEYS_AT_ONCE = 500
EVERYWHERE, NOWHERE = Reach(everywhere=True), Reach()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A finding as lists show it: its summary with the factory's name and the question in words."""

    summary: Summary
    factory_name: str
    question_text: str
    cluster: str
    cycle: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; None leaves open. `level` is the least; `overdue_at` is aware."""

    programme: str | None = None
    factory: str | None = None
    plan: str | None = None
    stages: tuple[Stage, ...] = ()
    severity: Severity | None = None
    cluster: str | None = None
    point: str | None = None
    country: str | None = None
    """The ISO 3166-1 code of the factory's country."""
    level: int | None = None
    overdue_at: datetime | None = None
    issued_after: datetime | None = None
    issued_until: datetime | None = None
    owner: str | None = None
    """Who owns an action that is still open; looked for `texts_within`, as names are texts, too."""
    promise: tuple[Kept, datetime] | None = None
    """What had become of the promise of one of its attempts at an aware instant."""
    text: str | None = None
    """Looked for in ids, and `texts_within` in what was asked and found."""
    texts_within: Reach = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list, and the places before and after it where there is more."""

    rows: tuple[Listed, ...]
    previous: Cursor | None
    next: Cursor | None


def find(connection: Connection, finding: str) -> Listed | None:
    """Give a finding by id, or None."""
    row = connection.execute(_ONE_LISTED, {"finding": finding}).one_or_none()
    return _listed(row) if row else None


def case(connection: Connection, finding: str, shelf: versions.Shelf | None = None) -> Case | None:
    """Give a finding's whole state by id, or None. Raises VersionMissing.

    Who reads many of them gives a `shelf`, on which policies and calendars stay.
    """
    row = connection.execute(_CASE, {"finding": finding}).one_or_none()
    if row is None:
        return None
    shelf = shelf or versions.Shelf(connection)
    return case_of(row.state, shelf.policy(row.policy), shelf.calendar(row.calendar))


def cases(connection: Connection, ids: Sequence[str]) -> dict[FindingId, Case]:
    """Give the whole state of findings by id; unknown ones are left out. Raises VersionMissing."""
    shelf = versions.Shelf(connection)
    rows = connection.execute(_CASES, {"ids": ids}) if ids else ()
    return {
        FindingId(row.id): case_of(row.state, shelf.policy(row.policy), shelf.calendar(row.calendar))
        for row in rows
    }


def stages(connection: Connection, ids: Iterable[str]) -> dict[FindingId, Stage]:
    """Give where findings stand; those that were never issued are left out."""
    wanted = sorted(set(ids))
    parts = (wanted[start : start + _KEYS_AT_ONCE] for start in range(0, len(wanted), _KEYS_AT_ONCE))
    query = select(findings.c.id, findings.c.stage)
    rows = (row for part in parts for row in connection.execute(query.where(findings.c.id.in_(part))))
    return {FindingId(row.id): Stage(row.stage) for row in rows}


def page(  # noqa: PLR0913 - a list is asked for with all of these
    connection: Connection,
    filters: Filters | None = None,
    *,
    visible: Reach,
    restricted: Reach,
    cursor: Cursor | None = None,
    limit: int = 50,
) -> Page:
    """Give at most `limit` findings beside the cursor; without one the first page, with `END` the last.

    `visible` says where findings may be seen, `restricted` where those may be that factories must not see.
    """
    limit = min(limit, MOST_ON_A_PAGE)
    chosen = and_(*_conditions(filters or Filters()), seen(visible, restricted))
    ids = _beside(select(findings.c.id).where(chosen), cursor).limit(limit + 1)
    found = list(connection.execute(ids).scalars())
    rows = listed(connection, found[:limit])
    back = cursor is not None and cursor.back
    return _page(rows[::-1] if back else rows, cursor, more=len(found) > limit)


def _page(rows: tuple[Listed, ...], cursor: Cursor | None, *, more: bool) -> Page:
    back = cursor is not None and cursor.back
    before, after = (more, cursor != END) if back else (cursor is not None, more)
    return Page(
        rows=rows,
        previous=_place(rows[0], back=True) if rows and before else None,
        next=_place(rows[-1], back=False) if rows and after else None,
    )


def _place(row: Listed, *, back: bool) -> Cursor:
    return Cursor(row.summary.next_due or NEVER, row.summary.finding, back=back)


def _beside(query: Select[Any], cursor: Cursor | None) -> Select[Any]:
    place = tuple_(findings.c.next_due, findings.c.id)
    if cursor is None:
        return query.order_by(findings.c.next_due, findings.c.id)
    if cursor.back:
        before = query if cursor == END else query.where(place < tuple_(cursor.due, cursor.finding))
        return before.order_by(findings.c.next_due.desc(), findings.c.id.desc())
    return query.where(place > tuple_(cursor.due, cursor.finding)).order_by(
        findings.c.next_due, findings.c.id
    )


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    given = ((getattr(filters, name), say) for name, say in _ASKED.items())
    own = [say(value) for value, say in given if value is not None and value != ()]
    return [*own, *_beyond(filters)]


_ASKED: dict[str, Callable[[Any], ColumnElement[bool]]] = {
    "programme": lambda value: findings.c.programme == value,
    "factory": lambda value: findings.c.factory == value,
    "plan": lambda value: findings.c.plan == value,
    "stages": findings.c.stage.in_,
    "severity": lambda value: findings.c.severity == value,
    "cluster": lambda value: findings.c.point.in_(select(points.c.id).where(points.c.cluster == value)),
    "point": lambda value: findings.c.point == value,
    "level": lambda value: findings.c.level >= value,
    "overdue_at": lambda value: findings.c.next_due <= value,
    "issued_after": lambda value: findings.c.issued_at > value,
    "issued_until": lambda value: findings.c.issued_at <= value,
}
"""What a filter says of a finding's own row. None and the empty tuple say nothing."""


def _beyond(filters: Filters) -> Iterator[ColumnElement[bool]]:
    """Give the conditions that other tables know of."""
    if filters.owner:
        current = and_(waits.c.finding == findings.c.id, waits.c.seq == findings.c.seq)
        owns = and_(waits.c.person == filters.owner, waits.c.what == Duty.ACTION.value)
        yield and_(
            _within(filters.texts_within, findings), exists(select(waits.c.finding).where(current, owns))
        )
    if filters.country:
        there = select(factories.c.id).where(factories.c.country == filters.country)
        yield findings.c.factory.in_(there)
    if filters.promise:
        wanted, now = filters.promise
        yield findings.c.id.in_(select(attempts.c.finding).where(kept_as(now)[wanted]))
    if filters.text:
        like = f"%{_escaped(filters.text.strip().lower())}%"
        of_it = select(subjects.c.finding).where(
            or_(*(func.lower(column).like(like, escape="\\") for column in _TEXTS))
        )
        told = and_(_within(filters.texts_within, findings), findings.c.id.in_(of_it))
        yield or_(func.lower(findings.c.id).like(like, escape="\\"), told)


_TEXTS = (subjects.c.question_text, subjects.c.statement)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def kept_as(now: datetime | BindParameter[datetime]) -> dict[Kept, ColumnElement[bool]]:
    """Say of an attempt's row what `remediation.figures.kept` says of the attempt, at an aware instant."""
    column = attempts.c
    reported = column.reported_on.is_not(None)
    still = and_(column.reported_on.is_(None), column.ending.is_(None), column.reopened_on.is_(None))
    promised = column.promised_for.is_not(None)
    return {
        Kept.ON_TIME: and_(reported, column.reported_on <= column.promised_for),
        Kept.LATE: and_(reported, column.reported_on > column.promised_for),
        Kept.MISSED: and_(promised, still, column.late_from <= now),
        Kept.AHEAD: and_(promised, still, column.late_from > now),
    }


def seen(visible: Reach, restricted: Reach, of: Table = findings) -> ColumnElement[bool]:
    """Say which findings may be seen: where, and where also those that factories must not see.

    `of` is the table of them, or of their attempts.
    """
    if visible == restricted:
        return _within(visible, of)
    told = and_(of.c.restricted.is_(false()), _within(visible, of))
    if restricted.nowhere:
        return told
    return or_(told, and_(of.c.restricted.is_(true()), _within(restricted, of)))


def _within(reach: Reach, of: Table) -> ColumnElement[bool]:
    if reach.everywhere:
        return true()
    places = []
    if reach.programmes:
        places.append(of.c.programme.in_(sorted(reach.programmes)))
    if reach.factories:
        places.append(of.c.factory.in_(sorted(reach.factories)))
    return or_(false(), *places)


_FIELDS = tuple(field.name for field in fields(Summary))
_SUMMARY = [findings.c["id" if name == "finding" else name] for name in _FIELDS]
_LISTED = (
    select(
        *_SUMMARY,
        findings.c.updated_at,
        factories.c.name,
        subjects.c.question_text,
        subjects.c.cluster,
        subjects.c.cycle,
    )
    .join_from(findings, factories, findings.c.factory == factories.c.id, isouter=True)
    .join(subjects, findings.c.id == subjects.c.finding, isouter=True)
)
_ONE_LISTED = _LISTED.where(findings.c.id == bindparam("finding"))
_SOME_LISTED = _LISTED.where(findings.c.id.in_(bindparam("ids", expanding=True)))
_STATE = select(findings.c.id, findings.c.state, findings.c.policy, findings.c.calendar)
_CASES = _STATE.where(findings.c.id.in_(bindparam("ids", expanding=True)))
_CASE = _STATE.where(findings.c.id == bindparam("finding"))


def listed(connection: Connection, ids: Sequence[str]) -> tuple[Listed, ...]:
    """Give findings by id, in the order of the ids."""
    # The order is the database's own: its collation need not be Python's.
    found = some(connection, ids)
    return tuple(found[each] for each in ids)


def some(connection: Connection, ids: Sequence[str]) -> dict[str, Listed]:
    """Give findings by id; unknown ones are left out."""
    rows = connection.execute(_SOME_LISTED, {"ids": ids}).all() if ids else ()
    return {each.summary.finding: each for each in map(_listed, rows)}


def _listed(row: Stored) -> Listed:
    # By place: to ask a row for each of its columns by name takes three times as long, and lists are long.
    updated_at, name, question_text, cluster, cycle = row[len(_FIELDS) :]
    summary = _summary(dict(zip(_FIELDS, row, strict=False)))
    return Listed(
        summary=summary,
        factory_name=name or summary.factory,
        question_text=question_text or "",
        cluster=cluster or "",
        cycle=cycle or "",
        updated_at=updated_at,
    )


def _summary(stored: Row) -> Summary:
    stored["severity"], stored["stage"] = Severity(stored["severity"]), Stage(stored["stage"])
    stored["next_due"] = None if stored["next_due"] == NEVER else stored["next_due"]
    stored["next_duty"] = Duty(stored["next_duty"]) if stored["next_duty"] else None
    return Summary(**stored)
