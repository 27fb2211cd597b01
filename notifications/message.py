"""A letter as mail: headers that nobody can write into, two forms of the text, one recipient."""

import re
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from notifications.invitation import Invitation, ical
from notifications.occasion import Letter

_LABEL = r"[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?"
_ADDRESS = re.compile(
    rf"[A-Za-z0-9.!#$%&'*+/=^_`{{|}}~-]{{1,64}}@(?=.{{1,253}}$){_LABEL}(\.{_LABEL})*", re.ASCII
)
_ENCODED_WORD = "=?"


class AddressUnusableError(ValueError):
    """The text is not an address that mail can be sent to. The text itself is not repeated here."""

    def __init__(self) -> None:
        super().__init__("the address is not usable; write it as name@host.example, in ASCII")


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is around a letter. `key` says what the message is: Message-ID and boundary derive from it.

    `sender` is an address or `Name <address>`, `recipient` a bare address; `date` is aware. `unsubscribe` is
    the address of a one-click unsubscription (RFC 8058), for gathered letters only.
    """

    key: str
    sender: str
    recipient: str
    date: datetime
    language: str
    unsubscribe: str = ""

    @property
    def message_id(self) -> str:
        """The Message-ID, the same for the same key: a second copy can be told from a second letter."""
        return f"<{sha256(self.key.encode()).hexdigest()[:40]}@{bare(self.sender).rpartition('@')[2]}>"


def build(letter: Letter, envelope: Envelope) -> bytes:
    """Give the mail as it goes over the wire; the same letter and envelope always give the same bytes.

    Raises `AddressUnusableError` when sender or recipient is no plain address.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _sender(envelope.sender)
    mail["To"] = Address(addr_spec=checked(envelope.recipient))
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(envelope.date)
    mail["Message-ID"] = envelope.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"  # for those who do not know RFC 3834
    if envelope.unsubscribe:
        mail["List-Unsubscribe"] = f"<{envelope.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text)
    mail.add_alternative(letter.html, subtype="html")
    if letter.invitation is not None:
        _invite(mail, letter.invitation, envelope)
    mail["Content-Language"] = envelope.language  # set before, it would go to the first part
    for level, part in enumerate(part for part in mail.walk() if part.is_multipart()):
        named = f"boundary {envelope.key}" + f" {level}" * bool(level)
        part.set_boundary(sha256(named.encode()).hexdigest()[:40])
    return mail.as_bytes()


def _invite(mail: EmailMessage, invitation: Invitation, envelope: Envelope) -> None:
    """Add the entry twice, as calendars do: one form is read by mail programs, the other can be opened."""
    organizer, attendee = bare(envelope.sender), checked(envelope.recipient)
    entry = ical(invitation, organizer=organizer, attendee=attendee, at=envelope.date)
    mail.add_alternative(entry.decode(), subtype="calendar", params={"method": invitation.method})
    mail.add_attachment(entry, maintype="application", subtype="ics", filename="meeting.ics")


def bare(sender: str) -> str:
    """Give the address out of `Name <address>`. Raises `AddressUnusableError`."""
    return checked(parseaddr(sender)[1])


def _sender(sender: str) -> Address:
    return Address(display_name=parseaddr(sender)[0], addr_spec=bare(sender))


def checked(address: str) -> str:
    """Give the address if it is plain ASCII `name@host`. Raises `AddressUnusableError`.

    Quoted names and encoded words are legal elsewhere; here they would only be ways into a header.
    """
    if _ENCODED_WORD in address or _ADDRESS.fullmatch(address) is None:
        raise AddressUnusableError
    return address
