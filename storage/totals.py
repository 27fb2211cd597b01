"""How findings stand in sum: for each improvement plan, or for each factory."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import groupby, islice
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, func, select

from remediation.permissions import Reach
from remediation.words import ENDINGS, FactoryId, FindingId, PlanId, ProgrammeId, Stage
from storage.columns import NEVER
from storage.findings import seen
from storage.places import subjects
from storage.statements import MOST_REACHES, Stored
from storage.tables import findings


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The findings of one plan or factory (`key`) that somebody may see. `level` is the highest of them."""

    key: str
    programme: ProgrammeId
    factory: FactoryId
    by_stage: dict[Stage, int]
    overdue: int
    level: int
    next_due: datetime | None

    @property
    def findings(self) -> int:
        """How many findings there are."""
        return sum(self.by_stage.values())

    @property
    def open(self) -> int:
        """How many of them have not ended."""
        return sum(count for stage, count in self.by_stage.items() if stage not in ENDINGS)


def totals(  # noqa: PLR0913 - a list is asked for with all of these
    connection: Connection,
    by: Literal["plan", "factory"],
    now: datetime,
    *,
    visible: Reach,
    restricted: Reach,
    keys: tuple[str, ...] | None = None,
    after: str = "",
    limit: int = 200,
) -> tuple[Total, ...]:
    """Give totals at an aware instant, by key, beginning after a key; with `keys` only for those."""
    asked = {"now": now, "after": after} | ({} if keys is None else {"keys": keys})
    found = connection.execute(_sums(by, visible, restricted, chosen=keys is not None), asked)
    groups = groupby(found, key=lambda row: str(row.key))
    return tuple(_total(key, tuple(rows)) for key, rows in islice(groups, limit))


@lru_cache(MOST_REACHES)
def _sums(by: str, visible: Reach, restricted: Reach, *, chosen: bool) -> Select[Any]:
    """Give the statement for the totals that somebody may see, put together once."""
    column = findings.c[by]
    within = and_(_within(visible, restricted), column > bindparam("after"))
    if chosen:
        within = and_(within, column.in_(bindparam("keys", expanding=True)))
    # An index holds all these columns in this order: no more is read than what is asked for.
    of = (column, findings.c.programme, findings.c.factory, findings.c.stage)
    late = findings.c.next_due <= bindparam("now", type_=findings.c.next_due.type)
    return (
        select(
            column.label("key"),
            *of[1:],
            func.count().label("number"),
            func.max(findings.c.level).label("level"),
            func.min(findings.c.next_due).label("next_due"),
            func.sum(case((late, 1), else_=0)).label("overdue"),
        )
        .where(within)
        .group_by(*of)
        .order_by(*of)
    )


def _within(visible: Reach, restricted: Reach) -> ColumnElement[bool]:
    within = seen(visible, restricted)
    # SQLite leaves a programme that is always the same out of the grouping, and then sorts all findings
    # instead of following the index: it is not to see that. A factory's few are found by its own index.
    return within if visible.factories else case((within, 1), else_=0) == 1


def _total(key: str, rows: tuple[Stored, ...]) -> Total:
    soonest = min(row.next_due for row in rows)
    by_stage: dict[Stage, int] = defaultdict(int)
    for row in rows:
        by_stage[Stage(row.stage)] += row.number
    return Total(
        key=key,
        programme=ProgrammeId(rows[0].programme),
        factory=FactoryId(rows[0].factory),
        by_stage=dict(by_stage),
        overdue=sum(row.overdue for row in rows),
        level=max(row.level for row in rows),
        next_due=None if soonest == NEVER else soonest,
    )


def plans_of(connection: Connection, factory: str, visible: Reach, restricted: Reach) -> tuple[PlanId, ...]:
    """Give a factory's plans with findings that somebody may see, the latest issued first."""
    found = connection.execute(_plans_of(visible, restricted), {"factory": factory}).scalars()
    return tuple(PlanId(each) for each in found)


@lru_cache(MOST_REACHES)
def _plans_of(visible: Reach, restricted: Reach) -> Select[Any]:
    chosen = and_(seen(visible, restricted), findings.c.factory == bindparam("factory"))
    query = select(findings.c.plan).where(chosen).group_by(findings.c.plan)
    return query.order_by(func.max(findings.c.issued_at).desc(), findings.c.plan)


def open_findings(connection: Connection, factory: str) -> tuple[FindingId, ...]:
    """Give a factory's findings whose life is not over, by id."""
    return _open(connection, findings.c.factory == factory)


def open_in_programme(connection: Connection, programme: str) -> tuple[FindingId, ...]:
    """Give a programme's findings whose life is not over, by id."""
    return _open(connection, findings.c.programme == programme)


def behind(connection: Connection, factory: str, calendar: str) -> int:
    """Give how many open findings of a factory follow another version of its calendar."""
    others = (findings.c.factory == factory) & (findings.c.calendar != calendar)
    return len(_open(connection, others))


def behind_policy(connection: Connection, programme: str, policy: str) -> int:
    """Give how many open findings of a programme follow another version of its policy."""
    return len(_open(connection, (findings.c.programme == programme) & (findings.c.policy != policy)))


def first_issue(connection: Connection, factory: str) -> datetime | None:
    """Give when the oldest open finding of a factory was issued."""
    alive = (findings.c.factory == factory) & _ALIVE
    first: datetime | None = connection.execute(select(func.min(findings.c.issued_at)).where(alive)).scalar()
    return first


def _open(connection: Connection, where: ColumnElement[bool]) -> tuple[FindingId, ...]:
    query = select(findings.c.id).where(where & _ALIVE).order_by(findings.c.id)
    return tuple(FindingId(id_) for id_ in connection.execute(query).scalars())


_ALIVE = findings.c.stage.not_in([stage.value for stage in ENDINGS])


def progress(connection: Connection, assessments: Iterable[str]) -> dict[str, tuple[int, int]]:
    """Give for each assessment how many findings it brought, and how many of them are issued."""
    query = (
        select(
            subjects.c.assessment, func.count().label("brought"), func.count(findings.c.id).label("issued")
        )
        .join_from(subjects, findings, findings.c.id == subjects.c.finding, isouter=True)
        .where(subjects.c.assessment.in_(sorted(set(assessments))))
        .group_by(subjects.c.assessment)
    )
    return {row.assessment: (row.brought, row.issued) for row in connection.execute(query)}
