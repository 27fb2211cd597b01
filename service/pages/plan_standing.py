"""A plan as a whole: filing it, and its progress reports, on paper as well."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.gatherings.gathering import Kind
from remediation.gatherings.plan import Plan, plan_gathering
from remediation.gatherings.summary import GatheringSummary
from remediation.words import Stage
from service.api.gatherings import BODIES
from service.api.shapes import TimelineEntry
from service.auth import Caller
from service.context import Shared
from service.gathering_story import story_of
from service.pages.acting_together import House, router_of
from service.pages.findings import READ, tidied
from service.pages.offers import Offers, offers_of, stand_around
from service.pages.rendering import page, rendered
from service.pages.session import Viewer
from service.paper import printing
from service.paper.composing import about
from service.plan_reports import Report, reports_of
from service.problems import not_found
from service.receiving import visible_gathering
from service.speaking import say
from storage import gatherings, programmes
from storage.database import reading

router = APIRouter(prefix="/plans", include_in_schema=False, max_body_size=16 * 1024)

PlanId = Annotated[str, Path(max_length=100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a plan as a whole stands, for its page, and what the viewer may do about it now."""

    row: GatheringSummary
    state: Plan
    reports: tuple[Report, ...]
    offers: Offers
    story: tuple[TimelineEntry, ...]
    """What has happened, the latest first, as far as the viewer may know it."""


def standing(connection: Connection, viewer: Caller, plan: str, now: datetime) -> Standing | None:
    """Give how a plan as a whole stands at an aware instant; None where it is older than gatherings."""
    about = plan_gathering(plan)
    row, case = gatherings.find(connection, about), gatherings.case(connection, about)
    if row is None or case is None or not isinstance(case.state, Plan):
        return None
    return Standing(
        row=row,
        state=case.state,
        reports=reports_of(connection, plan),
        offers=offers_of(stand_around(case, row, viewer, now)),
        story=story_of(connection, viewer, row).told[::-1],
    )


def _called(factory: str) -> str:
    return say("Improvement plan of %(factory)s", factory=factory)


PLANS = House(
    kind=Kind.PLAN,
    tab="plans",
    prefix="/plans",
    parameter="plan",
    bodies=BODIES,
    called=_called,
    back=N_("Back to the plan"),
    choices={},
)
forms = router_of(PLANS)


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
