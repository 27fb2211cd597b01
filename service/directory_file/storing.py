"""A checked directory into SQL: what is new, what changes, and the first operator's token."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from remediation import catalogue
from remediation.permissions import Grant, Reach
from remediation.words import PersonId, Role
from service.directory_file.checks import Directory, Known
from service.entrance_mail import Desk
from service.signing_in import readdressed
from storage import people, programmes, versions
from storage.changes import COMMAND_LINE, Changed, DirectoryChange, note
from storage.committees import committee, save_term
from storage.people import every_id, holders_of, issue_token, tokens_of

LABEL = "first operator"


class Change(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class Row:
    """A thing of the directory, and what becomes of it."""

    sheet: str
    name: str
    change: Change


def known(connection: Connection, now: datetime) -> Known:
    """Give what is stored at an aware instant."""
    factories = programmes.factories_within(connection, Reach(everywhere=True))
    return Known(
        programmes={each.id: each for each in programmes.all_programmes(connection)},
        factories={each.id: each for each in factories},
        people=frozenset(every_id(connection)),
        committees={each.id: committee(connection, each.id, each.today(now)) for each in factories},
        operated=bool(holders_of(connection, Role.OPERATOR)),
    )


def changes(connection: Connection, directory: Directory, before: Known) -> tuple[Row, ...]:
    """Give what storing a directory would change, by sheet."""
    persons = people.people_of(connection, (each.id for each in directory.people))
    given = {person: people.given(connection, person) for person, _ in directory.grants}
    return (
        *_compared("programmes", directory.programmes, before.programmes),
        *_compared("factories", directory.factories, before.factories),
        *_compared("people", directory.people, {str(each): one for each, one in persons.items()}),
        *(
            Row("roles", f"{person}: {grant.role} {grant.scope}".strip(), _once(grant in given[person]))
            for person, grant in directory.grants
        ),
        *(Row("seats", f"{term.factory}: {term.seat.person}", Change.NEW) for term in directory.terms),
    )


def _compared(sheet: str, given: Iterable[object], stored: Mapping[str, object]) -> Iterable[Row]:
    for each in given:
        ident = str(getattr(each, "id", ""))
        was = stored.get(ident)
        change = Change.NEW if was is None else Change.SAME if was == each else Change.CHANGED
        yield Row(sheet, f"{ident} {getattr(each, 'name', '')}", change)


def _once(there: bool) -> Change:  # noqa: FBT001 - one word of the report
    return Change.SAME if there else Change.NEW


def store(connection: Connection, directory: Directory, before: Known, desk: Desk) -> None:
    """Store a directory, and keep what changes. Safe to repeat; what the file does not name stays.

    Who has a new address is told so at the former one, from `desk`.
    """
    for change in _noted(connection, directory, before, desk.now):
        note(connection, change)
    known = people.people_of(connection, (each.id for each in directory.people))
    for person in directory.people:
        former = known.get(person.id)
        if former is not None and former.email and former.email != person.email:
            readdressed(connection, desk, former, by=COMMAND_LINE)
    versions.keep_catalogue(connection, catalogue.VERSION, catalogue.CLUSTERS)
    for policy in directory.policies.values():
        versions.keep_policy(connection, policy)
    for calendar in directory.calendars.values():
        versions.keep_calendar(connection, calendar)
    for programme in directory.programmes:
        programmes.save_programme(connection, programme)
    programmes.save_factories(connection, list(directory.factories))
    for person in directory.people:
        people.save_person(connection, person)
    for holder, grant in directory.grants:
        people.give(connection, holder, grant)
    for term in directory.terms:
        save_term(connection, term)


def _noted(
    connection: Connection, directory: Directory, before: Known, at: datetime
) -> Iterator[DirectoryChange]:
    """Give what changes about each thing that the file names."""
    persons = people.people_of(connection, (each.id for each in directory.people))
    for programme in directory.programmes:
        yield _change(at, Changed.PROGRAMME, programme.id, before.programmes.get(programme.id), programme)
    for place in directory.factories:
        yield _change(at, Changed.FACTORY, place.id, before.factories.get(place.id), place)
    for person in directory.people:
        yield _change(at, Changed.PERSON, person.id, persons.get(person.id), person)
    for holder in dict.fromkeys(person for person, _ in directory.grants):
        held = set(people.given(connection, holder))
        wanted = held | {grant for who, grant in directory.grants if who == holder}
        yield _change(at, Changed.ROLES, holder, _in_order(held), _in_order(wanted))
    for factory in dict.fromkeys(term.factory for term in directory.terms):
        seats = [term.seat for term in directory.terms if term.factory == factory]
        yield _change(at, Changed.COMMITTEE, factory, [], seats)


def _change(at: datetime, what: Changed, subject: str, before: object, after: object) -> DirectoryChange:
    return DirectoryChange(at=at, by=COMMAND_LINE, what=what, subject=subject, before=before, after=after)


def _in_order(grants: Iterable[Grant]) -> list[Grant]:
    return sorted(grants, key=lambda each: (each.role, each.kind, each.scope))


def first_token(connection: Connection, directory: Directory, at: datetime) -> tuple[PersonId, str] | None:
    """Give the file's first operator a token, where no operator has one yet: it can be shown this once."""
    operators = [person for person, grant in directory.grants if grant.role is Role.OPERATOR]
    if not operators or any(_has_token(connection, each) for each in holders_of(connection, Role.OPERATOR)):
        return None
    return operators[0], issue_token(connection, operators[0], LABEL, at)


def _has_token(connection: Connection, person: PersonId) -> bool:
    return any(each.revoked_at is None for each in tokens_of(connection, person))
