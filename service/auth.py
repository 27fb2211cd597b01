"""Who is calling: a bearer token, of which only the SHA-256 is stored, names a person with their roles."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection

from remediation.permissions import ROLES, Action, Actor, Thing, can
from remediation.words import Role
from service.context import Context, Shared
from service.problems import ProblemError, not_found
from service.saying import THE_ROLE, listed
from service.speaking import say
from storage import people
from storage.database import reading
from storage.people import Person

LONGEST_TOKEN = 200

bearer = HTTPBearer(
    auto_error=False,
    scheme_name="token",
    description="A person's token. `mendwork token` issues one; it is shown once.",
)
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]


@dataclass(frozen=True, slots=True)
class Caller:
    """A known person, and all they may act as today."""

    person: Person
    actor: Actor
    shared: bool = False
    """Whether they are signed in on a device that others use, too."""
    proven: bool = False
    """Whether they typed their own PIN for what they ask."""


def caller_by_token(context: Context, connection: Connection, token: str) -> Caller | None:
    """Give who is known by a token, or None."""
    if not 0 < len(token) <= LONGEST_TOKEN:
        return None
    person = people.person_of_token(connection, token)
    if person is None:
        return None
    return Caller(person, people.actor(connection, person.id, context.clock()))


def signed_in(context: Shared, credentials: Credentials) -> Caller:
    """Give the caller. Raises the problem 401 without a valid token."""
    if credentials is None:
        raise _unauthorized("token_missing", "This address asks for a token.")
    with reading(context.database) as connection:
        caller = caller_by_token(context, connection, credentials.credentials)
    if caller is None:
        raise _unauthorized("token_invalid", "This token is not known, or it was revoked.")
    return caller


SignedIn = Annotated[Caller, Depends(signed_in)]


def _unauthorized(code: str, detail: str) -> ProblemError:
    return ProblemError(
        401,
        code,
        detail,
        way_out="Send the header `Authorization: Bearer <token>`. `mendwork token` issues tokens.",
        headers={"WWW-Authenticate": 'Bearer realm="mendwork"'},
    )


def permit(  # noqa: PLR0913 - who, what, and how to say no
    caller: Caller,
    action: Action,
    thing: Thing,
    *,
    seen_by: Action = Action.VIEW_FINDING,
    what: str = "This finding",
    acting: Role | None = None,
) -> Role:
    """Give the role in which the caller may do this.

    Raises the problem 404 where they may not even see the thing (`seen_by`), else 403 with who may.
    """
    role = can(caller.actor, action, thing, acting)
    if role is not None:
        return role
    if can(caller.actor, seen_by, thing) is None:
        raise not_found(what)
    raise forbidden(action)


def forbidden(action: Action) -> ProblemError:
    """Give the problem 403, which names the roles that may."""
    words = listed((THE_ROLE[role] for role in ROLES[action]), last="or")
    return ProblemError(
        403,
        "not_permitted",
        say("Your roles here do not allow this."),
        way_out=say("Ask %(people)s.", people=words),
        roles=[role.value for role in ROLES[action]],
    )
