"""The quorum: which votes a proposal needs of each side, and whether they can still come together."""

from remediation.finding import Finding, Proposal
from remediation.words import PersonId, Side


def passes(finding: Finding, proposal: Proposal) -> bool:
    """Whether both sides have given the signatures the policy asks for."""
    return all(_suffices(finding, side, proposal.signed) for side in Side)


def can_pass(finding: Finding, proposal: Proposal, side: Side) -> bool:
    """Whether the side's members who have not refused are enough for its share of the quorum."""
    willing = tuple(person for person in finding.side(side) if person not in proposal.refused)
    return _suffices(finding, side, willing)


def _suffices(finding: Finding, side: Side, people: tuple[PersonId, ...]) -> bool:
    """Whether the people's votes are the side's share. Only who holds a seat now counts, and once."""
    seats = [seat for seat in finding.seats if seat.side is side]
    votes = [seat for seat in seats if seat.person in people]
    quorum = finding.policy.quorum
    if len(votes) < quorum.needed(len(seats)):
        return False
    asks_elected = quorum.elected_worker and side is Side.WORKER and any(seat.elected for seat in seats)
    return not asks_elected or any(seat.elected for seat in votes)
