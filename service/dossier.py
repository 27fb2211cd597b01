"""All there is about one finding, as one viewer may see it: what the finding's page and addresses show."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import Connection

from remediation import facts
from remediation.case import Case
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.ledger import Entry
from remediation.orders import Seat
from remediation.permissions import Action
from remediation.untold import before_telling, untold
from remediation.words import ActionId, ActionKind, Digest, NoteId, PersonId
from service.auth import Caller
from service.receiving import thing_of, visible_finding
from service.sight import Sight, sight
from service.telling import Setting
from storage import assessments, evidence, findings, ledger, notes, people
from storage.assessments import Subject
from storage.codec import fact_of
from storage.evidence import Evidence
from storage.findings import Listed
from storage.notes import Note, Revision


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAction:
    """An action as it was promised in words."""

    id: ActionId
    kind: ActionKind
    description: str
    owner: PersonId
    due: date
    evidence_expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A revision of the improvement plan, in words."""

    revision: Revision
    root_cause: str
    actions: tuple[PlanAction, ...]
    no_action_reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """A ledger entry with its fact, and the plan and the committee's seats that were in force then."""

    entry: Entry
    fact: Fact
    plan: Plan | None
    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One finding, opened for one viewer at an aware instant."""

    listed: Listed
    case: Case
    subject: Subject | None
    story: tuple[Happened, ...]
    plans: Mapping[Digest, Plan]
    notes: Mapping[NoteId, Note]
    evidence: tuple[Evidence, ...]
    """The photos and documents that the viewer may see, the oldest first."""
    sight: Sight
    now: datetime

    @property
    def finding(self) -> Finding:
        """The finding's state."""
        return self.case.finding

    @property
    def plan(self) -> Plan | None:
        """The plan in force: what was committed to last."""
        return self.story[-1].plan if self.story and self.finding.actions else None

    @property
    def on_table(self) -> Plan | None:
        """The plan that is open to signatures, else the one in force."""
        proposal = self.finding.proposal
        return self.plans.get(proposal.revision) if proposal is not None else self.plan

    @property
    def history(self) -> list[tuple[datetime, Fact]]:
        """Give all that has happened, each fact with its instant."""
        return [(each.entry.at, each.fact) for each in self.story]

    def setting(self, happened: Happened) -> Setting:
        """Give what stands around an entry when it is told."""
        entry, fact = happened.entry, happened.fact
        return Setting(
            who=self.sight.told(entry.by, fact, happened.seats),
            sight=self.sight,
            watched=self.finding,
            actions=wording(happened.plan),
        )

    def seen(self) -> Iterator[Happened]:
        """Give what the viewer may know to have happened, in order."""
        return (each for each in self.story if self.sight.staff or not self._hidden(each))

    def untold(self, at: datetime) -> bool:
        """Whether the factory had not been told of the finding at an aware instant."""
        return before_telling(at, self.finding.factory_told_at)

    def _hidden(self, happened: Happened) -> bool:
        return untold(happened.fact, happened.entry.at, self.finding.factory_told_at)


def wording(plan: Plan | None) -> dict[ActionId, str]:
    """Give what the actions of a plan are called."""
    return {action.id: action.description for action in plan.actions} if plan else {}


def open_dossier(connection: Connection, caller: Caller, finding: str, now: datetime) -> Dossier:
    """Give all about a finding. Raises the problem 404 for one that the caller may not see."""
    (dossier,) = open_dossiers(connection, caller, [visible_finding(connection, caller, finding)], now)
    return dossier


def open_dossiers(
    connection: Connection, caller: Caller, every: Sequence[Listed], now: datetime
) -> tuple[Dossier, ...]:
    """Give all about findings that the caller may see: one statement for each thing about all of them."""
    ids = [each.summary.finding for each in every]
    cases, subjects = findings.cases(connection, ids), assessments.find_subjects(connection, ids)
    revisions, entries = notes.revisions_of_each(connection, ids), ledger.entries_of_each(connection, ids)
    pieces, said = evidence.of_each(connection, ids), notes.notes_of_each(connection, ids)
    plans = {id_: {each.digest: _plan(each) for each in revisions.get(id_, ())} for id_ in ids}
    stories = {id_: _story(entries.get(id_, ()), plans[id_]) for id_ in ids}
    names = _names(connection, stories.values(), pieces.values())
    sights = {each: sight(caller.actor, each, names) for each in set(map(thing_of, every))}
    seen = {each.summary.finding: sights[thing_of(each)] for each in every}
    return tuple(
        Dossier(
            listed=each,
            case=cases[id_],
            subject=subjects.get(id_),
            story=stories[id_],
            plans=plans[id_],
            notes={note.id: note for note in said.get(id_, ())},
            evidence=tuple(piece for piece in pieces.get(id_, ()) if _shown(piece, seen[id_])),
            sight=seen[id_],
            now=now,
        )
        for id_, each in zip(ids, every, strict=True)
    )


def _names(
    connection: Connection, stories: Iterable[Sequence[Happened]], pieces: Iterable[Sequence[Evidence]]
) -> dict[PersonId, str]:
    """Give what everybody is called who is named in these stories, or has handed in a piece."""
    mentioned = {each.by for together in pieces for each in together}
    for story in stories:
        mentioned |= {each.entry.by for each in story}
        mentioned |= {PersonId(text) for each in story for text in texts(each.fact)}
    return {each.id: each.name for each in people.people_of(connection, mentioned).values()}


def _shown(piece: Evidence, seen: Sight) -> bool:
    return seen.may(Action.VIEW_EVIDENCE) and (seen.staff or not piece.confidential)


def _story(entries: Sequence[Entry], plans: Mapping[Digest, Plan]) -> tuple[Happened, ...]:
    plan: Plan | None = None
    seats: tuple[Seat, ...] = ()
    story: list[Happened] = []
    for entry in entries:
        fact = fact_of(entry.kind, entry.body)
        if isinstance(fact, facts.Committed):
            plan = plans.get(fact.revision)
        if isinstance(fact, facts.Issued | facts.Reseated):
            seats = fact.seats
        story.append(Happened(entry=entry, fact=fact, plan=plan, seats=seats))
    return tuple(story)


def _plan(revision: Revision) -> Plan:
    content = json.loads(revision.content)
    return Plan(
        revision=revision,
        root_cause=content["root_cause"],
        actions=tuple(_action(each) for each in content["actions"]),
        no_action_reason=content.get("no_action_reason"),
    )


def _action(content: Mapping[str, Any]) -> PlanAction:
    return PlanAction(
        id=ActionId(content["id"]),
        kind=ActionKind(content["kind"]),
        description=content["description"],
        owner=PersonId(content["owner"]),
        due=date.fromisoformat(content["due"]),
        evidence_expected=content["evidence_expected"],
    )


def texts(value: object) -> Iterator[str]:
    """Give every text in a fact: ids of people and notes are among them, and nothing people wrote."""
    if isinstance(value, str) and not isinstance(value, StrEnum):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from texts(each)
    else:
        for name in _parts(type(value)):  # type: ignore[arg-type]  # which a type is: hashable
            yield from texts(getattr(value, name))


@cache
def _parts(kind: type) -> tuple[str, ...]:
    """Give the names of a dataclass's fields; none of anything else."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()
