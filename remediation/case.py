"""A case: a finding with its ledger's head. The one place where facts become entries and state moves on."""

from dataclasses import dataclass, replace
from datetime import datetime

from remediation.calendar import Calendar
from remediation.facts import Fact, Issued
from remediation.finding import Finding
from remediation.ledger import GENESIS, Entry, enter
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
        """Carry out an order at an aware instant. Raises `Refusal`, and then nothing has changed."""
        return self._record(decide(order, self.finding, now), now, order.by, order.id)

    def keep_time(self, now: datetime) -> tuple["Case", tuple[Entry, ...]]:
        """Record the reminders and ladder steps that have come due by an aware instant."""
        return self._record(keep_time(self.finding, now), now, SYSTEM, None)

    def _record(
        self, facts: Facts, at: datetime, by: PersonId, command: CommandId | None
    ) -> tuple["Case", tuple[Entry, ...]]:
        case, entries = self, []
        for fact in facts:
            case, entry = case._after(fact, at, by, command)
            entries.append(entry)
        return case, tuple(entries)

    def _after(
        self, fact: Fact, at: datetime, by: PersonId, command: CommandId | None
    ) -> tuple["Case", Entry]:
        entry = enter(
            fact,
            finding=self.finding.id,
            seq=self.seq + 1,
            at=at,
            by=by,
            command=command,
            previous=self.digest,
        )
        finding = apply(fact, self.finding, Stamp(at, by))
        return replace(self, finding=finding, seq=entry.seq, digest=entry.digest), entry


def open_case(
    issued: Issued, policy: Policy, calendar: Calendar, at: datetime, by: PersonId
) -> tuple[Case, Entry]:
    """Give the case of a newly issued finding, and the first entry of its ledger."""
    entry = enter(issued, finding=issued.finding, seq=1, at=at, by=by, command=None, previous=GENESIS)
    return Case(finding=begin(issued, policy, calendar, at), seq=1, digest=entry.digest), entry
