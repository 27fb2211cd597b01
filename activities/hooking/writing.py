"""What a webhook is sent: the message about an entry of the ledger, as far as it may know of it."""

import json
from typing import Any

from sqlalchemy import Connection

from remediation.case import Case
from remediation.hooks import event, eyes, message, test_message
from storage import ledger
from storage.codec import fact_of
from storage.deliveries import TEST, Delivery
from storage.hooks import Hook


def written(connection: Connection, hook: Hook, delivery: Delivery, service: str) -> str | None:
    """Give a delivery's message as JSON, the same each time; None for what the webhook may not know.

    Raises LedgerUnreadable, VersionMissing or ValueError where the ledger does not tell.
    """
    if delivery.kind == TEST:
        return _json(test_message(hook.id, delivery.at))
    steps = ledger.steps(connection, delivery.finding)[: delivery.seq]
    cases = [Case(finding=state, seq=entry.seq, digest=entry.digest) for entry, state in steps]
    entry, _ = steps[-1]
    before = cases[-2] if len(cases) > 1 else None
    seer = eyes(hook.sees, hook.programme, hook.factory)
    told = event(seer, fact_of(entry.kind, entry.body), before, cases[-1], entry.at)
    return _json(message(told, service)) if told else None


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
