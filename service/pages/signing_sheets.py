"""Signing sheets of a meeting: made, printed, entered with a photo once they are signed, and witnessed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.state import Meeting
from service.api.evidence import Piece
from service.api.meeting_bodies import BODIES
from service.api.meetings import visible_meeting
from service.api.orders import carry_out
from service.auth import Caller
from service.context import Context, Shared
from service.evidence.seeing import one_of_meeting
from service.evidence.serving import content_of, thumb_of
from service.pages.evidence import MOST_FILES, MOST_TOGETHER, Sending, chosen, take_in_all
from service.pages.findings import READ
from service.pages.form_data import Data, data_of, first
from service.pages.keys import new_key, usable_key
from service.pages.meetings import MOST_FIELDS, Sent, in_a_sentence, meeting_again, valid
from service.pages.rendering import page
from service.pages.session import Viewer
from service.pages.sheet_form import read, rows
from service.pages.sheet_shown import names_of, sheet_of, sheet_shown
from service.pages.troubles import AGAIN
from service.paper import printing
from service.paper.sheet import sheet_paper
from service.problems import FieldProblem, ProblemError
from service.receiving import Asked
from service.speaking import say
from storage.commands import Refused
from storage.database import reading

router = APIRouter(include_in_schema=False, max_body_size=256 * 1024)

MeetingId = Annotated[str, Path(max_length=100)]
Number = Annotated[int, Path(ge=1, le=1000)]
Problems = Sequence[FieldProblem]


@router.api_route("/meetings/{meeting}/sheets/{number}", methods=READ)
def sheet_page(context: Shared, viewer: Viewer, meeting: MeetingId, number: Number) -> Response:
    """Show a signing sheet: to this its printed code leads."""
    return _page(context, viewer, meeting, number, {})


def _page(  # noqa: PLR0913 - what a page is shown for
    context: Context,
    viewer: Caller,
    own: str,
    number: int,
    data: Data,
    problems: Problems = (),
    status: int = 200,
) -> Response:
    with reading(context.database) as connection:
        shown = sheet_shown(connection, viewer, own, number, data, context.clock())
    return page(
        "signing_sheet.html",
        status=status,
        viewer=viewer.person,
        problems=problems,
        wrong={each.field: each.message for each in problems},
        reason=first(data, "reason"),
        key=new_key,
        most=MOST_FILES,
        **shown,
    )


@router.api_route("/meetings/{meeting}/sheets/{number}/paper", methods=READ)
def sheet_on_paper(context: Shared, viewer: Viewer, meeting: MeetingId, number: Number) -> Response:
    """Give a signing sheet as a PDF. Nothing changes by it: it can be printed again."""
    with reading(context.database) as connection:
        html = sheet_paper(connection, viewer, meeting, number, context.settings.public_url, context.clock())
    return printing.answer(printing.pdf(html), f"mendwork-sheet-{number}")


@router.api_route("/meetings/{meeting}/evidence/{piece}", methods=READ)
def photo_of_sheet(  # noqa: PLR0913 - what a request carries
    request: Request,
    context: Shared,
    viewer: Viewer,
    meeting: MeetingId,
    piece: Piece,
    small: Annotated[str, Query(max_length=1)] = "",
) -> Response:
    """Give a photo of a signed sheet, or a small picture, to who handed it in and to who may witness it."""
    with reading(context.database) as connection:
        found = one_of_meeting(connection, viewer, meeting, piece)
    return (thumb_of if small else content_of)(context, request, found)


def _at(own: str, number: int) -> str:
    return f"/meetings/{quote(own, safe='')}/sheets/{number}"


def _lead(verb: str) -> Callable[..., Any]:
    def lead(context: Shared, viewer: Viewer, meeting: MeetingId) -> Response:
        with reading(context.database) as connection:
            _, state = visible_meeting(connection, viewer, meeting)
        number = next((each.sheet for each in state.to_witness), len(state.sheets))
        there = _at(meeting, number) if number and verb != "print_sheet" else ""
        at = there or f"/meetings/{quote(meeting, safe='')}#signing-sheets"
        return RedirectResponse(at, status_code=303)

    return lead


for _verb in ("print_sheet", "record_paper", "witness_paper", "decline_paper"):
    router.api_route(f"/meetings/{{meeting}}/{_verb.replace('_', '-')}", methods=READ)(_lead(_verb))


@router.post("/meetings/{meeting}/print-sheet")
async def make_sheet(request: Request, context: Shared, viewer: Viewer, meeting: MeetingId) -> Response:
    """Make a sheet of what lies on the table, and lead to it; or show the meeting with what was wrong."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        sent = Sent(viewer=viewer, meeting=meeting, verb="print_sheet", data=data_of(form))
    problems, status = await _given(context, sent, dict)
    if problems:
        said = problems[0].message
        return await run_in_threadpool(meeting_again, context, sent, said, status)
    state = await run_in_threadpool(_state, context, viewer, meeting)
    return RedirectResponse(_at(meeting, len(state.sheets)), status_code=303)


@router.post("/meetings/{meeting}/record-paper", max_body_size=MOST_TOGETHER)
async def enter_sheet(request: Request, context: Shared, viewer: Viewer, meeting: MeetingId) -> Response:
    """Keep the photos, enter what was signed, and lead back to the sheet; or show it with what was wrong."""
    async with request.form(max_files=MOST_FILES * 2, max_fields=MOST_FIELDS) as form:
        sent = Sent(viewer=viewer, meeting=meeting, verb="record_paper", data=data_of(form))
        sent, wrong = await run_in_threadpool(_with_photos, context, sent, chosen(form))
    number = _number(sent.data, "sheet")
    body, problems = await run_in_threadpool(_entered, context, sent, number)
    problems = [*wrong, *problems]
    return await _sheet_again_or(context, sent, number, problems, lambda: body)


@router.post("/meetings/{meeting}/witness-paper")
async def witness_sheet(request: Request, context: Shared, viewer: Viewer, meeting: MeetingId) -> Response:
    """Let what was signed count, and lead back to the sheet."""
    return await _judged(request, context, viewer, meeting, "witness_paper")


@router.post("/meetings/{meeting}/decline-paper")
async def decline_sheet(request: Request, context: Shared, viewer: Viewer, meeting: MeetingId) -> Response:
    """Decline what was entered, and lead back to the sheet."""
    return await _judged(request, context, viewer, meeting, "decline_paper")


async def _judged(request: Request, context: Context, viewer: Caller, own: str, verb: str) -> Response:
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        sent = Sent(viewer=viewer, meeting=own, verb=verb, data=data_of(form))
    said: dict[str, Any] = {"paper": _number(sent.data, "paper")}
    problems: list[FieldProblem] = []
    if verb == "decline_paper":
        said["reason"] = first(sent.data, "reason").strip()
        if not said["reason"]:
            problems = [FieldProblem(field="reason", message=say("Say why you do not witness it."))]
    state = await run_in_threadpool(_state, context, viewer, own)
    number = next((each.sheet for each in state.papers if each.number == said["paper"]), 1)
    return await _sheet_again_or(context, sent, number, problems, lambda: said)


async def _sheet_again_or(
    context: Context, sent: Sent, number: int, problems: Problems, body: Callable[[], Mapping[str, Any]]
) -> Response:
    """Give a command on a sheet, and lead back to it; or show it with what is wrong and was typed."""
    status = 422
    if not problems:
        problems, status = await _given(context, sent, body)
    if problems:
        return await run_in_threadpool(
            _page, context, sent.viewer, sent.meeting, number, sent.data, problems, status
        )
    return RedirectResponse(_at(sent.meeting, number), status_code=303)


async def _given(context: Context, sent: Sent, body: Callable[[], Mapping[str, Any]]) -> tuple[Problems, int]:
    """Give the command that a form asks for. Gives what is wrong with it, and the status that this has."""
    try:
        asked = Asked(
            caller=sent.viewer,
            finding=gathering_id(Kind.MEETING, sent.meeting),
            verb=sent.verb,
            body=valid(BODIES[sent.verb], dict(body())),
            key=usable_key(sent.data) or new_key(),
        )
        _, known = await carry_out(context, asked)
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        return (FieldProblem(field="", message=in_a_sentence(error)),), error.problem.status
    if isinstance(known, Refused):
        return (FieldProblem(field="", message=say(known.detail)),), 409
    return (), 200


def _with_photos(context: Context, sent: Sent, files: Sequence[UploadFile]) -> tuple[Sent, Problems]:
    """Keep the photos that came along, and name them: none is lost if the form comes back."""
    key = usable_key(sent.data)
    if not files or not key:
        return sent, ()
    about = gathering_id(Kind.MEETING, sent.meeting)
    sending = Sending(viewer=sent.viewer, finding=about, data={}, files=files)
    taken, wrong = take_in_all(context, sending, key)
    named = dict.fromkeys((*sent.data.get("files", ()), *(each.id for each in taken)))
    return replace(sent, data={**sent.data, "files": list(named)}), wrong


def _entered(context: Context, sent: Sent, number: int) -> tuple[dict[str, Any], list[FieldProblem]]:
    with reading(context.database) as connection:
        _, meeting = visible_meeting(connection, sent.viewer, sent.meeting)
        typed = rows(meeting, names_of(connection, meeting), sent.data)
    said = read(sent.data, typed, sheet_of(meeting, number))
    files = list(sent.data.get("files", ()))
    problems = said.problems
    if not files:
        message = say("Take a photo of the signed sheet, or choose one.")
        problems = [FieldProblem(field="files", message=message), *problems]
    return {"sheet": number, "ballots": said.ballots, "files": files}, problems


def _state(context: Context, viewer: Caller, own: str) -> Meeting:
    with reading(context.database) as connection:
        return visible_meeting(connection, viewer, own)[1]


def _number(data: Data, name: str) -> int:
    text = first(data, name)
    return int(text) if text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004 - a small number
