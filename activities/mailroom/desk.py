"""The desk: what a letter is written from, read from SQL once for each finding within one transaction."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from notifications.occasion import Label, Occasion, Reader
from remediation import facts
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.words import ActionId, Digest, FindingId, Role
from storage import assessments, findings, ledger, notes, programmes, versions
from storage.codec import fact_of
from storage.holders import holders
from storage.letters import Letter
from storage.people import Person, person
from storage.programmes import Factory

MOST_WORDS = 280
"""A letter quotes the beginning of an action; the whole stands on the page."""


class Unwritable(Exception):
    """A letter cannot be written, and why: a lack in the data, not in the mail. `reason` is a stable code."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Desk:
    """Reads what letters are about. `public_url` is the service's fixed address."""

    def __init__(self, connection: Connection, public_url: str) -> None:
        self.connection = connection
        self._public_url = public_url
        self._shelf = versions.Shelf(connection)
        self._states: dict[str, Finding] = {}
        self._labels: dict[str, Label] = {}
        self._factories: dict[str, Factory] = {}
        self._points: dict[str, str] = {}
        self._holders: dict[tuple[str, Role, date], tuple[Person, ...]] = {}

    def state(self, finding: FindingId) -> Finding:
        """Give the finding as it stands. Raises Unwritable."""
        if finding not in self._states:
            case = findings.case(self.connection, finding, self._shelf)
            if case is None:
                raise Unwritable("finding_missing")
            self._states[finding] = case.finding
        return self._states[finding]

    def factory(self, state: Finding) -> Factory:
        """Give the finding's factory. Raises Unwritable."""
        if state.factory not in self._factories:
            factory = programmes.factory(self.connection, state.factory)
            if factory is None:
                raise Unwritable("factory_missing")
            self._factories[state.factory] = factory
        return self._factories[state.factory]

    def readers(self, letter: Letter, role: Role, now: datetime) -> tuple[Person, ...]:
        """Give the people whom a letter reaches in a role: its named person, or the role's holders today."""
        if letter.person is not None and role is letter.role:
            named = person(self.connection, letter.person)
            return (named,) if named else ()
        state = self.state(letter.finding)
        factory, today = self.factory(state), state.calendar.today(now)
        if (factory.id, role, today) not in self._holders:
            self._holders[factory.id, role, today] = holders(self.connection, factory, role, today)
        return self._holders[factory.id, role, today]

    def occasion(
        self, letter: Letter, reader: Person, role: Role, instead_of: Role | None = None
    ) -> Occasion[Fact]:
        """Give what a letter to a person is written from. Raises Unwritable."""
        state = self.state(letter.finding)
        tongue = reader.language or self.factory(state).language
        return Occasion(
            kind=letter.kind,
            reader=Reader(person=reader.id, name=reader.name, language=tongue, role=role),
            label=self._label(state),
            fact=letter.fact,
            at=letter.at,
            state=state,
            public_url=self._public_url,
            actions=self._actions(letter) if role is Role.ACTION_OWNER else {},
            instead_of=instead_of,
        )

    def _label(self, state: Finding) -> Label:
        if state.id not in self._labels:
            subject = assessments.find_subjects(self.connection, [state.id]).get(state.id)
            self._labels[state.id] = Label(
                factory=self.factory(state).name,
                question=subject.question_text if subject else state.question,
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
