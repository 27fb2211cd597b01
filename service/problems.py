"""Errors as RFC 9457 problem bodies: each names what is wrong, where, and the way out."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import Match

from notifications.wording import N_
from service.pages.rendering import page
from service.speaking import say
from storage.database import UNAVAILABLE

MEDIA_TYPE = "application/problem+json"
METHOD_NOT_ALLOWED = HTTPStatus.METHOD_NOT_ALLOWED
RETRY_AFTER = "5"


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str = Field(description="The field's path, such as `actions[1].owner`.")
    message: str


class Problem(BaseModel):
    """An error, as RFC 9457 describes it. Programs branch on `code`; people read `detail` and `way_out`."""

    type: str = Field(description="A URI that names the kind of problem; it ends with the code.")
    title: str = Field(description="The status in words.")
    status: int
    code: str = Field(description="Stable; programs branch on it.")
    detail: str = Field(description="What is wrong, in a sentence.")
    way_out: str | None = Field(None, description="What to do about it.")
    errors: list[FieldProblem] | None = Field(None, description="The fields at fault.")
    roles: list[str] | None = Field(None, description="The roles that may do this.")


class ProblemError(Exception):
    """An error that is answered as a problem body."""

    def __init__(  # noqa: PLR0913 - a problem's members
        self,
        status: int,
        code: str,
        detail: str,
        *,
        way_out: str | None = None,
        errors: Sequence[FieldProblem] | None = None,
        roles: Sequence[str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Take the members of the problem body, and headers that go with it."""
        super().__init__(detail)
        self.headers = headers
        self.problem = Problem(
            type=f"urn:mendwork:problem:{code}",
            title=_title(status),
            status=status,
            code=code,
            detail=detail,
            way_out=way_out,
            errors=list(errors) if errors else None,
            roles=list(roles) if roles else None,
        )

    @property
    def response(self) -> JSONResponse:
        """The problem as a response."""
        return JSONResponse(
            self.problem.model_dump(exclude_none=True),
            status_code=self.problem.status,
            headers=self.headers,
            media_type=MEDIA_TYPE,
        )


def _title(status: int) -> str:
    """Give a status in the words of RFC 9110, which older Pythons do not know for all."""
    return {413: "Content Too Large", 422: "Unprocessable Content"}.get(status, HTTPStatus(status).phrase)


def not_found(what: str = N_("This address")) -> ProblemError:
    """Give the answer for what does not exist, and for what the caller must not know of.

    `what` is an English text, which extraction takes for one to translate.
    """
    way_out = say("Check the address. What lies outside your programme or factory is not shown either.")
    return ProblemError(404, "not_found", say("%(what)s was not found.", what=say(what)), way_out=way_out)


def invalid(*errors: FieldProblem) -> ProblemError:
    """Give the answer for fields at fault."""
    first = errors[0]
    more = f" {len(errors) - 1} more fields are at fault." if len(errors) > 1 else ""
    detail = f"{first.field}: {first.message}{more}"
    way_out = say("Correct the named fields and send the request again.")
    return ProblemError(422, "invalid", detail, way_out=way_out, errors=errors)


def unavailable() -> ProblemError:
    """Give the answer while the database cannot answer."""
    return ProblemError(
        503,
        "database_unavailable",
        say("The database does not answer at the moment. Nothing was changed."),
        way_out=say("Send the same request again in a few seconds, a command with the same Idempotency-Key."),
        headers={"Retry-After": RETRY_AFTER},
    )


def broken() -> ProblemError:
    """Give the answer for a fault of ours, without its details."""
    return ProblemError(
        500,
        "internal_error",
        say("Something went wrong on our side."),
        way_out=say(
            "Try again; a command with the same Idempotency-Key has one effect however often it is sent."
        ),
    )


_DAY = N_("Write a date as YYYY-MM-DD, such as 2026-03-31, without a time.")
_WORDS = {
    "missing": N_("This field is required."),
    "extra_forbidden": N_("There is no such field."),
    "string_too_short": N_("This field is required."),
    "string_too_long": N_("Write at most %(max_length)s characters."),
    "too_short": N_("Give at least %(min_length)s."),
    "too_long": N_("Give at most %(max_length)s."),
    "greater_than_equal": N_("Give a number of %(ge)s or more."),
    "less_than_equal": N_("Give a number of %(le)s or less."),
    "int_parsing": N_("Write a whole number."),
    "int_type": N_("Write a whole number."),
    "enum": N_("Choose one of these: %(expected)s."),
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "date_type": _DAY,
}
"""Sentences for kinds of mistakes that pydantic words for programmers."""

_PLACES = frozenset({"body", "query", "path", "header", "cookie"})


def validation_problem(errors: Sequence[Mapping[str, Any]]) -> ProblemError:
    """Give the answer for pydantic's errors; never with the input itself, which may be personal."""
    for error in errors:
        if error["type"] == "json_invalid":
            return _not_json(error)
        if error["loc"][0] == "header":
            return _bad_header(str(error["loc"][-1]), missing=error["type"] == "missing")
    return invalid(*(FieldProblem(field=_path(each["loc"]), message=_sentence(each)) for each in errors))


def _not_json(error: Mapping[str, Any]) -> ProblemError:
    where = f"The body is not JSON: {error['ctx']['error']}, at character {error['loc'][-1]}."
    return ProblemError(400, "not_json", where, way_out="Send the body as JSON in UTF-8.")


def _bad_header(name: str, *, missing: bool) -> ProblemError:
    code = f"{name.lower().replace('-', '_')}_{'missing' if missing else 'invalid'}"
    detail = f"The header {name} is {'missing' if missing else 'not of the form it must have'}."
    return ProblemError(400, code, detail, way_out=_HEADERS.get(name))


_HEADERS = {
    "Idempotency-Key": (
        "Make up a new key of 1 to 200 visible ASCII characters for each command, such as a UUID. Send it as "
        "the header Idempotency-Key. Send the same key when you repeat a command: it then has one effect."
    ),
}


def _sentence(error: Mapping[str, Any]) -> str:
    wording = _WORDS.get(error["type"])
    if wording is None:
        message: str = error["msg"]
        return message.removeprefix("Value error, ")
    return say(wording, **error.get("ctx", {}))


def _path(location: Sequence[str | int]) -> str:
    """Give `actions[1].owner` for `("body", "actions", 1, "owner")`."""
    steps = location[1:] if location and location[0] in _PLACES else location
    path = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)
    return path.removeprefix(".") or "body"


_OF_STATUS = {
    400: (
        "malformed_request",
        N_("The request could not be read."),
        N_("Check its headers, Host among them, and its form."),
    ),
    404: (
        "not_found",
        N_("This address was not found."),
        N_("See /api/v1/docs for the addresses there are."),
    ),
    405: (
        "method_not_allowed",
        N_("This address does not take this method."),
        N_("The Allow header names those it takes."),
    ),
    413: ("too_large", N_("The request is larger than this address takes."), N_("Send less at once.")),
}


def of_status(status: int, headers: Mapping[str, str] | None = None) -> ProblemError:
    """Give the problem for a status that the framework answers with."""
    phrase = HTTPStatus(status).phrase
    code, detail, way_out = _OF_STATUS.get(status, (phrase.lower().replace(" ", "_"), f"{phrase}.", None))
    out = say(way_out) if way_out else None
    return ProblemError(status, code, say(detail), way_out=out, headers=headers)


def answer_with_problems(app: FastAPI) -> None:
    """Let every error of the application be answered by a problem body."""
    app.add_exception_handler(ProblemError, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    for kind in UNAVAILABLE:
        app.add_exception_handler(kind, _unavailable)


def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)  # noqa: S101 - registered for this class only
    return _shown(request, error)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    headers = {"Allow": _methods(request)} if error.status_code == METHOD_NOT_ALLOWED else error.headers
    return _shown(request, of_status(error.status_code, headers))


def _methods(request: Request) -> str:
    """Give all methods that an address takes; the framework names those of one route only."""
    known = iter_route_contexts(request.app.routes)
    found = (each.methods or {"GET"} for each in known if each.matches(request.scope)[0] is not Match.NONE)
    return ", ".join(sorted(set().union(*found)))


def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    return _shown(request, validation_problem(error.errors()))


def _unavailable(request: Request, _error: Exception) -> Response:
    return _shown(request, unavailable())


def _shown(request: Request, error: ProblemError) -> Response:
    """Answer programs with a problem body, and who looks at a page with a page."""
    if request.url.path.startswith("/api/") or "text/html" not in request.headers.get("accept", ""):
        return error.response
    shown = page("problem.html", status=error.problem.status, problem=error.problem)
    shown.headers.update(error.headers or {})
    return shown


_DESCRIPTIONS = {
    400: "A header or the form of the request is at fault.",
    401: "No valid token was given.",
    403: "The caller sees this but may not do it; `roles` names who may.",
    404: "There is none, or none the caller may know of.",
    409: "The rules refuse this now: `code` and `detail` say why.",
    410: "The file is lost.",
    412: "The finding has moved on since the version named in If-Match.",
    413: "The body is too large.",
    422: "Fields are at fault; `errors` names each.",
    500: "A fault of ours.",
    503: "The database does not answer; retry as Retry-After says.",
}

Responses = dict[int | str, dict[str, Any]]


def documented(*statuses: int) -> Responses:
    """Give OpenAPI's entries for the problems an address answers with, besides those of every address."""
    schema = {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}
    return {
        status: {"description": _DESCRIPTIONS[status], "content": {MEDIA_TYPE: schema}}
        for status in sorted({*statuses, 400, 401, 422, 500, 503})
    }
