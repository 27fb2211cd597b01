"""What waits for whom: rows derived from each finding's state, and what waits for one person."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    bindparam,
    delete,
    func,
    or_,
    select,
    tuple_,
    union_all,
)

from remediation.permissions import Actor, Grant, Reach, ScopeKind
from remediation.recording import Recording
from remediation.waiting import LAPSES, Wait, waits_of
from remediation.watched import Watched
from remediation.words import Duty, FactoryId, FindingId, PersonId, SubjectId, subject_of
from storage.findings import seen as may_see
from storage.places import grants
from storage.statements import Row, add_new
from storage.tables import findings, gatherings, waits

Waits = tuple[SubjectId, int, FactoryId, tuple[Wait, ...]]
"""What waits on a subject as of a version, and at which factory."""
_LAPSING = [each.value for each in LAPSES]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Findings and gatherings on which something waits for somebody, the soonest due first: a part of them.

    `total` is how many there are in all.
    """

    ids: tuple[SubjectId, ...]
    total: int


def keep_waits(connection: Connection, recordings: Sequence[Recording]) -> None:
    """Write what waits on these findings, within the transaction that records them. Safe to repeat.

    Rows of another version than the finding's do not count: a late repetition does no harm.
    """
    rows = ((each.summary, each.waits) for each in recordings)
    write_waits(connection, [(row.finding, row.seq, row.factory, waits) for row, waits in rows])


def write_waits(connection: Connection, given: Sequence[Waits]) -> None:
    """Write what waits on subjects as of a version, in place of what did. Safe to repeat."""
    if not given:
        return
    connection.execute(_FORGET, [{"of": subject, "before": seq} for subject, seq, _, _ in given])
    add_new(connection, waits, [row for each in given for row in _rows(*each)])


def forget(connection: Connection, finding: SubjectId) -> None:
    """Take away a subject's rows, before they are written anew."""
    connection.execute(delete(waits).where(waits.c.finding == finding))


def found_for(
    connection: Connection, actor: Actor, seen: tuple[Reach, Reach], now: datetime, *, part: slice
) -> Found:
    """Find where something waits for somebody at an aware instant: a part of it, and how much it is in all.

    `seen` says where they may see findings, and where also those that factories must not see.
    """
    # One query for each way in which something waits for them: each has an index, all together have none.
    parts = [
        _by_due(of).where(_not_lapsed(now), may_see(*seen, of), of_them)
        for of in (findings, gatherings)
        for of_them in _of(actor, of)
    ]
    every = union_all(*parts).subquery()
    due = func.min(every.c.due)
    each = select(every.c.finding, func.count().over().label("total")).group_by(every.c.finding)
    found = connection.execute(each.order_by(due, every.c.finding).slice(part.start, part.stop)).all()
    ids = tuple(subject_of(row.finding) for row in found)
    return Found(ids=ids, total=found[0].total if found else _counted(connection, each))


def _counted(connection: Connection, query: Select[Any]) -> int:
    """Count what a query gives: the part that was asked for lies beyond it, or there is nothing."""
    number: int = connection.execute(select(func.count()).select_from(query.subquery())).scalar_one()
    return number


def owners(connection: Connection, plan: str) -> dict[FindingId, tuple[PersonId, ...]]:
    """Give who owns actions that are still open, for each finding of a plan that has some."""
    found: dict[FindingId, tuple[PersonId, ...]] = {}
    for finding, person in connection.execute(_OWNERS, {"plan": plan}).all():
        found[finding] = (*found.get(finding, ()), person)
    return found


Kept = frozenset[tuple[str, ...]]
"""A finding's or gathering's rows for comparing: what, obligation, role, person and instant of each."""


def kept(connection: Connection, ids: Collection[str], of: Table = findings) -> dict[tuple[str, int], Kept]:
    """Give the rows of findings, or of gatherings by their table `of`, by id and version, as they stand."""
    of_it = and_(waits.c.finding == of.c.id, waits.c.seq == of.c.seq)
    query = select(of.c.id, of.c.seq, waits).join(waits, of_it, isouter=True)
    rows: dict[tuple[str, int], set[tuple[str, ...]]] = {}
    for row in connection.execute(query.where(of.c.id.in_(list(ids)))):
        known = rows.setdefault((row[0], row[1]), set())
        if row.what is not None:
            known.add((row.what, row.obligation, row.role, row.person, row.due.isoformat()))
    return {key: frozenset(known) for key, known in rows.items()}


def expected(watched: Watched) -> Kept:
    """Give what the rows of a finding or gathering should be."""
    return frozenset(
        (each.what.value, each.obligation, each.role or "", each.person or "", each.due.isoformat())
        for each in waits_of(watched)
    )


_OWNERS = (
    select(waits.c.finding, waits.c.person)
    .distinct()
    .join(findings, and_(findings.c.id == waits.c.finding, findings.c.seq == waits.c.seq))
    .where(findings.c.plan == bindparam("plan"), waits.c.what == Duty.ACTION.value, waits.c.person != "")
    .order_by(waits.c.finding, waits.c.person)
)
_FORGET = delete(waits).where(waits.c.finding == bindparam("of"), waits.c.seq < bindparam("before"))


def _rows(subject: SubjectId, seq: int, factory: FactoryId, given: tuple[Wait, ...]) -> Iterator[Row]:
    for wait in given:
        yield {
            "finding": subject,
            "seq": seq,
            "what": wait.what.value,
            "obligation": wait.obligation,
            "role": wait.role.value if wait.role else "",
            "person": wait.person or "",
            "factory": factory,
            "due": wait.due,
        }


def _not_lapsed(now: datetime) -> ColumnElement[bool]:
    return or_(waits.c.what.not_in(_LAPSING), waits.c.due > now)


def _by_due(of: Table) -> Select[Any]:
    """Select what waits as of the latest version of findings or of gatherings: `of` is their table."""
    current = and_(of.c.id == waits.c.finding, of.c.seq == waits.c.seq)
    return select(waits.c.finding, waits.c.due).join(of, current)


def _of(actor: Actor, of: Table) -> Iterator[ColumnElement[bool]]:
    yield waits.c.person == actor.person
    yield from _by_role(actor.grants, of)


def _by_role(held: Sequence[Grant], of: Table) -> Iterator[ColumnElement[bool]]:
    at_factories = [(each.role.value, each.scope) for each in held if each.kind is ScopeKind.FACTORY]
    if at_factories:
        yield tuple_(waits.c.role, waits.c.factory).in_(at_factories)
    for each in held:
        if each.kind is ScopeKind.FACTORY:
            continue
        within = of.c.programme == each.scope if each.kind is ScopeKind.PROGRAMME else None
        places = [waits.c.role == each.role.value, ~_held_nearer(each, of)]
        yield and_(*places, *([within] if within is not None else []))


def _held_nearer(grant: Grant, of: Table) -> ColumnElement[bool]:
    """Whether somebody holds the role for the factory itself: then it waits for them alone, as letters do."""
    held = select(grants.c.scope).where(grants.c.role == grant.role.value)
    near = waits.c.factory.in_(held.where(grants.c.kind == ScopeKind.FACTORY.value))
    if grant.kind is not ScopeKind.ALL:
        return near
    return near | of.c.programme.in_(held.where(grants.c.kind == ScopeKind.PROGRAMME.value))
