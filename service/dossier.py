"""All there is about one finding, as one viewer may see it: what the finding's page and addresses show."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
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
from remediation.words import ActionId, ActionKind, Digest, FindingId, NoteId, PersonId
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
    listed = visible_finding(connection, caller, finding)
    case = findings.case(connection, finding)
    assert case is not None  # noqa: S101 - a row has its state
    plans = {each.digest: _plan(each) for each in notes.revisions_of(connection, finding)}
    story = _story(ledger.entries(connection, finding), plans)
    pieces = evidence.of_finding(connection, finding)
    mentioned = {each.entry.by for each in story} | {text for each in story for text in texts(each.fact)}
    mentioned |= {each.by for each in pieces}
    names = {each.id: each.name for each in people.people_of(connection, mentioned).values()}
    seen = sight(caller.actor, thing_of(listed), names)
    return Dossier(
        listed=listed,
        case=case,
        subject=assessments.find_subjects(connection, [finding]).get(FindingId(finding)),
        story=story,
        plans=plans,
        notes=notes.notes_of(connection, finding),
        evidence=tuple(each for each in pieces if _shown(each, seen)),
        sight=seen,
        now=now,
    )


def _shown(piece: Evidence, seen: Sight) -> bool:
    return seen.may(Action.VIEW_EVIDENCE) and (seen.staff or not piece.confidential)


def _story(entries: tuple[Entry, ...], plans: Mapping[Digest, Plan]) -> tuple[Happened, ...]:
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
    elif is_dataclass(value):
        for field in fields(value):
            yield from texts(getattr(value, field.name))
