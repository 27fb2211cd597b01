"""A plan taken along as a file and brought back: what it would change is shown, then proposed."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, TypeAdapter
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from remediation.assessment import UnreadableFile
from remediation.permissions import Action
from remediation.vocabularies import Vocabulary
from remediation.words import FindingId
from service.auth import Caller, permit
from service.context import Context, Shared
from service.importing.uploading import KEPT
from service.importing.wording import reason_in_words
from service.pages.findings import READ
from service.pages.form_data import Data, data_of, first
from service.pages.plans import plan_of
from service.pages.rendering import page
from service.pages.sent import sent
from service.pages.session import Viewer
from service.pages.sheets import Words
from service.problems import ProblemError, not_found
from service.receiving import Asked, etag, receive
from service.sheets.comparing import Comparison, Edited, compare
from service.sheets.plans import plan_sheet
from service.sheets.returning import MOST_BYTES, read_plan
from service.sheets.writing import Form, file_of
from service.speaking import say
from service.spreading import spread
from storage import uploads
from storage.commands import Command, Pending
from storage.database import reading, writing
from storage.uploads import Upload, UploadKind

router = APIRouter(prefix="/plans", include_in_schema=False, max_body_size=0)

ROOM = 64 * 1024
MOST_FIELDS = 2000
MOST_NAME = 200

Plan = Annotated[str, Path(max_length=100)]
Id = Annotated[str, Path(max_length=100)]


class Proposed(BaseModel):
    """What was asked for a finding: the command, or why none was given."""

    finding: str
    name: str
    command: str = ""
    problem: str = ""


OUTCOME = TypeAdapter(list[Proposed])


@router.api_route("/{of}/sheet.{form}", methods=READ)
def plan_file(
    context: Shared, viewer: Viewer, of: Plan, form: Form, words: Words = Vocabulary.MENDWORK
) -> Response:
    """Give a plan as a file, to be edited and brought back."""
    with reading(context.database) as connection:
        total, _, _ = plan_of(connection, viewer, of, context.clock())
    return file_of(plan_sheet(context, viewer, of, total.factory, words), form, f"plan-{of}")


@router.api_route("/{of}/sheet", methods=READ)
def bring_back(context: Shared, viewer: Viewer, of: Plan) -> Response:
    """Show the form that takes an edited plan."""
    return _form(context, viewer, of)


@router.post("/{of}/sheet", max_body_size=MOST_BYTES + ROOM)
async def brought_back(request: Request, context: Shared, viewer: Viewer, of: Plan) -> Response:
    """Keep an edited plan, and lead to what it would change; or show the form again."""
    async with request.form(max_files=1, max_fields=5) as form:
        file = form.get("file")
        name = (file.filename or "") if isinstance(file, UploadFile) else ""
        data = await file.read() if isinstance(file, UploadFile) else b""
    return await run_in_threadpool(_kept, context, viewer, of, name[:MOST_NAME], data)


def _kept(context: Context, viewer: Caller, plan: str, name: str, data: bytes) -> Response:
    now = context.clock()
    with reading(context.database) as connection:
        _factory(connection, context, viewer, plan)
    try:
        read_plan(data)
    except UnreadableFile as wrong:
        message = reason_in_words(str(wrong)) if name else say("Choose a CSV or XLSX file.")
        return _form(context, viewer, plan, message)
    digest = sha256(data).hexdigest()
    own = sha256(f"{viewer.person.id}\n{plan}\n{digest}".encode()).hexdigest()
    upload = Upload(
        id=f"s-{own[:16]}",
        kind=UploadKind.PLAN,
        about=plan,
        file=digest,
        name=name,
        by=viewer.person.id,
        at=now,
        report="{}",
    )
    with writing(context.database) as connection:
        uploads.forget(connection, now - KEPT)
        uploads.keep(connection, upload, data)
    return RedirectResponse(f"{_path(plan)}/{upload.id}", status_code=303)


def _path(plan: str) -> str:
    return f"/plans/{quote(plan, safe='')}/sheet"


def _factory(connection: Connection, context: Context, viewer: Caller, plan: str) -> str:
    """Give the factory of a plan for who may propose there. Raises the problems 403 and 404."""
    total, _, thing = plan_of(connection, viewer, plan, context.clock())
    permit(viewer, Action.PROPOSE, thing, what="This plan")
    return total.factory


def _form(context: Context, viewer: Caller, plan: str, wrong: str = "") -> Response:
    with reading(context.database) as connection:
        _factory(connection, context, viewer, plan)
    return page("plan_sheet.html", status=422 if wrong else 200, viewer=viewer.person, plan=plan, wrong=wrong)


@router.api_route("/{of}/sheet/{upload}", methods=READ)
def plan_changes(context: Shared, viewer: Viewer, of: Plan, upload: Id) -> Response:
    """Show what an edited plan would change, cell by cell; once confirmed, what became of each proposal."""
    with reading(context.database) as connection:
        found = _upload(connection, context, viewer, of, upload)
        asked = OUTCOME.validate_json(found.outcome) if found.outcome else []
        comparison = None if found.done_at else _compared(connection, context, viewer, found)
    became = [(each, sent(context.database, viewer, each.finding, each.command or None)) for each in asked]
    return page(
        "plan_changes.html",
        viewer=viewer.person,
        plan=of,
        upload=found,
        comparison=comparison,
        became=became,
    )


def _upload(connection: Connection, context: Context, viewer: Caller, plan: str, upload: str) -> Upload:
    """Give a sheet that the viewer brought back for a plan. Raises the problems 403 and 404."""
    _factory(connection, context, viewer, plan)
    found = uploads.find(connection, upload)
    if found is None or (found.kind, found.about, found.by) != (UploadKind.PLAN, plan, viewer.person.id):
        raise not_found("This file")
    return found


def _compared(connection: Connection, context: Context, viewer: Caller, upload: Upload) -> Comparison:
    returned, strays = read_plan(uploads.data_of(connection, upload.id))
    return compare(
        connection,
        viewer,
        plan=upload.about,
        factory=_factory(connection, context, viewer, upload.about),
        returned=returned,
        strays=strays,
        now=context.clock(),
    )


@router.post("/{of}/sheet/{upload}", max_body_size=ROOM * 2)
async def propose_changes(
    request: Request, context: Shared, viewer: Viewer, of: Plan, upload: Id
) -> Response:
    """Propose what was ticked, one revision for each finding, and lead to what became of it."""
    async with request.form(max_fields=MOST_FIELDS) as form:
        data = data_of(form)
    waiting = await run_in_threadpool(_proposed, context, viewer, of, upload, data)
    await spread(context.engine, context.database, waiting, context.settings.command_patience)
    return RedirectResponse(f"{_path(of)}/{upload}", status_code=303)


def _proposed(context: Context, viewer: Caller, plan: str, upload: str, data: Data) -> Sequence[Command]:
    """Store the proposals that were ticked and record what was asked; give those that wait for the engine."""
    with reading(context.database) as connection:
        found = _upload(connection, context, viewer, plan, upload)
        edited = () if found.done_at else _compared(connection, context, viewer, found).edited
    ticked = [each for each in edited if each.finding in data.get("take", ())]
    if not ticked:
        return ()
    asked, waiting = [], []
    for each in ticked:
        told, command = _asked(context, viewer, found, each, first(data, f"version.{each.finding}"))
        asked.append(told)
        waiting += [command] if command is not None else []
    now, outcome = context.clock(), OUTCOME.dump_json(asked).decode()
    with writing(context.database) as connection:
        uploads.confirm(connection, upload, viewer.person.id, now, skip_bad=False, outcome=outcome)
        uploads.finish(connection, upload, outcome, now)
    return waiting


def _asked(
    context: Context, viewer: Caller, upload: Upload, edited: Edited, version: str
) -> tuple[Proposed, Command | None]:
    """Give one finding's proposal. Its key follows from file, finding and version: sent twice, it is one."""
    told = Proposed(finding=edited.finding, name=edited.name)
    if edited.body is None or version != str(edited.version):
        moved = say("The finding has moved on since you read it.")
        return told.model_copy(update={"problem": next(iter(edited.faults), moved)}), None
    asked = Asked(
        caller=viewer,
        finding=FindingId(edited.finding),
        verb="propose",
        body=edited.body,
        key=f"sheet.{upload.file[:32]}.{edited.finding}.{version}",
        version=etag(edited.version),
    )
    try:
        command, known = receive(context, asked)
    except ProblemError as error:
        return told.model_copy(update={"problem": error.problem.detail}), None
    return told.model_copy(update={"command": command.id}), command if isinstance(known, Pending) else None
