"""What there is to tell improvement plans: findings all committed or ended, or a report due."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, exists, or_, select

from remediation.gatherings.gathering import Kind
from remediation.gatherings.plan import Plan, Tally
from remediation.words import BEFORE_COMMITMENT, ENDINGS, GatheringId, PlanId, PlanStage, Stage
from storage import totals
from storage.findings import EVERYWHERE, NOWHERE
from storage.gatherings import case
from storage.tables import findings, gatherings


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanNews:
    """An open plan that is to be told something. `reports` is how many it has been reported on."""

    gathering: GatheringId
    plan: PlanId
    stage: PlanStage
    all_committed: bool
    all_ended: bool
    report_due: bool
    reports: int = 0

    def key(self, now: datetime) -> str:
        """Give what keys of orders about it begin with: the plan and the day."""
        return f"{self.gathering}:{now.date().isoformat()}"


def _of_it(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(findings.c.plan == gatherings.c.own, *more)


_UNCOMMITTED = [stage.value for stage in (*BEFORE_COMMITMENT, Stage.DISPUTED)]
_ALL_COMMITTED = ~_of_it(findings.c.stage.in_(_UNCOMMITTED), ~findings.c.restricted)
_ALL_ENDED = ~_of_it(findings.c.stage.not_in([stage.value for stage in ENDINGS]))
_AWAITED = gatherings.c.stage == PlanStage.AWAITED.value


def plan_news(connection: Connection, now: datetime) -> tuple[PlanNews, ...]:
    """Give the open plans that are to be told something at an aware instant, by id."""
    due = gatherings.c.looks_at <= now
    open_plans = ~gatherings.c.ended & (gatherings.c.kind == Kind.PLAN.value) & _of_it()
    columns = (gatherings.c.id, gatherings.c.own, gatherings.c.stage)
    told = (_ALL_COMMITTED.label("committed"), _ALL_ENDED.label("over"), due.label("due"))
    query = select(*columns, *told).where(open_plans, or_(_AWAITED & _ALL_COMMITTED, _ALL_ENDED, due))
    rows = connection.execute(query.order_by(gatherings.c.id)).all()
    return tuple(
        PlanNews(
            gathering=GatheringId(row.id),
            plan=PlanId(row.own),
            stage=PlanStage(row.stage),
            all_committed=row.committed,
            all_ended=row.over,
            report_due=row.due,
            reports=_reports(connection, row.id),
        )
        for row in rows
    )


def _reports(connection: Connection, gathering: str) -> int:
    plan = case(connection, gathering)
    return plan.state.reports if plan is not None and isinstance(plan.state, Plan) else 0


def tally(connection: Connection, plan: PlanId, now: datetime) -> Tally:
    """Give what a plan's findings add up to at an aware instant, without those kept from the factory."""
    found = totals.totals(
        connection, "plan", now, visible=EVERYWHERE, restricted=NOWHERE, keys=(plan,), limit=1
    )
    if not found:
        return Tally(stages={})
    return Tally(stages=found[0].by_stage, overdue=found[0].overdue)
