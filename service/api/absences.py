"""Leave: who is away, who stands in, and what they read meanwhile."""

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from remediation.permissions import Action, reach
from remediation.words import LetterKind, PersonId
from service import leave
from service.api.places import Id
from service.api.shapes import Named
from service.api.values import Day
from service.auth import SignedIn
from service.context import Shared
from service.leave import LeaveRefused, refused
from service.problems import documented, not_found
from storage import absences, belonging, people
from storage.absences import Absence, Leave
from storage.database import reading, writing

RECENT = timedelta(days=60)
router = APIRouter(prefix="/api/v1", tags=["people"], max_body_size=16 * 1024)

First = Annotated[Day, Path(description="The first day of absence.")]


class NewAbsence(BaseModel):
    """An absence as it shall be known. Days are the local days of each factory concerned."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    last: Day = Field(description="The last day of absence.")
    deputy: Annotated[str, StringConstraints(min_length=1, max_length=100)] | None = Field(
        None, description="Who reads and acts in their place. Without one, the next role up reads."
    )
    reason: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = Field(
        "", description="Seen by themselves and by who may enter it."
    )


class AbsenceShape(BaseModel):
    """An absence, from the first to the last day."""

    person: Named
    first: date
    last: date
    deputy: Named | None
    reason: str | None = Field(description="Null for who may not read it.")
    entered_by: str
    entered_at: AwareDatetime


class AbsenceList(BaseModel):
    """Absences that last, lie ahead, or ended in the last sixty days; the earliest first."""

    items: list[AbsenceShape]


class CoveredShape(BaseModel):
    """A letter that somebody else got in the person's place."""

    finding: str
    kind: LetterKind
    reader: Named
    sent_at: AwareDatetime
    state: str


class CoveredList(BaseModel):
    """The latest letters that others got in the person's place, the newest first."""

    items: list[CoveredShape]


@router.get("/people/{person}/absences", summary="A person's absences", responses=documented(404))
def list_absences(context: Shared, caller: SignedIn, person: Id) -> AbsenceList:
    """Give when somebody is away and who stands in for them."""
    now = context.clock()
    with reading(context.database) as connection:
        if not leave.sees(connection, caller, person, now):
            raise not_found("This person")
        reasons = leave.may_enter(connection, caller, person, now)
        found = absences.lasting(connection, now.date() - RECENT, person)
        return AbsenceList(items=[_shape(connection, each, reasons=reasons) for each in found])


@router.put(
    "/people/{person}/absences/{first}",
    summary="Enter an absence",
    responses={201: {"model": AbsenceShape, "description": "It is new."}, **documented(403, 404, 409, 413)},
)
def put_absence(  # noqa: PLR0913 - what FastAPI hands over
    context: Shared, caller: SignedIn, person: Id, first: First, body: NewAbsence, response: Response
) -> AbsenceShape:
    """Enter one's own absence, or that of somebody within one's reach; or correct the one of that first day.

    The deputy gets the roles of advisors, managers and staff for these days; committee seats are never lent.
    """
    now = context.clock()
    deputy = PersonId(body.deputy) if body.deputy else None
    asked = Leave(person=PersonId(person), first=first, last=body.last, deputy=deputy, reason=body.reason)
    with writing(context.database) as connection:
        leave.permit_entering(connection, caller, person, now)
        response.status_code = 201 if leave.find(connection, person, first) is None else 200
        try:
            entered = leave.enter(connection, asked, caller.person.id, now)
        except LeaveRefused as error:
            raise refused(error) from error
        return _shape(connection, entered, reasons=True)


@router.delete(
    "/people/{person}/absences/{first}",
    summary="Call an absence off",
    status_code=204,
    responses=documented(403, 404, 409),
)
def delete_absence(context: Shared, caller: SignedIn, person: Id, first: First) -> None:
    """Call an absence off: from now on they are there again, and the deputy's roles end."""
    now = context.clock()
    with writing(context.database) as connection:
        leave.permit_entering(connection, caller, person, now)
        known = leave.find(connection, person, first)
        if known is None:
            raise not_found("This absence")
        absences.call_off(connection, known, caller.person.id, now)


@router.get("/people/{person}/covered", summary="What others read in their place", responses=documented(404))
def list_covered(context: Shared, caller: SignedIn, person: Id) -> CoveredList:
    """Give the letters that others got in one's own place; staff see those of people within their reach."""
    with reading(context.database) as connection:
        if person != caller.person.id:
            where = reach(caller.actor, Action.VIEW_DELIVERY)
            if belonging.member(connection, where, context.clock(), person) is None:
                raise not_found("This person")
        found = absences.covered(connection, person)
    return CoveredList(
        items=[
            CoveredShape(
                finding=each.finding,
                kind=each.kind,
                reader=Named(id=each.reader, name=each.reader_name),
                sent_at=each.sent_at,
                state=each.state.value,
            )
            for each in found
        ]
    )


def _shape(connection: Connection, absence: Absence, *, reasons: bool) -> AbsenceShape:
    both = [absence.person] + ([absence.deputy] if absence.deputy else [])
    names = {each.id: each.name for each in people.people_of(connection, both).values()}
    return AbsenceShape(
        person=Named(id=absence.person, name=names[absence.person]),
        first=absence.first,
        last=absence.last,
        deputy=Named(id=absence.deputy, name=names[absence.deputy]) if absence.deputy else None,
        reason=absence.reason if reasons else None,
        entered_by=absence.entered_by,
        entered_at=absence.entered_at,
    )
