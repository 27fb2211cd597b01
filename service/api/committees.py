"""Changing a factory's committee."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator
from starlette.concurrency import run_in_threadpool

from remediation.orders import Seat
from remediation.permissions import Action
from remediation.words import PersonId, Side
from service.api.bodies import Id
from service.api.orders import IdempotencyKey
from service.api.places import CommitteeShape, committee, thing_of, visible_factory
from service.api.places import Id as FactoryPath
from service.api.values import Flag
from service.auth import SignedIn, permit
from service.context import Context, Shared
from service.problems import documented
from service.reseating import Reseating, reseat
from storage.database import reading

MOST_SEATS = 60

router = APIRouter(prefix="/api/v1/factories", tags=["committees"], max_body_size=64 * 1024)


class NewSeat(BaseModel):
    """A seat as it shall be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    person: Id
    side: Side
    elected: Flag = False
    co_chair: Flag = False


class NewCommittee(BaseModel):
    """All seats as they shall be from today on. Who is not among them leaves the committee."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seats: Annotated[tuple[NewSeat, ...], Field(min_length=1, max_length=MOST_SEATS)]

    @model_validator(mode="after")
    def _one_seat_a_person(self) -> "NewCommittee":
        people = [seat.person for seat in self.seats]
        if len(set(people)) < len(people):
            message = "Everybody holds one seat."
            raise ValueError(message)
        chairs = [seat.side for seat in self.seats if seat.co_chair]
        if len(set(chairs)) < len(chairs):
            message = "Each side has one co-chair."
            raise ValueError(message)
        return self


class Reseated(CommitteeShape):
    """The committee as it is now, and how many open findings were told."""

    findings: int
    pending: int = Field(description="How many of them do not know of it yet; they will.")


@router.put(
    "/{factory}/committee",
    summary="Change a factory's committee",
    responses={
        202: {"model": Reseated, "description": "Some findings will know later."},
        **documented(400, 403, 404, 409, 413),
    },
)
async def change_committee(  # noqa: PLR0913 - what a request carries
    context: Shared,
    caller: SignedIn,
    factory: FactoryPath,
    body: NewCommittee,
    key: IdempotencyKey,
    response: Response,
) -> Reseated:
    """Change the seats from today on. Signatures on open proposals count by the new seats."""
    asked = await run_in_threadpool(_permitted, context, caller, factory, body, key)
    findings, pending = await reseat(context, asked)
    if pending:
        response.status_code = 202
    shown = await run_in_threadpool(_shown, context, asked)
    return Reseated(**shown.model_dump(), findings=findings, pending=pending)


def _permitted(context: Context, caller: SignedIn, factory: str, body: NewCommittee, key: str) -> Reseating:
    with reading(context.database) as connection:
        known = visible_factory(connection, caller, factory)
        role = permit(caller, Action.RESEAT, thing_of(known), seen_by=Action.VIEW_FACTORY)
    seats = tuple(
        Seat(person=PersonId(each.person), side=each.side, elected=each.elected, co_chair=each.co_chair)
        for each in body.seats
    )
    return Reseating(
        caller=caller, acting=role, factory=known, seats=seats, on=known.today(context.clock()), key=key
    )


def _shown(context: Context, asked: Reseating) -> CommitteeShape:
    with reading(context.database) as connection:
        return committee(connection, asked.factory, context.clock())
