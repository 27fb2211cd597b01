"""Orders: what people ask of a finding. One frozen dataclass for each verb of the meeting.

Texts (reasons, root causes, evidence) stay in SQL; an order carries their ids.
"""

# ruff: noqa: PLC0414 - the parts of orders have a module of their own, and are found here with the orders

import re
from dataclasses import dataclass
from datetime import date

from remediation.calendar import Calendar
from remediation.parts import Attached as Attached
from remediation.parts import OnPaper as OnPaper
from remediation.parts import PlannedAction as PlannedAction
from remediation.parts import RemainingAction as RemainingAction
from remediation.parts import Seat as Seat
from remediation.policy import Policy
from remediation.words import (
    ActionId,
    CommandId,
    Consequence,
    Digest,
    DisputeOutcome,
    FindingId,
    GatheringId,
    Modality,
    NoteId,
    PersonId,
    Role,
    Severity,
    SignatureMethod,
    Statement,
    SuspensionCause,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What every order carries: its id (the caller's idempotency key), who gives it, and acting as what."""

    id: CommandId
    by: PersonId
    acting: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend(Order):
    """Correct a finding that nobody has acted on yet (a corrected assessment file)."""

    severity: Severity
    note: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute(Order):
    """Contest the finding with new facts: either side or the manager, once, within 14 days."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideDispute(Order):
    """Decide a dispute: the team leader, never the assessor. A partly upheld one names the new severity."""

    outcome: DisputeOutcome
    reason: NoteId
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose(Order):
    """Put a revision of the improvement plan on the table. Every edit is a new revision."""

    revision: Digest
    actions: tuple[PlannedAction, ...]
    no_action_reason: NoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign(Order):
    """Sign exactly the revision read."""

    revision: Digest
    method: SignatureMethod = SignatureMethod.OWN_DEVICE
    witness: PersonId | None = None
    paper: OnPaper | None = None
    """Where it stands, of a signature on a meeting's signing sheet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(Order):
    """Refuse a revision, with a reason."""

    revision: Digest
    reason: NoteId
    paper: OnPaper | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveNoAction(Order):
    """The advisor accepts a revision that takes no action."""

    revision: Digest
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class AllowLaterDate(Order):
    """The advisor allows promised dates up to a day after the policy's last one."""

    until: date
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareDeadlock(Order):
    """Say that the sides cannot agree; the advisor mediates."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseMediation(Order):
    """The advisor ends the mediation and says how."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInterimPlan(Order):
    """Management files a plan during a deadlock. It is marked as not agreed."""

    revision: Digest
    actions: tuple[PlannedAction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordProgress(Order):
    """Say how far an action is. 100 percent means done and needs evidence; lateness needs its reason."""

    action: ActionId
    percent: int
    note: NoteId | None = None
    evidence: tuple[NoteId, ...] = ()
    slip_reason: NoteId | None = None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestExtension(Order):
    """Ask for a later date for actions, before it is missed, with interim protection meanwhile."""

    actions: tuple[ActionId, ...]
    until: date
    reason: NoteId
    interim_protection: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class CosignExtension(Order):
    """The other side joins the request; only then does it reach the advisor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideExtension(Order):
    """Grant or deny: the advisor; a second one the team leader; zero tolerance the programme manager."""

    granted: bool
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspend(Order):
    """The advisor asks that the factory's clock stand still, for a listed cause, up to a local day."""

    cause: SuspensionCause
    until: date
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class CountersignSuspension(Order):
    """The team leader joins the advisor: the clock stands still from now on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineSuspension(Order):
    """The team leader does not join: the clock runs on."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndSuspension(Order):
    """The cause is gone: the clock runs again from tomorrow, and the dates move back by what was not used."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFixed(Order):
    """The manager says that every action is done, with evidence."""

    evidence: tuple[NoteId, ...] = ()
    note: NoteId | None = None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToFix(Order):
    """A worker member says that the fix is not what was reported; forces a visit on site."""

    reason: NoteId
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcurWithFix(Order):
    """A worker member confirms the fix, which ends the objection window early."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeBack(Order):
    """Take back what one has said oneself, while nobody else has acted on it."""

    what: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class BookVerification(Order):
    """Name who verifies, how and on which local day."""

    verifier: PersonId
    modality: Modality
    on: date
    visit: GatheringId | None = None
    """The visit it is part of, which tells everybody itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verify(Order):
    """Record what the verifier found. A partial verdict lists what remains."""

    verdict: Verdict
    modality: Modality
    evidence: tuple[NoteId, ...] = ()
    note: NoteId | None = None
    remaining: tuple[RemainingAction, ...] = ()
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckEffectiveness(Order):
    """Record whether the fix held, with the local day of the check, which lies after verification."""

    held: bool
    on: date
    evidence: tuple[NoteId, ...] = ()
    note: NoteId | None = None
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(Order):
    """The team leader reopens an ended finding as a new attempt."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Supersede(Order):
    """The next cycle's finding carries on."""

    successor: FindingId


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRepeat(Order):
    """Another cycle's finding is about the same: an `earlier` one that this repeats, or a later one.

    Where it is a later one, this finding carries on.
    """

    other: FindingId
    earlier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Cease(Order):
    """The factory closed or left the programme."""

    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAlarm(Order):
    """The duty officer confirms a zero-tolerance alarm, or cancels it and names the severity that stands."""

    confirmed: bool
    reason: NoteId
    severity: Severity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyAuthority(Order):
    """Record the notice to the authority that the country's protocol asks for."""

    note: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Contain(Order):
    """The manager shows that the harm has stopped."""

    evidence: tuple[NoteId, ...] = ()
    files: tuple[Attached, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Acknowledge(Order):
    """The advisor says that an escalation was seen. Acknowledging is not resolving."""

    obligation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Snooze(Order):
    """Put the next step of the ladder off by some working days, for a reason, once a level."""

    obligation: str
    days: int
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRecoveryPlan(Order):
    """The manager says how what is late will be done, and until which local day."""

    obligation: str
    note: NoteId
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptRecoveryPlan(Order):
    """The team leader relies on the plan: one level down, and the ladder waits for its last day."""

    obligation: str
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRecoveryPlan(Order):
    """The team leader asks for a better plan."""

    obligation: str
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideConsequence(Order):
    """The decision panel decides what follows at the top of the ladder, or that nothing does."""

    obligation: str
    consequence: Consequence
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseat(Order):
    """The committee's seats changed."""

    seats: tuple[Seat, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reproject(Order):
    """Let the finding's dates follow another calendar, another policy, or both; each is given in full.

    `seen` is the digest of the moves that were shown and confirmed: others are not made.
    """

    calendar: Calendar | None = None
    policy: Policy | None = None
    reason: NoteId
    seen: Digest | None = None


def verb(order: type[Order]) -> str:
    """Give the verb of an order's class: `ReportFixed` is `report_fixed`."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", order.__name__).lower()


VERBS: dict[str, type[Order]] = {verb(order): order for order in Order.__subclasses__()}
"""Every verb and the order it takes: update names of the workflow and paths of the API."""
