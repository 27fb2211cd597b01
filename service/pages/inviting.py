"""Inviting in the browser: the people of one's factories, and a button that sends each a mail."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import RedirectResponse
from sqlalchemy import Connection

from activities.mailroom.responsible import unreachable
from remediation.permissions import Action, Grant, Reach, ScopeKind
from service import inviting
from service.context import Shared
from service.directing import reach_to
from service.pages.rendering import page
from service.pages.session import Viewer
from storage import belonging, invitations, programmes
from storage.belonging import Member
from storage.database import reading
from storage.invitations import Invitation
from storage.people import people_of

router = APIRouter(prefix="/invitations", include_in_schema=False, max_body_size=8 * 1024)

AT_ONCE = 50
Places = Mapping[str, str]
Person = Annotated[str, Path(max_length=100)]


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody, what they are where, and how far their invitation is."""

    id: str
    name: str
    parts: tuple[tuple[Grant, str], ...]
    reachable: bool
    invitation: Invitation | None
    by: str


@router.api_route("", methods=["GET", "HEAD"])
def people_to_invite(
    context: Shared, viewer: Viewer, after: Annotated[str, Query(max_length=100)] = ""
) -> Response:
    """Show the people of one's factories. Raises the problem 403 for who manages none."""
    now, where = context.clock(), reach_to(viewer, Action.MANAGE_FACTORY)
    with reading(context.database) as connection:
        found = belonging.members(connection, where, now, after=after, limit=AT_ONCE + 1)
        shown = found[:AT_ONCE]
        places = programmes.names_within(connection, _named(shown))
        rows = [_row(connection, each, places) for each in shown]
    more = rows[-1].id if len(found) > AT_ONCE else None
    return page("invitations.html", viewer=viewer.person, rows=rows, more=more)


@router.post("/{person}")
def invite(context: Shared, viewer: Viewer, person: Person) -> Response:
    """Invite somebody, and lead back to the list."""
    inviting.invite(context, viewer, person)
    return RedirectResponse("/invitations", status_code=303)


def _named(members: Sequence[Member]) -> Reach:
    """Give the factories that are named beside people."""
    every = (grant for member in members for grant in member.grants if grant.kind is ScopeKind.FACTORY)
    return Reach(factories=frozenset(grant.scope for grant in every))


def _row(connection: Connection, member: Member, places: Places) -> Row:
    latest = invitations.latest(connection, member.person.id)
    by = people_of(connection, [latest.by]) if latest else {}
    return Row(
        id=member.person.id,
        name=member.person.name,
        parts=tuple((grant, _place(grant, places)) for grant in member.grants),
        reachable=not unreachable(member.person),
        invitation=latest,
        by=by[latest.by].name if latest and latest.by in by else "",
    )


def _place(grant: Grant, places: Places) -> str:
    return places.get(grant.scope, "") if grant.kind is ScopeKind.FACTORY else ""
