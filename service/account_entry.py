"""Signing in by an account of one's organisation: whose account it is, and whether they are staff."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from remediation.words import STAFF_ROLES, PersonId, Role
from service.context import Context
from service.entrance_limits import Tally, too_many
from service.providers import Begun, Claims, NotBelievedError, Provider
from service.signing_in import Entered, Entry, enter
from storage import accounts, people
from storage.accounts import Account
from storage.database import reading, writing
from storage.sign_in_codes import Known
from storage.sign_in_events import Event, Happened, note

ACCOUNT = "account"
HOLDERS = STAFF_ROLES | {Role.DECISION_PANEL, Role.OPERATOR}
"""Who signs in by an account. Committees, managers and buyers belong to other organisations."""


class Mismatch(StrEnum):
    """Why an account opens nothing here."""

    DENIED = "account_denied"
    NOT_BELIEVED = "account_not_believed"
    STALE = "account_stale"
    UNVERIFIED = "account_unverified"
    UNKNOWN = "account_unknown"
    NOT_STAFF = "account_not_staff"
    OTHER_ACCOUNT = "account_other"


def by_account(
    context: Context, provider: Provider, begun: Begun, code: str, entry: Entry
) -> Entered | Mismatch:
    """Let in the person whose account the provider's code stands for, or tell why not. Adds no person.

    Raises ProviderSilentError, and the problem 429.
    """
    with reading(context.database) as connection:
        if Tally(connection, context.clock()).too_many_failures(entry.visitor.network):
            raise too_many()
    claims, why = _claims(provider, begun, code)

    def find(connection: Connection, now: datetime) -> Known | None:
        nonlocal why
        if claims is None:
            return None
        if not accounts.come_back(connection, begun.derived("return"), now):
            return None
        found = _person(connection, claims, now)
        if isinstance(found, Mismatch):
            why = found
            return None
        return Known(person=found, leads_to=begun.leads_to)

    return enter(context, entry, ACCOUNT, find) or why


def _claims(provider: Provider, begun: Begun, code: str) -> tuple[Claims | None, Mismatch]:
    if not code:
        return None, Mismatch.DENIED
    try:
        return provider.claims(begun, code), Mismatch.STALE
    except NotBelievedError:
        return None, Mismatch.NOT_BELIEVED


def _person(connection: Connection, claims: Claims, now: datetime) -> PersonId | Mismatch:
    linked = accounts.person_of(connection, claims.issuer, claims.subject)
    found = linked or _addressed(connection, claims)
    if isinstance(found, Mismatch):
        return found
    if not any(grant.role in HOLDERS for grant in people.given(connection, found)):
        return Mismatch.NOT_STAFF
    return found if linked else _link(connection, claims, found, now)


def _addressed(connection: Connection, claims: Claims) -> PersonId | Mismatch:
    if not claims.address:
        return Mismatch.UNVERIFIED
    known = people.of_address(connection, claims.address)
    return known[0].id if len(known) == 1 else Mismatch.UNKNOWN


def _link(connection: Connection, claims: Claims, person: PersonId, now: datetime) -> PersonId | Mismatch:
    """From here on the account is known by the provider's own name for it, whatever its address becomes."""
    new = Account(issuer=claims.issuer, subject=claims.subject, person=person, linked_at=now)
    if not accounts.link(connection, new):
        # An address that the provider gave to somebody else after a person left it must not open theirs.
        return Mismatch.OTHER_ACCOUNT
    note(connection, Event(kind=Happened.ACCOUNT_LINKED, at=now, person=person))
    return person


def unlink(context: Context, person: PersonId, issuer: str) -> bool:
    """Undo the link of a person's account by its owner's hand; tell whether there was one."""
    now = context.clock()
    with writing(context.database) as connection:
        gone = accounts.unlink(connection, person, issuer)
        if gone:
            note(connection, Event(kind=Happened.ACCOUNT_UNLINKED, at=now, person=person))
    return gone
