"""Importing assessments in the browser: uploaded, looked at, confirmed, and followed until all is issued."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from remediation.assessment import UnreadableFile
from remediation.permissions import Action, Thing, can, reach
from remediation.words import ProgrammeId
from service.api.assessments import MOST_FILE, MOST_NAME
from service.auth import Caller, forbidden
from service.context import Context, Shared
from service.importing import uploading
from service.importing.errors import errors_sheet
from service.importing.report import Report
from service.importing.uploading import Given, Outcome
from service.importing.wording import reason_in_words
from service.pages.findings import READ
from service.pages.form_data import data_of, first
from service.pages.rendering import page
from service.pages.session import Elsewhere, Viewer
from service.problems import not_found
from service.refusing import in_words
from service.sheets import writing
from service.speaking import say
from storage import assessments, people, programmes, totals, uploads
from storage.assessments import Assessment
from storage.database import reading
from storage.database import writing as changing
from storage.programmes import Programme
from storage.uploads import Upload, UploadKind

HERE = "/assessments"
MOST_LISTED = 50
ROOM = 64 * 1024
"""Bytes that a form may have besides its file."""

router = APIRouter(prefix=HERE, include_in_schema=False, max_body_size=0)

Id = Annotated[str, Path(max_length=100)]


@router.api_route("", methods=READ)
def assessments_page(context: Shared, viewer: Viewer) -> Response:
    """Show the files of the viewer's programmes, imported or waiting to be confirmed."""
    with reading(context.database) as connection:
        own = _programmes(connection, viewer)
        ids = [each.id for each in own]
        waiting = [each for each in uploads.about(connection, UploadKind.ASSESSMENT, ids) if not each.done_at]
        known = [each for programme in ids for each in assessments.assessments_of(connection, programme)]
        shown = sorted(known, key=lambda each: each.imported_at, reverse=True)[:MOST_LISTED]
        progress = totals.progress(connection, [each.id for each in shown])
        by = {each.by for each in shown} | {each.by for each in waiting}
        who = people.people_of(connection, by)
    return page(
        "assessments.html",
        viewer=viewer.person,
        waiting=waiting,
        imported=[(each, *progress.get(each.id, (0, 0))) for each in shown],
        names={each.id: each.name for each in who.values()},
        programmes={each.id: each.name for each in own},
        now=context.clock(),
    )


@router.api_route("/new", methods=READ)
def new_assessment(context: Shared, viewer: Viewer) -> Response:
    """Show the form that takes a file."""
    return _form(context, viewer)


@router.post("/new", max_body_size=MOST_FILE + ROOM)
async def upload_assessment(request: Request, context: Shared, viewer: Viewer) -> Response:
    """Keep a file and lead to what it would do; or show the form again with what is wrong with it."""
    async with request.form(max_files=1, max_fields=5) as form:
        programme, file = first(data_of(form), "programme"), form.get("file")
        named = file.filename if isinstance(file, UploadFile) else ""
        data = await file.read() if isinstance(file, UploadFile) else b""
    given = Given(
        data=data,
        name=(named or "assessment")[:MOST_NAME],
        programme=ProgrammeId(programme),
        by=viewer.person.id,
        at=context.clock(),
    )
    return await run_in_threadpool(_uploaded, context, viewer, given, chosen=bool(named))


def _uploaded(context: Context, viewer: Caller, given: Given, *, chosen: bool) -> Response:
    with reading(context.database) as connection:
        known = {each.id for each in _programmes(connection, viewer)}
    if given.programme not in known:
        return _form(context, viewer, given.programme, programme=say("Choose a programme."))
    if not chosen:
        return _form(context, viewer, given.programme, file=say("Choose a CSV or XLSX file."))
    try:
        upload = uploading.keep(context.database, given)
    except UnreadableFile as wrong:
        return _form(context, viewer, given.programme, file=reason_in_words(str(wrong)))
    return RedirectResponse(f"{HERE}/{upload.id}", status_code=303)


def _form(context: Context, viewer: Caller, chosen: str = "", **wrong: str) -> Response:
    with reading(context.database) as connection:
        own = _programmes(connection, viewer)
    return page(
        "assessment_new.html",
        status=422 if wrong else 200,
        viewer=viewer.person,
        programmes=own,
        chosen=chosen,
        wrong=wrong,
        most_mb=MOST_FILE // (1024 * 1024),
    )


def _programmes(connection: Connection, viewer: Caller) -> list[Programme]:
    """Give the programmes the viewer may import for. Raises the problem 403 where there are none."""
    where = reach(viewer.actor, Action.IMPORT_ASSESSMENT)
    if not (where.everywhere or where.programmes):
        raise forbidden(Action.IMPORT_ASSESSMENT)
    known = programmes.all_programmes(connection)
    return [each for each in known if where.everywhere or each.id in where.programmes]


@router.api_route("/{assessment}", methods=READ)
def assessment_page(context: Shared, viewer: Viewer, assessment: Id) -> Response:
    """Show what a file would do, how far it is, or what came of it."""
    with reading(context.database) as connection:
        upload = uploads.find(connection, assessment)
        stored = assessments.assessment(connection, assessment)
        programme = programmes.programme(connection, _about(viewer, upload, stored))
        brought, issued = totals.progress(connection, [assessment]).get(assessment, (0, 0))
    return page(
        "assessment.html",
        viewer=viewer.person,
        id=assessment,
        upload=upload,
        stored=stored,
        programme=programme,
        report=Report.model_validate_json(upload.report) if upload else None,
        outcome=Outcome.model_validate_json(upload.outcome) if upload and upload.outcome else None,
        brought=brought,
        issued=issued,
        reason=reason_in_words,
        refusal=in_words,
    )


def _about(viewer: Caller, upload: Upload | None, stored: Assessment | None) -> str:
    """Give the programme that a file is for. Raises the problem 404 for who may not import there."""
    about = stored.programme if stored else upload.about if upload else ""
    known = upload is None or upload.kind is UploadKind.ASSESSMENT
    if not (about and known and can(viewer.actor, Action.IMPORT_ASSESSMENT, Thing(ProgrammeId(about)))):
        raise not_found("This assessment")
    return about


@router.post("/{assessment}/confirm", max_body_size=ROOM)
async def confirm_assessment(
    context: Shared,
    viewer: Viewer,
    assessment: Id,
    skip_bad: Annotated[bool, Form()] = False,  # noqa: FBT002
) -> Response:
    """Carry out what was looked at, and lead to how far it is. A second click begins nothing anew."""
    now = context.clock()
    await run_in_threadpool(_confirmed, context, viewer, assessment, now, skip_bad=skip_bad)
    if context.engine is not None:
        context.keep(
            asyncio.create_task(uploading.carry_out(context.database, context.engine, assessment, now))
        )
    return RedirectResponse(f"{HERE}/{assessment}", status_code=303)


def _confirmed(context: Context, viewer: Caller, upload: str, now: datetime, *, skip_bad: bool) -> None:
    with changing(context.database) as connection:
        found = uploads.find(connection, upload)
        _about(viewer, found, None)
        if found is not None and Report.model_validate_json(found.report).bad_rows and not skip_bad:
            raise Elsewhere(f"{HERE}/{upload}")
        uploads.confirm(connection, upload, viewer.person.id, now, skip_bad=skip_bad, outcome=None)


@router.api_route("/{assessment}/errors.{form}", methods=READ)
def assessment_errors(context: Shared, viewer: Viewer, assessment: Id, form: writing.Form) -> Response:
    """Give the rows that cannot be used, each with the reason, to be corrected and sent again."""
    with reading(context.database) as connection:
        upload = uploads.find(connection, assessment)
        _about(viewer, upload, None)
        data = uploads.data_of(connection, assessment)
    assert upload is not None  # noqa: S101 - it is about something
    plan = uploading.replanned(context.database, upload)
    return writing.file_of(errors_sheet(data, plan.bad), form, f"errors-{assessment}")
