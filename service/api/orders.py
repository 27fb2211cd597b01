"""Commands as sub-resources of a finding, named by the glossary's verbs, and what became of them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, Path, Response
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from remediation.gatherings.gathering import kind_of
from remediation.permissions import ROLES, Action
from remediation.words import AnyStage, FindingId, SubjectId
from service.api.bodies import BODIES, Body
from service.api.voting import Voter
from service.auth import SignedIn
from service.commands import Answer, answer, deliver
from service.context import Context, Shared
from service.pins import VOTES
from service.problems import FieldProblem, ProblemError, documented, not_found
from service.receiving import Asked, etag, receive
from service.saying import ROLE_NAME
from service.votes import deliver_votes
from storage import commands
from storage.commands import Command, Pending, Refused
from storage.database import reading
from workflows.messages import Receipt

MOST_BODY = 256 * 1024
PREFIX = "/api/v1"

router = APIRouter(prefix=PREFIX, tags=["commands"], max_body_size=MOST_BODY)

IdempotencyKey = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        description="Made up anew for each command. The same key has one effect, however often sent.",
        pattern=r"^[\x21-\x7e]{1,200}$",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        description="The finding's ETag: refuse with 412 if it has moved on.",
        max_length=100,
    ),
]


class Told(BaseModel):
    """What became of a command."""

    command: str = Field(description="Its id; `/api/v1/commands/{command}` tells what became of it.")
    finding: str = Field(description="The finding's id; a gathering's with its kind, as in `plan:`.")
    verb: str
    status: Literal["done", "pending", "refused"]
    version: int | None = Field(None, description="The finding's version after it.")
    stage: AnyStage | None = Field(None, description="Where the finding or gathering stood after it.")
    facts: tuple[str, ...] = Field((), description="What it led to.")
    code: str | None = Field(None, description="Why it was refused; programs branch on it.")
    detail: str | None = Field(None, description="Why it was refused, in a sentence.")
    field: str | None = Field(None, description="The field at fault, where there is one.")


async def carry_out(context: Context, asked: Asked) -> tuple[Command, Answer]:
    """Store a command, have it decided, and tell what became of it."""
    command, known = await run_in_threadpool(receive, context, asked)
    if isinstance(known, Pending):
        known = await deliver(context.engine, context.database, command)
    if kind_of(command.finding) is not None and not isinstance(known, Pending):
        await deliver_votes(context.engine, context.database, command)
    context.metrics.commands.labels(asked.verb, _status(known)).inc()
    return command, known


def _status(known: Answer) -> Literal["done", "pending", "refused"]:
    if isinstance(known, Receipt):
        return "done"
    return "refused" if isinstance(known, Refused) else "pending"


def told(command: Command, known: Answer) -> Told:
    """Give a command and what became of it, as the API tells it."""
    said = Told(command=command.id, finding=command.finding, verb=command.verb, status=_status(known))
    if isinstance(known, Receipt):
        return said.model_copy(update={"version": known.seq, "stage": known.stage, "facts": known.facts})
    if isinstance(known, Refused):
        why = {"code": known.code, "detail": known.detail, "field": known.field or None}
        return said.model_copy(update=why)
    return said


def answered(command: Command, known: Answer, response: Response) -> Told:
    """Give what became of a command as the response's body. Raises the problem 409 where it was refused."""
    if isinstance(known, Refused):
        raise _refused(known)
    if isinstance(known, Receipt):
        response.headers["ETag"] = etag(known.seq)
    else:
        response.status_code = 202
        response.headers["Location"] = f"{PREFIX}/commands/{command.id}"
        response.headers["Retry-After"] = "2"
    return told(command, known)


def _refused(refusal: Refused) -> ProblemError:
    fields = [FieldProblem(field=refusal.field, message=refusal.detail)] if refusal.field else None
    return ProblemError(409, refusal.code, refusal.detail, errors=fields)


ANSWERS: dict[int | str, dict[str, Any]] = {
    202: {"model": Told, "description": "Stored, but nobody has decided it yet: see Location."},
    **documented(400, 403, 404, 409, 412, 413),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What verbs are given on: its word in addresses, whose ledger an id means, and how a command is given.

    `voter` is who may vote on it, as a dependency.
    """

    word: str
    subject: Callable[[str], SubjectId]
    give: Callable[[Context, Asked], Awaitable[tuple[Command, Answer]]] = carry_out
    voter: Any = Voter


def add_verb(  # noqa: PLR0913 - what a route is made of
    router: APIRouter,
    prefix: str,
    on: Subject,
    verb: str,
    body: type[Body],
    *,
    summary: str = "",
    name: str = "",
) -> None:
    """Let a verb be given at its own address below `prefix`. Programs call the operation by its `name`."""
    router.post(
        f"{prefix}/{verb.replace('_', '-')}",
        summary=summary or verb.replace("_", " ").capitalize(),
        description=describe(verb, body),
        operation_id=name or verb,
        responses=ANSWERS,
        response_model_exclude_none=True,
    )(_route(on, verb, body))


def _route(on: Subject, verb: str, body_type: type[Body]) -> Callable[..., Any]:
    async def give(  # noqa: PLR0913 - what a request carries
        response: Response,
        context: Shared,
        caller: SignedIn,
        own: str,
        body: Body,
        key: IdempotencyKey,
        version: IfMatch = None,
    ) -> Told:
        about = on.subject(own)
        asked = Asked(caller=caller, finding=about, verb=verb, body=body, key=key, version=version)
        command, known = await on.give(context, asked)
        return answered(command, known, response)

    # FastAPI reads the annotations: each route takes an id by its own word, and the body of its own verb.
    described = Path(alias=on.word, description=f"The {on.word}'s id.", max_length=100)
    give.__annotations__ |= {"own": Annotated[str, described], "body": body_type}
    if verb in VOTES:
        give.__annotations__["caller"] = on.voter
    return give


def describe(verb: str, body_type: type[Body]) -> str:
    """Give what the API's document says of a verb."""
    roles = ", ".join(ROLE_NAME[role] for role in ROLES[Action(verb)])
    return f"{body_type.__doc__}\n\nMay be given by: {roles}."


_FINDING = Subject(word="finding", subject=FindingId)
for _verb, _body in BODIES.items():
    add_verb(router, "/findings/{finding}", _FINDING, _verb, _body)


@router.get(
    "/commands/{command}",
    summary="What became of a command",
    responses=documented(404),
    response_model_exclude_none=True,
)
def what_became(context: Shared, caller: SignedIn, command: str) -> Told:
    """Tell whether a command of the caller's is done, refused or still pending."""
    with reading(context.database) as connection:
        found = commands.find(connection, command)
    if found is None or found.person != caller.person.id:
        raise not_found("This command")
    return told(found, answer(context.database, found))
