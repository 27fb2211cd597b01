"""Signing in: a mail is asked for, a code or link is used, a session opens; each is noted.

Nothing here tells whether an address is known: the same is answered, and the same work is done.
"""

import secrets
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from remediation.words import PersonId
from service.context import Context
from service.entrance_limits import Tally, too_many
from service.entrance_mail import Desk
from service.visitors import Visitor
from storage import accounts, invitations, messages, passkeys, people, sessions, sign_in_codes, sign_in_events
from storage.database import writing
from storage.people import Person
from storage.sessions import Lifetime, Opening, Session
from storage.sign_in_codes import Known
from storage.sign_in_events import Event, Happened, note

ON_OWN_DEVICE = Lifetime(idle=timedelta(days=7), most=timedelta(days=30))
ON_SHARED_DEVICE = Lifetime(idle=timedelta(minutes=30), most=timedelta(hours=4))
CODE, LINK, TOKEN = "code", "link", "token"
NOBODY = Person(id=PersonId(""), name="", email="nobody@localhost", language="en")
"""Whom the mail is written to, and not sent, where nobody has the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How somebody comes in: from where, on a device of whom, and the cookie's value they had before."""

    visitor: Visitor
    shared: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A session has opened: the value for its cookie, itself, and where the person was on their way to."""

    secret: str
    session: Session
    leads_to: str


def ask(context: Context, address: str, leads_to: str, visitor: Visitor) -> str:
    """Have a mail sent to whoever has the address; give the value for the asking browser's cookie.

    Raises the problem 429, for addresses known and unknown alike.
    """
    now, asked_for = context.clock(), sign_in_events.digest(address)
    event = Event(kind=Happened.ASKED, at=now, address=asked_for, network=visitor.network)
    with writing(context.database) as connection:
        limited = Tally(connection, now).too_many_asks(asked_for, visitor.network)
        note(connection, replace(event, kind=Happened.LIMITED) if limited else event)
        value = "" if limited else _mail(context, connection, address, leads_to, now)
    if limited:
        raise too_many()
    return value


def _mail(context: Context, connection: Connection, address: str, leads_to: str, now: datetime) -> str:
    sign_in_codes.forget_old(connection, now)
    value, desk = secrets.token_urlsafe(32), Desk(context.settings, now)
    for person in people.of_address(connection, address) or (NOBODY,):
        mailed = sign_in_codes.make(connection, value, person.id or None, leads_to, now)
        message = desk.sign_in(f"sign-in:{secrets.token_hex(16)}", person, mailed)
        # Who measures how long the answer takes learns nothing either: for nobody it is written and undone.
        with connection.begin_nested() as attempt:
            messages.address(connection, (), (message,), now)
            if person is NOBODY:
                attempt.rollback()
    return value


def by_code(context: Context, value: str, code: str, entry: Entry) -> Entered | None:
    """Let in whoever types the code where it was asked for; None for a wrong, used or expired one.

    Raises the problem 429.
    """
    return enter(context, entry, CODE, lambda connection, now: _coded(connection, value, code, now))


def by_link(context: Context, link: str, entry: Entry) -> Entered | None:
    """Let in whoever presses the button behind a mailed link; None for a used or expired one.

    Raises the problem 429.
    """
    return enter(context, entry, LINK, lambda connection, now: sign_in_codes.use_link(connection, link, now))


def by_token(context: Context, token: str, leads_to: str, entry: Entry) -> Entered | None:
    """Let in whoever holds a person's token; None for an unknown or revoked one. Raises the problem 429."""
    return enter(context, entry, TOKEN, lambda connection, _now: _tokened(connection, token, leads_to))


def _coded(connection: Connection, value: str, typed: str, now: datetime) -> Known | None:
    # Whoever reads Bangla may type Bangla digits, and most type the gap that the mail shows.
    digits = "".join(str(unicodedata.decimal(each)) for each in typed if each.isdecimal())
    return sign_in_codes.use_code(connection, value, digits, now)


def _tokened(connection: Connection, token: str, leads_to: str) -> Known | None:
    known = people.person_of_token(connection, token) if token else None
    return Known(person=known.id, leads_to=leads_to) if known else None


def enter(
    context: Context, entry: Entry, means: str, find: Callable[[Connection, datetime], Known | None]
) -> Entered | None:
    """Let in whom `find` finds by these means, or note the failure and give None. Raises the problem 429."""
    now, network = context.clock(), entry.visitor.network
    failed = Event(kind=Happened.FAILED, at=now, means=means, network=network)
    with writing(context.database) as connection:
        limited = Tally(connection, now).too_many_failures(network)
        known = None if limited else find(connection, now)
        if known is not None:
            return _open(connection, known, entry, means, now)
        note(connection, replace(failed, kind=Happened.LIMITED) if limited else failed)
    if limited:
        raise too_many()
    return None


def _open(connection: Connection, known: Known, entry: Entry, means: str, now: datetime) -> Entered:
    """Open a session under a new value, and end the one that the browser had: none is ever taken over."""
    if entry.before:
        leave(connection, entry.before, now)
    opening = Opening(
        person=known.person,
        device=entry.visitor.device,
        shared=entry.shared,
        means=means,
        lifetime=ON_SHARED_DEVICE if entry.shared else ON_OWN_DEVICE,
    )
    secret, session = sessions.open_session(connection, opening, now)
    invitations.accept(connection, known.person, now)
    about = Event(kind=Happened.SIGNED_IN, at=now, person=known.person, session=session.id, means=means)
    note(connection, replace(about, network=entry.visitor.network))
    return Entered(secret=secret, session=session, leads_to=known.leads_to)


def leave(connection: Connection, secret: str, now: datetime) -> None:
    """End the session of a cookie's value, if there is one."""
    session = sessions.of_secret(connection, secret, now)
    if session is not None and sessions.end(connection, session.person, session.id, now):
        note(connection, _about(session, Happened.SIGNED_OUT, now))


def revoke(connection: Connection, session: Session, now: datetime) -> None:
    """End one of a person's sessions by its owner's hand."""
    if sessions.end(connection, session.person, session.id, now):
        note(connection, _about(session, Happened.REVOKED, now))


def forget_passkeys(connection: Connection, person: PersonId, now: datetime) -> None:
    """Let none of a person's passkeys open anything any more."""
    for each in passkeys.of_person(connection, person):
        if passkeys.remove(connection, each):
            note(connection, Event(kind=Happened.PASSKEY_REMOVED, at=now, person=person))


def readdressed(connection: Connection, desk: Desk, former: Person, by: PersonId) -> None:
    """Tell a person at their former address that it was replaced; what it let in, it lets in no more."""
    sign_in_codes.void(connection, former.id, desk.now)
    accounts.unlink_all(connection, former.id)
    forget_passkeys(connection, former.id, desk.now)
    for session in sessions.of_person(connection, former.id, desk.now):
        revoke(connection, session, desk.now)
    message = desk.address_changed(f"address-changed:{secrets.token_hex(16)}", former)
    messages.address(connection, (), (message,), desk.now)
    note(connection, Event(kind=Happened.ADDRESS_CHANGED, at=desk.now, person=former.id, by=by))


def _about(session: Session, kind: Happened, now: datetime) -> Event:
    return Event(kind=kind, at=now, person=session.person, session=session.id)
