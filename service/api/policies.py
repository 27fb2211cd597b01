"""A programme's policy: which one it has, and what would move under another."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from remediation.permissions import Action, Thing, can
from remediation.policy import Policy
from remediation.policy_file import PolicyRefused, read_policy
from remediation.words import ProgrammeId, Role
from service import reprojecting
from service.api.bodies import Words
from service.api.calendars import PreviewShape, Reprojected, carried_out, preview_shape
from service.api.orders import IdempotencyKey
from service.api.values import Flag
from service.auth import Caller, SignedIn, permit
from service.context import Context, Shared
from service.problems import FieldProblem, documented, invalid, not_found
from service.reprojecting import Confirmation
from storage import programmes, totals
from storage.commands import Command
from storage.database import reading, writing
from storage.programmes import Programme

router = APIRouter(prefix="/api/v1/programmes", tags=["policies"], max_body_size=256 * 1024)
Id = Annotated[str, Path(max_length=100)]


class PolicyShape(BaseModel):
    """A programme's policy today."""

    programme: str
    version: str = Field(description="What new findings follow.")
    behind: int = Field(description="Open findings that follow another version.")


class NewPolicy(BaseModel):
    """A policy file, as docs/policy.md describes it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    policy: Annotated[str, StringConstraints(max_length=100_000)] = Field(description="TOML text.")


class ConfirmedPolicy(NewPolicy):
    """The policy, and whether open findings follow it; then the digest of the preview, and why."""

    reproject: Flag = Field(description="Whether open findings follow too. Else only new ones do.")
    digest: Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{64})?$")] = ""
    reason: Words


@router.get("/{programme}/policy", summary="A programme's policy", responses=documented(404))
def show_policy(context: Shared, caller: SignedIn, programme: Id) -> PolicyShape:
    """Give the version of a programme's policy."""
    with reading(context.database) as connection:
        known = _visible(connection, caller, programme)
        behind = totals.behind_policy(connection, known.id, known.policy)
    return PolicyShape(programme=known.id, version=known.policy, behind=behind)


@router.post(
    "/{programme}/policy/preview",
    summary="What would move under another policy",
    responses=documented(403, 404, 413),
)
def preview_policy(context: Shared, caller: SignedIn, programme: Id, body: NewPolicy) -> PreviewShape:
    """Give every open date that would move: from when to when, and why. Nothing is changed."""
    policy = _read(body)
    with reading(context.database) as connection:
        known, _ = _permitted(connection, caller, programme)
        return preview_shape(reprojecting.policy_shown(connection, known, policy, context.clock()))


@router.put(
    "/{programme}/policy",
    summary="Give a programme another policy",
    responses={
        202: {"model": Reprojected, "description": "Some findings will know later."},
        **documented(400, 403, 404, 409, 413),
    },
)
async def confirm_policy(  # noqa: PLR0913 - what a request carries
    context: Shared,
    caller: SignedIn,
    programme: Id,
    body: ConfirmedPolicy,
    key: IdempotencyKey,
    response: Response,
) -> Reprojected:
    """Let new findings follow a policy and, if so said, the open ones as the preview showed."""
    policy = _read(body)
    given = await run_in_threadpool(_confirmed, context, caller, programme, policy, body, key)
    return await carried_out(context, policy.version, given, response)


def _read(body: NewPolicy) -> Policy:
    try:
        return read_policy(body.policy)
    except PolicyRefused as refused:
        raise invalid(*(FieldProblem(field="policy", message=each) for each in refused.errors)) from refused


def _visible(connection: Connection, caller: Caller, programme: str) -> Programme:
    known = programmes.programme(connection, programme)
    if known is None or can(caller.actor, Action.VIEW_FACTORY, Thing(ProgrammeId(programme))) is None:
        raise not_found("This programme")
    return known


def _permitted(connection: Connection, caller: Caller, programme: str) -> tuple[Programme, Role]:
    known = _visible(connection, caller, programme)
    return known, permit(caller, Action.MANAGE_POLICY, Thing(known.id), seen_by=Action.VIEW_FACTORY)


def _confirmed(  # noqa: PLR0913 - what a confirmation is made of
    context: Context, caller: Caller, programme: str, policy: Policy, body: ConfirmedPolicy, key: str
) -> tuple[Command, ...]:
    with writing(context.database) as connection:
        known, role = _permitted(connection, caller, programme)
        asked = Confirmation(
            by=caller.person.id,
            acting=role,
            digest=body.digest,
            reason=body.reason,
            key=key,
            at=context.clock(),
        )
        return reprojecting.confirm_policy(connection, known, policy, asked, reproject=body.reproject)
