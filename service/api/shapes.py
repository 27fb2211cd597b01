"""What the API answers with. What a caller may not see is null, or left out of a list."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, NaiveDatetime

from remediation.permissions import Action
from remediation.words import (
    ActionKind,
    Alarm,
    Duty,
    Lateness,
    LetterKind,
    Modality,
    Role,
    Severity,
    Side,
    Stage,
    SuspensionCause,
)

LocalTime = Annotated[
    NaiveDatetime,
    Field(
        description="The factory's clock at that instant, without an offset.",
        # OpenAPI's `date-time` has an offset.
        json_schema_extra={"format": "local-date-time"},
    ),
]


class Named(BaseModel):
    """An id with what people call it."""

    id: str
    name: str


class FindingItem(BaseModel):
    """A finding as lists show it."""

    id: str
    programme: str
    factory: Named
    plan: str
    cluster: str
    point: str
    question: str = Field(description="The question's id, the same over cycles.")
    question_text: str | None
    severity: Severity
    stage: Stage
    attempt: int
    level: int = Field(description="How far it has climbed the ladder; 0 is not at all.")
    overdue: bool
    restricted: bool = Field(description="Whether it is kept from the factory for now.")
    issued_at: AwareDatetime
    next_duty: Duty | None = Field(description="What is owed next.")
    next_due: AwareDatetime | None = Field(description="The instant from which that is late.")
    next_due_day: date | None = Field(description="The factory's local day on which that is due.")
    version: int = Field(description="Counts what has happened to it; its ETag.")


class FindingPage(BaseModel):
    """A page of findings, the soonest due first. `next` and `prev` are values of `cursor`."""

    items: list[FindingItem]
    next: str | None
    prev: str | None


class Promise(BaseModel):
    """An action that was committed to, and how far it is."""

    id: str
    kind: ActionKind | None
    description: str | None
    evidence_expected: str | None
    owner: Named | None
    due: date
    original_due: date
    percent: int


class Votes(BaseModel):
    """How one side voted on the proposal. Who did is told to that side and to staff."""

    side: Side
    seats: int
    needed: int
    signed: int
    refused: int
    signed_by: list[Named] | None
    refused_by: list[Named] | None


class Table(BaseModel):
    """The proposal on the table."""

    revision: str
    author: Named | None
    no_action: bool
    no_action_approved: bool
    failed: bool
    votes: list[Votes]


class ExtensionShape(BaseModel):
    """A request for a later date that is not decided yet."""

    asked_by: Side
    actions: list[str]
    until: date
    decider: Role | None


class SuspensionShape(BaseModel):
    """A request that the clock stand still, not decided yet."""

    cause: SuspensionCause
    until: date = Field(description="The last local day asked for.")
    decide_by: AwareDatetime


class StandstillShape(BaseModel):
    """A suspension: the factory's clock stood still, or stands still, on these local days."""

    cause: SuspensionCause | None
    first: date
    last: date
    days: int


class FixShape(BaseModel):
    """A reported fix."""

    reporter: Named | None
    reported_at: AwareDatetime
    objections_until: AwareDatetime
    objected: bool
    concurred: bool
    verifier: Named | None
    modality: Modality | None
    verified_on: date | None


class FindingShape(FindingItem):
    """One finding."""

    cycle: str
    assessed_on: date | None
    statement: str | None
    evidence: str | None
    suggested_deadline: date | None
    assessor: Named | None
    repeat_of: str | None
    successor: str | None
    alarm: Alarm | None
    contained: bool
    deadlocked: bool
    agreed: bool
    proposal: Table | None
    promises: list[Promise]
    extension: ExtensionShape | None
    extensions_granted: int
    suspension: SuspensionShape | None
    standstills: list[StandstillShape] = Field(description="The suspensions of this attempt, in order.")
    stands_still: bool = Field(description="Whether the factory's clock stands still now.")
    fix: FixShape | None
    may: list[Action] = Field(
        description="What the caller's roles allow here; the rules may still refuse it."
    )


class NoteShape(BaseModel):
    """A text that somebody wrote."""

    purpose: str
    text: str


class EvidenceShape(BaseModel):
    """A photo or document. `by` is null where who handed it in is not for the caller to know."""

    id: str
    finding: str
    kind: Literal["photo", "document"]
    shows: str = Field(description="What it shows, in words; empty where nobody said.")
    by: Named | None
    role: Role = Field(description="The role in which it was handed in.")
    at: AwareDatetime
    local: LocalTime
    action: str | None = Field(description="The promised action that it is about.")
    before: str | None = Field(description="The photo of the same place before.")
    confidential: bool = Field(description="Whether it is kept from all but the programme's staff.")
    named: bool = Field(description="Whether a report names it; until then it can be taken back.")
    media_type: str
    size: int = Field(description="In bytes.")
    width: int | None = Field(description="In pixels; null for documents.")
    height: int | None
    original_sha256: str = Field(description="Of the file as it was sent, which is not kept.")
    sha256: str = Field(description="Of the file that is kept.")


class EvidenceList(BaseModel):
    """Photos and documents of a finding, the oldest first."""

    items: list[EvidenceShape]


class CommentShape(BaseModel):
    """A comment on a finding. A retracted one has no text any more."""

    id: str
    finding: str
    by: Named
    role: Role = Field(description="The role in which it was written.")
    at: AwareDatetime
    local: LocalTime
    text: str
    mentions: list[Named]
    confidential: bool = Field(description="Whether it is kept from all but the programme's staff.")
    retracted: bool
    own: bool = Field(description="Whether the caller wrote it.")


class CommentList(BaseModel):
    """Comments on a finding, the oldest first."""

    items: list[CommentShape]


class Delivery(BaseModel):
    """One mail that carries a letter. Told to staff, to the person it is to, and to whose place they took."""

    person: Named
    state: str
    reason: str
    at: AwareDatetime
    attempts: int
    in_place_of: list[Named] = Field(description="Those who were away, in whose place it was read.")


class LetterShape(BaseModel):
    """A letter that was owed to a role, and what became of it."""

    id: int
    finding: str
    kind: LetterKind
    what: str
    role: Role
    person: Named | None
    obligation: str
    step: str
    at: AwareDatetime
    state: str
    said: str = Field(description="What became of it, in words.")
    deliveries: list[Delivery]


class TimelineEntry(BaseModel):
    """Something that happened, in plain words, with the letters it called for."""

    seq: int
    at: AwareDatetime
    local: LocalTime
    kind: str
    who: Named | None
    text: str
    notes: list[NoteShape]
    files: list[EvidenceShape] = Field(description="The photos and documents that it names.")
    letters: list[LetterShape]


class Timeline(BaseModel):
    """All that the caller may know to have happened, in order."""

    entries: list[TimelineEntry]


class Reason(BaseModel):
    """One line of why a date is what it is."""

    kind: str
    text: str
    values: dict[str, Any] = Field(description="What the line says, as data.")
    at: AwareDatetime = Field(description="Where the date stands after this line.")
    day: date = Field(description="The factory's local day that this is.")


class LastDay(BaseModel):
    """The last local day that the policy allows for a fix, and why."""

    by: AwareDatetime
    day: date
    why: list[Reason]


class Owed(BaseModel):
    """Something that is owed now."""

    key: str
    duty: Duty
    what: str
    owner: Role
    person: Named | None
    since: AwareDatetime
    due: AwareDatetime = Field(description="The instant from which it is late.")
    due_day: date = Field(description="The factory's local day on which it is due.")
    late: bool
    when: str = Field(description="How far that is from now, in words.")
    level: int
    acknowledged: bool
    acknowledged_until: AwareDatetime | None = Field(
        description="The instant from which the acknowledgement counts as never given."
    )
    snoozed_until: AwareDatetime | None = Field(
        description="The instant that the next step of the ladder was put off to."
    )
    recovery_plan_until: date | None = Field(
        description="The last local day of a recovery plan that was filed, or that the ladder waits for."
    )
    climbed: str = Field(
        description="How far it has climbed the ladder and how that was answered, in words; may be empty."
    )
    lateness: Lateness = Field(
        description="Why it climbs: no progress, no cooperation, or the programme's own delay."
    )
    why: list[Reason] = Field(description="Why this date, line by line.")


class PlannedLetter(BaseModel):
    """A letter that will be sent if nothing happens before."""

    at: AwareDatetime
    local: LocalTime
    kind: LetterKind
    what: str
    role: Role
    people: list[Named] = Field(description="Who holds the role today.")
    obligation: str
    duty: Duty | None = Field(description="What it is about; null where a suspension ends.")
    level: int | None
    why: list[Reason] = Field(description="Why then, line by line.")


class Deadlines(BaseModel):
    """What is owed now, and what will be sent to whom and when if nothing happens."""

    owed: list[Owed]
    planned: list[PlannedLetter]
    fix_by: LastDay | None
    until: AwareDatetime = Field(description="How far ahead was looked.")


class Change(BaseModel):
    """What one edit changed."""

    field: str
    before: str | None
    after: str | None


class ProposalAction(BaseModel):
    """One proposed action."""

    id: str
    kind: ActionKind
    description: str
    owner: Named
    due: date
    evidence_expected: str


class ProposalShape(BaseModel):
    """A revision of the plan, in words, and what it changed since the one before."""

    revision: str
    number: int
    author: Named
    at: AwareDatetime
    root_cause: str
    actions: list[ProposalAction]
    no_action_reason: str | None
    changes: list[Change]


class ProposalItem(BaseModel):
    """A revision as lists show it."""

    revision: str
    number: int
    author: Named
    at: AwareDatetime


class Proposals(BaseModel):
    """All revisions of the plan, the earliest first."""

    items: list[ProposalItem]
