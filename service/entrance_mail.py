"""Mail about coming in, as messages that the mailroom sends: code, invitation, changed address."""

from dataclasses import dataclass
from datetime import datetime

from activities.mailroom.responsible import unreachable
from notifications.languages import language
from notifications.letters import entering
from notifications.message import Envelope, build
from notifications.occasion import Letter
from service.settings import Settings
from storage.messages import ADDRESS_CHANGED, INVITATION, SIGN_IN, NewMessage
from storage.people import Person
from storage.sign_in_codes import LIFETIME, Mailed

SIGN_IN_PATH = "/sign-in"
LINK_PATH = "/sign-in/link/"


@dataclass(frozen=True, slots=True)
class Desk:
    """Writes such mail under a deployment's settings, at an aware instant."""

    settings: Settings
    now: datetime

    def sign_in(self, key: str, person: Person, mailed: Mailed) -> NewMessage:
        """Give the mail with a code and a link."""
        given = entering.SignIn(
            name=person.name,
            language=person.language,
            code=mailed.code,
            link=self._address(LINK_PATH + mailed.link),
            minutes=int(LIFETIME.total_seconds()) // 60,
        )
        return self._message(key, person, SIGN_IN, entering.sign_in(given))

    def invitation(self, key: str, person: Person, place: str) -> NewMessage:
        """Give the mail that invites a person to where they have a part."""
        link = self._address(SIGN_IN_PATH)
        given = entering.Invitation(name=person.name, language=person.language, place=place, link=link)
        return self._message(key, person, INVITATION, entering.invitation(given))

    def address_changed(self, key: str, former: Person) -> NewMessage:
        """Give the mail to a person's former address, which tells that it was replaced."""
        letter = entering.address_changed(former.name, former.language)
        return self._message(key, former, ADDRESS_CHANGED, letter)

    def _address(self, path: str) -> str:
        return self.settings.public_url.rstrip("/") + path

    def _message(self, key: str, person: Person, kind: str, letter: Letter) -> NewMessage:
        skipped = unreachable(person)
        envelope = Envelope(
            key=key,
            sender=self.settings.mail_sender,
            recipient="" if skipped else person.email or "",
            date=self.now,
            language=language(person.language).code,
        )
        return NewMessage(
            key=key,
            person=person.id,
            kind=kind,
            letters=(),
            urgent=True,
            address=envelope.recipient,
            message_id=envelope.message_id,
            date=self.now,
            subject=letter.subject,
            content=b"" if skipped else build(letter, envelope),
            skipped=skipped,
        )
