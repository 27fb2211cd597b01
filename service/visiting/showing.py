"""A visit as one viewer may see it: where it stands, and its checklist."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from remediation.gatherings.summary import GatheringSummary
from remediation.gatherings.visit.agenda import OPEN, visit_gathering
from remediation.gatherings.visit.state import Delivery, Line, Outcome, Visit
from remediation.permissions import Action, can
from remediation.words import NoteId, PersonId, VisitStage
from service.auth import Caller
from service.receiving import thing_of, thing_of_gathering, visible_gathering
from service.refusing import in_words
from service.visiting.errands import outcome_command
from storage import commands, findings, gatherings, notes, people, programmes
from storage.commands import Refused
from storage.findings import Listed
from storage.programmes import Factory


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An outcome in words: who recorded it, what shows it, and why its finding refused it, if it did."""

    outcome: Outcome
    by: str
    evidence: tuple[str, ...]
    note: str
    refusal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of the checklist: the finding as lists have it, and the outcomes that the viewer may see."""

    line: Line
    listed: Listed
    seen: tuple[Seen, ...]
    barred: bool
    """Whether the viewer had a part in the fix: somebody else must look."""

    @property
    def counts(self) -> Seen | None:
        """The outcome that counts, if there is one."""
        return next((each for each in self.seen if each.outcome == self.line.outcome), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A visit, opened for one viewer."""

    row: GatheringSummary
    visit: Visit
    factory: Factory | None
    verifier: str
    entries: tuple[Entry, ...]
    staff: bool
    verifies: bool
    """Whether the viewer may record outcomes."""
    summary: str

    @property
    def own(self) -> str:
        """Its own id."""
        return self.row.own

    @property
    def open(self) -> bool:
        """Whether outcomes can still be recorded."""
        return self.visit.stage in OPEN

    @property
    def reported(self) -> bool:
        """Whether its report is there."""
        return self.visit.stage is VisitStage.ENDED

    def day(self, instant: datetime) -> date:
        """Give the factory's local day of an instant."""
        return self.visit.calendar.today(instant)


def show(connection: Connection, caller: Caller, own: str) -> Shown:
    """Give a visit by its own id. Raises the problem 404 where there is none that the caller may see."""
    gathering = visit_gathering(own)
    row = visible_gathering(connection, caller, gathering)
    case = gatherings.case(connection, gathering)
    assert case is not None  # noqa: S101 - a row has its state
    assert isinstance(case.state, Visit)  # noqa: S101 - its id says so
    visit, thing = case.state, thing_of_gathering(row)
    staff = can(caller.actor, Action.VIEW_STAFF_MATTERS, thing) is not None
    named = {visit.verifier, *(each.found.verifier for line in visit.lines for each in line.outcomes)}
    names = {each.id: each.name for each in people.people_of(connection, named).values()}
    kept = notes.notes_of(connection, gathering)
    said = {each.id: each.text for each in kept.values()}
    teller = _Teller(connection, caller, visit, names, said, staff=staff)
    return Shown(
        row=row,
        visit=visit,
        factory=programmes.factory(connection, row.factory),
        verifier=names.get(visit.verifier, visit.verifier),
        entries=tuple(teller.entries()),
        staff=staff,
        verifies=can(caller.actor, Action.RECORD_OUTCOME, thing) is not None,
        summary=next((each.text for each in kept.values() if each.purpose == "summary"), ""),
    )


@dataclass(frozen=True, slots=True)
class _Teller:
    connection: Connection
    caller: Caller
    visit: Visit
    names: dict[PersonId, str]
    said: dict[NoteId, str]
    staff: bool

    def entries(self) -> Iterator[Entry]:
        known = {each.item.finding: each for each in self.visit.lines}
        for listed in findings.listed(self.connection, list(known)):
            if can(self.caller.actor, Action.VIEW_FINDING, thing_of(listed)) is None:
                continue  # what the factory is not told of stands on no list of theirs
            line = known[listed.summary.finding]
            yield Entry(
                line=line,
                listed=listed,
                seen=tuple(self._seen(each) for each in line.outcomes if self._told(each)),
                barred=self.caller.person.id in line.item.fixers,
            )

    def _told(self, outcome: Outcome) -> bool:
        """Staff see each try; others what the finding has accepted."""
        return self.staff or outcome.delivery is Delivery.TAKEN

    def _seen(self, outcome: Outcome) -> Seen:
        found = outcome.found
        return Seen(
            outcome=outcome,
            by=self.names.get(found.verifier, found.verifier),
            evidence=tuple(self.said[each] for each in found.evidence if each in self.said),
            note=self.said.get(found.note, "") if found.note else "",
            refusal=self._refusal(outcome),
        )

    def _refusal(self, outcome: Outcome) -> str:
        if outcome.delivery is not Delivery.REFUSED:
            return ""
        said = commands.outcome(self.connection, outcome_command(self.visit, outcome.found))
        return in_words(said.detail) if isinstance(said, Refused) else outcome.code
