"""Inviting people to sign in: whoever manages a factory's people does, and it is kept who asked whom."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from activities.mailroom.responsible import unreachable
from remediation.permissions import Action, Grant, ScopeKind
from service.auth import Caller
from service.context import Context
from service.directing import within
from service.entrance_mail import Desk
from service.problems import ProblemError, not_found
from service.speaking import say
from storage import belonging, invitations, messages, programmes
from storage.belonging import Member
from storage.database import writing
from storage.invitations import Invitation
from storage.people import Person
from storage.sign_in_events import Event, Happened, note

AGAIN_AFTER = timedelta(days=1)
"""Within it nobody is invited twice: a second click, or a second advisor, sends no second mail."""


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation, and whether it was sent just now."""

    invitation: Invitation
    new: bool


def invite(context: Context, caller: Caller, person: str) -> Invited:
    """Mail an invitation to somebody within the caller's reach; a second within a day is the first again.

    Raises the problems 403 (the caller manages nobody), 404, and 409 for who cannot be reached by mail.
    """
    now = context.clock()
    with writing(context.database) as connection:
        where = within(connection, caller, Action.MANAGE_FACTORY)
        member = belonging.member(connection, where, now, person)
        if member is None:
            raise not_found("This person")
        _has_an_address(member.person)
        earlier = invitations.latest(connection, person)
        if earlier is not None and now - earlier.at < AGAIN_AFTER:
            return Invited(earlier, new=False)
        return Invited(_send(context, connection, caller, member, now), new=True)


def _has_an_address(person: Person) -> None:
    if unreachable(person):
        raise ProblemError(
            409,
            "no_address",
            say("Mendwork has no e-mail address of this person that it can write to."),
            way_out=say(
                "Add their address first. Who has none signs on paper, or on a shared device by PIN."
            ),
        )


def _send(
    context: Context, connection: Connection, caller: Caller, member: Member, now: datetime
) -> Invitation:
    kept = invitations.add(connection, member.person.id, caller.person.id, now)
    place = _name(connection, member.grants[0])
    mail = Desk(context.settings, now).invitation(f"invitation:{kept.id}", member.person, place)
    messages.address(connection, (), (mail,), now)
    note(connection, Event(kind=Happened.INVITED, at=now, person=member.person.id, by=caller.person.id))
    return kept


def _name(connection: Connection, grant: Grant) -> str:
    """Give the name of the place where a role is held."""
    if grant.kind is ScopeKind.FACTORY:
        factory = programmes.factory(connection, grant.scope)
        return factory.name if factory else grant.scope
    programme = programmes.programme(connection, grant.scope)
    return programme.name if programme else "Mendwork"
