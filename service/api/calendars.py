"""A factory's calendar: its own days, and what would move if they were others."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from remediation.moves import Move
from remediation.permissions import Action
from remediation.words import CommandId, Role
from service import reprojecting, saying
from service.api.bodies import Words
from service.api.orders import IdempotencyKey
from service.api.places import HolidaysShape, Id, holidays_of, thing_of, visible_factory
from service.api.values import Day
from service.auth import Caller, SignedIn, permit
from service.commands import Answer
from service.context import Context, Shared
from service.explaining import because
from service.problems import documented
from service.reprojecting import Confirmation, Preview
from service.spreading import spread
from storage import factory_days, totals
from storage.commands import Command, Pending, Refused
from storage.database import reading, writing
from storage.factory_days import DayKind, OwnDays
from storage.programmes import Factory

MOST_DAYS = 500
LONGEST = 366

router = APIRouter(prefix="/api/v1/factories", tags=["calendars"], max_body_size=256 * 1024)
STRICT = ConfigDict(extra="forbid", frozen=True)


class DayShape(BaseModel):
    """A day of a factory's own, or several in a row."""

    model_config = STRICT

    kind: DayKind = Field(description="A `workday` is worked although others rest.")
    first: Day
    last: Day | None = Field(None, description="The last day of several; left out for one day.")
    name: Annotated[str, StringConstraints(strip_whitespace=True, max_length=100)] = ""

    @model_validator(mode="after")
    def _in_order(self) -> "DayShape":
        if not 0 <= ((self.last or self.first) - self.first).days < LONGEST:
            message = "The last day comes no earlier than the first, and less than a year after it."
            raise ValueError(message)
        return self


class NewDays(BaseModel):
    """All days of its own that a factory shall have. Public holidays are not among them."""

    model_config = STRICT

    days: Annotated[tuple[DayShape, ...], Field(max_length=MOST_DAYS)]

    @model_validator(mode="after")
    def _each_once(self) -> "NewDays":
        if len({(each.kind, each.first) for each in self.days}) < len(self.days):
            message = "Two entries of one kind begin on the same day. Give one of them."
            raise ValueError(message)
        return self


class ConfirmedDays(NewDays):
    """The days as they were previewed, the digest of that preview, and why they change."""

    digest: Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
    reason: Words


class CalendarShape(BaseModel):
    """A factory's calendar today."""

    factory: str
    version: str = Field(description="What new findings follow.")
    country: str
    zone: str
    rest_days: tuple[int, ...] = Field(description="ISO weekdays; Monday is 1.")
    days: list[DayShape]
    holidays: HolidaysShape
    behind: int = Field(description="Open findings that follow another version: a preview shows their moves.")


class MoveShape(BaseModel):
    """A date that would move. Null where there was, or will be, no such date."""

    finding: str
    key: str = Field(description="Of what is owed, or `fix` or `objections`.")
    what: str
    old: AwareDatetime | None
    new: AwareDatetime | None
    old_day: date | None
    new_day: date | None
    why: str


class PreviewShape(BaseModel):
    """What would move. Nothing has; `digest` is what a confirmation names."""

    version: str
    digest: str
    findings: int = Field(description="Open findings that would follow from now on, also without a move.")
    moves: list[MoveShape]


class RefusedShape(BaseModel):
    """A finding whose dates did not move, and why."""

    finding: str
    code: str
    detail: str


class Reprojected(BaseModel):
    """What became of a confirmation."""

    version: str
    findings: int = Field(description="Open findings that were told.")
    pending: int = Field(description="How many of them do not know of it yet; they will.")
    refused: list[RefusedShape] = Field(description="What moved on meanwhile: look at a preview again.")


@router.get("/{factory}/calendar", summary="A factory's calendar", responses=documented(404))
def show_calendar(context: Shared, caller: SignedIn, factory: Id) -> CalendarShape:
    """Give a factory's own days, and how far its public holidays are known."""
    with reading(context.database) as connection:
        return calendar_shape(connection, visible_factory(connection, caller, factory), context.clock())


@router.post(
    "/{factory}/calendar/preview",
    summary="What would move if a factory had other days",
    responses=documented(403, 404, 413),
)
def preview_calendar(context: Shared, caller: SignedIn, factory: Id, body: NewDays) -> PreviewShape:
    """Give every open date that would move: from when to when, and why. Nothing is changed."""
    with reading(context.database) as connection:
        place, _ = _permitted(connection, caller, factory)
        preview, _ = reprojecting.days_shown(connection, place, own_days(body.days), context.clock())
    return preview_shape(preview)


@router.put(
    "/{factory}/calendar",
    summary="Give a factory other days",
    responses={
        202: {"model": Reprojected, "description": "Some findings will know later."},
        **documented(400, 403, 404, 409, 413),
    },
)
async def confirm_calendar(  # noqa: PLR0913 - what a request carries
    context: Shared,
    caller: SignedIn,
    factory: Id,
    body: ConfirmedDays,
    key: IdempotencyKey,
    response: Response,
) -> Reprojected:
    """Let a factory have these days, and let its open findings follow as the preview showed."""
    version, given = await run_in_threadpool(_confirmed, context, caller, factory, body, key)
    return await carried_out(context, version, given, response)


def calendar_shape(connection: Connection, place: Factory, now: datetime) -> CalendarShape:
    """Give a factory's calendar at an aware instant."""
    days = factory_days.days_of(connection, place.id)
    return CalendarShape(
        factory=place.id,
        version=place.calendar,
        country=place.country,
        zone=place.zone,
        rest_days=place.rest_days,
        days=[DayShape(kind=each.kind, first=each.first, last=each.last, name=each.name) for each in days],
        holidays=holidays_of(place, days, now),
        behind=totals.behind(connection, place.id, place.calendar),
    )


def own_days(days: tuple[DayShape, ...]) -> tuple[OwnDays, ...]:
    """Give days as they are kept, in order."""
    return tuple(sorted(OwnDays(each.first, each.last or each.first, each.kind, each.name) for each in days))


def preview_shape(preview: Preview) -> PreviewShape:
    """Give a preview, its moves in order of the old date."""
    moves = [_move(finding, move) for finding, projection in preview.findings for move in projection.moves]
    return PreviewShape(
        version=preview.version,
        digest=preview.digest,
        findings=len(preview.findings),
        moves=sorted(moves, key=lambda each: (each.old or each.new, each.finding)),
    )


async def carried_out(
    context: Context, version: str, given: tuple[Command, ...], response: Response
) -> Reprojected:
    """Deliver the orders of a confirmation, and tell what became of them."""
    patience = context.settings.command_patience
    answers = await spread(context.engine, context.database, given, patience)
    told = summed(version, given, answers)
    if told.pending:
        response.status_code = 202
    return told


def summed(version: str, given: tuple[Command, ...], answers: Mapping[CommandId, Answer]) -> Reprojected:
    """Give what became of the orders of a confirmation, in sum."""
    refused = [
        RefusedShape(finding=each.finding, code=answer.code, detail=answer.detail)
        for each in given
        if isinstance(answer := answers[each.id], Refused)
    ]
    pending = sum(isinstance(each, Pending) for each in answers.values())
    return Reprojected(version=version, findings=len(given), pending=pending, refused=refused)


def _permitted(connection: Connection, caller: Caller, factory: str) -> tuple[Factory, Role]:
    place = visible_factory(connection, caller, factory)
    return place, permit(caller, Action.REPROJECT, thing_of(place), seen_by=Action.VIEW_FACTORY)


def _confirmed(
    context: Context, caller: Caller, factory: str, body: ConfirmedDays, key: str
) -> tuple[str, tuple[Command, ...]]:
    with writing(context.database) as connection:
        place, role = _permitted(connection, caller, factory)
        asked = Confirmation(
            by=caller.person.id,
            acting=role,
            digest=body.digest,
            reason=body.reason,
            key=key,
            at=context.clock(),
        )
        given = reprojecting.confirm_days(connection, place, own_days(body.days), asked)
        return visible_factory(connection, caller, factory).calendar, given


def _move(finding: str, move: Move) -> MoveShape:
    return MoveShape(
        finding=finding,
        key=move.key,
        what=saying.DUTY[move.duty] if move.duty else saying.LIMITS[move.key],
        old=move.old,
        new=move.new,
        old_day=move.old_day,
        new_day=move.new_day,
        why=because(move.why),
    )
