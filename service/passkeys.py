"""Passkeys: a device that has made sure of its owner signs what it is asked, and so lets them in (WebAuthn).

Nothing secret of theirs is kept here: the device holds the private half, for this host alone.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from ipaddress import ip_address
from urllib.parse import urlsplit

from sqlalchemy import Connection
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import (
    base64url_to_bytes,
    bytes_to_base64url,
    parse_authentication_credential_json,
)
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)
from webauthn.registration.verify_registration_response import VerifiedRegistration

from remediation.words import PersonId
from service.context import Context
from service.entrance_limits import Tally, too_many
from service.signing_in import Entered, Entry, enter
from service.speaking import say
from service.visitors import Visitor
from storage import passkeys
from storage.database import writing
from storage.passkeys import Passkey
from storage.people import Person
from storage.sign_in_codes import Known
from storage.sign_in_events import Event, Happened, note

PASSKEY = "passkey"
LONGEST_NAME = 60
VERIFIED = UserVerificationRequirement.REQUIRED
STRANGE = (WebAuthnException, ValueError, TypeError, LookupError, AttributeError, EOFError, RecursionError)
"""What the library stumbles over where a device (or somebody who plays one) answers nonsense."""


@dataclass(frozen=True, slots=True)
class House:
    """Where passkeys are for: the host that devices know them by, and the origin of our pages."""

    host: str
    origin: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What a device is asked: the options as JSON, and the challenge in them, which the browser keeps."""

    options: str
    challenge: str


def house(public_url: str) -> House | None:
    """Give where this address has passkeys; None without HTTPS or a name: browsers have none there."""
    parts = urlsplit(public_url)
    host = parts.hostname or ""
    secure = parts.scheme == "https" or host == "localhost"
    port = f":{parts.port}" if parts.port else ""
    return House(host, f"{parts.scheme}://{host}{port}") if secure and not _is_number(host) else None


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def ask_to_add(context: Context, at: House, person: Person) -> Asked:
    """Give what a person's device is asked, to make a passkey."""
    with writing(context.database) as connection:
        challenge = _challenge(connection, person.id, context.clock())
        held = passkeys.of_person(connection, person.id)
    options = generate_registration_options(
        rp_id=at.host,
        rp_name="Mendwork",
        user_id=_handle(person.id),
        user_name=person.name,
        user_display_name=person.name,
        challenge=base64url_to_bytes(challenge),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=VERIFIED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(base64url_to_bytes(each.credential)) for each in held
        ],
    )
    return Asked(options_to_json(options), challenge)


def ask_to_sign_in(context: Context, at: House, visitor: Visitor) -> Asked:
    """Give what the device of somebody not known yet is asked. Raises the problem 429."""
    now = context.clock()
    with writing(context.database) as connection:
        if Tally(connection, now).too_many_failures(visitor.network):
            raise too_many()
        challenge = _challenge(connection, None, now)
    asked = base64url_to_bytes(challenge)
    options = generate_authentication_options(rp_id=at.host, challenge=asked, user_verification=VERIFIED)
    return Asked(options_to_json(options), challenge)


def _challenge(connection: Connection, person: PersonId | None, now: datetime) -> str:
    challenge = secrets.token_urlsafe(32)
    passkeys.keep_challenge(connection, challenge, person, now)
    return challenge


def _handle(person: PersonId) -> bytes:
    """Give the name by which devices know a person: they show it to nobody, and it tells nothing."""
    return sha256(f"passkeys of {person}".encode()).digest()


def add(context: Context, at: House, person: PersonId, name: str, answer: tuple[str, str]) -> None:
    """Keep the passkey of a device's answer: the challenge that its browser kept, and its credential.

    Raises ValueError with a sentence where it is not believed, or known already.
    """
    now, (challenge, credential) = context.clock(), answer
    with writing(context.database) as connection:
        asked = passkeys.take_challenge(connection, challenge, person, now)
    made = _made(at, challenge, credential) if asked else None
    if made is None:
        raise ValueError(say("The device's answer came too late or could not be checked. Begin again."))
    new = Passkey(
        credential=bytes_to_base64url(made.credential_id),
        id=secrets.token_hex(8),
        person=person,
        public_key=bytes_to_base64url(made.credential_public_key),
        uses=made.sign_count,
        name=name,
        added_at=now,
    )
    with writing(context.database) as connection:
        if not passkeys.add(connection, new):
            raise ValueError(say("This passkey is known already."))
        note(connection, Event(kind=Happened.PASSKEY_ADDED, at=now, person=person))


def _made(at: House, challenge: str, credential: str) -> VerifiedRegistration | None:
    try:
        return verify_registration_response(
            credential=credential,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=at.host,
            expected_origin=at.origin,
            require_user_verification=True,
        )
    except STRANGE:
        return None


def by_passkey(
    context: Context, at: House, answer: tuple[str, str], leads_to: str, entry: Entry
) -> Entered | None:
    """Let in the owner of the passkey that has signed the challenge; None where it is not believed.

    `answer` is the challenge that the browser kept, and the device's credential. Raises the problem 429.
    """
    challenge, credential = answer

    def find(connection: Connection, now: datetime) -> Known | None:
        if not passkeys.take_challenge(connection, challenge, None, now):
            return None
        person = _signed_by(connection, at, challenge, credential, now)
        return Known(person=person, leads_to=leads_to) if person else None

    return enter(context, entry, PASSKEY, find)


def _signed_by(
    connection: Connection, at: House, challenge: str, credential: str, now: datetime
) -> PersonId | None:
    try:
        said = parse_authentication_credential_json(credential)
    except STRANGE:
        return None
    known = passkeys.of_credential(connection, bytes_to_base64url(said.raw_id))
    if known is None or said.response.user_handle != _handle(known.person):
        return None
    uses = _uses(at, challenge, said, known)
    used = uses is not None and passkeys.was_used(connection, known, uses, now)
    return known.person if used else None


def _uses(at: House, challenge: str, said: AuthenticationCredential, known: Passkey) -> int | None:
    """Give the device's new count where its signature is believed."""
    try:
        return verify_authentication_response(
            credential=said,
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=at.host,
            expected_origin=at.origin,
            credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=known.uses,
            require_user_verification=True,
        ).new_sign_count
    except STRANGE:
        return None


def rename(context: Context, person: PersonId, passkey: str, name: str) -> bool:
    """Give one of a person's passkeys another name, and tell whether there was one by this id."""
    now = context.clock()
    with writing(context.database) as connection:
        found = _own(connection, person, passkey)
        if found is not None:
            passkeys.rename(connection, found, name)
            note(connection, Event(kind=Happened.PASSKEY_RENAMED, at=now, person=person))
    return found is not None


def remove(context: Context, person: PersonId, passkey: str) -> bool:
    """Forget one of a person's passkeys, and tell whether there was one by this id."""
    now = context.clock()
    with writing(context.database) as connection:
        found = _own(connection, person, passkey)
        gone = found is not None and passkeys.remove(connection, found)
        if gone:
            note(connection, Event(kind=Happened.PASSKEY_REMOVED, at=now, person=person))
    return gone


def _own(connection: Connection, person: PersonId, passkey: str) -> Passkey | None:
    held = passkeys.of_person(connection, person)
    return next((each for each in held if each.id == passkey), None)
