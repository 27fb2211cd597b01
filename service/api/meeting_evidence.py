"""Photos of a meeting's signing sheets: handed in by who enters what was signed, seen by who witnesses it."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Request, Response
from pydantic import AwareDatetime, BaseModel, Field
from starlette.concurrency import run_in_threadpool

from remediation.gatherings.gathering import Kind, gathering_id
from service.api.evidence import FILES, FORM, MOST_BODY, Piece, handed_in
from service.api.orders import IdempotencyKey
from service.auth import SignedIn
from service.context import Shared
from service.evidence.seeing import one_of_meeting
from service.evidence.serving import content_of
from service.evidence.taking_in import take_in
from service.problems import documented
from storage.database import reading

router = APIRouter(prefix="/api/v1/meetings/{meeting}/evidence", tags=["meetings"], max_body_size=0)

MeetingId = Annotated[str, Path(description="The meeting's id.", max_length=100)]


class PhotoShape(BaseModel):
    """A photo or document of a signing sheet. Orders name it by its id."""

    id: str
    kind: Literal["photo", "document"]
    at: AwareDatetime
    media_type: str
    size: int = Field(description="In bytes.")
    sha256: str = Field(description="Of the file that is kept; the ledger names it by this.")
    original_sha256: str = Field(description="Of the file as it was sent.")


@router.post(
    "",
    summary="Hand in a photo of a signing sheet",
    status_code=201,
    responses={
        200: {"model": PhotoShape, "description": "It was handed in before with this key."},
        **documented(400, 403, 404, 409, 413),
    },
    openapi_extra=FORM,
    max_body_size=MOST_BODY,
)
async def hand_in_for_meeting(  # noqa: PLR0913 - what a request carries
    request: Request,
    response: Response,
    context: Shared,
    caller: SignedIn,
    meeting: MeetingId,
    key: IdempotencyKey,
) -> PhotoShape:
    """Keep a photo or PDF of a signed sheet; `record-paper` names it by its id. It is made anew."""
    async with request.form(max_files=1, max_fields=10) as form:
        given = handed_in(form, caller, gathering_id(Kind.MEETING, meeting), key)
        piece, new = await run_in_threadpool(take_in, context, given)
    response.status_code = 201 if new else 200
    return PhotoShape(
        id=piece.id,
        kind=piece.kind.value,
        at=piece.at,
        media_type=piece.media_type,
        size=piece.size,
        sha256=piece.digest,
        original_sha256=piece.original,
    )


@router.get("/{piece}/file", summary="A photo of a signing sheet", responses=FILES, response_class=Response)
def file_for_meeting(
    request: Request, context: Shared, caller: SignedIn, meeting: MeetingId, piece: Piece
) -> Response:
    """Give the file to who handed it in, and to who may witness the sheet."""
    with reading(context.database) as connection:
        found = one_of_meeting(connection, caller, meeting, piece)
    return content_of(context, request, found)
