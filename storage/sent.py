"""What gatherings send to findings: durable commands, stored with the fact that calls for them."""

from collections.abc import Sequence
from hashlib import sha256

from sqlalchemy import Connection

from remediation.gatherings.votes import orders_for
from remediation.ledger import Entry
from remediation.orders import verb
from storage import commands
from storage.codec import fact_of, order_json
from storage.commands import Command


def keep_orders(connection: Connection, entries: Sequence[Entry]) -> None:
    """Store the commands that entries call for, within the transaction that records them. Safe to repeat."""
    commands.keep(connection, [command for entry in entries for command in sent_by(entry)])


def sent_by(entry: Entry) -> tuple[Command, ...]:
    """Give the commands that an entry of a gathering sends to findings."""
    return tuple(
        Command(
            id=order.id,
            person=order.by,
            key=order.id,
            finding=finding,
            verb=verb(type(order)),
            order=order_json(order),
            digest=sha256(order.id.encode()).hexdigest(),
            received_at=entry.at,
        )
        for finding, order in orders_for(fact_of(entry.kind, entry.body), entry)
    )
