"""The state of one finding: what the facts so far add up to."""

# ruff: noqa: PLC0414 - what a clock has to do with has a module of its own, and is found here with the others

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from remediation.moves import Held
from remediation.orders import PlannedAction, Seat
from remediation.policy import Terms
from remediation.watched import Answer as Answer
from remediation.watched import Decision as Decision
from remediation.watched import Notice as Notice
from remediation.watched import Recovery as Recovery
from remediation.watched import Standstill as Standstill
from remediation.watched import Watched as Watched
from remediation.words import (
    BEFORE_COMMITMENT,
    ENDINGS,
    ActionId,
    Alarm,
    Digest,
    FactoryId,
    FindingId,
    Modality,
    PersonId,
    PlanId,
    ProgrammeId,
    Role,
    Severity,
    Side,
    Stage,
    SuspensionCause,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """The revision on the table, and how each seat voted on exactly that text."""

    revision: Digest
    author: PersonId
    actions: tuple[PlannedAction, ...]
    author_side: Side = Side.WORKER
    no_action: bool = False
    no_action_approved: bool = False
    signed: tuple[PersonId, ...] = ()
    refused: tuple[PersonId, ...] = ()
    failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A promised action. `original_due` never changes.

    `due` moves by a granted extension or a suspension, or when a partial verification finds it undone.
    """

    id: ActionId
    owner: PersonId
    due: date
    original_due: date
    percent: int = 0
    since: datetime | None = None
    """When `due` was last set anew; None while it is the one committed to."""
    put_off: int = 0
    """Days by which the running suspension moved `due`; they come back where it ends early."""
    level: int = 0
    """The level it had climbed to when it was shown done: kept until somebody has looked."""
    words: str = ""
    """The digest of what was promised, as `PlannedAction` has it."""

    @property
    def done(self) -> bool:
        """Whether its owner has shown it done."""
        return self.percent == 100  # noqa: PLR2004 - a percentage


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """A request for a later date that is not decided yet."""

    asked_by: Side
    actions: tuple[ActionId, ...]
    until: date
    decider: Role | None = None
    cosigned_at: datetime | None = None
    decide_by: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspension:
    """A request that the factory's clock stand still up to and including the local day `until`."""

    cause: SuspensionCause
    until: date
    asked_by: PersonId
    asked_at: datetime
    decide_by: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """A reported fix on its way through objection and verification."""

    reporter: PersonId
    reported_at: datetime
    objections_until: datetime
    verify_by: datetime
    objected: bool = False
    concurred: bool = False
    verifier: PersonId | None = None
    modality: Modality | None = None
    verified_on: date | None = None
    verified_at: datetime | None = None
    effectiveness_by: datetime | None = None
    graded: Severity | None = None
    """The severity whose terms the latest of these dates was counted by."""
    concurred_by: PersonId | None = None
    owed: Notice | None = None
    """What had been sent about the report when it was given: whoever takes it back owes it as before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding(Watched):
    """One finding's state. Only `apply` makes a new one; nothing here is ever changed in place.

    Instants are aware (UTC); dates are the factory's local days; `*_by` instants are exclusive ends.
    """

    id: FindingId
    programme: ProgrammeId
    factory: FactoryId
    plan: PlanId
    point: str
    question: str
    severity: Severity
    assessor: PersonId
    seats: tuple[Seat, ...]
    issued_at: datetime
    schema: int = 1
    stage: Stage = Stage.ISSUED
    attempt: int = 1
    attempt_began: datetime
    review_by: datetime
    commit_by: datetime
    fix_by: datetime | None
    """The last instant the policy allows for a fix; promised dates lie before it."""
    dates_set_at: datetime | None = None
    """When the three dates above were last set, where that was after `attempt_began`."""
    days_added: int = 0
    """The days that a dispute added to the three dates above."""
    repeat_of: FindingId | None = None
    proof_by_interview: bool = False
    successor: FindingId | None = None
    found_again: tuple[FindingId, ...] = ()
    """Later cycles' findings about the same, which it carries on."""

    alarm: Alarm | None = None
    alarm_raised_at: datetime | None = None
    factory_told_at: datetime | None = None
    contained: bool = False
    authority_notified: bool = False

    disputed_at: datetime | None = None
    disputed_by: PersonId | None = None
    dispute_decide_by: datetime | None = None
    stage_before_dispute: Stage | None = None

    proposal: Proposal | None = None
    revisions: int = 0
    later_date: date | None = None
    mediate_by: datetime | None = None
    deadlocked: bool = False
    deadlocked_at: datetime | None = None

    actions: tuple[Action, ...] = ()
    agreed: bool = True
    committed_at: datetime | None = None
    last_progress: datetime | None = None
    extension: Extension | None = None
    extensions_granted: int = 0
    extension_days: int = 0

    suspension: Suspension | None = None
    """Asked for, and not decided yet."""

    fix: Fix | None = None
    fixers: tuple[PersonId, ...] = field(default=())
    """Authors, action owners and reporters of every attempt: none of them may verify."""

    held: tuple[Held, ...] = ()
    """Where the latest re-projection left dates that are not simply counted."""

    def held_at(self, key: str, since: datetime) -> Held | None:
        """Give where a re-projection left a date that counts from `since`, if it did."""
        return next((each for each in self.held if (each.key, each.since) == (key, since)), None)

    @property
    def ended(self) -> bool:
        """Whether the finding's life is over."""
        return self.stage in ENDINGS

    @property
    def terms(self) -> Terms:
        """The policy's days for this finding's severity."""
        return self.policy.terms[self.severity]

    @property
    def urgent(self) -> bool:
        """Whether it is watched round the clock, by exact hours."""
        return self.severity is Severity.ZERO_TOLERANCE

    @property
    def restricted(self) -> bool:
        """Whether the factory must not see the finding (yet)."""
        return self.factory_told_at is None

    @property
    def path(self) -> Stage:
        """Where the finding stands on its way to a fix.

        A dispute stops the way. Not so under zero tolerance, whose clock keeps running, nor where a
        promise was made meanwhile.
        """
        before = self.stage_before_dispute
        if self.stage is not Stage.DISPUTED or before is None:
            return self.stage
        runs_on = self.severity is Severity.ZERO_TOLERANCE or before not in BEFORE_COMMITMENT
        return before if runs_on else self.stage

    def moved_to(self, stage: Stage) -> "Finding":
        """Give the finding one step on. While it is disputed, that is the stage it will come back to."""
        if self.stage is Stage.DISPUTED:
            return replace(self, stage_before_dispute=stage)
        return replace(self, stage=stage)

    @property
    def must_be_seen_on_site(self) -> bool:
        """Whether a desktop verification is not enough (domain.md section 6)."""
        return (
            self.terms.on_site
            or self.repeat_of is not None
            or bool(self.found_again)
            or self.proof_by_interview
            or (self.fix is not None and self.fix.objected)
        )

    def seat_of(self, person: PersonId) -> Seat | None:
        """Give the person's committee seat, if any."""
        return next((seat for seat in self.seats if seat.person == person), None)

    def side(self, side: Side) -> tuple[PersonId, ...]:
        """Give the members of one side."""
        return tuple(seat.person for seat in self.seats if seat.side is side)

    def action(self, action: ActionId) -> Action | None:
        """Give a committed action by id."""
        return next((each for each in self.actions if each.id == action), None)
