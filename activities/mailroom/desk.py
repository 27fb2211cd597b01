"""The desk: what a letter is written from, read from SQL once for each finding within one transaction."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from activities.mailroom.relevance import why_not
from activities.mailroom.roster import Reading, Roster, Slot
from notifications.occasion import AnyOccasion, Cover, GatheringOccasion, Label, Occasion, Reader, Witness
from remediation import facts
from remediation.case import Case
from remediation.finding import Finding
from remediation.gatherings.case import State
from remediation.gatherings.meeting.state import Meeting
from remediation.words import ActionId, Digest, NoteId, Role, SubjectId
from storage import assessments, ledger, notes, programmes, subjects, versions
from storage.codec import fact_of
from storage.letters import Letter
from storage.programmes import Factory

MOST_WORDS = 280
"""A letter quotes the beginning of an action; the whole stands on the page."""


class Unwritable(Exception):
    """A letter cannot be written, and why: a lack in the data, not in the mail. `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Desk:
    """Reads what letters are about at an aware instant. `public_url` is the service's fixed address."""

    def __init__(self, connection: Connection, public_url: str, now: datetime) -> None:
        self.connection = connection
        self._public_url = public_url
        self._now = now
        self._roster = Roster(connection, now)
        self._shelf = versions.Shelf(connection)
        self._states: dict[str, Finding | State] = {}
        self._witnesses: dict[str, Witness] = {}
        self._labels: dict[str, Label] = {}
        self._factories: dict[str, Factory] = {}
        self._points: dict[str, str] = {}

    def state(self, subject: SubjectId) -> Finding | State:
        """Give the finding or gathering as it stands. Raises Unwritable."""
        if subject not in self._states:
            case = subjects.case(self.connection, subject, self._shelf)
            if case is None:
                raise Unwritable("finding_missing")
            self._states[subject] = case.finding if isinstance(case, Case) else case.state
            self._witnesses[subject] = Witness(subject=subject, entries=case.seq, digest=case.digest)
        return self._states[subject]

    def factory(self, state: Finding | State) -> Factory:
        """Give the factory of a finding or gathering. Raises Unwritable."""
        if state.factory not in self._factories:
            factory = programmes.factory(self.connection, state.factory)
            if factory is None:
                raise Unwritable("factory_missing")
            self._factories[state.factory] = factory
        return self._factories[state.factory]

    def readings(self, letter: Letter) -> tuple[Reading, ...]:
        """Give who reads a letter: its named person or the role's holders today, or who stands in for them.

        Raises Unwritable.
        """
        state = self.state(letter.finding)
        return self._roster.readers(
            self._slot(letter, letter.role), lambda role: not why_not(letter, state, role)
        )

    def next_readings(self, letter: Letter, role: Role) -> tuple[Reading, ...]:
        """Give who reads a letter in another role than its own. Raises Unwritable."""
        return self._roster.there(self._slot(letter, role))

    def _slot(self, letter: Letter, role: Role) -> Slot:
        state = self.state(letter.finding)
        named = letter.person if role is letter.role else None
        return Slot(self.factory(state), role, state.calendar.today(self._now), named)

    def occasion(self, letter: Letter, reading: Reading, instead_of: Role | None = None) -> AnyOccasion:
        """Give what a letter to a person is written from. Raises Unwritable."""
        state = self.state(letter.finding)
        said = self._said(letter, state, reading) | {"instead_of": instead_of}
        if not isinstance(state, Finding):
            label = Label(factory=self.factory(state).name, question="", point="")
            return GatheringOccasion(state=state, label=label, texts=self._texts(state), **said)
        actions = self._actions(letter) if reading.role is Role.ACTION_OWNER else {}
        return Occasion(state=state, label=self._label(state), actions=actions, **said)

    def _texts(self, state: State) -> Mapping[NoteId, str]:
        if not isinstance(state, Meeting):
            return {}
        reasons = (paper.declined for paper in state.papers)
        quoted = [each for each in (state.place, state.reason, *reasons) if each is not None]
        return {each: _short(note.text) for each, note in notes.find_notes(self.connection, quoted).items()}

    def _said(self, letter: Letter, state: Finding | State, reading: Reading) -> dict[str, Any]:
        """Give what occasions of findings and of gatherings have in common."""
        reader = reading.person
        tongue = reader.language or self.factory(state).language
        covered = reading.instead_of if reading.covers else None
        return {
            "kind": letter.kind,
            "reader": Reader(person=reader.id, name=reader.name, language=tongue, role=reading.role),
            "fact": letter.fact,
            "at": letter.at,
            "public_url": self._public_url,
            "witness": self._witnesses[letter.finding],
            "covers": Cover(covered, reading.covers[0].last) if covered else None,
        }

    def _label(self, state: Finding) -> Label:
        if state.id not in self._labels:
            about = assessments.find_subjects(self.connection, [state.id]).get(state.id)
            self._labels[state.id] = Label(
                factory=self.factory(state).name,
                question=about.question_text if about else state.question,
                point=self._point(state),
            )
        return self._labels[state.id]

    def _point(self, state: Finding) -> str:
        if not self._points:
            programme = programmes.programme(self.connection, state.programme)
            clusters = versions.catalogue(self.connection, programme.catalogue) if programme else ()
            self._points = {point.id: point.name for cluster in clusters for point in cluster.points}
        return self._points.get(state.point, state.point)

    def _actions(self, letter: Letter) -> Mapping[ActionId, str]:
        """Give the wording of the actions promised when the letter was called for."""
        revision = self._revision_at(letter)
        kept = notes.revision(self.connection, letter.finding, revision) if revision else None
        if kept is None:
            return {}
        promised = json.loads(kept.content).get("actions", ())
        return {ActionId(each["id"]): _short(each.get("description", "")) for each in promised}

    def _revision_at(self, letter: Letter) -> Digest | None:
        story = ledger.entries(self.connection, letter.finding)
        name = facts.kind(facts.Committed)
        promises = [entry for entry in story if entry.kind == name and entry.seq <= letter.seq]
        if not promises:
            return None
        fact = fact_of(name, promises[-1].body)
        return fact.revision if isinstance(fact, facts.Committed) else None


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1].rstrip() + "…"
