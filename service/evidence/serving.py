"""Files as they leave: never run, never guessed at, kept by nobody but the browser that asked."""

from fastapi import Request, Response

from service.context import Context
from service.evidence.store import UNREACHABLE, FileLostError
from service.evidence.taking_in import store_unreachable
from service.problems import ProblemError, not_found
from service.speaking import say
from storage.evidence import Evidence, Kind

ENDINGS = {"image/jpeg": "jpg", "application/pdf": "pdf"}
SAFE = {
    # Whatever a file holds, the browser runs none of it.
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    # The browser keeps it, but asks each time whether this person may still see it.
    "Cache-Control": "private, no-cache",
}


def content_of(context: Context, request: Request, piece: Evidence) -> Response:
    """Answer with a file: a photo to look at, a document to download. Raises the problems 410 and 503."""
    ending = ENDINGS[piece.media_type]
    how = "inline" if piece.kind is Kind.PHOTO else "attachment"
    headers = {
        **SAFE,
        "ETag": f'"{piece.digest}"',
        "Content-Disposition": f'{how}; filename="{piece.id}.{ending}"',
    }
    if _known(request, headers):
        return Response(status_code=304, headers=headers)
    try:
        return Response(context.evidence.get(piece), media_type=piece.media_type, headers=headers)
    except FileLostError as error:
        raise _lost() from error
    except UNREACHABLE as error:
        raise store_unreachable() from error


def thumb_of(context: Context, request: Request, piece: Evidence) -> Response:
    """Answer with the small picture of a photo. Raises the problems 404, 410 and 503."""
    if piece.kind is not Kind.PHOTO:
        raise not_found("This small picture")
    headers = {**SAFE, "ETag": f'"{piece.digest}.small"', "Content-Disposition": "inline"}
    if _known(request, headers):
        return Response(status_code=304, headers=headers)
    try:
        return Response(context.evidence.thumb(piece), media_type="image/jpeg", headers=headers)
    except FileLostError as error:
        raise _lost() from error
    except UNREACHABLE as error:
        raise store_unreachable() from error


def _known(request: Request, headers: dict[str, str]) -> bool:
    return headers["ETag"] in request.headers.get("if-none-match", "")


def _lost() -> ProblemError:
    return ProblemError(
        410,
        "file_lost",
        say("This file is lost, or was changed since it was handed in."),
        way_out=say("Tell whoever runs Mendwork: `mendwork doctor` names all such files."),
    )
