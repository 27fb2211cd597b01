"""Improvement plans: what the findings of one assessment of one factory add up to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, and_, case, func, select

from remediation.permissions import Reach
from remediation.words import ENDINGS, FactoryId, PlanId, ProgrammeId, Stage
from storage.columns import NEVER
from storage.findings import seen
from storage.places import factories
from storage.statements import Stored
from storage.tables import findings

MOST_AT_ONCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTotals:
    """A plan in numbers: findings by stage, how many are overdue, the worst level, and the soonest due."""

    plan: PlanId
    programme: ProgrammeId
    factory: FactoryId
    factory_name: str
    stages: dict[Stage, int]
    overdue: int
    level: int
    next_due: datetime | None

    @property
    def findings(self) -> int:
        """How many findings the plan has."""
        return sum(self.stages.values())

    @property
    def ended(self) -> int:
        """How many of them have ended."""
        return sum(count for stage, count in self.stages.items() if stage in ENDINGS)


def plans(  # noqa: PLR0913 - a list is asked for with all of these
    connection: Connection,
    now: datetime,
    *,
    visible: Reach,
    restricted: Reach,
    plan: str | None = None,
    after: str = "",
    limit: int = 50,
) -> tuple[PlanTotals, ...]:
    """Give the totals of at most `limit` plans whose ids follow `after`, by id, or of one plan.

    They count what somebody may see: `visible` and `restricted` are as in `storage.findings.page`.
    """
    chosen = and_(seen(visible, restricted), findings.c.plan == plan if plan else findings.c.plan > after)
    ids = select(findings.c.plan).where(chosen).group_by(findings.c.plan).order_by(findings.c.plan)
    found = connection.execute(ids.limit(min(limit, MOST_AT_ONCE))).scalars().all()
    rows = connection.execute(_totals(now).where(chosen, findings.c.plan.in_(found))) if found else ()
    by_plan: dict[str, list[Stored]] = {}
    for row in rows:
        by_plan.setdefault(row.plan, []).append(row)
    return tuple(_plan(by_plan[each]) for each in found)


def _totals(now: datetime) -> Select[*tuple[object, ...]]:
    of_plan = (findings.c.plan, findings.c.programme, findings.c.factory, factories.c.name)
    return (
        select(
            *of_plan,
            findings.c.stage,
            func.count().label("count_of_stage"),
            func.sum(case((findings.c.next_due <= now, 1), else_=0)).label("overdue"),
            func.max(findings.c.level).label("level"),
            func.min(findings.c.next_due).label("next_due"),
        )
        .join_from(findings, factories, findings.c.factory == factories.c.id, isouter=True)
        .group_by(*of_plan, findings.c.stage)
    )


def _plan(rows: list[Stored]) -> PlanTotals:
    first, soonest = rows[0], min(row.next_due for row in rows)
    return PlanTotals(
        plan=PlanId(first.plan),
        programme=ProgrammeId(first.programme),
        factory=FactoryId(first.factory),
        factory_name=first.name or first.factory,
        stages={Stage(row.stage): row.count_of_stage for row in rows},
        overdue=sum(row.overdue for row in rows),
        level=max(row.level for row in rows),
        next_due=None if soonest == NEVER else soonest,
    )
