"""A plan as a whole: filing it, and its progress reports, on paper as well."""

from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from remediation.gatherings.plan import Plan, plan_gathering
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Action, can
from remediation.words import PlanStage, Stage
from service.api.gatherings import FilePlan
from service.api.orders import carry_out
from service.auth import Caller
from service.context import Shared
from service.pages.findings import READ, tidied
from service.pages.form_data import data_of
from service.pages.keys import new_key, usable_key
from service.pages.rendering import page, rendered
from service.pages.session import Viewer
from service.paper import printing
from service.paper.composing import about
from service.plan_reports import Report, reports_of, standing_of
from service.problems import ProblemError, not_found
from service.receiving import Asked, thing_of_gathering, visible_gathering
from service.speaking import say
from storage import gatherings, programmes
from storage.commands import Refused
from storage.database import reading

router = APIRouter(prefix="/plans", include_in_schema=False, max_body_size=16 * 1024)

PlanId = Annotated[str, Path(max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a plan as a whole stands, for its page. `key` is there for who may file it now."""

    row: GatheringSummary
    state: Plan
    reports: tuple[Report, ...]
    key: str


def standing(connection: Connection, viewer: Caller, plan: str) -> Standing | None:
    """Give how a plan as a whole stands; None where it is older than gatherings."""
    row = gatherings.find(connection, plan_gathering(plan))
    if row is None:
        return None
    state = standing_of(connection, plan)
    may = can(viewer.actor, Action.FILE_PLAN, thing_of_gathering(row)) is not None
    key = new_key() if may and state.stage is PlanStage.AWAITED else ""
    return Standing(row=row, state=state, reports=reports_of(connection, plan), key=key)


@router.post("/{plan}/file")
async def file_plan(request: Request, context: Shared, viewer: Viewer, plan: PlanId) -> Response:
    """File a plan, and lead back to its page; or say why that cannot be."""
    async with request.form(max_files=0, max_fields=5) as form:
        key = usable_key(data_of(form)) or new_key()
    about = plan_gathering(plan)
    asked = Asked(caller=viewer, finding=about, verb="file_plan", body=FilePlan(), key=key)
    _, known = await carry_out(context, asked)
    if isinstance(known, Refused):
        raise ProblemError(409, known.code, say(known.detail))
    return RedirectResponse(f"/plans/{quote(plan, safe='')}#standing", status_code=303)


Number = Annotated[int, Path(ge=1, le=9999)]


@router.api_route("/{plan}/reports/{number}", methods=READ, dependencies=[Depends(tidied)])
def report_page(context: Shared, viewer: Viewer, plan: PlanId, number: Number) -> Response:
    """Show one progress report, or the closing summary."""
    with reading(context.database) as connection:
        shown = _report(connection, viewer, plan, number)
    return page("plan_report.html", viewer=viewer.person, **shown)


@router.api_route("/{plan}/reports/{number}/paper", methods=READ)
def report_on_paper(context: Shared, viewer: Viewer, plan: PlanId, number: Number) -> Response:
    """Give the same as a PDF, in the reader's language."""
    with reading(context.database) as connection:
        shown = _report(connection, viewer, plan, number)
    address = f"{context.settings.public_url}/plans/{quote(plan, safe='')}"
    said = about(viewer, shown["factory"], address, context.clock())
    return printing.answer(printing.pdf(rendered("paper_report.html", **shown, **said)), "mendwork-report")


def _report(connection: Connection, viewer: Caller, plan: str, number: int) -> dict[str, Any]:
    """Give what a report's templates show. Raises the problem 404."""
    row = visible_gathering(connection, viewer, plan_gathering(plan))
    told = {each.number: each for each in reports_of(connection, plan)}
    if number not in told:
        raise not_found("This report")
    found, before = told[number], told.get(number - 1)
    counted = (found, before) if before else (found,)
    return {
        "plan": plan,
        "factory": programmes.factory(connection, row.factory),
        "report": found,
        "before": before,
        "stages": [each for each in Stage if any(one.tally.stages.get(each) for one in counted)],
    }
