"""The form of one outcome on a visit: filled in, recorded, and kept as a comment where it cannot be."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from remediation.gatherings.visit.agenda import visit_gathering
from remediation.permissions import Action
from remediation.words import FindingId
from service import commenting
from service.api.visits import RecordOutcome, VisitId, give
from service.auth import Caller, permit
from service.commenting import Said
from service.context import Context, Shared
from service.dossier import open_dossier
from service.pages.checklist import Wish, as_comment, filled_in, line_of, typed
from service.pages.comments import unfit
from service.pages.evidence import MOST_FILES, MOST_TOGETHER, Sending, chosen, take_in_all
from service.pages.findings import READ
from service.pages.form_data import Data, data_of
from service.pages.keys import usable_key
from service.pages.rendering import page
from service.pages.session import FINDINGS, Viewer
from service.pages.troubles import AGAIN, Trouble, of_files, of_problem, of_refusal
from service.problems import FieldProblem, ProblemError, validation_problem
from service.receiving import Asked, thing_of_gathering
from service.visiting.showing import Shown, show
from storage.commands import Refused
from storage.database import reading

router = APIRouter(prefix="/visits/{visit}/outcomes/{finding}", include_in_schema=False, max_body_size=0)

MOST_FIELDS = 200
PLACES = frozenset({"verdict", "modality", "actions", "files", "evidence", "note"})
"""Parts of the form that what is wrong can be said at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """Somebody fills in the form of one outcome: who, on which visit, of which finding, and what is typed."""

    context: Context
    viewer: Caller
    visit: str
    finding: str
    data: Data = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The form's key; empty where there is none that can be used."""
        return usable_key(self.data)

    def opened(self, connection: Connection) -> Shown:
        """Give the visit. Raises the problems 403, and 404 where it does not look at the finding."""
        shown = show(connection, self.viewer, self.visit)
        thing = thing_of_gathering(shown.row)
        permit(self.viewer, Action.RECORD_OUTCOME, thing, seen_by=Action.VIEW_TIMELINE)
        line_of(shown, self.finding)
        return shown

    def line(self, connection: Connection, shown: Shown) -> Wish:
        """Give the line of the checklist with the form as it was filled in."""
        dossier = open_dossier(connection, self.viewer, self.finding, self.context.clock())
        return filled_in(dossier, shown, self.data)


def _filling(
    context: Shared, viewer: Viewer, visit: VisitId, finding: Annotated[str, Path(max_length=100)]
) -> Filling:
    return Filling(context=context, viewer=viewer, visit=visit, finding=finding)


AtTheForm = Annotated[Filling, Depends(_filling)]


@router.api_route("", methods=READ)
def outcome_form(filling: AtTheForm) -> Response:
    """Show the form of one outcome by itself."""
    return _form(filling)


@router.post("", max_body_size=MOST_TOGETHER)
async def send_outcome(request: Request, filling: AtTheForm) -> Response:
    """Record an outcome, with the photos that came along, and lead back to the checklist."""
    filled, trouble = await _read(request, filling)
    if trouble is not None or not filled.key:
        return await run_in_threadpool(_form, filled, trouble)
    recorded = await _recorded(filled)
    if isinstance(recorded, Trouble):
        return await run_in_threadpool(_form, filled, recorded)
    there = f"/visits/{quote(filled.visit, safe='')}?sent={recorded}"
    return RedirectResponse(there, status_code=303)


@router.post("/comment", max_body_size=MOST_TOGETHER)
async def keep_as_comment(request: Request, filling: AtTheForm) -> Response:
    """Keep what was written as a comment on the finding, its photos as evidence, and lead to it."""
    filled, trouble = await _read(request, filling)
    if trouble is not None or not filled.key:
        return await run_in_threadpool(_form, filled, trouble)
    return await run_in_threadpool(_kept, filled)


async def _read(request: Request, filling: Filling) -> tuple[Filling, Trouble | None]:
    """Give the form as it was filled in, its files kept and ticked; and what is wrong with some of them."""
    async with request.form(max_files=MOST_FILES * 2, max_fields=MOST_FIELDS) as form:
        filled, files = replace(filling, data=data_of(form)), chosen(form)
        return await run_in_threadpool(_with_files, filled, files)


def _with_files(filled: Filling, files: Sequence[UploadFile]) -> tuple[Filling, Trouble | None]:
    """Keep the photos and documents that came along, and tick them: none is lost if the form comes back."""
    if not files or not filled.key:
        return filled, None
    with reading(filled.context.database) as connection:
        filled.opened(connection)
    sending = Sending(viewer=filled.viewer, finding=filled.finding, data={}, files=files)
    taken, wrong = take_in_all(filled.context, sending, filled.key)
    ticked = dict.fromkeys((*filled.data.get("files", ()), *(each.id for each in taken)))
    kept = replace(filled, data={**filled.data, "files": list(ticked)})
    return kept, of_files(tuple(wrong)) if wrong else None


async def _recorded(filled: Filling) -> Trouble | str:
    """Give the command's id, or why it was not taken."""
    try:
        body = RecordOutcome.model_validate(typed(filled.data) | {"finding": FindingId(filled.finding)})
    except ValidationError as error:
        located = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return of_problem(validation_problem(located))
    asked = Asked(
        caller=filled.viewer,
        finding=visit_gathering(filled.visit),
        verb="record_outcome",
        body=body,
        key=filled.key,
    )
    try:
        command, known = await give(filled.context, asked)
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        return of_problem(error)
    return of_refusal(known) if isinstance(known, Refused) else command.id


def _kept(filled: Filling) -> Response:
    with reading(filled.context.database) as connection:
        text = as_comment(filled.line(connection, filled.opened(connection)))
    if wrong := unfit(text):
        return _form(filled, Trouble(status=422, detail=wrong))
    said = Said(caller=filled.viewer, finding=filled.finding, key=filled.key, text=text)
    try:
        comment, _ = commenting.write(filled.context, said)
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        return _form(filled, of_problem(error))
    there = f"{FINDINGS}/{quote(filled.finding, safe='')}#comment-{comment.id}"
    return RedirectResponse(there, status_code=303)


def _form(filled: Filling, trouble: Trouble | None = None) -> Response:
    with reading(filled.context.database) as connection:
        shown = filled.opened(connection)
        line = filled.line(connection, shown)
    return page(
        "visit_outcome.html",
        status=trouble.status if trouble else 200,
        viewer=filled.viewer.person,
        shown=shown,
        line=line,
        trouble=trouble,
        why=trouble.why if trouble else "",
        placed=_placed(trouble) if trouble else (),
        now=filled.context.clock(),
    )


def _placed(trouble: Trouble) -> tuple[FieldProblem, ...]:
    """Give what is wrong at the parts of the form; what belongs to none of them is said above it alone."""
    parts = ((re.split(r"[\[.]", each.field)[0], each.message) for each in trouble.errors)
    return tuple(FieldProblem(field=part if part in PLACES else "", message=said) for part, said in parts)
