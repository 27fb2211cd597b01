"""Votes on a device that others use, too: each is its member's own, by the PIN that only they know."""

from typing import Annotated

from fastapi import Depends, Header, Path
from sqlalchemy import Connection

from remediation.gatherings.gathering import Kind, gathering_id
from remediation.permissions import Action, can
from remediation.words import subject_of
from service import pins
from service.auth import Caller, SignedIn
from service.context import Context, Shared
from service.problems import not_found
from service.receiving import visible_thing
from storage import people
from storage.database import reading

Pin = Annotated[
    str | None,
    Header(alias="Signing-Pin", max_length=20, description="The voter's own PIN, on a shared device."),
]
Member = Annotated[
    str | None,
    Header(
        alias="Signing-Member",
        max_length=100,
        description="The member who votes by their PIN, where the device is signed in as somebody else.",
    ),
]


def voter(
    context: Shared,
    caller: SignedIn,
    finding: Annotated[str, Path(max_length=100)],
    pin: Pin = None,
    member: Member = None,
) -> Caller:
    """Give who votes: the caller, or a member of the same committee who typed their PIN on this device.

    Raises the problems 404, and 422 for a PIN that is wrong, missing or locked.
    """
    return _voter(context, caller, finding, pin, member)


Voter = Annotated[Caller, Depends(voter)]


def voter_in_meeting(
    context: Shared,
    caller: SignedIn,
    meeting: Annotated[str, Path(max_length=100)],
    pin: Pin = None,
    member: Member = None,
) -> Caller:
    """Give who votes in a meeting, as `voter` does of a finding."""
    return _voter(context, caller, gathering_id(Kind.MEETING, meeting), pin, member)


VoterInMeeting = Annotated[Caller, Depends(voter_in_meeting)]


def _voter(context: Context, caller: Caller, subject: str, pin: str | None, member: str | None) -> Caller:
    if pin is None and member is None:
        return caller
    with reading(context.database) as connection:
        voting = at_the_table(context, connection, caller, subject, member or caller.person.id)
    if pin is None:
        raise pins.pin_required()
    return pins.prove(context, voting, pin, by=caller.person.id)


def at_the_table(
    context: Context, connection: Connection, caller: Caller, subject: str, member: str
) -> Caller:
    """Give a member of the committee of a finding or meeting, to who may see it. Raises the problem 404."""
    thing = visible_thing(connection, caller, subject_of(subject))
    if member == caller.person.id:
        return caller
    known = people.person(connection, member)
    actor = people.actor(connection, member, context.clock())
    if known is None or can(actor, Action.SIGN, thing) is None:
        raise not_found("This member of the committee")
    return Caller(known, actor, shared=True)
