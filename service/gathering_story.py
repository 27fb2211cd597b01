"""What has happened to a gathering, as one viewer may know it: told, and as entries of its ledger."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection

from remediation.facts import Fact
from remediation.gatherings.gathering import Kind
from remediation.gatherings.summary import GatheringSummary
from remediation.ledger import Entry
from remediation.permissions import Action
from remediation.words import SYSTEM, NoteId
from service.api.shapes import Named, NoteShape, TimelineEntry
from service.auth import Caller
from service.dossier import texts
from service.receiving import thing_of_gathering
from service.sight import Sight, sight
from service.telling import Setting, tell
from storage import gatherings, ledger, notes, people
from storage.codec import fact_of
from storage.notes import Note

TOLD_TO_ALL = frozenset({Kind.PLAN})
"""Kinds of which everybody who sees one may know each entry; of the others only the programme's staff may."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """An entry of a gathering's ledger with its fact. `whole` is set where the viewer may see it as it is."""

    entry: Entry
    fact: Fact
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringStory:
    """A gathering with what has happened to it, for one viewer."""

    row: GatheringSummary
    episodes: tuple[Episode, ...]
    told: tuple[TimelineEntry, ...]


def story_of(connection: Connection, caller: Caller, row: GatheringSummary) -> GatheringStory:
    """Give what has happened to a gathering that the caller may see."""
    every = [(each, fact_of(each.kind, each.body)) for each in ledger.entries(connection, row.gathering)]
    named = {each.by for each, _ in every} | {text for _, fact in every for text in texts(fact)}
    names = {each.id: each.name for each in people.people_of(connection, named).values()}
    seen = sight(caller.actor, thing_of_gathering(row), names)
    open_ = seen.staff or (row.kind in TOLD_TO_ALL and seen.may(Action.VIEW_TEXTS))
    told = tuple(_told(connection, row, every, seen)) if open_ and seen.may(Action.VIEW_TIMELINE) else ()
    episodes = (Episode(entry=entry, fact=fact, whole=open_) for entry, fact in every)
    return GatheringStory(row=row, episodes=tuple(episodes), told=told)


def _told(
    connection: Connection, row: GatheringSummary, every: list[tuple[Entry, Fact]], seen: Sight
) -> Iterator[TimelineEntry]:
    case = gatherings.case(connection, row.gathering)
    assert case is not None  # noqa: S101 - a row has its state
    said = notes.notes_of(connection, row.gathering)
    for entry, fact in every:
        around = Setting(who=seen.told(entry.by, fact, ()), sight=seen, watched=case.state, actions={})
        who = None if entry.by == SYSTEM else Named(id=entry.by, name=seen.name(entry.by))
        yield TimelineEntry(
            seq=entry.seq,
            at=entry.at,
            local=case.state.calendar.local(entry.at),
            kind=entry.kind,
            who=who,
            text=tell(fact, around),
            notes=list(_notes(fact, said)),
            files=[],
            letters=[],
        )


def _notes(fact: Fact, said: dict[NoteId, Note]) -> Iterator[NoteShape]:
    for text in texts(fact):
        note = said.get(NoteId(text))
        if note is not None:
            yield NoteShape(purpose=note.purpose, text=note.text)
