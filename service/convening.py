"""What a meeting's commands carry besides their bodies: texts, today's seats, what votes came to."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from remediation.gatherings.meeting.facts import AgendaItem
from remediation.gatherings.meeting.state import Meeting
from remediation.words import NoteId, PersonId, SubjectId
from service.api.bodies import Body
from service.api.meeting_bodies import (
    Agenda,
    BeginMeeting,
    EndMeeting,
    PrintSheet,
    RecordPaper,
    SetAgenda,
    VoteTogether,
)
from service.problems import FieldProblem, invalid
from service.speaking import say
from storage import committees, gatherings, meetings, notes
from storage.notes import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """Who says something about a subject, when, and under which id its texts are kept."""

    id: str
    subject: SubjectId
    by: PersonId
    at: datetime


def items_of(said: Said, agenda: Agenda) -> tuple[AgendaItem, ...]:
    """Give an agenda as the rules know it: texts by the ids under which `keep_items` keeps them."""
    return tuple(
        AgendaItem(
            kind=item.kind,
            finding=item.finding,
            note=NoteId(f"{said.id}.agenda.{place}") if item.text else None,
        )
        for place, item in enumerate(agenda, 1)
    )


def keep_items(connection: Connection, said: Said, agenda: Agenda) -> None:
    """Store the texts of an agenda. Safe to repeat."""
    for place, item in enumerate(agenda, 1):
        if item.text:
            keep_text(connection, said, "agenda", NoteId(f"{said.id}.agenda.{place}"), item.text)


def keep_text(connection: Connection, said: Said, purpose: str, note: NoteId, text: str) -> None:
    """Store a text about the meeting. Safe to repeat."""
    kept = Note(id=note, finding=said.subject, by=said.by, at=said.at, purpose=purpose, text=text)
    notes.write_note(connection, kept)


def fields_of(connection: Connection, said: Said, body: Body) -> dict[str, Any]:
    """Give the fields of a meeting's order that are more, or other, than its body's.

    Texts that lie deeper in the body are stored.
    """
    known = _FIELDS.get(type(body))
    return known(connection, said, body) if known else {}


def _agenda(connection: Connection, said: Said, body: SetAgenda) -> dict[str, Any]:
    keep_items(connection, said, body.agenda)
    return {"agenda": items_of(said, body.agenda)}


def _seats(connection: Connection, said: Said, _body: BeginMeeting) -> dict[str, Any]:
    meeting = _meeting(connection, said)
    return {"seats": committees.committee(connection, meeting.factory, meeting.calendar.today(said.at))}


def _votes(connection: Connection, said: Said, body: VoteTogether) -> dict[str, Any]:
    """Keep the reason of each refusal with its finding, where reasons of refusals are read."""
    given = []
    for vote in body.votes:
        reason = None
        if vote.reason:
            reason = NoteId(f"{said.id}.{vote.finding}")
            keep_text(connection, replace(said, subject=vote.finding), "reason", reason, vote.reason)
        given.append({"finding": vote.finding, "revision": vote.revision, "reason": reason})
    return {"votes": given}


def _lines(connection: Connection, said: Said, _body: PrintSheet) -> dict[str, Any]:
    return {"lines": meetings.on_the_table(connection, _meeting(connection, said))}


def _ballots(connection: Connection, said: Said, body: RecordPaper) -> dict[str, Any]:
    """Keep the reason of each refusal with its finding; a sheet or number that there is not has none."""
    sheets = _meeting(connection, said).sheets
    lines = sheets[body.sheet - 1].lines if body.sheet <= len(sheets) else ()
    given = []
    for place, ballot in enumerate(body.ballots, 1):
        refuses = []
        for each in ballot.refuses:
            reason = NoteId(f"{said.id}.{place}.{each.number}")
            for line in lines[each.number - 1 : each.number]:
                keep_text(connection, replace(said, subject=line.finding), "reason", reason, each.reason)
            refuses.append({"number": each.number, "reason": reason})
        given.append({"person": ballot.person, "signs": ballot.signs, "refuses": refuses})
    return {"ballots": given}


def _meeting(connection: Connection, said: Said) -> Meeting:
    case = gatherings.case(connection, said.subject)
    assert case is not None  # noqa: S101 - it was seen
    assert isinstance(case.state, Meeting)  # noqa: S101 - its id says so
    return case.state


def _results(connection: Connection, said: Said, _body: EndMeeting) -> dict[str, Any]:
    return {"results": meetings.results(connection, said.subject)}


_FIELDS: dict[type[Body], Callable[[Connection, Said, Any], dict[str, Any]]] = {
    SetAgenda: _agenda,
    BeginMeeting: _seats,
    VoteTogether: _votes,
    EndMeeting: _results,
    PrintSheet: _lines,
    RecordPaper: _ballots,
}


def refuse_unfit(connection: Connection, body: Body, factory: str | None) -> None:
    """Refuse findings that the factory has not, or is not told of. Raises the problem 422."""
    if isinstance(body, SetAgenda):
        refuse_unknown(connection, body.agenda, factory)
    if isinstance(body, VoteTogether):
        named = [(f"votes[{place}].finding", vote.finding) for place, vote in enumerate(body.votes)]
        _refuse_unknown(connection, named, factory)


def refuse_unknown(connection: Connection, agenda: Agenda, factory: str | None) -> None:
    """Refuse an agenda with findings that the factory has not, or is not told of."""
    named = [(f"agenda[{place}].finding", item.finding) for place, item in enumerate(agenda) if item.finding]
    _refuse_unknown(connection, named, factory)


def _refuse_unknown(connection: Connection, named: Sequence[tuple[str, str]], factory: str | None) -> None:
    known = meetings.told_of(connection, factory or "", [finding for _, finding in named])
    problems = list(_unknown(named, known))
    if problems:
        raise invalid(*problems)


def _unknown(named: Sequence[tuple[str, str]], known: Collection[str]) -> Iterator[FieldProblem]:
    for field, finding in named:
        if finding not in known:
            yield FieldProblem(field=field, message=say("This factory has no finding of this id."))
