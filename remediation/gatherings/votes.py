"""What a gathering brings about at findings: an order each, in the name of whoever gave it there."""

from hashlib import sha256

from remediation.facts import Fact
from remediation.gatherings.meeting.facts import Vote, VotedTogether
from remediation.ledger import Entry
from remediation.orders import Order, Refuse, Sign
from remediation.words import CommandId, FindingId


def orders_for(fact: Fact, entry: Entry) -> tuple[tuple[FindingId, Order], ...]:
    """Give the orders that a gathering's fact sends to findings, each the same however often it is asked."""
    if not isinstance(fact, VotedTogether):
        return ()
    return tuple((vote.finding, _order(vote, fact, entry)) for vote in fact.votes)


def _order(vote: Vote, fact: VotedTogether, entry: Entry) -> Order:
    own = order_id(entry, vote.finding)
    if vote.reason is not None:
        return Refuse(id=own, by=entry.by, acting=fact.acting, revision=vote.revision, reason=vote.reason)
    return Sign(
        id=own,
        by=entry.by,
        acting=fact.acting,
        revision=vote.revision,
        method=fact.method,
    )


def order_id(entry: Entry, finding: FindingId) -> CommandId:
    """Give the id of the order that a gathering's entry sends to a finding."""
    named = f"{entry.finding}\n{entry.seq}\n{finding}"
    return CommandId(f"g-{sha256(named.encode()).hexdigest()[:32]}")
