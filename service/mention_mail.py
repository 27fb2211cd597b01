"""Mail to somebody whom a comment mentions: that it is so, and where. What was said stays on the page."""

from datetime import date, datetime

from activities.mailroom.responsible import unreachable
from notifications.languages import language
from notifications.letters.entering import Mentioned, mentioned
from notifications.message import Envelope, build
from remediation.words import FindingId, PersonId
from service.context import Context
from storage.findings import Listed
from storage.messages import MENTION, NewMessage
from storage.people import Person


def mention_key(person: PersonId, finding: FindingId, morning: date) -> str:
    """Give the key of such a mail: a person gets one about a finding a morning."""
    return f"mention:{person}:{finding}:{morning.isoformat()}"


def mention_message(
    context: Context, key: str, person: Person, listed: Listed, morning: datetime
) -> NewMessage:
    """Give the mail, which leaves on an aware instant of the factory's morning."""
    skipped = unreachable(person)
    tongue = language(person.language).code
    letter = mentioned(
        Mentioned(
            name=person.name,
            language=tongue,
            factory=listed.factory_name,
            question=listed.question_text or listed.summary.point,
            link=f"{context.settings.public_url.rstrip('/')}/findings/{listed.summary.finding}#comments",
        )
    )
    envelope = Envelope(
        key=key,
        sender=context.settings.mail_sender,
        recipient="" if skipped else person.email or "",
        date=morning,
        language=tongue,
    )
    return NewMessage(
        key=key,
        person=person.id,
        kind=MENTION,
        letters=(),
        urgent=False,
        address=envelope.recipient,
        message_id=envelope.message_id,
        date=morning,
        subject=letter.subject,
        content=b"" if skipped else build(letter, envelope),
        not_before=morning,
        skipped=skipped,
    )
