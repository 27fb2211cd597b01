"""Photos and documents of a finding in the browser: handing them in, looking at them, taking them back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from remediation.permissions import Action
from service.api.evidence import MOST_WORDS, Piece
from service.api.findings import Finding
from service.auth import Caller, permit
from service.context import Context, Shared
from service.dossier import open_dossier, wording
from service.evidence.seeing import one
from service.evidence.serving import content_of, thumb_of
from service.evidence.taking_in import MEGABYTE, MOST_FILE, HandedIn, take_in
from service.evidence.twins import twins
from service.evidence.withdrawing import withdraw
from service.pages.form_data import Data, data_of, first
from service.pages.gallery import gallery
from service.pages.keys import new_key, usable_key
from service.pages.rendering import page
from service.pages.session import FINDINGS, Viewer
from service.problems import FieldProblem, ProblemError
from service.receiving import thing_of
from service.showing import shape
from service.speaking import say
from storage.database import reading
from storage.evidence import Evidence

READ = ["GET", "HEAD"]
MOST_FILES = 10
MOST_TOGETHER = 60 * MEGABYTE
FILES = ("camera", "new")
"""Fields of forms: one opens the camera, the other what is on the phone or computer."""

router = APIRouter(prefix=FINDINGS, include_in_schema=False, max_body_size=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """What somebody sends: the form's words, and its files."""

    viewer: Caller
    finding: str
    data: Data
    files: Sequence[UploadFile]


@router.api_route("/{finding}/evidence", methods=READ)
def show_evidence(context: Shared, viewer: Viewer, finding: Finding) -> Response:
    """Show the photos and documents of a finding, and the form that hands in more."""
    return _page(context, Sending(viewer=viewer, finding=finding, data={}, files=()))


@router.post("/{finding}/evidence", max_body_size=MOST_TOGETHER)
async def send_evidence(request: Request, context: Shared, viewer: Viewer, finding: Finding) -> Response:
    """Keep the photos and documents that were sent, and lead to them; or show the form again."""
    async with request.form(max_files=MOST_FILES * 2, max_fields=20) as form:
        sending = Sending(viewer=viewer, finding=finding, data=data_of(form), files=chosen(form))
        return await run_in_threadpool(_sent, context, sending)


def chosen(form: FormData, names: Sequence[str] = FILES) -> list[UploadFile]:
    """Give the files that were chosen in a form. Browsers send an empty one where none was."""
    files = (each for name in names for each in form.getlist(name) if isinstance(each, UploadFile))
    return [each for each in files if each.filename or each.size]


def _sent(context: Context, sending: Sending) -> Response:
    key = usable_key(sending.data)
    if not sending.files or not key:
        trouble = FieldProblem(field="files", message=say("Choose a photo or document, or take a photo."))
        return _page(context, sending, (trouble,), status=422)
    taken, troubles = take_in_all(context, sending, key)
    if troubles:
        return _page(context, sending, tuple(troubles), kept=taken, status=422)
    there = urlencode([("kept", each.id) for each in taken])
    return RedirectResponse(f"{FINDINGS}/{sending.finding}?{there}#evidence", status_code=303)


def take_in_all(context: Context, sending: Sending, key: str) -> tuple[list[Evidence], list[FieldProblem]]:
    """Keep what can be kept of the files that were sent, and tell what is wrong with the others.

    Each file has a key of its own that follows from the form's, so that a second click keeps nothing twice.
    Raises the problems 403, 404 and 503.
    """
    taken: list[Evidence] = []
    troubles: list[FieldProblem] = []
    if len(sending.files) > MOST_FILES:
        message = say("Send at most %(most)s at a time. The first %(most)s are kept.", most=MOST_FILES)
        troubles.append(FieldProblem(field="files", message=message))
    for number, given in zip(range(1, MOST_FILES + 1), _each(sending, key), strict=False):
        try:
            taken.append(take_in(context, given)[0])
        except ProblemError as error:
            if error.problem.status not in {409, 413, 422}:
                raise
            troubles += _named(error, number, len(sending.files))
    return taken, troubles


def _each(sending: Sending, key: str) -> Iterator[HandedIn]:
    for number, file in zip(count(1), sending.files, strict=False):
        yield HandedIn(
            caller=sending.viewer,
            finding=sending.finding,
            key=f"{key}.{number}",
            file=file.file,
            size=file.size or 0,
            shows=first(sending.data, "shows").strip()[:MOST_WORDS],
            action=first(sending.data, "about_action") or None,
            before=first(sending.data, "before") or None,
            confidential=bool(first(sending.data, "confidential")),
        )


def _named(error: ProblemError, number: int, of: int) -> Iterator[FieldProblem]:
    wrong = error.problem.errors or [FieldProblem(field="file", message=error.problem.detail)]
    for each in wrong:
        field = "files" if each.field == "file" else each.field
        which = say("File %(number)s: %(wrong)s", number=number, wrong=each.message)
        yield FieldProblem(field=field, message=which if of > 1 else each.message)


def _page(
    context: Context,
    sending: Sending,
    troubles: tuple[FieldProblem, ...] = (),
    *,
    kept: Sequence[Evidence] = (),
    status: int = 200,
) -> Response:
    with reading(context.database) as connection:
        dossier = open_dossier(connection, sending.viewer, sending.finding, context.clock())
        permit(sending.viewer, Action.VIEW_EVIDENCE, thing_of(dossier.listed))
        known = twins(connection, sending.viewer, dossier)
    return page(
        "evidence.html",
        status=status,
        viewer=sending.viewer.person,
        finding=shape(dossier),
        gallery=gallery(dossier, known),
        troubles=troubles,
        kept=[each.id for each in kept],
        may_add=dossier.sight.may(Action.ADD_EVIDENCE),
        staff=dossier.sight.staff,
        actions=wording(dossier.plan),
        typed={
            name: first(sending.data, name) for name in ("shows", "about_action", "before", "confidential")
        },
        key=new_key(),
        most=MOST_FILES,
        most_mb=MOST_FILE // MEGABYTE,
    )


@router.api_route("/{finding}/evidence/{piece}", methods=READ)
def show_file(request: Request, context: Shared, viewer: Viewer, finding: Finding, piece: Piece) -> Response:
    """Give a photo to look at, or a document to download."""
    with reading(context.database) as connection:
        found = one(connection, viewer, finding, piece)
    return content_of(context, request, found)


@router.api_route("/{finding}/evidence/{piece}/thumb", methods=READ)
def show_thumb(request: Request, context: Shared, viewer: Viewer, finding: Finding, piece: Piece) -> Response:
    """Give a small picture of a photo."""
    with reading(context.database) as connection:
        found = one(connection, viewer, finding, piece)
    return thumb_of(context, request, found)


@router.post("/{finding}/evidence/{piece}/withdraw")
def take_back(context: Shared, viewer: Viewer, finding: Finding, piece: Piece) -> Response:
    """Take back a photo or document that no report names yet."""
    withdraw(context, viewer, finding, piece)
    return RedirectResponse(f"{FINDINGS}/{finding}/evidence", status_code=303)
