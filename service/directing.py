"""Keeping the directory: people, the roles they hold, and the settings of factories.

Nobody gives what lies outside their own reach, touches people who reach further, or changes their own
roles.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from activities.calendars import CalendarRefused, calendar_of
from remediation.permissions import Action, Actor, Grant, Reach, ScopeKind, reach
from remediation.words import FACTORY_ROLES, Role
from service.auth import Caller, forbidden
from service.entrance_mail import Desk
from service.problems import FieldProblem, ProblemError, invalid
from service.signing_in import readdressed
from storage import factory_days, people, programmes, versions
from storage.changes import Changed, DirectoryChange, note
from storage.people import Person
from storage.programmes import Factory

SEATS = frozenset(
    {Role.WORKER_MEMBER, Role.MANAGEMENT_MEMBER, Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR}
)
"""Roles that come with a committee's seats and are not given."""


def within(connection: Connection, caller: Caller, action: Action) -> Reach:
    """Give where the caller may do this, with every factory by its own id. Raises the problem 403."""
    where = reach_to(caller, action)
    return replace(where, factories=frozenset(programmes.names_within(connection, where)))


def reach_to(caller: Caller, action: Action) -> Reach:
    """Give where the caller may do this. Raises the problem 403 where that is nowhere."""
    where = reach(caller.actor, action)
    if where.nowhere:
        raise forbidden(action)
    return where


def save_person(connection: Connection, caller: Caller, person: Person, desk: Desk) -> bool:
    """Add a person, or correct one; tell whether they are new. A replaced address is told so, from `desk`.

    Raises the problems 403, and 409 for an id that belongs to somebody beyond the caller's reach.
    """
    where = within(connection, caller, Action.MANAGE_FACTORY)
    known = people.person(connection, person.id)
    if known is not None and person.id != caller.person.id:
        reachable(caller, where, people.actor(connection, person.id, desk.now))
    if known is not None and known.email and known.email != person.email:
        readdressed(connection, desk, known, by=caller.person.id)
    people.save_person(connection, person)
    note_change(connection, caller, desk.now, Changed.PERSON, person.id, known, person)
    return known is None


def reachable(caller: Caller, where: Reach, actor: Actor) -> None:
    """Refuse to touch somebody with roles beyond the caller's own reach: mail to them would be diverted."""
    roles = reach(caller.actor, Action.MANAGE_DIRECTORY)
    beyond = [
        grant
        for grant in actor.grants
        if not where.covers(grant) or (grant.role not in FACTORY_ROLES and roles.nowhere)
    ]
    if beyond:
        raise ProblemError(
            409,
            "beyond_your_reach",
            "This id belongs to somebody with roles beyond your reach.",
            way_out="Take another id for a new person, or ask an operator to correct this one.",
        )


def set_roles(
    connection: Connection, caller: Caller, person: Person, wanted: tuple[Grant, ...], now: datetime
) -> Actor:
    """Let a person hold exactly these roles within the caller's reach; what lies beyond stays as it is.

    Raises the problems 403 and 422.
    """
    where = within(connection, caller, Action.MANAGE_DIRECTORY)
    if person.id == caller.person.id:
        raise ProblemError(
            403, "own_roles", "Nobody changes their own roles.", way_out="Ask another operator to do it."
        )
    problems = list(_not_givable(where, wanted))
    if problems:
        raise invalid(*problems)
    held = {grant for grant in people.given(connection, person.id) if where.covers(grant)}
    note_change(connection, caller, now, Changed.ROLES, person.id, _sorted(held), _sorted(wanted))
    for grant in held - set(wanted):
        people.take(connection, person.id, grant)
    for grant in wanted:
        people.give(connection, person.id, grant)
    return people.actor(connection, person.id, now)


def _sorted(grants: Iterable[Grant]) -> list[Grant]:
    return sorted(set(grants), key=lambda each: (each.role, each.kind, each.scope))


def note_change(  # noqa: PLR0913 - a change's parts
    connection: Connection,
    caller: Caller,
    at: datetime,
    what: Changed,
    subject: str,
    before: object,
    after: object,
) -> None:
    """Keep who changed what."""
    change = DirectoryChange(
        at=at, by=caller.person.id, what=what, subject=subject, before=before, after=after
    )
    note(connection, change)


def _not_givable(where: Reach, wanted: tuple[Grant, ...]) -> Iterable[FieldProblem]:
    for place, grant in enumerate(wanted):
        if grant.role in SEATS:
            message = "This role comes with a seat: change the factory's committee."
            yield FieldProblem(field=f"roles[{place}].role", message=message)
        elif grant.role is Role.SYSTEM:
            yield FieldProblem(field=f"roles[{place}].role", message="Nobody acts as the system.")
        elif (grant.kind is ScopeKind.ALL) != (not grant.scope) or not where.covers(grant):
            message = "This lies beyond your reach. Name a programme or factory that your own roles cover."
            yield FieldProblem(field=f"roles[{place}].scope", message=message)


def save_factory(connection: Connection, factory: Factory, now: datetime) -> Factory:
    """Keep a factory's corrected settings. New findings get the calendar that follows from them.

    Raises the problem 422 for settings that make no calendar.
    """
    try:
        resolved = calendar_of(factory, factory_days.days_of(connection, factory.id), now.year)
    except CalendarRefused as refused:
        field = "rest_days" if str(refused).startswith("rest_days") else "zone"
        raise invalid(FieldProblem(field=field, message=str(refused))) from refused
    versions.keep_calendar(connection, resolved.calendar)
    corrected = replace(factory, calendar=resolved.calendar.version)
    programmes.save_factory(connection, corrected)
    return corrected
