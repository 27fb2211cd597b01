"""Facts: what has happened to a finding. They are recorded in the ledger and never change.

A fact carries all that the letters about it need. Who and when stand beside it, in its ledger entry.
"""

# ruff: noqa: PLC0414 - the facts of the clock fill modules of their own, and are found here with the others

import re
from dataclasses import dataclass, field
from datetime import date, datetime

from remediation.calendar import Calendar
from remediation.fact import LATER
from remediation.fact import Fact as Fact
from remediation.ladder_facts import Acknowledged as Acknowledged
from remediation.ladder_facts import AcknowledgementEnding as AcknowledgementEnding
from remediation.ladder_facts import AcknowledgementLapsed as AcknowledgementLapsed
from remediation.ladder_facts import ConsequenceDecided as ConsequenceDecided
from remediation.ladder_facts import DecisionDue as DecisionDue
from remediation.ladder_facts import Deescalated as Deescalated
from remediation.ladder_facts import Escalated as Escalated
from remediation.ladder_facts import RecoveryPlanAccepted as RecoveryPlanAccepted
from remediation.ladder_facts import RecoveryPlanFiled as RecoveryPlanFiled
from remediation.ladder_facts import RecoveryPlanReturned as RecoveryPlanReturned
from remediation.ladder_facts import Reminded as Reminded
from remediation.ladder_facts import Scheduled as Scheduled
from remediation.ladder_facts import Snoozed as Snoozed
from remediation.moves import Held, Move
from remediation.orders import Attached, OnPaper, PlannedAction, RemainingAction, Seat
from remediation.policy import Policy
from remediation.suspension_facts import Resumed as Resumed
from remediation.suspension_facts import Suspended as Suspended
from remediation.suspension_facts import SuspensionAsked as SuspensionAsked
from remediation.suspension_facts import SuspensionDeclined as SuspensionDeclined
from remediation.suspension_facts import SuspensionEnded as SuspensionEnded
from remediation.words import (
    ActionId,
    Alarm,
    Digest,
    DisputeOutcome,
    FactoryId,
    FindingId,
    GatheringId,
    Modality,
    NoteId,
    PersonId,
    PlanId,
    ProgrammeId,
    Role,
    Severity,
    Side,
    SignatureMethod,
    Stage,
    Statement,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Fact):
    """The finding exists: what it is about, and the seats it starts with.

    Policy and calendar are named by version only: SQL keeps each version once.
    """

    finding: FindingId
    programme: ProgrammeId
    factory: FactoryId
    plan: PlanId
    point: str
    question: str
    severity: Severity
    assessor: PersonId
    repeat_of: FindingId | None
    proof_by_interview: bool
    policy: str
    calendar: str
    seats: tuple[Seat, ...]
    factory_told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Amended(Fact):
    """A corrected assessment changed the finding.

    `withheld`: it is now a zero-tolerance alarm that the factory is not told of yet.
    """

    severity: Severity
    note: NoteId
    withheld: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatLinked(Fact):
    """The finding repeats an `earlier` one; or else it carries on what a later one found again."""

    other: FindingId
    earlier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed(Fact):
    """The finding is contested; the team leader decides by `decide_by`."""

    reason: NoteId
    decide_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeDecided(Fact):
    """The dispute is over; `days_added` is the time it took, added to the dates."""

    outcome: DisputeOutcome
    reason: NoteId
    severity: Severity
    days_added: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed(Fact):
    """A revision is on the table; earlier signatures are void."""

    revision: Digest
    number: int
    author: PersonId
    actions: tuple[PlannedAction, ...]
    no_action: bool
    signers: tuple[PersonId, ...]
    """The members who are asked to sign, the author too: to write a plan is not to sign it."""
    management_signers: tuple[PersonId, ...] = ()
    """Those of the signers who sit on the management side."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Fact):
    """A seat signed the revision."""

    revision: Digest
    person: PersonId
    side: Side
    method: SignatureMethod
    witness: PersonId | None
    paper: OnPaper | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Fact):
    """A seat refused the revision. The author is told."""

    revision: Digest
    person: PersonId
    side: Side
    reason: NoteId
    author: PersonId
    author_side: Side = Side.WORKER
    """Where the author sits."""
    paper: OnPaper | None = field(default=None, metadata=LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalFailed(Fact):
    """Too many of one side refused: the revision can no longer pass."""

    revision: Digest
    side: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class NoActionApproved(Fact):
    """The advisor accepted that nothing is done."""

    revision: Digest
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterDateAllowed(Fact):
    """The advisor allowed dates up to and including this local day."""

    until: date
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Committed(Fact):
    """The promise: both sides signed, or management filed it alone (`agreed` is false)."""

    revision: Digest
    author: PersonId
    actions: tuple[PlannedAction, ...]
    agreed: bool
    signatures: tuple[PersonId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlockDeclared(Fact):
    """The sides cannot agree; the advisor mediates by `mediate_by`."""

    side: Side
    reason: NoteId
    mediate_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationClosed(Fact):
    """The advisor ended the mediation."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressRecorded(Fact):
    """An action moved on, or slipped with a reason."""

    action: ActionId
    percent: int
    note: NoteId | None
    evidence: tuple[NoteId, ...]
    slip_reason: NoteId | None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionRequested(Fact):
    """One side asks for a later date; the other must join."""

    side: Side
    actions: tuple[ActionId, ...]
    until: date
    reason: NoteId
    interim_protection: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionCosigned(Fact):
    """Both sides ask; `decider` decides by `decide_by`."""

    side: Side
    decider: Role
    decide_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtensionDecided(Fact):
    """The dates of the named actions moved, or did not."""

    granted: bool
    reason: NoteId
    actions: tuple[ActionId, ...]
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FixReported(Fact):
    """The manager reports the fix; workers may object until `objections_until`."""

    reporter: PersonId
    evidence: tuple[NoteId, ...]
    note: NoteId | None
    objections_until: datetime
    verify_by: datetime
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixObjected(Fact):
    """A worker member contests the fix: on-site verification."""

    person: PersonId
    reason: NoteId
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FixConcurred(Fact):
    """A worker member confirms the fix."""

    person: PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenBack(Fact):
    """Who had said something took it back: it counts no more, and stays on record.

    `side` is theirs on the committee, if any. `author` and `author_side` are those of the plan that was
    refused. `days_added` is the time that a dispute took, added to the dates.
    """

    what: Statement
    person: PersonId
    side: Side | None = None
    author: PersonId | None = None
    author_side: Side = Side.WORKER
    days_added: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationBooked(Fact):
    """Somebody will look, on a local day."""

    verifier: PersonId
    modality: Modality
    on: date
    visit: GatheringId | None = None
    """The visit it is part of, which tells everybody itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified(Fact):
    """What the verifier found. `effectiveness_by` is set by a pass where the policy has a date."""

    verdict: Verdict
    modality: Modality
    verifier: PersonId
    evidence: tuple[NoteId, ...]
    note: NoteId | None
    remaining: tuple[RemainingAction, ...]
    effectiveness_by: datetime | None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectivenessChecked(Fact):
    """Whether the fix held, seen on a local day after verification."""

    held: bool
    on: date
    evidence: tuple[NoteId, ...]
    note: NoteId | None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(Fact):
    """A new attempt begins, with its own dates; earlier attempts stay as they are."""

    attempt: int
    severity: Severity
    cause: str
    """One of `verification`, `effectiveness`, `after_end`."""
    reason: NoteId | None
    withheld: bool = False
    """Whether the factory has not been told of the finding (yet)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Fact):
    """The finding's life is over."""

    stage: Stage
    successor: FindingId | None = None
    reason: NoteId | None = None
    withheld: bool = False
    """Whether the factory was never told of the finding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmDecided(Fact):
    """The duty officer decided a zero-tolerance alarm.

    `first_told`: the factory learns of the finding only now. Of a cancelled suspicion it then hears
    nothing, only of the finding that stands.
    """

    alarm: Alarm
    severity: Severity
    reason: NoteId
    first_told: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorityNotified(Fact):
    """The authority has notice."""

    note: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Contained(Fact):
    """The harm has stopped."""

    evidence: tuple[NoteId, ...]
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseated(Fact):
    """The committee's seats as the rules now see them."""

    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reprojected(Fact):
    """The dates follow another calendar or policy, given in full; None where it stays the one it was.

    `moves` are the dates that moved; `held` those that stand where they would not be reckoned to.
    `withheld`: the factory has not been told of the finding (yet).
    """

    calendar: Calendar | None
    policy: Policy | None
    reason: NoteId
    moves: tuple[Move, ...]
    held: tuple[Held, ...]
    withheld: bool = False


def kind(fact: type[Fact]) -> str:
    """Give the name a fact's class has in the ledger: `FixReported` is `fix_reported`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", fact.__name__).lower()


KINDS: dict[str, type[Fact]] = {kind(fact): fact for fact in Fact.__subclasses__()}
"""Every kind of fact by the name the ledger uses."""
