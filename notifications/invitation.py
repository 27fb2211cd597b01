"""Invitations: a meeting as a calendar entry (RFC 5545, 5546), whose UID stays while its SEQUENCE grows."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Literal
from urllib.parse import urlsplit

from icalendar import Calendar, Event, vCalAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An entry for a calendar: from `starts` to `ends` (aware). `subject` is what its UID is made of."""

    subject: str
    sequence: int
    starts: datetime
    ends: datetime
    summary: str
    place: str
    url: str
    method: Literal["REQUEST", "CANCEL"] = "REQUEST"


def event_of(invitation: Invitation) -> Event:
    """Give the entry as calendars know it; feeds and mails bear the same."""
    event = Event()
    event.add("uid", uid(invitation.subject, invitation.url))
    event.add("sequence", invitation.sequence)
    event.add("summary", invitation.summary)
    event.add("dtstart", invitation.starts)
    event.add("dtend", invitation.ends)
    event.add("url", invitation.url)
    event.add("description", invitation.url)
    event.add("class", "CONFIDENTIAL")
    event.add("status", "CANCELLED" if invitation.method == "CANCEL" else "CONFIRMED")
    if invitation.place:
        event.add("location", invitation.place)
    return event


def uid(subject: str, url: str) -> str:
    """Give the UID of an entry: the same whatever its date becomes, and saying nothing by itself."""
    return f"{sha256(subject.encode()).hexdigest()[:32]}@{urlsplit(url).hostname}"


def ical(invitation: Invitation, *, organizer: str, attendee: str, at: datetime) -> bytes:
    """Give the invitation as a file, from one address to another, as of an aware instant."""
    event = event_of(invitation)
    event.add("dtstamp", at)
    event.add("organizer", vCalAddress(f"mailto:{organizer}"))
    event.add("attendee", vCalAddress(f"mailto:{attendee}"), parameters={"RSVP": "FALSE"})
    calendar = Calendar()
    calendar.add("prodid", "-//Mendwork//Mendwork//EN")
    calendar.add("version", "2.0")
    calendar.add("method", invitation.method)
    calendar.add_component(event)
    return bytes(calendar.to_ical())
