"""The committee agrees: revisions, signatures of both sides bound to the text, and the commitment."""

from dataclasses import replace
from datetime import date, datetime

from remediation.facts import (
    Committed,
    LaterDateAllowed,
    NoActionApproved,
    ProposalFailed,
    Proposed,
    Refused,
    Signed,
)
from remediation.finding import Action, Finding, Proposal
from remediation.orders import AllowLaterDate, ApproveNoAction, PlannedAction, Propose, Refuse, Sign
from remediation.refusals import (
    ActionsInvalid,
    AlreadyDone,
    DateBeyondPolicy,
    DateInThePast,
    NotIndependent,
    ProposalMissing,
    SameAsBefore,
)
from remediation.rules.core import Facts, Stamp, apply, decide
from remediation.rules.guards import acting_as, at_stage, member, open_proposal
from remediation.words import PersonId, Role, Side, SignatureMethod, Stage

OPEN_TO_PROPOSALS = (Stage.ISSUED, Stage.UNDER_REVIEW)
MOST_ACTIONS = 20


@decide.register
def _(order: Propose, finding: Finding, now: datetime) -> Facts:
    _open_to_proposals(finding)
    member(finding, order)
    if finding.proposal is not None and finding.proposal.revision == order.revision and not finding.proposal.failed:
        message = "This is word for word the revision on the table."
        raise SameAsBefore(message, field="revision")
    no_action = order.no_action_reason is not None
    check_actions(finding, order.actions, now, may_be_empty=no_action)
    return (
        Proposed(
            revision=order.revision,
            number=finding.revisions + 1,
            author=order.by,
            actions=order.actions,
            no_action=no_action,
            signers=tuple(seat.person for seat in finding.seats),
        ),
    )


@apply.register
def _(fact: Proposed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(
        finding,
        stage=Stage.UNDER_REVIEW if finding.stage is Stage.ISSUED else finding.stage,
        revisions=fact.number,
        proposal=Proposal(
            revision=fact.revision, author=fact.author, actions=fact.actions, no_action=fact.no_action
        ),
    )


@decide.register
def _(order: Sign, finding: Finding, now: datetime) -> Facts:
    _open_to_proposals(finding)
    seat = member(finding, order)
    proposal = open_proposal(finding, order.revision)
    if order.by in proposal.signed:
        message = "You have signed this revision already."
        raise AlreadyDone(message)
    if order.method is SignatureMethod.PAPER:
        _witnessed_by_another(order)
    signed = Signed(
        revision=order.revision, person=order.by, side=seat.side, method=order.method, witness=order.witness
    )
    return (signed, *_commitment(apply(signed, finding, Stamp(now, order.by))))


@apply.register
def _(fact: Signed, finding: Finding, stamp: Stamp) -> Finding:
    return _with_vote(finding, fact.person, signed=True)


@decide.register
def _(order: Refuse, finding: Finding, now: datetime) -> Facts:
    _open_to_proposals(finding)
    seat = member(finding, order)
    proposal = open_proposal(finding, order.revision)
    if order.by in proposal.refused:
        message = "You have refused this revision already."
        raise AlreadyDone(message)
    refused = Refused(
        revision=order.revision,
        person=order.by,
        side=seat.side,
        reason=order.reason,
        author=proposal.author,
    )
    after = apply(refused, finding, Stamp(now, order.by))
    if can_still_pass(after, seat.side):
        return (refused,)
    return (refused, ProposalFailed(revision=order.revision, side=seat.side))


@apply.register
def _(fact: Refused, finding: Finding, stamp: Stamp) -> Finding:
    return _with_vote(finding, fact.person, signed=False)


@apply.register
def _(fact: ProposalFailed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, proposal=replace(_proposal(finding), failed=True))


@decide.register
def _(order: ApproveNoAction, finding: Finding, now: datetime) -> Facts:
    _open_to_proposals(finding)
    acting_as(order, Role.ADVISOR, to="accept that nothing is done")
    proposal = open_proposal(finding, order.revision)
    if not proposal.no_action or proposal.no_action_approved:
        message = "This revision does not wait for such an approval."
        raise SameAsBefore(message, field="revision")
    approved = NoActionApproved(revision=order.revision, reason=order.reason)
    return (approved, *_commitment(apply(approved, finding, Stamp(now, order.by))))


@apply.register
def _(fact: NoActionApproved, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, proposal=replace(_proposal(finding), no_action_approved=True))


@decide.register
def _(order: AllowLaterDate, finding: Finding, now: datetime) -> Facts:
    _open_to_proposals(finding)
    acting_as(order, Role.ADVISOR, to="allow a later date")
    latest = last_day_allowed(finding)
    if latest is None or order.until <= latest:
        message = "The policy already allows dates up to that day."
        raise SameAsBefore(message, field="until")
    return (LaterDateAllowed(until=order.until, reason=order.reason),)


@apply.register
def _(fact: LaterDateAllowed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(finding, later_date=fact.until)


@apply.register
def _(fact: Committed, finding: Finding, stamp: Stamp) -> Finding:
    return replace(
        finding,
        stage=Stage.COMMITTED,
        proposal=None,
        actions=tuple(
            Action(id=each.id, owner=each.owner, due=each.due, original_due=each.due) for each in fact.actions
        ),
        agreed=fact.agreed,
        committed_at=stamp.at,
        last_progress=None,
        extension=None,
        deadlocked=finding.deadlocked and not fact.agreed,
        mediate_by=None,
        fixers=tuple(dict.fromkeys((*finding.fixers, fact.author))),
    )


def last_day_allowed(finding: Finding) -> date | None:
    """Give the last local day an action may be promised for; None where the policy sets none."""
    if finding.fix_by is None:
        return None
    latest = finding.calendar.last_day(finding.fix_by)
    return max(latest, finding.later_date) if finding.later_date else latest


def check_actions(
    finding: Finding, actions: tuple[PlannedAction, ...], now: datetime, *, may_be_empty: bool = False
) -> None:
    """Refuse actions without distinct ids or with dates that passed or lie beyond the policy."""
    if not actions and not may_be_empty:
        message = "Name at least one action, or give the reason for taking none."
        raise ActionsInvalid(message, field="actions")
    if len(actions) > MOST_ACTIONS or len({action.id for action in actions}) < len(actions):
        message = f"A proposal holds at most {MOST_ACTIONS} actions, each with an id of its own."
        raise ActionsInvalid(message, field="actions")
    latest = last_day_allowed(finding)
    for action in actions:
        if action.due < finding.calendar.today(now):
            message = f"The date {action.due.isoformat()} has passed."
            raise DateInThePast(message, field="due")
        if latest is not None and action.due > latest:
            message = (
                f"{action.due.isoformat()} is later than {latest.isoformat()}, the last day the policy allows "
                f"for this severity. Choose an earlier date, or ask the advisor to allow a later one."
            )
            raise DateBeyondPolicy(message, field="due")


def passes(finding: Finding) -> bool:
    """Whether both sides have given the signatures the policy asks for."""
    proposal, quorum = finding.proposal, finding.policy.quorum
    if proposal is None:
        return False
    enough = all(_signatures(finding, side) >= quorum.needed(len(finding.side(side))) for side in Side)
    return enough and (_elected_signed(finding, proposal) or not _has_elected(finding))


def can_still_pass(finding: Finding, side: Side) -> bool:
    """Whether the side's members who have not refused are enough for its share of the quorum."""
    proposal, quorum = _proposal(finding), finding.policy.quorum
    willing = [seat for seat in finding.seats if seat.side is side and seat.person not in proposal.refused]
    if len(willing) < quorum.needed(len(finding.side(side))):
        return False
    asks_elected = side is Side.WORKER and _has_elected(finding)
    return not asks_elected or any(seat.elected for seat in willing)


def _commitment(finding: Finding) -> Facts:
    proposal = _proposal(finding)
    if not passes(finding) or (proposal.no_action and not proposal.no_action_approved):
        return ()
    return (
        Committed(
            revision=proposal.revision,
            author=proposal.author,
            actions=proposal.actions,
            agreed=True,
            signatures=proposal.signed,
        ),
    )


def _has_elected(finding: Finding) -> bool:
    quorum = finding.policy.quorum
    return quorum.elected_worker and any(seat.elected for seat in finding.seats if seat.side is Side.WORKER)


def _elected_signed(finding: Finding, proposal: Proposal) -> bool:
    return any(
        seat.elected and seat.side is Side.WORKER and seat.person in proposal.signed for seat in finding.seats
    )


def _signatures(finding: Finding, side: Side) -> int:
    """Count the votes of people who hold a seat of the side now: one vote a seat."""
    return sum(person in _proposal(finding).signed for person in finding.side(side))


def _proposal(finding: Finding) -> Proposal:
    if finding.proposal is None:
        raise ProposalMissing
    return finding.proposal


def _with_vote(finding: Finding, person: PersonId, *, signed: bool) -> Finding:
    """A member may change a vote until the commitment: the last one counts."""
    proposal = _proposal(finding)
    others_signed = tuple(each for each in proposal.signed if each != person)
    others_refused = tuple(each for each in proposal.refused if each != person)
    voted = replace(
        proposal,
        signed=(*others_signed, person) if signed else others_signed,
        refused=others_refused if signed else (*others_refused, person),
    )
    return replace(finding, proposal=voted)


def _witnessed_by_another(order: Sign) -> None:
    if order.witness is None or order.witness == order.by:
        message = "A signature on paper names the advisor who witnessed it."
        raise NotIndependent(message, field="witness")


def _open_to_proposals(finding: Finding) -> None:
    if finding.stage is Stage.COMMITTED and not finding.agreed:
        return  # an interim plan that one side filed may still give way to an agreed one
    at_stage(finding, *OPEN_TO_PROPOSALS, to="work on a proposal")
