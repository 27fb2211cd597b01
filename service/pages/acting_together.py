"""Acting on gatherings: each verb's form below the gathering's page, sent as the API's commands are."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from inspect import getdoc
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.summary import GatheringSummary
from remediation.notices import notice_of
from remediation.obligations import obligations
from remediation.permissions import Action
from remediation.possible import Possibility
from remediation.watched import Watched
from remediation.words import SYSTEM
from service import saying
from service.api.bodies import Body
from service.api.orders import carry_out
from service.auth import Caller, permit
from service.context import Context, Shared
from service.pages.fields import Field, Option, fields_in
from service.pages.fields import Kind as FieldKind
from service.pages.findings import READ
from service.pages.form_data import Data, body_of, data_of, first
from service.pages.forms import SPARE_ROWS, Choices, Filled, boxes, labels
from service.pages.keys import new_key, usable_key
from service.pages.offers import Offer, Stand, stand_around
from service.pages.rendering import page
from service.pages.session import Viewer
from service.pages.troubles import AGAIN, Trouble, of_problem, of_refusal, placed_in
from service.problems import ProblemError, validation_problem
from service.receiving import Asked, etag, thing_of_gathering, visible_gathering
from service.refusing import in_words
from service.speaking import say
from storage import commands, gatherings, ledger, programmes
from storage.commands import Refused, command_id
from storage.database import reading
from storage.programmes import Factory

MOST_FIELDS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A gathering, opened at an aware instant for somebody who stands before it."""

    row: GatheringSummary
    standing: Stand
    factory: Factory | None

    @property
    def watched(self) -> Watched:
        """Its state."""
        return self.standing.watched


Offering = Callable[[Connection, Opened], Iterator[Option]]
"""Gives what may be picked in a field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Where a kind of gathering lives in the pages, what its verbs take, and what a form is headed with."""

    kind: Kind
    tab: str
    """Which place of the menu its pages belong to."""
    prefix: str
    parameter: str
    """What its own id is called in addresses."""
    bodies: Mapping[str, type[Body]]
    called: Callable[[str], str]
    """Gives its name in words, from the factory's."""
    back: str
    choices: Mapping[str, Offering]
    """Who knows what may be picked in a field, by the field's name, besides what `CHOICES` has."""
    so_already: Mapping[str, str] = field(default_factory=dict)
    """By verb the code of a refusal which says that what somebody wishes for is so already: no trouble."""

    def at(self, own: str) -> str:
        """Give the address of a gathering's page."""
        return f"{self.prefix}/{quote(own, safe='')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody is at a verb's form: who, where, and what was typed so far."""

    house: House
    viewer: Caller
    own: str
    verb: str
    data: Data

    @property
    def subject(self) -> str:
        """The gathering's whole id."""
        return gathering_id(self.house.kind, self.own)

    @property
    def fields(self) -> tuple[Field, ...]:
        """What the form asks for."""
        return fields_in(self.house.bodies[self.verb])


def router_of(house: House) -> APIRouter:
    """Give the routes of all forms of a kind of gathering."""
    router = APIRouter(prefix=house.prefix, include_in_schema=False, max_body_size=256 * 1024)
    for verb in house.bodies:
        at = f"/{{{house.parameter}}}/{verb.replace('_', '-')}"
        show, send = _routes(house, verb)
        router.api_route(at, methods=READ)(show)
        router.post(at)(send)
    return router


def _routes(house: House, verb: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    own_id = Annotated[str, Path(alias=house.parameter, max_length=100)]

    def show(context: Shared, viewer: Viewer, own: str) -> Response:
        wish = Wish(house=house, viewer=viewer, own=own, verb=verb, data={})
        with reading(context.database) as connection:
            opened, offered = _opened(context, connection, wish)
            return _page(connection, opened, offered, wish, spare=SPARE_ROWS)

    async def send(request: Request, context: Shared, viewer: Viewer, own: str) -> Response:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            wish = Wish(house=house, viewer=viewer, own=own, verb=verb, data=data_of(form))
        return await _sent(context, wish)

    for route in (show, send):
        route.__annotations__["own"] = own_id
    return show, send


async def _sent(context: Context, wish: Wish) -> Response:
    """Give the command that a form asks for, and lead to what became of it; or show the form again."""
    asked = await run_in_threadpool(_asked, context, wish)
    if isinstance(asked, Response):
        return asked
    try:
        command, known = await carry_out(context, asked)
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        return await run_in_threadpool(_again, context, wish, of_problem(error))
    if isinstance(known, Refused):
        if known.code == wish.house.so_already.get(wish.verb):
            return RedirectResponse(wish.house.at(wish.own), status_code=303)
        return await run_in_threadpool(_again, context, wish, of_refusal(known))
    return RedirectResponse(f"{wish.house.at(wish.own)}?sent={command.id}", status_code=303)


def open_gathering(connection: Connection, viewer: Caller, subject: str, now: datetime) -> Opened:
    """Give a gathering as somebody sees it at an aware instant. Raises the problem 404."""
    row = visible_gathering(connection, viewer, subject)
    case = gatherings.case(connection, subject)
    assert case is not None  # noqa: S101 - a row has its state
    factory = programmes.factory(connection, row.factory)
    return Opened(row=row, standing=stand_around(case, row, viewer, now), factory=factory)


def _opened(context: Context, connection: Connection, wish: Wish) -> tuple[Opened, Offer]:
    """Give the gathering and the verb for who may give it. Raises the problems 403 and 404."""
    opened = open_gathering(connection, wish.viewer, wish.subject, context.clock())
    permit(wish.viewer, Action(wish.verb), thing_of_gathering(opened.row))
    offered = opened.standing.offer(wish.verb)
    assert offered is not None  # noqa: S101 - who is permitted is offered or told why not
    return opened, offered


def _asked(context: Context, wish: Wish) -> Asked | Response:
    """Give the command that was asked for, or the form again where it cannot be sent yet."""
    with reading(context.database) as connection:
        opened, offered = _opened(context, connection, wish)
        key = usable_key(wish.data)
        if "more" in wish.data or not key:
            return _page(connection, opened, offered, wish, spare=1)
        body = _body(wish)
        trouble = body if isinstance(body, Trouble) else _overtaken(connection, wish, key)
        if trouble is not None:
            return _page(connection, opened, offered, wish, trouble)
    assert isinstance(body, Body)  # noqa: S101 - it is no trouble
    return Asked(
        caller=wish.viewer,
        finding=opened.row.gathering,
        verb=wish.verb,
        body=body,
        key=key,
        version=etag(opened.row.seq),
    )


def _body(wish: Wish) -> Body | Trouble:
    given = body_of(wish.fields, wish.data)
    if acting := first(wish.data, "acting"):
        given["acting"] = acting
    try:
        return wish.house.bodies[wish.verb].model_validate(given)
    except ValidationError as error:
        located = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return of_problem(validation_problem(located))


def _overtaken(connection: Connection, wish: Wish, key: str) -> Trouble | None:
    """Tell that people acted after the form was opened; nothing of a command that was received before."""
    seen = first(wish.data, "version")
    known = commands.find(connection, command_id(wish.viewer.person.id, key))
    if known is not None or not seen.isdecimal():
        return None
    story = ledger.entries(connection, wish.subject)
    if not any(each.seq > int(seen) and each.by != SYSTEM for each in story):
        return None
    detail = say("Somebody else has acted since you opened this form. Nothing was sent.")
    way_out = say("Read what happened. If what you wrote still holds, send it again.")
    return Trouble(status=412, detail=detail, way_out=way_out)


def _again(context: Context, wish: Wish, trouble: Trouble) -> Response:
    """Show the form again with all that was typed, and a new key: the old one stands for what was sent."""
    with reading(context.database) as connection:
        opened, offered = _opened(context, connection, wish)
        anew = replace(wish, data={**wish.data, "key": [new_key()]})
        return _page(connection, opened, offered, anew, trouble)


def _page(  # noqa: PLR0913 - what a form is made of
    connection: Connection,
    opened: Opened,
    offered: Offer,
    wish: Wish,
    trouble: Trouble | None = None,
    *,
    spare: int = 0,
) -> Response:
    fields, house = wish.fields, wish.house
    placed = placed_in(fields, wish.data, trouble)
    choices = _choices(connection, opened, house, fields, offered.possibility)
    filled = Filled(data=wish.data, choices=choices, problems=placed, spare=spare)
    shown = boxes(fields, filled)
    return page(
        "act_together.html",
        status=trouble.status if trouble else 200,
        viewer=wish.viewer.person,
        tab=house.tab,
        at=house.at(wish.own),
        back=say(house.back),
        name=house.called(opened.factory.name if opened.factory else opened.row.factory),
        act=offered.act,
        verb=offered.path,
        about=say(str(getdoc(house.bodies[wish.verb]))),
        refusal=in_words(str(offered.possibility.refusal or "")) if not trouble else "",
        boxes=shown,
        labels=labels(shown),
        trouble=trouble,
        why=trouble.why if trouble else "",
        placed=placed,
        acting=offered.possibility.acting,
        key=usable_key(wish.data) or new_key(),
        version=opened.row.seq,
    )


def _choices(
    connection: Connection,
    opened: Opened,
    house: House,
    fields: Sequence[Field],
    possibility: Possibility,
) -> Choices:
    """Give what may be picked; of what is late, only that for which the rules would take the order."""
    names = {each.name for field in fields for each in (field, *field.fields) if each.kind is FieldKind.PICK}
    offering = {**CHOICES, **house.choices}
    known = {name: tuple(offering[name](connection, opened)) for name in names & offering.keys()}
    taken = {str(each["obligation"]) for each in possibility.taken if "obligation" in each}
    if "obligation" in known and taken:
        known["obligation"] = tuple(each for each in known["obligation"] if each.value in taken)
    return known


def _late(_connection: Connection, opened: Opened) -> Iterator[Option]:
    """Offer what is owed, with the level of the ladder it has come to."""
    for owed in obligations(opened.watched):
        level, words = notice_of(opened.watched, owed).level, saying.DUTY[owed.duty]
        yield Option(owed.key, say("%(what)s, level %(level)s", what=words, level=level) if level else words)


CHOICES: Mapping[str, Offering] = {"obligation": _late}
"""Who knows what may be picked in a field of any kind of gathering, by the field's name."""
