"""Improvement plans as gatherings: how one stands, its progress reports, and the commands it takes."""

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import AwareDatetime, BaseModel, Field

from remediation.gatherings.plan import plan_gathering
from remediation.permissions import Action, can
from remediation.words import PlanStage, Stage
from service.api.bodies import Acknowledge, Body, DecideConsequence, Snooze
from service.api.orders import Subject, add_verb
from service.api.values import Day
from service.auth import SignedIn
from service.context import Shared
from service.plan_reports import Report, reports_of, standing_of
from service.problems import documented
from service.receiving import thing_of_gathering, visible_gathering
from storage.database import reading

router = APIRouter(prefix="/api/v1/plans/{plan}", tags=["plans"], max_body_size=256 * 1024)

Plan = Annotated[str, Path(description="The plan's id.", max_length=100)]


class FilePlan(Body):
    """File the improvement plan as it stands: it is then no longer owed as a whole."""


class ReportShape(BaseModel):
    """A progress report: its number, its local day, and what the plan's findings added up to."""

    number: int
    on: Day
    findings: int
    completed: int
    overdue: int
    by_stage: dict[Stage, int]


class PlanStanding(BaseModel):
    """Where a plan as a whole stands: by when it is due, how far its lateness climbed, and its reports."""

    plan: str
    stage: PlanStage
    version: int
    file_by: AwareDatetime = Field(description="It is late from this instant on, unless it is filed.")
    filed_at: AwareDatetime | None
    completed_at: AwareDatetime | None
    level: int
    next_report: Day | None
    reports: list[ReportShape]


BODIES: dict[str, type[Body]] = {
    "file_plan": FilePlan,
    "acknowledge": Acknowledge,
    "snooze": Snooze,
    "decide_consequence": DecideConsequence,
}
"""What people can ask of a plan, and the body it takes."""


@router.get("/standing", summary="Where a plan stands", responses=documented(404))
def plan_standing(context: Shared, caller: SignedIn, plan: Plan) -> PlanStanding:
    """Give where a plan as a whole stands, and its progress reports."""
    with reading(context.database) as connection:
        row = visible_gathering(connection, caller, plan_gathering(plan))
        state = standing_of(connection, plan)
        told = reports_of(connection, plan)
    ahead = can(caller.actor, Action.VIEW_DEADLINES, thing_of_gathering(row)) is not None
    return PlanStanding(
        plan=plan,
        stage=state.stage,
        version=row.seq,
        file_by=state.file_by,
        filed_at=state.filed_at,
        completed_at=state.completed_at,
        level=row.level,
        next_report=state.report_on if ahead and not state.ended else None,
        reports=[_shape(each) for each in told],
    )


def _shape(report: Report) -> ReportShape:
    tally = report.tally
    return ReportShape(
        number=report.number,
        on=report.on,
        findings=tally.findings,
        completed=tally.ended,
        overdue=tally.overdue,
        by_stage=tally.stages,
    )


_PLAN = Subject(word="plan", subject=plan_gathering)
for _verb, _body in BODIES.items():
    _own = _verb == "file_plan"  # the others are verbs of findings, too
    add_verb(
        router,
        "",
        _PLAN,
        _verb,
        _body,
        summary="File a plan" if _own else f"{_verb.replace('_', ' ').capitalize()}: a plan",
        name=_verb if _own else f"{_verb}_plan",
    )
