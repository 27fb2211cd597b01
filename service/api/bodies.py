"""What commands take: one body for each verb, named as its order is. No other field is let in.

Texts are written in full here. They are kept as notes, and the order that enters the engine carries
their ids.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from notifications.wording import N_
from remediation.orders import verb
from remediation.words import (
    ActionKind,
    Consequence,
    DisputeOutcome,
    Modality,
    Role,
    Severity,
    SignatureMethod,
    Statement,
    SuspensionCause,
    Verdict,
)
from service.api.values import Day, Flag, Number

MOST_TEXT = 4000
MOST_EVIDENCE = 20
MOST_ACTIONS = 20

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_TEXT)]
Id = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Revision = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Evidence = Annotated[tuple[Words, ...], Field(max_length=MOST_EVIDENCE)]
Files = Annotated[tuple[Id, ...], Field(max_length=MOST_EVIDENCE)]

REASON = Field(description=N_("Why, in words."))
EVIDENCE = Field(
    (), description="What shows it in words: one text for each piece, such as where a record is kept."
)
FILES = Field((), description="Photos and documents that show it: the ids of what was handed in before.")
NOTE = Field(None, description=N_("A remark, in words."))
OBLIGATION = Field(description="The key of what is owed, as the finding's deadlines name it.")
REVISION = Field(description="The revision that was read: its SHA-256 in hexadecimal.")


class Body(BaseModel):
    """What every command may say: the role to act in, where the caller holds several that may."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    acting: Role | None = Field(
        None, description="The role to act in. Left out, the first that may is taken."
    )


class Amend(Body):
    """Correct a finding that nobody has acted on yet."""

    severity: Severity
    note: Words = Field(description=N_("What was wrong."))


class Dispute(Body):
    """Contest the finding with new facts, once, within 14 days."""

    reason: Words = REASON


class DecideDispute(Body):
    """Decide a dispute. A partly upheld one names the new severity."""

    outcome: DisputeOutcome
    reason: Words = REASON
    severity: Severity | None = None


class ProposedAction(BaseModel):
    """One action that is promised."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: ActionKind
    description: Words = Field(description=N_("What will be done."))
    owner: Id = Field(description=N_("The person of the factory who sees to it."))
    due: Day = Field(description=N_("The factory's local day by which it is done."))
    evidence_expected: Words = Field(description=N_("What will show that it was done."))


class Propose(Body):
    """Put a revision of the improvement plan on the table. Earlier signatures are void."""

    root_cause: Words = Field(description=N_("What in the system led to the finding."))
    actions: Annotated[tuple[ProposedAction, ...], Field(max_length=MOST_ACTIONS)] = ()
    no_action_reason: Words | None = Field(
        None, description=N_("Why nothing should be done; the advisor decides.")
    )


class FileInterimPlan(Body):
    """File a plan that the other side does not agree to, after a deadlock."""

    root_cause: Words = Field(description=N_("What in the system led to the finding."))
    actions: Annotated[tuple[ProposedAction, ...], Field(min_length=1, max_length=MOST_ACTIONS)]


class Sign(Body):
    """Sign exactly the plan that you read."""

    revision: Revision = REVISION
    method: SignatureMethod = SignatureMethod.OWN_DEVICE
    witness: Id | None = Field(
        None, description=N_("Who of the programme's staff witnessed a signature on paper.")
    )


class Refuse(Body):
    """Refuse a revision, with a reason."""

    revision: Revision = REVISION
    reason: Words = REASON


class ApproveNoAction(Body):
    """Accept a revision that takes no action."""

    revision: Revision = REVISION
    reason: Words = REASON


class AllowLaterDate(Body):
    """Allow promised dates up to a day after the policy's last one."""

    until: Day = Field(description=N_("The last local day that may be promised."))
    reason: Words = REASON


class DeclareDeadlock(Body):
    """Say that the sides cannot agree; the advisor mediates."""

    reason: Words = REASON


class CloseMediation(Body):
    """End the mediation and say how."""

    reason: Words = Field(description=N_("How the mediation ended."))


class RecordProgress(Body):
    """Say how far an action is. 100 percent means done and needs evidence; lateness needs its reason."""

    action: Id
    percent: Number = Field(ge=0, le=100)
    note: Words | None = NOTE
    evidence: Evidence = ()
    files: Files = FILES
    slip_reason: Words | None = Field(None, description=N_("Why the action is late."))


class RequestExtension(Body):
    """Ask for a later date for actions, before it is missed, with interim protection meanwhile."""

    actions: Annotated[tuple[Id, ...], Field(min_length=1, max_length=MOST_ACTIONS)]
    until: Day = Field(description=N_("The new local due day."))
    reason: Words = REASON
    interim_protection: Words = Field(description=N_("What protects workers until then."))


class CosignExtension(Body):
    """Join the other side's request for a later date."""


class DecideExtension(Body):
    """Grant a later date, or deny it."""

    granted: Flag
    reason: Words = REASON


class Suspend(Body):
    """Ask that the factory's clock stand still for a listed cause. The team leader countersigns."""

    cause: SuspensionCause
    until: Day = Field(description=N_("The last local day of the suspension."))
    reason: Words = REASON


class CountersignSuspension(Body):
    """Join the advisor's request: the clock stands still from now on, and the factory's dates ahead move."""


class DeclineSuspension(Body):
    """Do not join the advisor's request: the clock goes on."""

    reason: Words = REASON


class EndSuspension(Body):
    """End a suspension with today: the dates that it moved come back by the days that were not used."""

    reason: Words = REASON


class ReportFixed(Body):
    """Report that every action is done."""

    evidence: Evidence = EVIDENCE
    files: Files = FILES
    note: Words | None = NOTE


class ObjectToFix(Body):
    """Say that the fix is not what was reported; somebody will look on site."""

    reason: Words = REASON
    files: Files = FILES


class ConcurWithFix(Body):
    """Confirm the reported fix, which ends the window for objections early."""


class TakeBack(Body):
    """Take back what you said yourself, as long as nobody else has acted on it. It stays on record."""

    what: Statement


class BookVerification(Body):
    """Name who verifies, how and on which local day."""

    verifier: Id
    modality: Modality
    on: Day


class Remaining(BaseModel):
    """An action found undone, and its new local due day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Id
    due: Day


class Verify(Body):
    """Record what the verifier found. A partial verdict lists what remains."""

    verdict: Verdict
    modality: Modality
    evidence: Evidence = EVIDENCE
    files: Files = FILES
    note: Words | None = NOTE
    remaining: Annotated[tuple[Remaining, ...], Field(max_length=MOST_ACTIONS)] = ()


class CheckEffectiveness(Body):
    """Record whether the fix held, with the local day of the check."""

    held: Flag
    on: Day
    evidence: Evidence = EVIDENCE
    files: Files = FILES
    note: Words | None = NOTE


class Reopen(Body):
    """Reopen an ended finding as a new attempt."""

    reason: Words = REASON


class Supersede(Body):
    """End the finding because the next cycle's finding carries on."""

    successor: Id = Field(description=N_("The finding that carries on."))


class Cease(Body):
    """End the finding because the factory closed or left the programme."""

    reason: Words = REASON


class DecideAlarm(Body):
    """Confirm a zero-tolerance alarm, or cancel it and name the severity that stands."""

    confirmed: Flag
    reason: Words = REASON
    severity: Severity | None = None


class NotifyAuthority(Body):
    """Record the notice to the authority that the country's protocol asks for."""

    note: Words = Field(description=N_("To whom the notice went, and when."))


class Contain(Body):
    """Show that the harm has stopped."""

    evidence: Evidence = EVIDENCE
    files: Files = FILES


class Acknowledge(Body):
    """Say that an escalation was seen. Acknowledging is not resolving."""

    obligation: Id = OBLIGATION


class Snooze(Body):
    """Put the next step of the ladder off by some working days, once a level."""

    obligation: Id = OBLIGATION
    days: Number = Field(ge=1, description="By how many working days; the policy says how many at most.")
    reason: Words = REASON


class FileRecoveryPlan(Body):
    """Say how what is late will be done, and until which day."""

    obligation: Id = OBLIGATION
    note: Words = Field(description=N_("How it will be done."))
    until: Day = Field(description=N_("The local day by whose end it will be done."))


class AcceptRecoveryPlan(Body):
    """Rely on the recovery plan: one level down, and the ladder waits for its last day."""

    obligation: Id = OBLIGATION
    reason: Words = REASON


class ReturnRecoveryPlan(Body):
    """Ask for a better recovery plan."""

    obligation: Id = OBLIGATION
    reason: Words = REASON


class DecideConsequence(Body):
    """Decide what follows at the last level of the ladder, or that nothing does."""

    obligation: Id = OBLIGATION
    consequence: Consequence
    reason: Words = REASON


BODIES: dict[str, type[Body]] = {verb(body): body for body in Body.__subclasses__()}  # type: ignore[arg-type]
"""Every verb that people can give, and the body it takes. Committees are reseated by their own address."""
