"""People: oneself, and whom the caller's roles reach."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from remediation.permissions import Action, Actor, Reach, reach
from remediation.words import Role
from service.api.places import After, Id, Limit, thing_of, visible_factory
from service.auth import Caller, SignedIn, permit
from service.context import Shared
from service.problems import documented, not_found
from storage import belonging
from storage.belonging import Member
from storage.database import reading

router = APIRouter(prefix="/api/v1", tags=["people"], max_body_size=0)


class RoleShape(BaseModel):
    """A role, and where it is held."""

    role: Role
    kind: str
    scope: str
    lent_by: str | None = Field(None, description="Whose role it is, where it is lent while they are away.")


class PersonItem(BaseModel):
    """A person, and what they are within the caller's reach."""

    id: str
    name: str
    roles: list[RoleShape]


class PersonPage(BaseModel):
    """A page of people, by id."""

    items: list[PersonItem]
    next: str | None


class Me(BaseModel):
    """The caller: what is known of them, and all they may act as."""

    id: str
    name: str
    email: str | None
    phone: str | None
    language: str
    roles: list[RoleShape]


@router.get("/me", summary="Who am I?", responses=documented())
def who_am_i(caller: SignedIn) -> Me:
    """Give what is known of the caller, and what they may act as where."""
    own = caller.person
    roles = roles_of(caller.actor)
    return Me(id=own.id, name=own.name, email=own.email, phone=own.phone, language=own.language, roles=roles)


@router.get("/people", summary="List people", responses=documented(404))
def list_people(
    context: Shared,
    caller: SignedIn,
    factory: Annotated[str | None, Query(max_length=100)] = None,
    after: After = "",
    limit: Limit = 50,
) -> PersonPage:
    """Give the people of a factory, or of all that the caller's roles reach: names and roles, no more."""
    with reading(context.database) as connection:
        where = _where(connection, caller, factory)
        found = belonging.members(connection, where, context.clock(), after=after, limit=limit + 1)
    items = [_person(each) for each in found[:limit]]
    return PersonPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.get("/people/{person}", summary="One person", responses=documented(404))
def one_person(context: Shared, caller: SignedIn, person: Id) -> PersonItem:
    """Give a person's name, and what they are within the caller's reach."""
    if person == caller.person.id:
        return PersonItem(id=person, name=caller.person.name, roles=roles_of(caller.actor))
    with reading(context.database) as connection:
        found = belonging.member(connection, _where(connection, caller, None), context.clock(), person)
    if found is None:
        raise not_found("This person")
    return _person(found)


def _where(connection: Connection, caller: Caller, factory: str | None) -> Reach:
    if factory is None:
        return reach(caller.actor, Action.VIEW_PEOPLE)
    known = visible_factory(connection, caller, factory)
    permit(caller, Action.VIEW_PEOPLE, thing_of(known), seen_by=Action.VIEW_FACTORY)
    return Reach(factories=frozenset({factory}))


def _person(member: Member) -> PersonItem:
    return PersonItem(
        id=member.person.id,
        name=member.person.name,
        roles=roles_of(Actor(member.person.id, member.grants)),
    )


def roles_of(actor: Actor) -> list[RoleShape]:
    """Give all that somebody may act as, and where."""
    return [
        RoleShape(role=each.role, kind=each.kind.value, scope=each.scope, lent_by=each.lent_by)
        for each in actor.grants
    ]
