"""Conditions that several rules share. Each returns what it found, or refuses with a way out."""

from remediation.finding import Finding, Proposal
from remediation.orders import Order, Seat
from remediation.refusals import (
    EvidenceRequired,
    NotAMember,
    NotAtThisStage,
    NotYourRole,
    ProposalMissing,
    RevisionOutdated,
)
from remediation.words import Digest, NoteId, Role, Side, Stage


def at_stage(finding: Finding, *stages: Stage, to: str) -> None:
    """Refuse unless the finding stands at one of the stages. `to` says what was wanted."""
    if finding.stage not in stages:
        allowed = " or ".join(stage.value.replace("_", " ") for stage in stages)
        here = finding.stage.value.replace("_", " ")
        message = f"To {to}, the finding must be {allowed}; it is {here}."
        raise NotAtThisStage(message)


def member(finding: Finding, order: Order) -> Seat:
    """Give the committee seat of who gives the order."""
    seat = finding.seat_of(order.by)
    if seat is None:
        raise NotAMember
    return seat


def worker_member(finding: Finding, order: Order) -> Seat:
    """Give the worker-side seat of who gives the order."""
    seat = member(finding, order)
    if seat.side is not Side.WORKER:
        message = "Only a worker member of the committee can do this."
        raise NotAMember(message)
    return seat


def acting_as(order: Order, *roles: Role, to: str) -> None:
    """Refuse unless the order is given in one of the roles."""
    if order.acting not in roles:
        who = " or ".join(role.value.replace("_", " ") for role in roles)
        message = f"To {to} is the decision of the {who}."
        raise NotYourRole(message)


def open_proposal(finding: Finding, revision: Digest) -> Proposal:
    """Give the proposal on the table, if it is exactly the revision that the order names."""
    proposal = finding.proposal
    if proposal is None:
        raise ProposalMissing
    if proposal.revision != revision:
        raise RevisionOutdated(field="revision")
    if proposal.failed:
        message = "This revision was refused by too many of one side. Propose a new one."
        raise ProposalMissing(message)
    return proposal


def evidence_given(evidence: tuple[NoteId, ...]) -> None:
    """Refuse an order that shows nothing."""
    if not evidence:
        raise EvidenceRequired(field="evidence")
