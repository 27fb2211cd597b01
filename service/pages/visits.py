"""Verification visits: all of them, one with its checklist, and its report."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from notifications.wording import N_
from remediation.gatherings.gathering import Kind, own_id
from remediation.permissions import Action, reach
from remediation.refusals import AlreadyDone
from service.api.visits import BODIES, VisitId
from service.auth import Caller
from service.context import Context, Shared
from service.pages.acting_together import House, router_of
from service.pages.checklist import Wish, checklist
from service.pages.findings import READ
from service.pages.keys import new_key
from service.pages.offers import offers_of, stand_around
from service.pages.rendering import page, rendered
from service.pages.sent import sent as what_became
from service.pages.session import Viewer
from service.paper import printing
from service.paper.composing import about
from service.problems import not_found
from service.speaking import say
from service.visiting.showing import Shown, show
from storage import gatherings, programmes
from storage.database import reading
from storage.visits import visits

router = APIRouter(prefix="/visits", include_in_schema=False, max_body_size=0)

MOST_AHEAD, MOST_OVER = 100, 50
ON_THE_PAGE = frozenset({"begin_visit", "record_outcome", "end_visit"})
"""Verbs whose forms stand on the visit's own page, for where there is no link."""


def _called(factory: str) -> str:
    return say("Verification visit to %(factory)s", factory=factory)


forms = router_of(
    House(
        kind=Kind.VISIT,
        tab="visits",
        prefix="/visits",
        parameter="visit",
        bodies={verb: body for verb, body in BODIES.items() if verb != "record_outcome"},
        called=_called,
        back=N_("Back to the visit"),
        choices={},
        # A colleague may have begun it while this phone had no link: there is nothing to mend in that.
        so_already={"begin_visit": AlreadyDone.code},
    )
)


@router.api_route("", methods=READ)
def visits_page(context: Shared, viewer: Viewer) -> Response:
    """Show the visits that the viewer may see: those ahead and under way, and the latest that are over."""
    view = Action.VIEW_TIMELINE
    seen = reach(viewer.actor, view), reach(viewer.actor, view, restricted=True)
    with reading(context.database) as connection:
        ahead = visits(connection, *seen, over=False, limit=MOST_AHEAD)
        over = visits(connection, *seen, over=True, limit=MOST_OVER)
        names = programmes.names_within(connection, reach(viewer.actor, Action.VIEW_FACTORY))
    listed = [
        (say(title), sorted(found, key=lambda each: (each.on, each.id), reverse=latest))
        for title, found, latest in (
            (N_("Ahead and under way"), ahead, False),
            (N_("Over"), over, True),
        )
    ]
    return page(
        "visits.html",
        viewer=viewer.person,
        listed=listed,
        own=lambda visit: own_id(visit.id),
        names=names,
        plans=not reach(viewer.actor, Action.PLAN_VISIT).nowhere,
        now=context.clock(),
    )


@router.api_route("/{visit}", methods=READ)
def visit_page(
    context: Shared,
    viewer: Viewer,
    visit: VisitId,
    sent: Annotated[str | None, Query(max_length=100)] = None,
) -> Response:
    """Show one visit: its day, its checklist with a form for each outcome, and what else can be done."""
    now = context.clock()
    with reading(context.database) as connection:
        shown = show(connection, viewer, visit)
        lines = checklist(connection, viewer, shown, now)
        case = gatherings.case(connection, shown.row.gathering)
        assert case is not None  # noqa: S101 - it is shown
        offered = offers_of(stand_around(case, shown.row, viewer, now))
    every = (*((offered.first,) if offered.first else ()), *offered.others)
    return page(
        "visit.html",
        viewer=viewer.person,
        shown=shown,
        lines=lines,
        begins=next((new_key() for each in every if each.verb == "begin_visit"), ""),
        ends=next((new_key() for each in every if each.verb == "end_visit"), ""),
        others=[each for each in every if each.verb not in ON_THE_PAGE],
        sent=what_became(context.database, viewer, shown.row.gathering, sent),
        today=shown.visit.calendar.today(now),
        now=now,
    )


@router.api_route("/{visit}/report", methods=READ)
def report_page(context: Shared, viewer: Viewer, visit: VisitId) -> Response:
    """Show the report of a visit that has ended."""
    shown, lines = _report(context, viewer, visit)
    return page("visit_report.html", viewer=viewer.person, shown=shown, lines=lines)


@router.api_route("/{visit}/report/paper", methods=READ)
def report_on_paper(context: Shared, viewer: Viewer, visit: VisitId) -> Response:
    """Give the same as a PDF, in the reader's language."""
    shown, lines = _report(context, viewer, visit)
    if shown.factory is None:
        raise not_found("This factory")
    address = f"{context.settings.public_url}/visits/{quote(visit, safe='')}"
    said = about(viewer, shown.factory, address, context.clock())
    html = rendered("paper_visit.html", shown=shown, lines=lines, factory=shown.factory, **said)
    return printing.answer(printing.pdf(html), "mendwork-visit")


def _report(context: Context, viewer: Caller, visit: str) -> tuple[Shown, list[Wish]]:
    with reading(context.database) as connection:
        shown = show(connection, viewer, visit)
        if not shown.reported:
            raise not_found("This report")
        return shown, checklist(connection, viewer, shown, context.clock())
