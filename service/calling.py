"""Calling a committee to meet: the meeting stands in SQL first, then its workflow starts."""

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from activities.opening import put_gatherings_on_record
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import Kind, gathering_id
from remediation.gatherings.meeting.calling import may_be_called
from remediation.gatherings.meeting.facts import MeetingCalled
from remediation.gatherings.meeting.state import Meeting
from remediation.permissions import Action, Thing
from remediation.refusals import Refusal
from remediation.words import NoteId, Role
from service.api.meeting_bodies import CallMeeting
from service.auth import Caller, permit
from service.context import Context
from service.convening import Said, items_of, keep_items, keep_text, refuse_unknown
from service.problems import FieldProblem, ProblemError, not_found
from service.receiving import key_reused
from storage import committees, gatherings, programmes, versions
from storage.commands import by_key
from storage.database import reading, writing
from storage.programmes import Factory
from storage.statements import AlreadyOtherwise


async def call(context: Context, caller: Caller, factory: str, body: CallMeeting, key: str) -> GatheringCase:
    """Call a factory's committee to meet, once for a key; give the meeting as it stands.

    Raises the problems 403, 404, 409 (refused, or the key stands for another meeting) and 422.
    """
    case = await run_in_threadpool(_called, context, caller, factory, body, key)
    if context.engine is not None:
        await context.engine.start_soon(case)
    return case


def _called(context: Context, caller: Caller, factory: str, body: CallMeeting, key: str) -> GatheringCase:
    own = f"m-{by_key(caller.person.id, key)}"
    said = Said(id=own, subject=gathering_id(Kind.MEETING, own), by=caller.person.id, at=context.clock())
    with reading(context.database) as connection:
        place = _place(connection, caller, factory)
        role = permit(caller, Action.CALL_MEETING, Thing(place.programme, place.id), acting=body.acting)
        known = gatherings.case(connection, said.subject)
        refuse_unknown(connection, body.agenda, place.id)
        call = _call(connection, said, place, body, role)
    if known is not None:
        return _the_same(known, call)
    try:
        may_be_called(call, said.at)
    except Refusal as refusal:
        field = [FieldProblem(field=refusal.field, message=str(refusal))] if refusal.field else None
        raise ProblemError(409, refusal.code, str(refusal), errors=field) from refusal
    return _recorded(context, said, place, body, call)


def _place(connection: Connection, caller: Caller, factory: str) -> Factory:
    place = programmes.factory(connection, factory)
    if place is None:
        raise not_found("This factory")
    permit(
        caller,
        Action.VIEW_FACTORY,
        Thing(place.programme, place.id),
        seen_by=Action.VIEW_FACTORY,
        what="This factory",
    )
    return place


def _call(connection: Connection, said: Said, place: Factory, body: CallMeeting, role: Role) -> MeetingCalled:
    calendar = versions.calendar(connection, place.calendar)
    home = programmes.programme(connection, place.programme)
    assert home is not None  # noqa: S101 - a factory has its programme
    return MeetingCalled(
        gathering=gathering_id(Kind.MEETING, said.id),
        programme=place.programme,
        factory=place.id,
        policy=home.policy,
        calendar=place.calendar,
        acting=role,
        seats=committees.committee(connection, place.id, calendar.today(said.at)),
        starts=body.starts,
        length=body.length,
        place=NoteId(f"{said.id}.place") if body.place else None,
        agenda=items_of(said, body.agenda),
    )


def _the_same(known: GatheringCase, call: MeetingCalled) -> GatheringCase:
    state = known.state
    assert isinstance(state, Meeting)  # noqa: S101 - its id says so
    before = state.opened
    if (before.starts, before.length, before.agenda) != (call.starts, call.length, call.agenda):
        raise key_reused()
    return known


def _recorded(
    context: Context, said: Said, place: Factory, body: CallMeeting, call: MeetingCalled
) -> GatheringCase:
    try:
        with writing(context.database) as connection:
            if body.place:
                keep_text(connection, said, "place", NoteId(f"{said.id}.place"), body.place)
            keep_items(connection, said, body.agenda)
            policy = versions.policy(connection, call.policy)
            calendar = versions.calendar(connection, place.calendar)
            (case,) = put_gatherings_on_record(connection, [(call, policy, calendar, said.by)], said.at)
    except AlreadyOtherwise as other:
        raise key_reused() from other
    return case
