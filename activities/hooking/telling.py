"""Mail to a programme's managers: one of its webhooks was stopped."""

from datetime import datetime

from sqlalchemy import Connection

from activities.hooking.settings import HookSettings
from activities.mailroom.responsible import unreachable
from notifications.languages import language
from notifications.letters.entering import HookStopped, hook_stopped
from notifications.message import Envelope, build
from remediation.hooks import FAILING_AT_MOST
from remediation.words import Role
from storage import holders, messages, programmes
from storage.hooks import Hook, Why
from storage.messages import HOOK_STOPPED, NewMessage
from storage.people import Person


def tell_managers(
    connection: Connection, hook: Hook, why: Why, settings: HookSettings, now: datetime
) -> None:
    """Write to a programme's managers that a webhook was stopped at an aware instant, and why."""
    known = programmes.programme(connection, hook.programme)
    name = known.name if known else hook.programme
    link = f"{settings.public_url}/webhooks/{hook.id}"
    for reader in holders.of_programme(connection, hook.programme, Role.PROGRAMME_MANAGER):
        stopped = HookStopped(
            name=reader.name,
            language=language(reader.language).code,
            programme=name,
            gone=why is Why.GONE,
            days=FAILING_AT_MOST.days,
            link=link,
        )
        key = f"hook:{hook.id}:{reader.id}:{now.isoformat()}"
        messages.address(connection, (), [_mail(key, reader, stopped, settings.mail_sender, now)], now)


def _mail(key: str, reader: Person, stopped: HookStopped, sender: str, now: datetime) -> NewMessage:
    skipped, letter = unreachable(reader), hook_stopped(stopped)
    envelope = Envelope(
        key=key,
        sender=sender,
        recipient="" if skipped else reader.email or "",
        date=now,
        language=stopped.language,
    )
    return NewMessage(
        key=key,
        person=reader.id,
        kind=HOOK_STOPPED,
        letters=(),
        urgent=False,
        address=envelope.recipient,
        message_id=envelope.message_id,
        date=now,
        subject=letter.subject,
        content=b"" if skipped else build(letter, envelope),
        skipped=skipped,
    )
