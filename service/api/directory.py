"""Changing the directory: people, their roles, and factories' settings."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from remediation.permissions import Action, Grant, ScopeKind
from remediation.words import PersonId, Role
from service import directing, inviting
from service.api.people import PersonItem, roles_of
from service.api.places import FactoryItem, Id, one_factory, thing_of, visible_factory
from service.api.values import Flag, Number
from service.auth import SignedIn, permit
from service.context import Shared
from service.entrance_mail import Desk
from service.problems import documented, not_found
from storage import people
from storage.changes import Changed
from storage.database import writing
from storage.people import Person

router = APIRouter(prefix="/api/v1", max_body_size=64 * 1024)

STRICT = ConfigDict(extra="forbid", frozen=True)
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
NewId = Annotated[
    str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", description="Letters, digits, dots and dashes.")
]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s<>\",;:\\]+@[^@\s<>\",;:\\]+$", max_length=254)]


class NewPerson(BaseModel):
    """A person as they shall be known. Many members have no e-mail address of their own."""

    model_config = STRICT

    name: Name
    language: Language = Field(description="ISO 639-1, such as `en`: what letters to them are written in.")
    email: Email | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{3,30}$")] | None = None


class NewRole(BaseModel):
    """A role, and where it is held. `scope` is a programme's or factory's id; empty for `all`."""

    model_config = STRICT

    role: Role
    kind: ScopeKind
    scope: Annotated[str, StringConstraints(max_length=100)] = ""


class NewRoles(BaseModel):
    """All roles that the person shall hold within the caller's reach."""

    model_config = STRICT

    roles: Annotated[tuple[NewRole, ...], Field(max_length=100)]


class InvitationShape(BaseModel):
    """An invitation: who asked whom to sign in, when, and since when the person has done so."""

    person: str
    by: str
    at: datetime
    accepted_at: datetime | None


class FactorySettings(BaseModel):
    """What shall change; what is left out stays. Open findings follow when it is confirmed."""

    model_config = STRICT

    name: Name | None = None
    language: Language | None = None
    zone: Annotated[str, StringConstraints(max_length=60)] | None = Field(None, description="IANA's name.")
    rest_days: tuple[Number, ...] | None = Field(None, max_length=6, description="ISO weekdays; Monday is 1.")
    active: Flag | None = None


@router.put(
    "/people/{person}",
    tags=["people"],
    summary="Add or correct a person",
    responses={201: {"model": PersonItem, "description": "They are new."}, **documented(403, 409, 413)},
)
def put_person(
    context: Shared, caller: SignedIn, person: NewId, body: NewPerson, response: Response
) -> PersonItem:
    """Add a person, or correct what is known of one. They may do nothing until they hold a role or a seat."""
    given = Person(id=PersonId(person), **body.model_dump())
    desk = Desk(context.settings, context.clock())
    with writing(context.database) as connection:
        new = directing.save_person(connection, caller, given, desk)
    response.status_code = 201 if new else 200
    return PersonItem(id=person, name=given.name, roles=[])


@router.put(
    "/people/{person}/roles",
    tags=["people"],
    summary="Say which roles a person holds",
    responses=documented(403, 404, 413),
)
def put_roles(context: Shared, caller: SignedIn, person: Id, body: NewRoles) -> PersonItem:
    """Let a person hold exactly these roles within the caller's reach. Nobody changes their own."""
    wanted = tuple(Grant(each.role, each.kind, each.scope) for each in body.roles)
    with writing(context.database) as connection:
        directing.within(connection, caller, Action.MANAGE_DIRECTORY)
        known = people.person(connection, person)
        if known is None:
            raise not_found("This person")
        actor = directing.set_roles(connection, caller, known, wanted, context.clock())
    return PersonItem(id=person, name=known.name, roles=roles_of(actor))


@router.post(
    "/people/{person}/invite",
    tags=["people"],
    summary="Invite a person to sign in",
    status_code=201,
    responses={
        200: {"model": InvitationShape, "description": "They were invited within the last day already."},
        **documented(403, 404, 409),
    },
)
def invite_person(context: Shared, caller: SignedIn, person: Id, response: Response) -> InvitationShape:
    """Send a person of one's factories a mail that leads to the sign-in page. It carries no authority."""
    invited = inviting.invite(context, caller, person)
    response.status_code = 201 if invited.new else 200
    kept = invited.invitation
    return InvitationShape(person=kept.person, by=kept.by, at=kept.at, accepted_at=kept.accepted_at)


@router.patch(
    "/factories/{factory}",
    tags=["factories"],
    summary="Correct a factory's settings",
    responses=documented(403, 404, 413),
)
def patch_factory(context: Shared, caller: SignedIn, factory: Id, body: FactorySettings) -> FactoryItem:
    """Correct a factory's settings. Dates of open findings do not move by it."""
    with writing(context.database) as connection:
        known = visible_factory(connection, caller, factory)
        permit(caller, Action.MANAGE_FACTORY, thing_of(known), seen_by=Action.VIEW_FACTORY)
        changed = replace(known, **body.model_dump(exclude_none=True))
        now = context.clock()
        kept = directing.save_factory(connection, changed, now)
        directing.note_change(connection, caller, now, Changed.FACTORY, factory, known, kept)
    return one_factory(context, caller, factory)
