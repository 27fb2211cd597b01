"""What a signing sheet's page shows: its numbers, the form to enter what was signed, and what was entered."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from remediation.gatherings.meeting.sheets import Paper, Sheet
from remediation.gatherings.meeting.state import Meeting
from remediation.words import FindingId, PersonId
from service.api.meeting_papers import sees_ballots, status_of
from service.api.meetings import visible_meeting
from service.auth import Caller
from service.pages.form_data import Data, first
from service.pages.offers import stand_around
from service.pages.sheet_form import rows, spans
from service.problems import not_found
from service.refusing import in_words
from service.speaking import say
from storage import evidence, findings, gatherings, meetings, notes, people, programmes
from storage.evidence import Evidence

Names = dict[PersonId, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number of the sheet: its finding, and whether its plan is on the table as it was printed."""

    number: int
    finding: FindingId
    name: str
    check: str
    current: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was entered of a member: the numbers signed, in words, and each that was refused, with why."""

    name: str
    signs: str
    refuses: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What was entered of the sheet. Names, votes and photos are empty to who may not know them."""

    paper: Paper
    status: str
    recorder: str
    witness: str
    ballots: tuple[Said, ...]
    files: tuple[Evidence, ...]
    reason: str
    """Why it was not witnessed."""


def sheet_of(meeting: Meeting, number: int) -> Sheet:
    """Give a signing sheet of a meeting. Raises the problem 404."""
    found = next((each for each in meeting.sheets if each.number == number), None)
    if found is None:
        raise not_found("This signing sheet")
    return found


def sheet_shown(  # noqa: PLR0913 - what a page is shown for
    connection: Connection, viewer: Caller, own: str, number: int, data: Data, now: datetime
) -> dict[str, Any]:
    """Give all that a signing sheet's page shows, with what was typed. Raises the problem 404."""
    row, meeting = visible_meeting(connection, viewer, own)
    case = gatherings.case(connection, row.gathering)
    assert case is not None  # noqa: S101 - it was just seen
    sheet, standing = sheet_of(meeting, number), stand_around(case, row, viewer, now)
    entered = [each for each in meeting.papers if each.sheet == number]
    names = names_of(connection, meeting, *entered)
    waiting = next((each for each in entered if each.waits), None)
    record, witness = standing.offer("record_paper"), standing.offer("witness_paper")
    open_ = all(each.declined for each in entered)
    refusal = record.possibility.refusal if record and open_ else None
    return {
        "at": f"/meetings/{row.own}",
        "row": row,
        "place": programmes.factory(connection, row.factory),
        "sheet": sheet,
        "made": meeting.calendar.local(sheet.at),
        "starts": meeting.calendar.local(meeting.starts),
        "lines": list(_lines(connection, sheet, meeting)),
        "rows": rows(meeting, names, data),
        "how": first(data, "how"),
        "entries": [
            _entry(connection, each, sheet, names, seen=sees_ballots(viewer, row, each)) for each in entered
        ],
        "waiting": waiting,
        "records": record is not None and open_ and refusal is None,
        "refusal": in_words(str(refusal)) if refusal else "",
        "witnesses": witness is not None and waiting is not None and witness.open,
        "kept": list(_handed_in(connection, row.gathering, data)),
    }


def names_of(connection: Connection, meeting: Meeting, *entered: Paper) -> Names:
    """Give the names of a meeting's members, and of who entered and witnessed something."""
    named = [seat.person for seat in meeting.seats]
    named += [person for each in entered for person in (each.recorder, each.witness) if person]
    return {person: known.name for person, known in people.people_of(connection, named).items()}


def _lines(connection: Connection, sheet: Sheet, meeting: Meeting) -> Iterator[Line]:
    listed = findings.listed(connection, [each.finding for each in sheet.lines])
    names = {each.summary.finding: each.question_text or each.summary.point for each in listed}
    current = set(meetings.on_the_table(connection, meeting))
    for number, each in enumerate(sheet.lines, 1):
        yield Line(
            number=number,
            finding=each.finding,
            name=names.get(each.finding, each.finding),
            check=each.revision[:8],
            current=each in current,
        )


def _entry(connection: Connection, paper: Paper, sheet: Sheet, names: Names, *, seen: bool) -> Entry:
    files = (evidence.find(connection, each.id) for each in paper.files if seen)
    reasons = notes.find_notes(connection, [paper.declined] if paper.declined and seen else [])
    return Entry(
        paper=paper,
        status=status_of(paper),
        recorder=names.get(paper.recorder, "") if seen else "",
        witness=names.get(paper.witness, "") if seen and paper.witness else "",
        ballots=tuple(_ballots(connection, paper, sheet, names)) if seen else (),
        files=tuple(each for each in files if each is not None),
        reason=next((each.text for each in reasons.values()), ""),
    )


def _ballots(connection: Connection, paper: Paper, sheet: Sheet, names: Names) -> Iterator[Said]:
    texts = notes.find_notes(connection, [no.reason for each in paper.ballots for no in each.refuses])
    for each in paper.ballots:
        everything = len(each.signs) == len(sheet.lines)
        yield Said(
            name=names.get(each.person, each.person),
            signs=say("every number") if everything else spans(each.signs),
            refuses=tuple((no.number, texts[no.reason].text) for no in each.refuses),
        )


def _handed_in(connection: Connection, gathering: str, data: Data) -> Iterator[Evidence]:
    """Give what came along before, while the form was wrong elsewhere."""
    for piece in data.get("files", ()):
        known = evidence.find(connection, piece)
        if known is not None and known.finding == gathering:
            yield known
