"""A meeting's signing sheet as a document to print: what is signed, exactly, and a place for each member."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from sqlalchemy import Connection

from remediation.gatherings.meeting.sheets import Sheet
from remediation.gatherings.meeting.state import Meeting
from remediation.words import Side
from service.api.findings import proposal
from service.api.meetings import visible_meeting
from service.api.shapes import FindingShape, ProposalShape
from service.auth import Caller
from service.dossier import open_dossier
from service.pages.rendering import rendered
from service.pages.sheet_shown import sheet_of
from service.paper.composing import about
from service.paper.leaves import held
from service.showing import shape
from storage import meetings, people, programmes


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A number of the sheet: the finding, and the plan that is signed in exactly this revision."""

    number: int
    finding: FindingShape
    proposal: ProposalShape


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Those of a side who can sign."""

    side: Side
    members: tuple[tuple[str, bool], ...]
    """The name of each, and whether they are a co-chair."""


def sheet_paper(  # noqa: PLR0913 - what a document is composed of
    connection: Connection, caller: Caller, own: str, number: int, origin: str, now: datetime
) -> str:
    """Give a signing sheet as HTML to print; `origin` is our own address, which its code leads to.

    It holds the revisions that it was made with, however often it is printed, and a place for each member
    who is noted as present; for all while nobody is. Raises the problem 404.
    """
    row, meeting = visible_meeting(connection, caller, own)
    sheet = sheet_of(meeting, number)
    place = programmes.factory(connection, row.factory)
    assert place is not None  # noqa: S101 - a meeting is of a factory
    lines = tuple(_lines(connection, caller, sheet, now))
    owners = {action.owner.id for each in lines for action in each.proposal.actions}
    return rendered(
        "paper_sheet.html",
        factory=place,
        sheet=sheet,
        starts=meeting.calendar.local(meeting.starts),
        where=meetings.place_of(connection, meeting),
        lines=lines,
        groups=_groups(connection, meeting),
        functions=held(connection, place, owners, now),
        **about(caller, place, f"{origin}/meetings/{quote(own, safe='')}/sheets/{number}", now),
    )


def _lines(connection: Connection, caller: Caller, sheet: Sheet, now: datetime) -> Iterator[ToSign]:
    for number, line in enumerate(sheet.lines, 1):
        dossier = open_dossier(connection, caller, line.finding, now)
        yield ToSign(number=number, finding=shape(dossier), proposal=proposal(dossier, line.revision))


def _groups(connection: Connection, meeting: Meeting) -> list[Group]:
    here = [seat for seat in meeting.seats if seat.person in meeting.present] or list(meeting.seats)
    names = people.people_of(connection, [seat.person for seat in here])
    return [
        Group(
            side=side,
            members=tuple((names[seat.person].name, seat.co_chair) for seat in here if seat.side is side),
        )
        for side in Side
    ]
