"""A case: a finding with its ledger's head. The one place where facts become entries and state moves on."""

from dataclasses import dataclass
from datetime import datetime

from remediation.calendar import Calendar
from remediation.facts import Issued
from remediation.finding import Finding
from remediation.ledger import GENESIS, Entry, chain, enter
from remediation.orders import Order
from remediation.policy import Policy
from remediation.rules import Facts, Stamp, apply, begin, decide
from remediation.rules.escalation import keep_time
from remediation.words import SYSTEM, CommandId, PersonId


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A finding's state after `seq` ledger entries, the last of which has `digest`."""

    finding: Finding
    seq: int
    digest: str

    def obey(self, order: Order, now: datetime) -> tuple["Case", tuple[Entry, ...]]:
        """Carry out an order at an aware instant. Raises `Refusal`, and then nothing has changed.

        What the clock owes by then is recorded first: no order overtakes a step of the ladder that an
        outage delayed.
        """
        timely, owed = self.keep_time(now)
        case, entries = _record(timely, decide(order, timely.finding, now), now, order.by, order.id)
        return case, (*owed, *entries)

    def keep_time(self, now: datetime) -> tuple["Case", tuple[Entry, ...]]:
        """Record the reminders and ladder steps that have come due by an aware instant."""
        return _record(self, keep_time(self.finding, now), now, SYSTEM, None)


def open_case(
    issued: Issued, policy: Policy, calendar: Calendar, at: datetime, by: PersonId
) -> tuple[Case, Entry]:
    """Give the case of a newly issued finding, and the first entry of its ledger."""
    entry = enter(issued, finding=issued.finding, seq=1, at=at, by=by, command=None, previous=GENESIS)
    return Case(finding=begin(issued, policy, calendar, at), seq=1, digest=entry.digest), entry


def _record(
    case: Case, facts: Facts, at: datetime, by: PersonId, command: CommandId | None
) -> tuple[Case, tuple[Entry, ...]]:
    if not facts:
        return case, ()
    finding, stamp = case.finding, Stamp(at, by)
    entries = chain(
        facts, finding=finding.id, seq=case.seq, digest=case.digest, at=at, by=by, command=command
    )
    for fact in facts:
        finding = apply(fact, finding, stamp)
    last = entries[-1]
    return Case(finding=finding, seq=last.seq, digest=last.digest), entries
