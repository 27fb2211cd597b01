"""The calendar a person subscribes to: an entry for each thing that waits for them, on the day it is due."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import quote, urlsplit

from icalendar import Calendar, Event
from sqlalchemy import Connection

from notifications.invitation import Invitation, event_of
from notifications.letters.meeting import ENTRY
from remediation.gatherings.gathering import Kind, own_id
from remediation.permissions import Action, Reach, reach
from remediation.waiting import Wait
from service import saying
from service.auth import Caller
from service.pages.offers import Stand
from service.pages.work import Matter, otherwise_said, stands, what_waits
from service.speaking import say
from storage import meetings, programmes, waiting
from storage.visits import visits

MOST = 300
"""So many findings and gatherings are looked at: nobody reads calendars of more, asked for every hour."""
ASK_AGAIN = timedelta(hours=4)
MEETINGS_BACK = timedelta(days=60)
"""So long a meeting stays in calendars after it was called for."""


def entries(connection: Connection, caller: Caller, factory: str, now: datetime, url: str) -> list[Event]:
    """Give what waits for somebody as of an aware instant, as all-day entries; of one factory, or of all.

    An entry keeps its UID for as long as the thing waits. It names the finding's compliance point, or the
    kind of gathering, and its factory, and no person: calendars are kept by others. `url` is the address that
    people reach us by.
    """
    seen = reach(caller.actor, Action.VIEW_FINDING), reach(caller.actor, Action.VIEW_FINDING, restricted=True)
    found = waiting.found_for(connection, caller.actor, seen, now, part=slice(0, MOST))
    entered = {}
    for standing, matter in stands(connection, caller, found.ids, now).values():
        if factory not in {"", standing.thing.factory}:
            continue
        for each in _events(standing, matter, url):
            entered[str(each["UID"])] = each
    for each in _meetings(connection, caller, factory, now, url):
        entered[str(each["UID"])] = each
    for event in _announced(connection, caller, factory, url):
        entered[str(event["UID"])] = event
    return sorted(entered.values(), key=lambda each: (each.DTSTART.isoformat(), str(each["UID"])))


def _meetings(
    connection: Connection, caller: Caller, factory: str, now: datetime, url: str
) -> Iterator[Event]:
    """Give the committee meetings of who may call them, as their invitations have them."""
    places = reach(caller.actor, Action.CALL_MEETING)
    for row, meeting in meetings.within(connection, places, now - MEETINGS_BACK):
        if factory in {"", row.factory}:
            place = programmes.factory(connection, row.factory)
            named = place.name if place else row.factory
            yield event_of(
                Invitation(
                    subject=row.gathering,
                    sequence=meeting.sequence,
                    starts=meeting.starts,
                    ends=meeting.ends,
                    summary=say(ENTRY, factory=named),
                    place=meetings.place_of(connection, meeting),
                    url=f"{url}/meetings/{quote(row.own, safe='')}",
                )
            )


def _announced(connection: Connection, caller: Caller, factory: str, url: str) -> Iterator[Event]:
    """Give the visits that the caller's own factories know of: they wait for nobody there, and have a day."""
    own = Reach(factories=reach(caller.actor, Action.VIEW_TIMELINE).factories)
    for visit in visits(connection, own, Reach(), over=False, limit=MOST):
        if visit.verifier == caller.person.id or factory not in {"", visit.factory}:
            continue
        at = f"{url}/visits/{quote(own_id(visit.id), safe='')}"
        named = programmes.factory(connection, visit.factory)
        event = Event()
        event.add("uid", f"{sha256(visit.id.encode()).hexdigest()[:32]}@{urlsplit(url).hostname}")
        event.add("summary", f"{saying.GATHERINGS[Kind.VISIT]}: {named.name if named else visit.factory}")
        event.add("dtstart", visit.begun_on or visit.on)
        event.add("url", at)
        event.add("transp", "TRANSPARENT")
        event.add("class", "CONFIDENTIAL")
        yield event


def _events(standing: Stand, matter: Matter, url: str) -> Iterator[Event]:
    for wait in standing.waiting():
        calendar = standing.watched.calendar
        event = Event()
        event.add("uid", _uid(matter, wait, url))
        event.add("summary", f"{what_waits(wait)}: {matter.about}, {matter.factory}")
        event.add("dtstart", calendar.last_day(wait.due))
        event.add("description", f"{otherwise_said(standing.watched, wait)}\n{url}{matter.at}")
        event.add("url", f"{url}{matter.at}")
        event.add("transp", "TRANSPARENT")
        event.add("class", "CONFIDENTIAL")
        yield event


def _uid(matter: Matter, wait: Wait, url: str) -> str:
    """Give the UID of what waits: the same whatever its date becomes, and saying nothing by itself."""
    named = f"{matter.id}\n{wait.what.value}\n{wait.obligation}"
    return f"{sha256(named.encode()).hexdigest()[:32]}@{urlsplit(url).hostname}"


def etag(events: list[Event]) -> str:
    """Give the entity tag of entries: another as soon as one of them is another."""
    return sha256(b"".join(each.to_ical() for each in events)).hexdigest()[:32]


def calendar_of(events: list[Event], name: str, now: datetime) -> bytes:
    """Give the iCalendar file (RFC 5545) of entries as of an aware instant."""
    calendar = Calendar()
    calendar.add("prodid", "-//Mendwork//Mendwork//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", ASK_AGAIN, parameters={"VALUE": "DURATION"})
    for event in events:
        event.add("dtstamp", now)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def calendar_name(factory: str) -> str:
    """Give what a calendar is called in people's lists."""
    return say("Mendwork: %(factory)s", factory=factory) if factory else "Mendwork"
