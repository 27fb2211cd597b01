"""Verification visits: all of them, one with its checklist, and the form of each outcome on it."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from notifications.wording import N_
from remediation.gatherings.gathering import Kind, own_id
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.permissions import Action, reach
from remediation.words import FindingId
from service.api.visits import BODIES, RecordOutcome, give
from service.auth import Caller, permit
from service.context import Context, Shared
from service.pages.acting_together import House, router_of
from service.pages.checklist import Wish, checklist, line_of, typed
from service.pages.evidence import MOST_FILES, MOST_TOGETHER, Sending, chosen, take_in_all
from service.pages.findings import READ
from service.pages.form_data import data_of
from service.pages.keys import new_key, usable_key
from service.pages.offers import offers_of, stand_around
from service.pages.rendering import page, rendered
from service.pages.sent import sent as what_became
from service.pages.session import Viewer
from service.pages.troubles import AGAIN, Trouble, of_files, of_problem, of_refusal
from service.paper import printing
from service.paper.composing import about
from service.problems import FieldProblem, ProblemError, not_found, validation_problem
from service.receiving import Asked, thing_of_gathering
from service.speaking import say
from service.visiting.showing import Shown, show
from storage import gatherings, programmes
from storage.commands import Refused
from storage.database import reading
from storage.visits import visits

router = APIRouter(prefix="/visits", include_in_schema=False, max_body_size=16 * 1024)

VisitId = Annotated[str, Path(max_length=100)]
Finding = Annotated[str, Path(max_length=100)]
MOST_AHEAD, MOST_OVER = 100, 50
MOST_FIELDS = 200
ON_THE_PAGE = frozenset({"begin_visit", "record_outcome", "end_visit"})
"""Verbs whose forms stand on the visit's own page, for where there is no link."""


def _called(factory: str) -> str:
    return say("Verification visit to %(factory)s", factory=factory)


forms = router_of(
    House(
        kind=Kind.VISIT,
        prefix="/visits",
        parameter="visit",
        bodies={verb: body for verb, body in BODIES.items() if verb != "record_outcome"},
        called=_called,
        back=N_("Back to the visit"),
        choices={},
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


@router.api_route("/{visit}/outcomes/{finding}", methods=READ)
def outcome_form(context: Shared, viewer: Viewer, visit: VisitId, finding: Finding) -> Response:
    """Show the form of one outcome by itself."""
    return _form(context, viewer, visit, finding, {})


@router.post("/{visit}/outcomes/{finding}", max_body_size=MOST_TOGETHER)
async def send_outcome(
    request: Request, context: Shared, viewer: Viewer, visit: VisitId, finding: Finding
) -> Response:
    """Record an outcome, with the photos that came along, and lead back to the checklist."""
    async with request.form(max_files=MOST_FILES * 2, max_fields=MOST_FIELDS) as form:
        data, files = data_of(form), chosen(form)
        kept, wrong = await run_in_threadpool(_with_files, context, viewer, visit, finding, data, files)
    key = usable_key(data)
    if wrong or not key:
        trouble = of_files(wrong) if wrong else None
        return await run_in_threadpool(_form, context, viewer, visit, finding, kept, trouble)
    trouble, command = await _recorded(context, viewer, visit, finding, kept, key)
    if trouble is not None:
        return await run_in_threadpool(_form, context, viewer, visit, finding, kept, trouble)
    return RedirectResponse(f"/visits/{quote(visit, safe='')}?sent={command}", status_code=303)


Data = dict[str, list[str]]


def _with_files(  # noqa: PLR0913 - what a request carries
    context: Context, viewer: Caller, visit: str, finding: str, data: object, files: list[UploadFile]
) -> tuple[Data, tuple[FieldProblem, ...]]:
    """Keep the photos and documents that came along, and tick them: none is lost if the form comes back."""
    given: Data = {name: list(values) for name, values in data.items()}  # type: ignore[attr-defined]
    key = usable_key(given)
    if not files or not key:
        return given, ()
    with reading(context.database) as connection:
        shown = show(connection, viewer, visit)
        permit(viewer, Action.RECORD_OUTCOME, thing_of_gathering(shown.row), seen_by=Action.VIEW_TIMELINE)
        line_of(shown, finding)
    taken, wrong = take_in_all(context, Sending(viewer=viewer, finding=finding, data={}, files=files), key)
    ticked = dict.fromkeys((*given.get("files", ()), *(each.id for each in taken)))
    return {**given, "files": list(ticked)}, tuple(wrong)


async def _recorded(  # noqa: PLR0913 - what a request carries
    context: Context, viewer: Caller, visit: str, finding: str, data: Data, key: str
) -> tuple[Trouble | None, str]:
    """Give the command; give why it was not taken, or its id."""
    try:
        body = RecordOutcome.model_validate(typed(data) | {"finding": FindingId(finding)})
    except ValidationError as error:
        located = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return of_problem(validation_problem(located)), ""
    about_it = visit_gathering(visit)
    asked = Asked(caller=viewer, finding=about_it, verb="record_outcome", body=body, key=key)
    try:
        command, known = await give(context, asked)
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        return of_problem(error), ""
    return (of_refusal(known), "") if isinstance(known, Refused) else (None, command.id)


def _form(  # noqa: PLR0913 - what a form is made of
    context: Context,
    viewer: Caller,
    visit: str,
    finding: str,
    data: Data,
    trouble: Trouble | None = None,
) -> Response:
    now = context.clock()
    with reading(context.database) as connection:
        shown = show(connection, viewer, visit)
        permit(viewer, Action.RECORD_OUTCOME, thing_of_gathering(shown.row), seen_by=Action.VIEW_TIMELINE)
        line_of(shown, finding)
        (line,) = checklist(connection, viewer, shown, now, only=finding, data=data)
    return page(
        "visit_outcome.html",
        status=trouble.status if trouble else 200,
        viewer=viewer.person,
        shown=shown,
        line=line,
        trouble=trouble,
        placed=trouble.errors if trouble else (),
        now=now,
    )
