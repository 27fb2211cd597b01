"""Committee meetings: called at a factory, read, and the commands they take."""

from typing import Annotated

from fastapi import APIRouter, Path, Response
from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Connection

from remediation.gatherings.gathering import Kind, gathering_id, own_id
from remediation.gatherings.meeting.state import Meeting
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Action, Thing, can
from remediation.words import AgendaKind, GatheringId, MeetingStage, NoteId, Side, Stage
from service.api.meeting_bodies import BODIES, CallMeeting
from service.api.meeting_papers import PaperShape, SheetShape, paper_shape, sheet_shape
from service.api.orders import (
    IdempotencyKey,
    Subject,
    add_verb,
    describe,
)
from service.api.places import Id, visible_factory
from service.api.shapes import Named
from service.api.values import Day
from service.api.voting import VoterInMeeting
from service.auth import Caller, SignedIn, forbidden
from service.calling import call
from service.context import Shared
from service.problems import documented, not_found
from service.receiving import visible_gathering
from storage import gatherings, meetings, notes, people
from storage.commands import Pending, Refused
from storage.database import reading

router = APIRouter(prefix="/api/v1", tags=["meetings"], max_body_size=256 * 1024)

MeetingId = Annotated[str, Path(description="The meeting's id.", max_length=100)]


class ItemShape(BaseModel):
    """One item of the agenda: a finding and why, or `other` with a text."""

    kind: AgendaKind
    finding: str | None = None
    text: str | None = None


class SideShape(BaseModel):
    """A side of the committee in numbers."""

    side: Side
    here: int
    needed: int = Field(description="So many must be present for a quorum.")
    seats: int


class QuorumShape(BaseModel):
    """Whether enough of both sides are here now."""

    met: bool
    lacks_elected: bool = Field(description="An elected worker member is asked for, and none is here.")
    sides: list[SideShape]


class VoteShape(BaseModel):
    """What became of one vote at its finding. Whose it was is not told."""

    finding: str
    verb: str
    status: str = Field(description="`done`, `pending` or `refused`.")
    code: str | None = Field(None, description="Why the finding's rules refused it.")
    detail: str | None = None


class ResultShape(BaseModel):
    """What the votes came to at a finding when the meeting ended."""

    finding: str
    stage: Stage
    counted: int
    turned_down: int
    open: int


class MinutesShape(BaseModel):
    """The minutes: what signatures are bound to, by when they are owed, and which sides have signed."""

    digest: str
    sign_by: AwareDatetime
    signed: list[Side]
    quorate: bool
    remarks: str | None
    results: list[ResultShape]


class MeetingItem(BaseModel):
    """A meeting as lists show it."""

    id: str
    factory: str
    stage: MeetingStage
    version: int
    starts: AwareDatetime
    ends: AwareDatetime


class MeetingShape(MeetingItem):
    """One meeting in full."""

    place: str | None
    agenda: list[ItemShape]
    sequence: int = Field(description="How often the invited were told of a change.")
    reason: str | None = Field(description="Why it was moved last, or cancelled.")
    quorum: QuorumShape
    present: list[Named]
    votes: list[VoteShape]
    sheets: list[SheetShape]
    papers: list[PaperShape]
    minutes: MinutesShape | None
    next_day: Day = Field(description="The day proposed for the next meeting.")


class MeetingList(BaseModel):
    """A factory's meetings, the latest first."""

    items: list[MeetingItem]


@router.get("/factories/{factory}/meetings", summary="A factory's meetings", responses=documented(403, 404))
def list_meetings(context: Shared, caller: SignedIn, factory: Id) -> MeetingList:
    """Give the meetings of a factory's committee."""
    with reading(context.database) as connection:
        place = visible_factory(connection, caller, factory)
        if can(caller.actor, Action.VIEW_MEETINGS, Thing(place.programme, place.id)) is None:
            raise forbidden(Action.VIEW_MEETINGS)
        found = meetings.of_factory(connection, place.id)
    return MeetingList(items=[_item(row, meeting) for row, meeting in found])


@router.post(
    "/factories/{factory}/meetings",
    summary="Call a meeting",
    operation_id="call_meeting",
    status_code=201,
    responses=documented(400, 403, 404, 409, 413),
    description=describe("call_meeting", CallMeeting),
)
async def call_meeting(  # noqa: PLR0913 - what a request carries
    response: Response,
    context: Shared,
    caller: SignedIn,
    factory: Id,
    body: CallMeeting,
    key: IdempotencyKey,
) -> MeetingItem:
    """Call the committee to meet."""
    case = await call(context, caller, factory, body, key)
    own = own_id(case.state.id)
    response.headers["Location"] = f"/api/v1/meetings/{own}"
    assert isinstance(case.state, Meeting)  # noqa: S101 - it was called
    return _item_of(own, case.state, case.seq)


@router.get("/meetings/{meeting}", summary="One meeting", responses=documented(404))
def one_meeting(context: Shared, caller: SignedIn, meeting: MeetingId) -> MeetingShape:
    """Give one meeting: agenda, who is here, quorum, what became of votes, and the minutes."""
    with reading(context.database) as connection:
        row, state = visible_meeting(connection, caller, meeting)
        return _shape(connection, row, state, caller)


def visible_meeting(connection: Connection, caller: Caller, own: str) -> tuple[GatheringSummary, Meeting]:
    """Give a meeting that the caller may see. Raises the problem 404."""
    row = visible_gathering(connection, caller, gathering_id(Kind.MEETING, own))
    case = gatherings.case(connection, row.gathering)
    if case is None or not isinstance(case.state, Meeting):
        raise not_found("This meeting")
    return row, case.state


def _item(row: GatheringSummary, meeting: Meeting) -> MeetingItem:
    return _item_of(row.own, meeting, row.seq)


def _item_of(own: str, meeting: Meeting, version: int) -> MeetingItem:
    return MeetingItem(
        id=own,
        factory=meeting.factory,
        stage=meeting.stage,
        version=version,
        starts=meeting.starts,
        ends=meeting.ends,
    )


def _shape(connection: Connection, row: GatheringSummary, meeting: Meeting, caller: Caller) -> MeetingShape:
    texts = _texts(connection, meeting)
    names = people.people_of(connection, meeting.present)
    return MeetingShape(
        **_item(row, meeting).model_dump(),
        place=texts.get(meeting.place),
        agenda=[
            ItemShape(kind=each.kind, finding=each.finding, text=texts.get(each.note))
            for each in meeting.agenda
        ],
        sequence=meeting.sequence,
        reason=texts.get(meeting.reason),
        quorum=_quorum(meeting),
        present=[Named(id=each, name=names[each].name) for each in meeting.present if each in names],
        votes=[_vote(each) for each in meetings.votes(connection, row.gathering)],
        sheets=[sheet_shape(each) for each in meeting.sheets],
        papers=[paper_shape(connection, row, each, caller) for each in meeting.papers],
        minutes=_minutes(meeting, texts.get(meeting.remarks)),
        next_day=meeting.next_day,
    )


def _texts(connection: Connection, meeting: Meeting) -> dict[NoteId | None, str]:
    of_items = (item.note for item in meeting.agenda)
    wanted = [each for each in (meeting.place, meeting.reason, meeting.remarks, *of_items) if each]
    return {each: note.text for each, note in notes.find_notes(connection, wanted).items()}


def _quorum(meeting: Meeting) -> QuorumShape:
    return QuorumShape(
        met=meeting.has_quorum,
        lacks_elected=meeting.lacks_elected,
        sides=[
            SideShape(side=each.side, here=each.here, needed=each.needed, seats=each.seats)
            for each in map(meeting.side_here, Side)
        ],
    )


def _vote(cast: meetings.Cast) -> VoteShape:
    said = VoteShape(finding=cast.finding, verb=cast.verb, status="done")
    if isinstance(cast.outcome, Refused):
        why = {"status": "refused", "code": cast.outcome.code, "detail": cast.outcome.detail}
        return said.model_copy(update=why)
    return said.model_copy(update={"status": "pending"}) if isinstance(cast.outcome, Pending) else said


def _minutes(meeting: Meeting, remarks: str | None) -> MinutesShape | None:
    if meeting.minutes is None or meeting.sign_by is None:
        return None
    return MinutesShape(
        digest=meeting.minutes,
        sign_by=meeting.sign_by,
        signed=[side for side in Side if meeting.has_signed(side)],
        quorate=meeting.quorate,
        remarks=remarks,
        results=[
            ResultShape(
                finding=each.finding,
                stage=each.stage,
                counted=each.counted,
                turned_down=each.turned_down,
                open=each.open,
            )
            for each in meeting.results
        ],
    )


def _meeting(own: str) -> GatheringId:
    return gathering_id(Kind.MEETING, own)


_MEETING = Subject(word="meeting", subject=_meeting, voter=VoterInMeeting)
for _verb, _body in BODIES.items():
    add_verb(router, "/meetings/{meeting}", _MEETING, _verb, _body)
