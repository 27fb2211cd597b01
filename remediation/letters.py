"""Which letters a fact calls for, and to whom: a table over the kinds of fact.

A letter is owed to a role, or to a named person; who holds the role is resolved when it is sent.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from remediation import facts
from remediation.words import (
    ALARM_DUTIES,
    STAFF_ROLES,
    Alarm,
    LetterKind,
    Modality,
    PersonId,
    Role,
    Severity,
    Side,
    Stage,
    Statement,
    Verdict,
)

CO_CHAIRS = (Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR)
FACTORY = (Role.MANAGER, *CO_CHAIRS)
MEMBERS = {Side.WORKER: Role.WORKER_MEMBER, Side.MANAGEMENT: Role.MANAGEMENT_MEMBER}
ALARM_STAFF = (Role.DUTY_OFFICER, Role.ADVISOR, Role.TEAM_LEADER)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterOrder:
    """A letter that is owed. Finding, obligation, step, recipient and due make it unique.

    `gathered` letters wait for the person's one message of the morning; the others leave at once.
    """

    kind: LetterKind
    role: Role
    person: PersonId | None = None
    obligation: str
    step: str
    due: datetime | None = None
    gathered: bool = False

    @property
    def recipient(self) -> str:
        """The slot the letter is owed to, as it stands in the letter's key."""
        return f"{self.role}:{self.person}" if self.person else self.role.value


def letters_for(fact: facts.Fact, seq: int) -> tuple[LetterOrder, ...]:
    """Give the letters a fact calls for. `seq` is its place in the finding's ledger."""
    rule = _RULES.get(type(fact))
    if rule is None:
        return ()
    orders = rule(fact)
    return tuple(keyed(order, fact, seq) for order in orders)


@dataclass(frozen=True, slots=True)
class To:
    """Whom a letter is owed to, before it has its key."""

    kind: LetterKind
    role: Role
    person: PersonId | None = None
    gathered: bool = False
    mark: str = ""
    """Tells two letters about the same step to the same role apart."""


def keyed(owed: To, fact: facts.Fact, seq: int) -> LetterOrder:
    """Give the letter with what makes it unique: the step of an obligation, or the fact's place."""
    obligation, step, due = facts.kind(type(fact)), f"#{seq}", None
    if isinstance(fact, facts.Reminded):
        obligation, step, due = fact.obligation, fact.step, fact.due
    if isinstance(fact, facts.Escalated | facts.DecisionDue):
        obligation, step, due = fact.obligation, _step(fact), fact.due
    return LetterOrder(
        kind=owed.kind,
        role=owed.role,
        person=owed.person,
        obligation=obligation,
        step=step + owed.mark,
        due=due,
        gathered=owed.gathered,
    )


def _step(fact: facts.Escalated | facts.DecisionDue) -> str:
    """Name a level, and where it has begun to climb anew, which time it is."""
    return f"L{fact.level}" if fact.climb == 1 else f"L{fact.level}.{fact.climb}"


def to(kind: LetterKind, *roles: Role, gathered: bool = False) -> Iterator[To]:
    """Owe a letter to each of some roles."""
    return (To(kind, role, gathered=gathered) for role in roles)


def _told_of(kind: LetterKind, *, withheld: bool) -> Iterator[To]:
    """Tell the factory and the advisor; the advisor alone of what is kept from the factory."""
    return to(kind, Role.ADVISOR) if withheld else to(kind, *FACTORY, Role.ADVISOR)


def _issued(fact: facts.Issued) -> Iterator[To]:
    if fact.severity is Severity.ZERO_TOLERANCE:
        yield from to(LetterKind.ALARM_RAISED, *ALARM_STAFF)
        if fact.factory_told:
            yield from to(LetterKind.ALARM_RAISED, *FACTORY)
        return
    # A report brings dozens of findings at once: one message a person, not one a finding.
    yield from to(LetterKind.NEW_FINDING, *FACTORY, Role.ADVISOR, gathered=True)


def _amended(fact: facts.Amended) -> Iterator[To]:
    if fact.severity is Severity.ZERO_TOLERANCE:
        return to(LetterKind.ALARM_RAISED, *ALARM_STAFF, *(() if fact.withheld else FACTORY))
    return to(LetterKind.FINDING_AMENDED, *FACTORY, gathered=True)


def _dispute_decided(fact: facts.DisputeDecided) -> Iterator[To]:
    return to(LetterKind.DISPUTE_DECIDED, *FACTORY, Role.ADVISOR)


def _proposed(fact: facts.Proposed) -> Iterator[To]:
    for person in fact.signers:
        side = Side.MANAGEMENT if person in fact.management_signers else Side.WORKER
        yield To(LetterKind.SIGN_PROPOSAL, MEMBERS[side], person)


def _refused(fact: facts.Refused) -> Iterator[To]:
    # Who refused, and why, stays between the committee and its author: a vote is not for a manager's mailbox.
    yield To(LetterKind.PROPOSAL_REFUSED, MEMBERS[fact.author_side], fact.author)


def _committed(fact: facts.Committed) -> Iterator[To]:
    kind = LetterKind.COMMITTED if fact.agreed else LetterKind.INTERIM_PLAN
    yield from to(kind, *FACTORY, Role.ADVISOR)
    for owner in dict.fromkeys(action.owner for action in fact.actions):
        yield To(kind, Role.ACTION_OWNER, owner)


def _reprojected(fact: facts.Reprojected) -> Iterator[To]:
    if not fact.moves:
        return
    owners = [move.owner for move in fact.moves if move.owner in STAFF_ROLES]
    kept_back = fact.withheld or all(move.duty in ALARM_DUTIES for move in fact.moves)
    told = (Role.ADVISOR, *owners) if kept_back else (*FACTORY, Role.ADVISOR, *owners)
    # A new holiday moves dates of many findings at once: one message a person, not one a finding.
    yield from to(LetterKind.DATES_MOVED, *dict.fromkeys(told), gathered=True)


def _reminded(fact: facts.Reminded) -> Iterator[To]:
    yield To(LetterKind.REMINDER, fact.owner, fact.person, gathered=True)


_OfTheLadder = facts.Escalated | facts.DecisionDue | facts.Deescalated | facts.ConsequenceDecided


def _told(kind: LetterKind, fact: _OfTheLadder) -> Iterator[To]:
    for role in fact.told:
        person = fact.person if role is Role.ACTION_OWNER else None
        if role is not Role.ACTION_OWNER or person is not None:
            yield To(kind, role, person)


def _escalated(fact: facts.Escalated) -> Iterator[To]:
    yield from _told(LetterKind.OVERDUE, fact)
    if fact.recovery_plan_by is not None:
        yield To(LetterKind.RECOVERY_PLAN_DUE, Role.MANAGER, mark=":recovery_plan")


def _acknowledgement_ending(fact: facts.AcknowledgementEnding) -> Iterator[To]:
    yield To(LetterKind.ACKNOWLEDGEMENT_ENDING, fact.acting, fact.person)


def _extension_requested(fact: facts.ExtensionRequested) -> Iterator[To]:
    other = Role.WORKER_CO_CHAIR if fact.side is Side.MANAGEMENT else Role.MANAGEMENT_CO_CHAIR
    return to(LetterKind.EXTENSION_COSIGN, other)


def _taken_back(fact: facts.TakenBack) -> Iterator[To]:
    """Tell whom the letter about it had told; of votes only the author of a plan had heard, of refusals."""
    if fact.what is Statement.REFUSAL and fact.author is not None:
        yield To(LetterKind.TAKEN_BACK, MEMBERS[fact.author_side], fact.author)
    if fact.what is Statement.EXTENSION_REQUEST:
        other = Role.WORKER_CO_CHAIR if fact.side is Side.MANAGEMENT else Role.MANAGEMENT_CO_CHAIR
        yield from to(LetterKind.TAKEN_BACK, other)
    yield from to(LetterKind.TAKEN_BACK, *_TOLD_OF.get(fact.what, ()))


_TOLD_OF = {
    Statement.DISPUTE: (Role.TEAM_LEADER, Role.ADVISOR),
    Statement.SUSPENSION_REQUEST: (Role.TEAM_LEADER,),
    Statement.FIX_REPORT: (Role.WORKER_CO_CHAIR, Role.ADVISOR),
}


def _suspension(kind: LetterKind) -> "Rule":
    def told(fact: facts.Suspended | facts.SuspensionEnded) -> Iterator[To]:
        # A flood stops dozens of findings at once: one message a person, not one a finding.
        yield from to(kind, *FACTORY, Role.ADVISOR, gathered=True)
        for owner in fact.owners:
            yield To(kind, Role.ACTION_OWNER, owner, gathered=True)

    return told


def _verification_booked(fact: facts.VerificationBooked) -> Iterator[To]:
    if fact.visit is not None:
        return  # one letter tells of the whole visit
    yield To(LetterKind.VERIFICATION_BOOKED, Role.ADVISOR, fact.verifier)
    if fact.modality is Modality.DESKTOP:
        # A visit may be unannounced; only a desktop check is told to the factory.
        yield from to(LetterKind.VERIFICATION_BOOKED, *FACTORY)


def _verified(fact: facts.Verified) -> Iterator[To]:
    kind = LetterKind.CLOSED if fact.verdict is Verdict.PASS else LetterKind.VERIFICATION_OUTCOME
    return to(kind, *FACTORY, Role.ADVISOR)


def _reopened(fact: facts.Reopened) -> Iterator[To]:
    return _told_of(LetterKind.REOPENED, withheld=fact.withheld)


def _ended(fact: facts.Ended) -> Iterator[To]:
    if fact.stage is Stage.WITHDRAWN:
        return iter(())  # the decision of the dispute has told it
    kind = LetterKind.SUSTAINED if fact.stage is Stage.SUSTAINED else LetterKind.ENDED
    return _told_of(kind, withheld=fact.withheld)


def _alarm_decided(fact: facts.AlarmDecided) -> Iterator[To]:
    yield from to(LetterKind.ALARM_DECIDED, Role.ADVISOR, Role.TEAM_LEADER)
    if fact.first_told and fact.alarm is Alarm.CANCELLED:
        # The factory never hears of a suspicion that came to nothing, only of the finding that stands.
        yield from to(LetterKind.NEW_FINDING, *FACTORY, gathered=True)
    else:
        yield from to(LetterKind.ALARM_DECIDED, *FACTORY)


Rule = Callable[..., Iterator[To]]

_RULES: dict[type[facts.Fact], Rule] = {
    facts.Issued: _issued,
    facts.Amended: _amended,
    facts.Disputed: lambda fact: to(LetterKind.DISPUTE_RAISED, Role.TEAM_LEADER, Role.ADVISOR),
    facts.DisputeDecided: _dispute_decided,
    facts.Proposed: _proposed,
    facts.Refused: _refused,
    facts.ProposalFailed: lambda fact: to(LetterKind.PROPOSAL_FAILED, *CO_CHAIRS, Role.ADVISOR),
    facts.Committed: _committed,
    facts.DeadlockDeclared: lambda fact: to(LetterKind.DEADLOCK, *CO_CHAIRS, Role.ADVISOR),
    facts.Reprojected: _reprojected,
    facts.Reminded: _reminded,
    facts.Escalated: _escalated,
    facts.AcknowledgementEnding: _acknowledgement_ending,
    facts.RecoveryPlanFiled: lambda fact: to(LetterKind.RECOVERY_PLAN_FILED, Role.TEAM_LEADER),
    facts.RecoveryPlanReturned: lambda fact: to(LetterKind.RECOVERY_PLAN_RETURNED, Role.MANAGER),
    facts.Deescalated: lambda fact: _told(LetterKind.DEESCALATED, fact),
    facts.DecisionDue: lambda fact: _told(LetterKind.DECISION_DUE, fact),
    facts.ConsequenceDecided: lambda fact: _told(LetterKind.CONSEQUENCE_DECIDED, fact),
    facts.ExtensionRequested: _extension_requested,
    facts.ExtensionCosigned: lambda fact: to(LetterKind.EXTENSION_ASKED, fact.decider),
    facts.ExtensionDecided: lambda fact: to(LetterKind.EXTENSION_DECIDED, *FACTORY),
    facts.SuspensionAsked: lambda fact: to(LetterKind.SUSPENSION_ASKED, Role.TEAM_LEADER),
    facts.Suspended: _suspension(LetterKind.SUSPENDED),
    facts.SuspensionDeclined: lambda fact: to(LetterKind.SUSPENSION_DECLINED, Role.ADVISOR),
    facts.SuspensionEnded: _suspension(LetterKind.SUSPENSION_ENDED),
    facts.Resumed: lambda fact: to(LetterKind.RESUMED, *FACTORY, Role.ADVISOR, gathered=True),
    facts.FixReported: lambda fact: to(LetterKind.FIX_REPORTED, Role.WORKER_CO_CHAIR, Role.ADVISOR),
    facts.FixObjected: lambda fact: to(LetterKind.OBJECTION, Role.ADVISOR),
    facts.TakenBack: _taken_back,
    facts.VerificationBooked: _verification_booked,
    facts.Verified: _verified,
    facts.Reopened: _reopened,
    facts.Ended: _ended,
    facts.AlarmDecided: _alarm_decided,
    facts.Contained: lambda fact: to(LetterKind.CONTAINED, Role.DUTY_OFFICER, Role.ADVISOR),
}
