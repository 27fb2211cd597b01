"""Assessments: a file comes in, is tried first if wished, and its findings are issued."""

import asyncio
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, File, Form, Path, Response, UploadFile
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool
from temporalio.service import RPCError

from remediation.assessment import SeveritiesRefused, SeverityTable, UnreadableFile, read_severities
from remediation.assessment.reading import DEFAULT_SEVERITIES
from remediation.permissions import Action, Thing, can, reach
from remediation.words import ProgrammeId
from service.auth import Caller, SignedIn, permit
from service.context import Context, Shared
from service.importing import ImportPlan, UnknownProgrammeError, plan_import, run_import
from service.importing.report import Report, report_of
from service.problems import FieldProblem, ProblemError, documented, invalid, not_found
from storage import assessments, programmes, totals
from storage.assessments import Assessment
from storage.database import reading

MOST_FILE = 20 * 1024 * 1024
MOST_NAME = 200
MOST_ERRORS = 500

router = APIRouter(prefix="/api/v1/assessments", tags=["assessments"])


class AssessmentShape(BaseModel):
    """An imported file, and how many of its findings are issued."""

    id: str
    programme: str
    name: str
    by: str
    imported_at: AwareDatetime
    findings: int
    issued: int


class AssessmentList(BaseModel):
    """The imported files of the caller's programmes, the latest first."""

    items: list[AssessmentShape]


@router.post(
    "",
    summary="Import an assessment",
    responses={
        202: {"model": AssessmentShape, "description": "Stored; its findings are still being issued."},
        **documented(403, 404, 413),
    },
    max_body_size=MOST_FILE,
)
async def import_assessment(  # noqa: PLR0913 - the fields of the form
    context: Shared,
    caller: SignedIn,
    response: Response,
    file: Annotated[UploadFile, File(description="CSV or XLSX; docs/import.md lists the columns.")],
    programme: Annotated[str, Form(max_length=100)],
    dry_run: Annotated[bool, Form(description="Only say what would happen.")] = False,  # noqa: FBT002
    skip_bad: Annotated[bool, Form(description="Import the good rows all the same.")] = False,  # noqa: FBT002
    severities: Annotated[UploadFile | None, File(description="TOML: severities of one's own.")] = None,
) -> Report | AssessmentShape:
    """Read a file, and issue its findings unless it is only tried. The same file twice starts none twice."""
    permit(
        caller,
        Action.IMPORT_ASSESSMENT,
        Thing(ProgrammeId(programme)),
        seen_by=Action.VIEW_FACTORY,
        what="This programme",
    )
    table = _severities(await severities.read() if severities else b"")
    data, name = await file.read(), (file.filename or "assessment")[:MOST_NAME]
    plan = await run_in_threadpool(_planned, context, caller, data, name, programme, table)
    if dry_run:
        return report_of(plan, dry_run=True)
    if plan.bad and not skip_bad:
        raise _bad_rows(plan)
    return await _carried_out(context, plan, response)


def _severities(toml: bytes) -> SeverityTable:
    if not toml:
        return DEFAULT_SEVERITIES
    try:
        return read_severities(toml.decode())
    except UnicodeDecodeError as error:
        raise invalid(FieldProblem(field="severities", message="The file is not UTF-8 text.")) from error
    except SeveritiesRefused as refused:
        raise invalid(
            *(FieldProblem(field="severities", message=each) for each in refused.errors)
        ) from refused


def _planned(  # noqa: PLR0913 - a file, where it belongs, and who brings it
    context: Context, caller: Caller, data: bytes, name: str, programme: str, table: SeverityTable
) -> ImportPlan:
    try:
        return plan_import(
            context.database,
            data,
            name=name,
            programme_id=ProgrammeId(programme),
            by=caller.person.id,
            severities=table,
            now=context.clock(),
        )
    except UnknownProgrammeError as unknown:
        raise not_found("This programme") from unknown
    except UnreadableFile as error:
        raise ProblemError(
            422,
            UnreadableFile.code,
            str(error),
            way_out="See docs/import.md for the forms and columns that can be read. Nothing was changed.",
            errors=[FieldProblem(field="file", message=str(error))],
        ) from error


def _bad_rows(plan: ImportPlan) -> ProblemError:
    errors = [
        FieldProblem(
            field=f"rows[{each.row}].{each.column}", message=f"Row {each.row}, {each.column}: {each.reason}."
        )
        for each in plan.bad[:MOST_ERRORS]
    ]
    return ProblemError(
        422,
        "bad_rows",
        f"{plan.reading.bad_rows} rows cannot be used, so nothing was started.",
        way_out="Correct the file, or send skip_bad=true to import the good rows.",
        errors=errors,
    )


async def _carried_out(context: Context, plan: ImportPlan, response: Response) -> Report | AssessmentShape:
    """Carry out an import; after a while say that it goes on."""
    if context.engine is None:
        raise _no_engine()
    running = asyncio.create_task(run_import(context.database, context.engine, plan, skip_bad=True))
    context.keep(running)
    try:
        async with asyncio.timeout(context.settings.command_patience):
            done = await asyncio.shield(running)
    except TimeoutError:
        response.status_code = 202
        response.headers["Location"] = f"{router.prefix}/{plan.assessment.id}"
        return await run_in_threadpool(_progress, context, plan.assessment.id)
    except RPCError as error:
        raise _no_engine() from error
    told = {"started": done.started, "amended": done.amended, "refused": list(done.refused)}
    return report_of(plan, dry_run=False).model_copy(update=told)


def _progress(context: Context, assessment: str) -> AssessmentShape:
    with reading(context.database) as connection:
        stored = assessments.assessment(connection, assessment)
        if stored is None:
            raise not_found("This assessment")
        return _shapes(connection, [stored])[0]


def _no_engine() -> ProblemError:
    return ProblemError(
        503,
        "engine_unavailable",
        "The engine that issues findings does not answer at the moment.",
        way_out="Send the same file again in a few seconds: what was started already is not started twice.",
        headers={"Retry-After": "5"},
    )


@router.get("", summary="List assessments", responses=documented(), max_body_size=0)
def list_assessments(context: Shared, caller: SignedIn) -> AssessmentList:
    """Give the imported files of the programmes that the caller may import for."""
    where = reach(caller.actor, Action.IMPORT_ASSESSMENT)
    with reading(context.database) as connection:
        known = programmes.all_programmes(connection)
        own = [each.id for each in known if where.everywhere or each.id in where.programmes]
        stored = [each for programme in own for each in assessments.assessments_of(connection, programme)]
        return AssessmentList(items=_shapes(connection, stored))


@router.get("/{assessment}", summary="One assessment", responses=documented(404), max_body_size=0)
def one_assessment(
    context: Shared, caller: SignedIn, assessment: Annotated[str, Path(max_length=100)]
) -> AssessmentShape:
    """Give an imported file, and how many of its findings are issued."""
    with reading(context.database) as connection:
        stored = assessments.assessment(connection, assessment)
    if stored is None or not can(caller.actor, Action.IMPORT_ASSESSMENT, Thing(stored.programme)):
        raise not_found("This assessment")
    return _progress(context, assessment)


def _shapes(connection: Connection, stored: Sequence[Assessment]) -> list[AssessmentShape]:
    progress = totals.progress(connection, (each.id for each in stored))
    return [_shape(each, *progress.get(each.id, (0, 0))) for each in stored]


def _shape(stored: Assessment, brought: int, issued: int) -> AssessmentShape:
    return AssessmentShape(
        id=stored.id,
        programme=stored.programme,
        name=stored.name,
        by=stored.by,
        imported_at=stored.imported_at,
        findings=brought,
        issued=issued,
    )
