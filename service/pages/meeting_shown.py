"""What the pages about meetings show: the agenda in words, plans to sign, and what became of votes."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from notifications.wording import N_
from remediation.gatherings.meeting.facts import AgendaItem
from remediation.gatherings.meeting.sheets import Sheet
from remediation.gatherings.meeting.state import Meeting
from remediation.permissions import Action, Thing, can
from remediation.words import AgendaKind, FindingId, MeetingStage, NoteId, Side
from service.api.meeting_papers import status_of
from service.api.meetings import visible_meeting
from service.auth import Caller
from service.pages.offers import offers_of, stand_around
from service.refusing import in_words
from service.speaking import Said, say
from storage import findings, gatherings, meetings, notes, people, programmes, versions
from storage.commands import Pending, Refused
from storage.programmes import Factory

STAGES = Said(
    {
        MeetingStage.CALLED: N_("The committee is called to meet."),
        MeetingStage.IN_SESSION: N_("The committee is in session."),
        MeetingStage.MINUTED: N_("The meeting is over. Its minutes wait for signatures."),
        MeetingStage.AGREED: N_("The meeting is over. Both sides have signed its minutes."),
        MeetingStage.CANCELLED: N_("The meeting is cancelled."),
    }
)
SHEETS = Said(
    {
        "": N_("Nobody has entered yet what was signed on it."),
        "waits": N_("It waits for the advisor to witness it."),
        "witnessed": N_("What was signed is witnessed, and counts."),
        "declined": N_("What was entered was not witnessed."),
    }
)
ITEMS = Said(
    {
        AgendaKind.SIGN: N_("A plan to sign"),
        AgendaKind.OBJECTION: N_("A reported fix to answer"),
        AgendaKind.EXTENSION: N_("A date that may need more time"),
        AgendaKind.REVIEW: N_("To be reviewed"),
        AgendaKind.OTHER: N_("Other business"),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item of the agenda in words; `value` is what its form field holds, `at` leads to its finding."""

    kind: str
    text: str
    value: str
    at: str = ""
    on: bool = True
    """Whether it is on the agenda, or only waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """A plan on the table: its finding, exactly which revision, and what it promises."""

    number: int
    finding: FindingId
    name: str
    revision: str
    cause: str
    actions: tuple[str, ...]


def call_shown(connection: Connection, viewer: Caller, place: Factory, now: datetime) -> dict[str, Any]:
    """Give a factory's meetings, and what the next one may be about."""
    calendar = versions.calendar(connection, place.calendar)
    known = meetings.of_factory(connection, place.id)
    held = [each for _, each in known if each.stage is not MeetingStage.CANCELLED]
    may = can(viewer.actor, Action.CALL_MEETING, Thing(place.programme, place.id)) is not None
    waiting = meetings.what_waits(connection, place.id, now) if may else ()
    return {
        "place": place,
        "calendar": calendar,
        "meetings": [(row, each, calendar.local(each.starts), STAGES[each.stage]) for row, each in known],
        "may": may,
        "day": max(held[0].next_day, calendar.today(now)) if held else "",
        "lines": list(_lines(connection, waiting, ())),
    }


def shown(connection: Connection, viewer: Caller, own: str, now: datetime) -> dict[str, Any]:
    """Give all that a meeting's page shows. Raises the problem 404."""
    row, meeting = visible_meeting(connection, viewer, own)
    case = gatherings.case(connection, row.gathering)
    assert case is not None  # noqa: S101 - it was just seen
    standing = stand_around(case, row, viewer, now)
    offered = {each.verb: each for each in standing.every() if each.open}
    seats = people.people_of(connection, [seat.person for seat in meeting.seats])
    texts = notes.find_notes(connection, [each for each in _notes(meeting) if each])
    return {
        "at": f"/meetings/{row.own}",
        "row": row,
        "meeting": meeting,
        "place": programmes.factory(connection, row.factory),
        "stage": STAGES[meeting.stage],
        "starts": meeting.calendar.local(meeting.starts),
        "offered": offered,
        "refused": offers_of(standing).refused,
        "lines": list(_lines(connection, meeting.agenda, _open(connection, meeting, offered, now))),
        "sides": [meeting.side_here(side) for side in Side],
        "seats": [(seat, seats[seat.person].name) for seat in meeting.seats if seat.person in seats],
        "plans": list(_plans(connection, meeting)) if "vote_together" in offered else [],
        "sheets": list(_sheets(meeting)),
        "printable": _printable(connection, meeting, offered),
        "votes": list(_votes(connection, row.gathering)),
        "results": list(_results(connection, meeting)),
        "texts": {None: "", **{each: note.text for each, note in texts.items()}},
        "now": now,
    }


def _notes(meeting: Meeting) -> Iterator[NoteId | None]:
    yield from (meeting.place, meeting.reason, meeting.remarks)


def _open(
    connection: Connection, meeting: Meeting, offered: dict[str, Any], now: datetime
) -> tuple[AgendaItem, ...]:
    """Give what waits for the committee and is not on the agenda, to who may change it."""
    if "set_agenda" not in offered:
        return ()
    every = meetings.what_waits(connection, meeting.factory, now)
    return tuple(each for each in every if each not in meeting.agenda)


def _lines(
    connection: Connection, agenda: Iterable[AgendaItem], waiting: Iterable[AgendaItem]
) -> Iterator[Line]:
    both = [(each, True) for each in agenda] + [(each, False) for each in waiting]
    names = _names(connection, [each.finding for each, _ in both if each.finding])
    texts = notes.find_notes(connection, [each.note for each, _ in both if each.note])
    for item, on in both:
        if item.finding:
            at, text = f"/findings/{item.finding}", names.get(item.finding, item.finding)
            yield Line(kind=ITEMS[item.kind], text=text, value=f"{item.kind}:{item.finding}", at=at, on=on)
        elif item.note in texts:
            yield Line(kind=ITEMS[item.kind], text=texts[item.note].text, value="", on=on)


def _names(connection: Connection, ids: list[FindingId]) -> dict[FindingId, str]:
    listed = findings.listed(connection, list(dict.fromkeys(ids)))
    return {FindingId(each.summary.finding): each.question_text or each.summary.point for each in listed}


def _plans(connection: Connection, meeting: Meeting) -> Iterator[ToSign]:
    """Give the plans on the table of what is on the agenda to be signed."""
    on_table = meetings.on_the_table(connection, meeting)
    names = _names(connection, [each.finding for each in on_table])
    for number, each in enumerate(on_table, 1):
        kept = notes.revision(connection, each.finding, each.revision)
        said = json.loads(kept.content) if kept else {}
        yield ToSign(
            number=number,
            finding=each.finding,
            name=names[each.finding],
            revision=each.revision,
            cause=said.get("root_cause", ""),
            actions=tuple(action.get("description", "") for action in said.get("actions", ())),
        )


def _sheets(meeting: Meeting) -> Iterator[tuple[Sheet, str]]:
    """Give the signing sheets, each with what became of it, in words."""
    for sheet in meeting.sheets:
        entered = [status_of(each) for each in meeting.papers if each.sheet == sheet.number]
        yield sheet, SHEETS[entered[-1] if entered else ""]


def _printable(connection: Connection, meeting: Meeting, offered: dict[str, Any]) -> bool:
    """Whether a sheet can be made that is not the last one."""
    lines = meetings.on_the_table(connection, meeting) if "print_sheet" in offered else ()
    return bool(lines) and not (meeting.sheets and meeting.sheets[-1].lines == lines)


def _votes(connection: Connection, gathering: str) -> Iterator[tuple[str, str, str]]:
    """Give what became of votes, by finding and in words; whose they were is not told."""
    cast = meetings.votes(connection, gathering)
    names = _names(connection, [each.finding for each in cast])
    counted = Counter(each.finding for each in cast if not isinstance(each.outcome, Refused | Pending))
    for finding in names:
        if counted[finding]:
            yield finding, names[finding], say("Votes that count: %(count)s", count=counted[finding])
    outcomes = [(each.finding, each.outcome) for each in cast]
    refused = Counter((finding, of.detail) for finding, of in outcomes if isinstance(of, Refused))
    for (finding, detail), count in refused.items():
        why = in_words(detail)
        yield finding, names[finding], say("Votes turned down: %(count)s. %(why)s", count=count, why=why)
    pending = Counter(each.finding for each in cast if isinstance(each.outcome, Pending))
    for finding, count in pending.items():
        yield finding, names[finding], say("Votes on their way: %(count)s", count=count)


def _results(connection: Connection, meeting: Meeting) -> Iterator[tuple[Any, str]]:
    names = _names(connection, [each.finding for each in meeting.results])
    return ((each, names[each.finding]) for each in meeting.results)
