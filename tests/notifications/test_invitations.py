"""Invitations to meetings: one UID, a growing SEQUENCE, read by another library than wrote them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from ical.calendar_stream import IcsCalendarStream
from ical.event import Event, EventStatus

from notifications.letters import write_letter
from notifications.message import Envelope, build
from remediation.words import LetterKind, Role
from tests.notifications.meetings import STARTS, every_meeting_letter
from tests.notifications.stories import NOTE

TOLD: list[Any] = every_meeting_letter()
ENVELOPE = Envelope(
    key="k",
    sender="Mendwork <care@mendwork.example>",
    recipient="amina@mail.example",
    date=datetime(2026, 3, 2, tzinfo=UTC),
    language="en",
)


def mail(kind: LetterKind, place: str = "Canteen, 2nd floor; left") -> EmailMessage:
    """Give the mail of the first letter of a kind to the worker co-chair."""
    told = next(each for each in TOLD if (each.order.kind, each.order.role) == (kind, Role.WORKER_CO_CHAIR))
    letter = write_letter(replace(told.occasion(), texts={NOTE: place}))
    data = build(letter, ENVELOPE)
    assert data == build(letter, ENVELOPE), "the same letter gives the same bytes"
    parsed = message_from_bytes(data, policy=default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def entry(kind: LetterKind) -> tuple[str | None, Event]:
    """Give the method and the entry that a mail brings, both forms of which must be the same."""
    parts = {part.get_content_type(): part for part in mail(kind).walk()}
    shown, opened = parts["text/calendar"], parts["application/ics"]
    text = shown.get_content().replace("\r\n", "\n")
    assert opened.get_content().decode().replace("\r\n", "\n") == text
    calendar = IcsCalendarStream.calendar_from_ics(text)
    assert calendar.method == shown.get_param("method")
    return calendar.method, calendar.events[0]


def test_moving_and_cancelling_keep_the_uid_and_count_up() -> None:
    called, moved, cancelled = (
        entry(kind)
        for kind in (LetterKind.MEETING_CALLED, LetterKind.MEETING_MOVED, LetterKind.MEETING_CANCELLED)
    )
    assert [method for method, _ in (called, moved, cancelled)] == ["REQUEST", "REQUEST", "CANCEL"]
    assert len({event.uid for _, event in (called, moved, cancelled)}) == 1
    assert [event.sequence for _, event in (called, moved, cancelled)] == [0, 1, 1]
    assert cancelled[1].status == EventStatus.CANCELLED
    assert (called[1].start, moved[1].start) == (STARTS, STARTS + timedelta(days=2))
    assert called[1].end - called[1].start == timedelta(minutes=90)
    assert called[1].location == "Canteen, 2nd floor; left"
    assert str(called[1].organizer.uri if called[1].organizer else "") == "mailto:care@mendwork.example"


def test_no_other_letter_brings_an_entry() -> None:
    kinds = {told.order.kind for told in TOLD if write_letter(told.occasion()).invitation is not None}
    assert kinds == {LetterKind.MEETING_CALLED, LetterKind.MEETING_MOVED, LetterKind.MEETING_CANCELLED}
