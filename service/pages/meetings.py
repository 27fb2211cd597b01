"""Committee meetings: those of a factory and a form to call one; and one meeting, held on its page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Annotated, Any, TypeVar
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool

from remediation.calendar import Calendar
from remediation.gatherings.gathering import Kind, gathering_id, own_id
from remediation.permissions import Action, Thing, can
from remediation.words import AgendaKind, SignatureMethod
from service.api.bodies import Body
from service.api.meeting_bodies import BODIES, CallMeeting, Item
from service.api.meetings import visible_meeting
from service.api.orders import carry_out
from service.api.places import visible_factory
from service.api.voting import at_the_table
from service.auth import Caller, forbidden
from service.calling import call
from service.context import Context, Shared
from service.pages.findings import READ
from service.pages.form_data import Data, data_of, first
from service.pages.keys import new_key, usable_key
from service.pages.meeting_shown import call_shown, shown
from service.pages.rendering import page
from service.pages.session import Viewer
from service.pins import pin_required, prove
from service.problems import ProblemError, validation_problem
from service.receiving import Asked
from service.speaking import say
from storage.commands import Refused
from storage.database import reading

B = TypeVar("B", bound=Body)

router = APIRouter(include_in_schema=False, max_body_size=256 * 1024)

MeetingId = Annotated[str, Path(max_length=100)]
FactoryId = Annotated[str, Path(max_length=100)]
AGAIN = frozenset({409, 412, 422})
"""What is told on the page itself, so that nobody loses sight of the meeting."""
MOST_FIELDS = 1500
NEITHER = "neither"
ON_PAPER = frozenset({"print_sheet", "record_paper", "witness_paper", "decline_paper"})
"""What is done on the pages of signing sheets."""
LOOKS_AGAIN = "15"
USUAL: dict[str, Any] = {"time": "10:00", "length": 90, "place": ""}
"""What a form to call a meeting is filled with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a form on a meeting's page was sent with, and by whom."""

    viewer: Caller
    meeting: str
    verb: str
    data: Data


@router.api_route("/factories/{factory}/meetings", methods=READ)
def meetings_page(context: Shared, viewer: Viewer, factory: FactoryId) -> Response:
    """Show a factory's meetings, and a form to call the next one for who may."""
    return _meetings(context, viewer, factory)


def _meetings(  # noqa: PLR0913 - what a page is shown for
    context: Context,
    viewer: Caller,
    factory: str,
    data: Data | None = None,
    trouble: str = "",
    status: int = 200,
) -> Response:
    with reading(context.database) as connection:
        place = visible_factory(connection, viewer, factory)
        if can(viewer.actor, Action.VIEW_MEETINGS, Thing(place.programme, place.id)) is None:
            raise forbidden(Action.VIEW_MEETINGS)
        told = call_shown(connection, viewer, place, context.clock())
    return page(
        "meetings.html",
        status=status,
        viewer=viewer.person,
        typed=USUAL | {"day": told["day"]} | {name: each[0] for name, each in (data or {}).items() if each},
        trouble=trouble,
        key=new_key(),
        **told,
    )


@router.post("/factories/{factory}/meetings")
async def call_a_meeting(request: Request, context: Shared, viewer: Viewer, factory: FactoryId) -> Response:
    """Call the committee, and lead to the meeting's page; or show the form again."""
    async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
        data = data_of(form)
    try:
        calendar = await run_in_threadpool(_calendar, context, viewer, factory)
        body = valid(CallMeeting, _when(data, calendar) | _place(data) | {"agenda": _items(data)})
        case = await call(context, viewer, factory, body, usable_key(data) or new_key())
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        said = in_a_sentence(error)
        return await run_in_threadpool(_meetings, context, viewer, factory, data, said, error.problem.status)
    return RedirectResponse(f"/meetings/{quote(own_id(case.state.id), safe='')}", status_code=303)


def _calendar(context: Context, viewer: Caller, factory: str) -> Calendar:
    with reading(context.database) as connection:
        place = visible_factory(connection, viewer, factory)
        return call_shown(connection, viewer, place, context.clock())["calendar"]  # type: ignore[no-any-return]


@router.api_route("/meetings/{meeting}", methods=READ)
def meeting_page(
    context: Shared, viewer: Viewer, meeting: MeetingId, live: Annotated[str, Query(max_length=1)] = ""
) -> Response:
    """Show one meeting; with `live` it is looked at again every few seconds, as who opened it asked for."""
    response = _meeting(context, viewer, meeting, live=live)
    if live:
        response.headers["Refresh"] = LOOKS_AGAIN
    return response


def _meeting(  # noqa: PLR0913 - what a page is shown for
    context: Context,
    viewer: Caller,
    own: str,
    *,
    live: str = "",
    status: int = 200,
    trouble: str = "",
    sent: Sent | None = None,
    wrongs: Mapping[str, str] | None = None,
) -> Response:
    with reading(context.database) as connection:
        told = shown(connection, viewer, own, context.clock())
    return page(
        "meeting.html",
        status=status,
        viewer=viewer.person,
        live=live,
        trouble=trouble,
        wrong=sent.verb if sent else "",
        wrongs=wrongs or {},
        typed={name: each[0] for name, each in sent.data.items() if each} if sent else {},
        key=new_key,
        **told,
    )


def _routes(verb: str) -> tuple[Callable[..., Any], Callable[..., Any]]:
    path = verb.replace("_", "-")

    def lead(context: Shared, viewer: Viewer, meeting: MeetingId) -> Response:
        with reading(context.database) as connection:
            visible_meeting(connection, viewer, meeting)
        return RedirectResponse(f"/meetings/{quote(meeting, safe='')}#{path}", status_code=303)

    async def send(request: Request, context: Shared, viewer: Viewer, meeting: MeetingId) -> Response:
        async with request.form(max_files=0, max_fields=MOST_FIELDS) as form:
            sent = Sent(viewer=viewer, meeting=meeting, verb=verb, data=data_of(form))
        return await _carried_out(context, sent)

    return lead, send


for _verb in (each for each in BODIES if each not in ON_PAPER):
    _lead, _send = _routes(_verb)
    _at = f"/meetings/{{meeting}}/{_verb.replace('_', '-')}"
    router.api_route(_at, methods=READ)(_lead)
    router.post(_at)(_send)


async def _carried_out(context: Context, sent: Sent) -> Response:
    """Give the command that a form asks for, and lead back to the meeting; or show it with what was wrong."""
    try:
        asked = await run_in_threadpool(_asked, context, sent)
        _, known = await carry_out(context, asked)
    except ProblemError as error:
        if error.problem.status not in AGAIN:
            raise
        wrongs = error.wrong if isinstance(error, UnsoundVotesError) else None
        return await _wrong(context, sent, in_a_sentence(error), error.problem.status, wrongs)
    if isinstance(known, Refused):
        return await _wrong(context, sent, say(known.detail), 409)
    at = f"/meetings/{quote(sent.meeting, safe='')}#{sent.verb.replace('_', '-')}"
    return RedirectResponse(at, status_code=303)


async def _wrong(
    context: Context, sent: Sent, trouble: str, status: int, wrongs: Mapping[str, str] | None = None
) -> Response:
    return await run_in_threadpool(meeting_again, context, sent, trouble, status, wrongs)


def meeting_again(
    context: Context, sent: Sent, trouble: str, status: int, wrongs: Mapping[str, str] | None = None
) -> Response:
    """Show a meeting with what was wrong with a form (of votes, by finding), and with what was chosen."""
    return _meeting(
        context, sent.viewer, sent.meeting, status=status, trouble=trouble, sent=sent, wrongs=wrongs
    )


def _asked(context: Context, sent: Sent) -> Asked:
    with reading(context.database) as connection:
        _, state = visible_meeting(connection, sent.viewer, sent.meeting)
    given = _FIELDS[sent.verb](sent.data, state.calendar)
    signs = "method" in BODIES[sent.verb].model_fields
    caller, method = _signing(context, sent) if signs else (sent.viewer, {})
    return Asked(
        caller=caller,
        finding=gathering_id(Kind.MEETING, sent.meeting),
        verb=sent.verb,
        body=valid(BODIES[sent.verb], given | method),
        key=usable_key(sent.data) or new_key(),
    )


def _signing(context: Context, sent: Sent) -> tuple[Caller, dict[str, Any]]:
    """Give who signs: whoever proves it by their PIN, or else the viewer on a device of their own."""
    member, pin = first(sent.data, "member") or sent.viewer.person.id, first(sent.data, "pin")
    if not pin:
        if member != sent.viewer.person.id:
            raise pin_required()
        return sent.viewer, {}
    with reading(context.database) as connection:
        subject = gathering_id(Kind.MEETING, sent.meeting)
        voter = at_the_table(context, connection, sent.viewer, subject, member)
    return prove(context, voter, pin, by=sent.viewer.person.id), {"method": SignatureMethod.SHARED_DEVICE}


def valid(kind: type[B], given: dict[str, Any]) -> B:
    """Give a body. Raises the problem 422."""
    try:
        return kind.model_validate(given)
    except ValidationError as error:
        raise validation_problem(
            [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        ) from error


def in_a_sentence(error: ProblemError) -> str:
    """Give what is wrong in a sentence or two."""
    said = [each.message for each in error.problem.errors or ()]
    return " ".join(dict.fromkeys(said)) or error.problem.detail


# What each form holds.


def _when(data: Data, calendar: Calendar) -> dict[str, Any]:
    """Give when it begins: a local day and time of the factory."""
    given: dict[str, Any] = {"starts": ""}
    try:
        day, clock = date.fromisoformat(first(data, "day")), time.fromisoformat(first(data, "time"))
        given["starts"] = calendar.instant(day, clock)
    except ValueError:
        raise ProblemError(422, "invalid", say("Give the day and the time at which it begins.")) from None
    length = first(data, "length")
    return given | ({"length": int(length)} if length.isdecimal() else {})


def _place(data: Data) -> dict[str, Any]:
    return {"place": text} if (text := first(data, "place").strip()) else {}


def _items(data: Data) -> tuple[Item, ...]:
    """Give the items that were ticked, and a line each of what else was written."""
    ticked = (each.partition(":") for each in data.get("item", ()))
    kinds = {each.value for each in AgendaKind}
    found = [
        Item.model_validate({"kind": kind, "finding": finding})
        for kind, _, finding in ticked
        if kind in kinds
    ]
    lines = [line.strip()[:500] for line in first(data, "other").splitlines() if line.strip()]
    return (*found, *(Item(kind=AgendaKind.OTHER, text=line) for line in lines))


class UnsoundVotesError(ProblemError):
    """Votes that cannot be sent as they are: `wrong` says why, by finding."""

    def __init__(self, wrong: Mapping[str, str]) -> None:
        super().__init__(422, "invalid", say("Choose for each plan what you do."))
        self.wrong = wrong


def _votes(data: Data, _calendar: Calendar) -> dict[str, Any]:
    findings = [name.removeprefix("revision.") for name in data if name.startswith("revision.")]
    wrong = {each: why for each in findings if (why := _wrong_vote(data, each))}
    if wrong:
        raise UnsoundVotesError(wrong)
    votes = [_vote(data, each) for each in findings if first(data, f"vote.{each}") != NEITHER]
    if not votes:
        raise ProblemError(422, "invalid", say("Choose at least one plan to sign or refuse."))
    return {"votes": votes}


def _wrong_vote(data: Data, finding: str) -> str:
    chosen = first(data, f"vote.{finding}")
    if chosen not in {"sign", "refuse", NEITHER}:
        return say("Choose: sign, refuse or neither.")
    if chosen == "refuse" and not first(data, f"reason.{finding}").strip():
        return say("Say why it is refused.")
    return ""


def _vote(data: Data, finding: str) -> dict[str, Any]:
    vote = {"finding": finding, "revision": first(data, f"revision.{finding}")}
    refused = first(data, f"vote.{finding}") == "refuse"
    return vote | ({"reason": first(data, f"reason.{finding}").strip()} if refused else {})


def _texts(*names: str) -> Callable[[Data, Calendar], dict[str, Any]]:
    def read(data: Data, _calendar: Calendar) -> dict[str, Any]:
        return {name: text for name in names if (text := first(data, name).strip())}

    return read


def _moved(data: Data, calendar: Calendar) -> dict[str, Any]:
    return _when(data, calendar) | _place(data) | _texts("reason")(data, calendar)


_FIELDS: Mapping[str, Callable[[Data, Calendar], dict[str, Any]]] = {
    "set_agenda": lambda data, _calendar: {"agenda": _items(data)},
    "move_meeting": _moved,
    "cancel_meeting": _texts("reason"),
    "begin_meeting": _texts(),
    "record_attendance": lambda data, _calendar: {"present": tuple(data.get("present", ()))},
    "vote_together": _votes,
    "end_meeting": _texts("remarks"),
    "correct_minutes": _texts("remarks"),
    "sign_minutes": _texts("minutes"),
}
