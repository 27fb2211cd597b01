"""Calendar feeds: made and ended on one's own page, and read by calendar programs under a secret address."""

from typing import Annotated

from fastapi import APIRouter, Form, Header, Path, Response
from fastapi.responses import RedirectResponse

from remediation.permissions import Action, reach
from service import feeding
from service.auth import Caller
from service.context import Shared
from service.pages.me import ME
from service.pages.rendering import page
from service.pages.session import Visiting
from service.problems import not_found
from service.speaking import speaking
from storage import feeds, people, programmes
from storage.database import reading, writing

CALENDAR = "text/calendar; charset=utf-8"
MOST_FEEDS = 20

router = APIRouter(include_in_schema=False, max_body_size=8 * 1024)


@router.api_route("/me/calendar", methods=["GET", "HEAD"])
def own_feeds(context: Shared, visiting: Visiting) -> Response:
    """Show one's feeds."""
    return _shown(context, visiting)


@router.post("/me/calendar")
def make_feed(
    context: Shared, visiting: Visiting, factory: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Make a feed, of one factory or of all, and show its address this once."""
    caller, now = visiting.caller, context.clock()
    with writing(context.database) as connection:
        within = programmes.names_within(connection, reach(caller.actor, Action.VIEW_FINDING))
        full = len(feeds.of_person(connection, caller.person.id)) >= MOST_FEEDS
        if full or factory not in {"", *within}:
            return _shown(context, visiting, full=full)
        secret = feeds.make(connection, caller.person.id, factory, now)
    return _shown(context, visiting, address=f"{context.settings.public_url}/calendar/{secret}.ics")


@router.post("/me/calendar/{feed}/end")
def end_feed(context: Shared, visiting: Visiting, feed: Annotated[str, Path(max_length=100)]) -> Response:
    """End a feed: its address is known no more."""
    with writing(context.database) as connection:
        if not feeds.end(connection, visiting.caller.person.id, feed):
            raise not_found("This calendar")
    return RedirectResponse(f"{ME}/calendar", status_code=303)


@router.api_route("/calendar/{secret}.ics", methods=["GET", "HEAD"])
def read_feed(
    context: Shared,
    secret: Annotated[str, Path(max_length=100)],
    if_none_match: Annotated[str | None, Header()] = None,
) -> Response:
    """Give the calendar behind a secret address. Raises the problem 404 for one not known any more."""
    now, url = context.clock(), context.settings.public_url
    with reading(context.database) as connection:
        feed = feeds.of_secret(connection, secret)
        person = people.person(connection, feed.person) if feed else None
        if feed is None or person is None:
            raise not_found("This calendar")
        caller = Caller(person, people.actor(connection, person.id, now))
        with speaking(person.language):
            events = feeding.entries(connection, caller, feed.factory, now, url)
            place = programmes.factory(connection, feed.factory) if feed.factory else None
            name = feeding.calendar_name(place.name if place else "")
    with writing(context.database) as connection:
        feeds.read(connection, feed, now)
    tag = f'"{feeding.etag(events)}"'
    if if_none_match == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(feeding.calendar_of(events, name, now), media_type=CALENDAR, headers={"ETag": tag})


def _shown(context: Shared, visiting: Visiting, *, address: str = "", full: bool = False) -> Response:
    caller = visiting.caller
    with reading(context.database) as connection:
        held = feeds.of_person(connection, caller.person.id)
        names = programmes.names_within(connection, reach(caller.actor, Action.VIEW_FINDING))
    return page(
        "feeds.html",
        status=422 if full else 200,
        viewer=caller.person,
        feeds=held,
        names=names,
        address=address,
        full=full,
    )
