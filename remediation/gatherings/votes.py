"""What a gathering brings about at findings: an order each, in the name of whoever gave it there."""

from hashlib import sha256
from typing import Any

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
    by = fact.member or entry.by
    about: dict[str, Any] = {"id": order_id(entry, vote.finding), "by": by, "acting": fact.acting}
    about |= {"revision": vote.revision, "paper": fact.paper}
    if vote.reason is not None:
        return Refuse(**about, reason=vote.reason)
    return Sign(**about, method=fact.method, witness=fact.paper.witness if fact.paper else None)


def order_id(entry: Entry, finding: FindingId) -> CommandId:
    """Give the id of the order that a gathering's entry sends to a finding."""
    named = f"{entry.finding}\n{entry.seq}\n{finding}"
    return CommandId(f"g-{sha256(named.encode()).hexdigest()[:32]}")
