"""Pages that look ahead: what would come of a finding, or of a plan, if nobody acts or everybody does."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import nsmallest
from operator import attrgetter
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response
from sqlalchemy import Connection

from notifications.wording import N_
from remediation.permissions import Action, Thing, can, reach
from remediation.simulation import Assumptions, Row, Start, Told, periods, tally
from remediation.words import ALARM_DUTIES
from service.api.findings import Finding
from service.asked import at_a_glance
from service.auth import Caller, permit
from service.context import Context, Shared
from service.pages.rendering import page
from service.pages.session import Viewer
from service.problems import not_found
from service.receiving import thing_of, visible_finding
from service.simulation import Narrowed, NothingToSimulate, live
from service.speaking import say
from storage import totals
from storage.database import reading

router = APIRouter(include_in_schema=False, max_body_size=0)

READ = ["GET", "HEAD"]
MONTH = timedelta(days=30.4375)
MONTHS = (3, 6, 12)
MOST_FINDINGS = 60
"""So many are run ahead while somebody waits for the page; `mendwork simulate` takes any number."""
MOST_LISTED = 40


class Who(StrEnum):
    """Who does nothing, as it is asked in an address."""

    NOBODY = "nobody"
    COMMITTEE = "committee"
    FACTORY = "factory"
    EVERYBODY = "everybody"


ASSUMED = {
    Who.NOBODY: Assumptions(nobody_signs=True, nobody_reports=True),
    Who.COMMITTEE: Assumptions(nobody_signs=True),
    Who.FACTORY: Assumptions(nobody_reports=True),
    Who.EVERYBODY: Assumptions(),
}
WORDS = {
    Who.NOBODY: N_("nobody at the factory acts"),
    Who.COMMITTEE: N_("the committee stays silent"),
    Who.FACTORY: N_("the factory shows neither progress nor a fix"),
    Who.EVERYBODY: N_("everybody does what they owe on its last day"),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What is assumed, and for how many months."""

    who: Annotated[Who, Query()] = Who.NOBODY
    months: Annotated[int, Query(ge=1, le=12)] = 6


Ask = Annotated[Asked, Depends(at_a_glance(Asked))]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What would come of it, counted, and the first of the letters."""

    findings: int
    left_out: int
    letters: int
    first: Sequence[Told]
    rows: Sequence[Row]
    highest: int

    @property
    def months(self) -> list[tuple[date, int, int]]:
        """Each month with its letters, and their share of the fullest month in percent."""
        numbers = periods(self.rows)
        most = max(numbers.values(), default=1)
        return [(period, number, max(1, number * 100 // most)) for period, number in numbers.items()]


@router.api_route("/findings/{finding}/ahead", methods=READ)
def finding_ahead(context: Shared, viewer: Viewer, finding: Finding, asked: Ask) -> Response:
    """Show what would come of one finding."""
    with reading(context.database) as connection:
        listed = visible_finding(connection, viewer, finding)
        thing = thing_of(listed)
        permit(viewer, Action.VIEW_DEADLINES, thing)
        starts = _starts(connection, Narrowed(finding=finding))
    prospect = _prospect(context, starts, viewer, thing, asked)
    name = listed.question_text if can(viewer.actor, Action.VIEW_TEXTS, thing) else ""
    back = (f"/findings/{finding}", say("The finding"))
    return _page(viewer, asked, prospect, title=name or listed.summary.point, back=back)


@router.api_route("/plans/{plan}/ahead", methods=READ)
def plan_ahead(
    context: Shared, viewer: Viewer, plan: Annotated[str, Path(max_length=100)], asked: Ask
) -> Response:
    """Show what would come of an improvement plan."""
    now = context.clock()
    with reading(context.database) as connection:
        thing = _thing_of_plan(connection, viewer, plan, now)
        starts = _starts(connection, Narrowed(plan=plan))
    prospect = _prospect(context, starts, viewer, thing, asked)
    back = (f"/findings?plan={plan}", say("Findings of the plan"))
    return _page(viewer, asked, prospect, title=say("Improvement plan %(plan)s", plan=plan), back=back)


def _thing_of_plan(connection: Connection, viewer: Caller, plan: str, now: datetime) -> Thing:
    """Give a plan as permissions know it. Raises the problems 403 and 404."""
    visible, restricted = (
        reach(viewer.actor, Action.VIEW_FINDING, restricted=each) for each in (False, True)
    )
    found = totals.totals(connection, "plan", now, visible=visible, restricted=restricted, keys=(plan,))
    if not found:
        raise not_found("This plan")
    thing = Thing(found[0].programme, found[0].factory)
    permit(viewer, Action.VIEW_DEADLINES, thing, what="This plan")
    return thing


def _starts(connection: Connection, narrowed: Narrowed) -> tuple[Start, ...]:
    try:
        return live(connection, narrowed)
    except NothingToSimulate:
        return ()


def _prospect(
    context: Context, starts: Sequence[Start], viewer: Caller, thing: Thing, asked: Asked
) -> Prospect:
    seen = [each for each in starts if _sees(viewer, thing, each)]
    run = sorted(seen, key=lambda each: (each.finding.commit_by, each.finding.id))[:MOST_FINDINGS]
    every = context.prospects.told(run, ASSUMED[asked.who], context.clock(), asked.months * MONTH)
    staff = can(viewer.actor, Action.VIEW_STAFF_MATTERS, thing) is not None
    told = _known(every, staff=staff)
    rows = tally(told)
    return Prospect(
        findings=len(run),
        left_out=len(seen) - len(run),
        letters=len(told),
        # Thousands lie ahead of a plan: only those that are shown are put in order.
        first=nsmallest(MOST_LISTED, told, key=attrgetter("at", "finding")),
        rows=rows,
        highest=max((row.level for row in rows), default=0),
    )


def _sees(viewer: Caller, thing: Thing, start: Start) -> bool:
    its = Thing(thing.programme, thing.factory, start.finding.restricted)
    return can(viewer.actor, Action.VIEW_DEADLINES, its) is not None


def _known(every: Sequence[Told], *, staff: bool) -> Sequence[Told]:
    """Give the letters without those about what the factory is not told, except to staff."""
    return every if staff else [each for each in every if each.duty not in ALARM_DUTIES]


def _page(viewer: Caller, asked: Asked, prospect: Prospect, *, title: str, back: tuple[str, str]) -> Response:
    return page(
        "ahead.html",
        viewer=viewer.person,
        asked=asked,
        words=WORDS,
        spans=MONTHS,
        prospect=prospect,
        title=title,
        back=back,
    )
