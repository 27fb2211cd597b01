"""Photos and documents of a finding: handed in, listed, shown and taken back."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile

from remediation.permissions import Action
from service.api.findings import Finding, opened
from service.api.orders import IdempotencyKey
from service.api.shapes import EvidenceList, EvidenceShape
from service.auth import SignedIn
from service.context import Context, Shared
from service.dossier import open_dossier
from service.evidence.seeing import one, shape_of, shapes
from service.evidence.serving import content_of, thumb_of
from service.evidence.taking_in import MEGABYTE, MOST_FILE, HandedIn, take_in
from service.evidence.withdrawing import withdraw
from service.problems import FieldProblem, Responses, documented, invalid, validation_problem
from storage.database import reading
from storage.evidence import Evidence

MOST_WORDS = 1000
MOST_BODY = MOST_FILE + MEGABYTE
PREFIX = "/api/v1/findings/{finding}/evidence"

router = APIRouter(prefix=PREFIX, tags=["evidence"], max_body_size=0)

Piece = Annotated[str, Path(description="The photo's or document's id.", max_length=100)]


class Said(BaseModel):
    """What is said of a photo or document when it is handed in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    shows: Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_WORDS)] = Field(
        "", description="What it shows, in words."
    )
    action: str | None = Field(None, max_length=100, description="The promised action that it is about.")
    before: str | None = Field(None, max_length=100, description="The photo of the same place before.")
    confidential: bool = Field(
        default=False, description="Keep it among the programme's staff; only they can ask so."
    )


FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {
                            "type": "string",
                            "format": "binary",
                            "description": "JPEG, PNG, WebP, HEIC or PDF.",
                        },
                        **Said.model_json_schema()["properties"],
                    },
                    "additionalProperties": False,
                }
            }
        },
    }
}


@router.post(
    "",
    summary="Hand in a photo or document",
    status_code=201,
    responses={
        200: {"model": EvidenceShape, "description": "It was handed in before with this key."},
        **documented(400, 403, 404, 409, 413),
    },
    openapi_extra=FORM,
    max_body_size=MOST_BODY,
)
async def hand_in(  # noqa: PLR0913 - what a request carries
    request: Request,
    response: Response,
    context: Shared,
    caller: SignedIn,
    finding: Finding,
    key: IdempotencyKey,
) -> EvidenceShape:
    """Keep a photo or a PDF document as evidence; reports name it by its id.

    Photos are made anew: upright, at most 2560 pixels wide or high, without places, times and devices.
    """
    # The body is read only here, so that nobody sends 15 MB before it is known who they are.
    async with request.form(max_files=1, max_fields=10) as form:
        given = handed_in(form, caller, finding, key)
        piece, new = await run_in_threadpool(take_in, context, given)
    response.status_code = 201 if new else 200
    return await run_in_threadpool(_shown, context, caller, piece)


def handed_in(form: FormData, caller: SignedIn, finding: str, key: str) -> HandedIn:
    """Give what a form hands in for a finding or meeting. Raises the problem 422."""
    file = form.get("file")
    if not isinstance(file, UploadFile):
        message = "Send a photo or document as multipart/form-data, in a part of this name with a file name."
        raise invalid(FieldProblem(field="file", message=message))
    try:
        said = Said.model_validate({name: value for name, value in form.items() if name != "file" and value})
    except ValidationError as error:
        located = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise validation_problem(located) from error
    return HandedIn(
        caller=caller, finding=finding, key=key, file=file.file, size=file.size or 0, **said.model_dump()
    )


def _shown(context: Context, caller: SignedIn, piece: Evidence) -> EvidenceShape:
    with reading(context.database) as connection:
        return shape_of(open_dossier(connection, caller, piece.finding, context.clock()), piece)


@router.get("", summary="Photos and documents", responses=documented(403, 404))
def list_evidence(context: Shared, caller: SignedIn, finding: Finding) -> EvidenceList:
    """Give the photos and documents of a finding that the caller may see."""
    with reading(context.database) as connection:
        return EvidenceList(items=shapes(opened(context, connection, caller, finding, Action.VIEW_EVIDENCE)))


@router.get("/{piece}", summary="One photo or document", responses=documented(403, 404))
def one_piece(context: Shared, caller: SignedIn, finding: Finding, piece: Piece) -> EvidenceShape:
    """Tell what is known of a photo or document."""
    with reading(context.database) as connection:
        found = one(connection, caller, finding, piece)
    return _shown(context, caller, found)


FILES: Responses = {
    200: {"content": {"image/jpeg": {}, "application/pdf": {}}, "description": "The file."},
    304: {"description": "The file is the one that If-None-Match names."},
    **documented(403, 404, 410),
}


@router.get("/{piece}/file", summary="The file", responses=FILES, response_class=Response)
def whole_file(
    request: Request, context: Shared, caller: SignedIn, finding: Finding, piece: Piece
) -> Response:
    """Give the file that is kept. Documents come as attachments."""
    with reading(context.database) as connection:
        found = one(connection, caller, finding, piece)
    return content_of(context, request, found)


@router.get("/{piece}/thumb", summary="A small picture", responses=FILES, response_class=Response)
def small_picture(
    request: Request, context: Shared, caller: SignedIn, finding: Finding, piece: Piece
) -> Response:
    """Give a small picture of a photo, at most 320 pixels wide or high. Documents have none."""
    with reading(context.database) as connection:
        found = one(connection, caller, finding, piece)
    return thumb_of(context, request, found)


@router.delete("/{piece}", summary="Take it back", status_code=204, responses=documented(403, 404, 409))
def take_back(context: Shared, caller: SignedIn, finding: Finding, piece: Piece) -> None:
    """Take back what the caller handed in and nobody has named in a report yet. The file is deleted."""
    withdraw(context, caller, finding, piece)
