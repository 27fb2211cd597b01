"""How findings stand in sum: for each improvement plan, or for each factory."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, and_, case, func, select

from remediation.permissions import Reach
from remediation.words import ENDINGS, FactoryId, FindingId, ProgrammeId, Stage
from storage.columns import NEVER
from storage.findings import seen
from storage.places import subjects
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
    column = findings.c[by]
    chosen = and_(seen(visible, restricted), column > after)
    if keys is not None:
        chosen = and_(chosen, column.in_(keys))
    late = func.sum(case((findings.c.next_due <= now, 1), else_=0))
    sums = (
        select(
            column.label("key"),
            func.min(findings.c.programme).label("programme"),
            func.min(findings.c.factory).label("factory"),
            func.max(findings.c.level).label("level"),
            func.min(findings.c.next_due).label("next_due"),
            late.label("overdue"),
        )
        .where(chosen)
        .group_by(column)
        .order_by(column)
        .limit(limit)
    )
    rows = connection.execute(sums).all()
    stages = _stages(connection, by, tuple(row.key for row in rows), visible, restricted)
    return tuple(
        Total(
            key=row.key,
            programme=ProgrammeId(row.programme),
            factory=FactoryId(row.factory),
            by_stage=stages.get(row.key, {}),
            overdue=row.overdue,
            level=row.level,
            next_due=None if row.next_due == NEVER else row.next_due,
        )
        for row in rows
    )


def open_findings(connection: Connection, factory: str) -> tuple[FindingId, ...]:
    """Give a factory's findings whose life is not over, by id."""
    ended = [stage.value for stage in ENDINGS]
    alive = (findings.c.factory == factory) & findings.c.stage.not_in(ended)
    ids = connection.execute(select(findings.c.id).where(alive).order_by(findings.c.id)).scalars()
    return tuple(FindingId(id_) for id_ in ids)


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


def _stages(
    connection: Connection, by: str, keys: tuple[str, ...], visible: Reach, restricted: Reach
) -> dict[str, dict[Stage, int]]:
    column = findings.c[by]
    query = (
        select(column.label("key"), findings.c.stage, func.count().label("number"))
        .where(seen(visible, restricted), column.in_(keys))
        .group_by(column, findings.c.stage)
        .order_by(column, findings.c.stage)
    )
    counted: dict[str, dict[Stage, int]] = {}
    for row in connection.execute(query):
        counted.setdefault(row.key, {})[Stage(row.stage)] = row.number
    return counted
