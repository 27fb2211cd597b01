"""Votes on paper: witnessed by somebody else, and never in the place of a vote that the member gave."""

from remediation.finding import Finding, Proposal
from remediation.orders import Refuse, Sign
from remediation.refusals import AlreadyDone, NotIndependent
from remediation.words import PersonId


def witnessed_by_another(witness: PersonId | None, finding: Finding) -> None:
    """Refuse a vote on paper that nobody witnessed, or somebody who votes. Raises NotIndependent."""
    if not witness or finding.seat_of(witness) is not None:
        message = "A signature on paper names the advisor who witnessed it, not a member of the committee."
        raise NotIndependent(message, field="witness")


def own_vote_stands(order: Sign | Refuse, proposal: Proposal) -> None:
    """Refuse what a sheet says of a member who has voted on this revision. Raises AlreadyDone."""
    if order.paper is not None and order.by in (*proposal.signed, *proposal.refused):
        message = "This member has voted on this revision already: that vote stands, and not the sheet's."
        raise AlreadyDone(message)
