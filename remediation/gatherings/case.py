"""A gathering's case: its state with its ledger's head; and every kind's rules, in one table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any

from remediation.calendar import Calendar
from remediation.facts import Fact, kind
from remediation.gatherings import plan, visit
from remediation.gatherings.gathering import Kind, Opening, Rules, kind_of
from remediation.gatherings.meeting import rules as meeting
from remediation.gatherings.meeting.state import Meeting
from remediation.gatherings.plan import Plan
from remediation.gatherings.visit.state import Visit
from remediation.ledger import GENESIS, Entry, chain, enter
from remediation.notices import due_notices
from remediation.orders import Order, verb
from remediation.policy import Policy
from remediation.refusals import NotAtThisStage
from remediation.rules.core import Facts, Stamp
from remediation.words import SYSTEM, CommandId, PersonId, SubjectId

GATHERINGS: Mapping[Kind, Rules] = MappingProxyType(
    {Kind.PLAN: plan.RULES, Kind.MEETING: meeting.RULES, Kind.VISIT: visit.RULES}
)
"""The rules of each kind."""

State = Plan | Meeting | Visit
"""The state of a gathering of any kind."""


def verbs(of: Kind) -> dict[str, type[Order]]:
    """Give what may be asked of a kind of gathering, by verb."""
    return {verb(order): order for order in GATHERINGS[of].decisions}


def _every_fact() -> dict[str, type[Fact]]:
    every = (fact for rules in GATHERINGS.values() for fact in (rules.opening, *rules.effects))
    return {kind(fact): fact for fact in every}


VERBS: dict[str, type[Order]] = {name: order for each in Kind for name, order in verbs(each).items()}
KINDS: dict[str, type[Fact]] = _every_fact()
OPENINGS = frozenset(kind(rules.opening) for rules in GATHERINGS.values())
"""The kinds of fact with which a gathering's ledger begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringCase:
    """A gathering's state after `seq` ledger entries, the last of which has `digest`."""

    state: State
    seq: int
    digest: str

    def obey(self, order: Order, now: datetime) -> tuple["GatheringCase", tuple[Entry, ...]]:
        """Carry out an order at an aware instant. Raises `Refusal`, and then nothing has changed.

        What the clock owes by then is recorded first.
        """
        timely, owed = self.keep_time(now)
        case, entries = _recorded(timely, decide(order, timely.state, now), now, order.by, order.id)
        return case, (*owed, *entries)

    def keep_time(self, now: datetime) -> tuple["GatheringCase", tuple[Entry, ...]]:
        """Record the reminders and ladder steps that have come due by an aware instant."""
        return _recorded(self, due_notices(self.state, now), now, SYSTEM, None)


def _recorded(
    case: GatheringCase, facts: Facts, at: datetime, by: PersonId, command: CommandId | None
) -> tuple[GatheringCase, tuple[Entry, ...]]:
    if not facts:
        return case, ()
    state, stamp = case.state, Stamp(at, by)
    entries = chain(facts, finding=state.id, seq=case.seq, digest=case.digest, at=at, by=by, command=command)
    for fact in facts:
        state = apply(fact, state, stamp)
    last = entries[-1]
    return GatheringCase(state=state, seq=last.seq, digest=last.digest), entries


def open_gathering(
    opening: Opening, policy: Policy, calendar: Calendar, at: datetime, by: PersonId
) -> tuple[GatheringCase, Entry]:
    """Give the case of a newly opened gathering, and the first entry of its ledger."""
    state = begin(opening, policy, calendar, at, by)
    entry = first_entry(state)
    return GatheringCase(state=state, seq=1, digest=entry.digest), entry


def first_entry(state: State) -> Entry:
    """Give the entry with which a gathering's ledger begins."""
    at, by = state.opened_at, state.opened_by
    return enter(state.opening, finding=state.id, seq=1, at=at, by=by, command=None, previous=GENESIS)


def rules_of(subject: SubjectId | str) -> Rules:
    """Give the rules of a gathering by its id. Raises ValueError for a finding's."""
    of = kind_of(subject)
    if of is None:
        message = f"{subject} is a finding's id, not a gathering's"
        raise ValueError(message)
    return GATHERINGS[of]


def begin(opening: Opening, policy: Policy, calendar: Calendar, at: datetime, by: PersonId) -> State:
    """Give the first state of a gathering, under the policy and calendar that its opening names."""
    state: State = rules_of(opening.gathering).begin(opening, policy, calendar, at, by)
    return state


def decide(order: Order, state: State, now: datetime) -> Facts:
    """Give the facts that an order leads to now. Raises `Refusal` when the rules do not allow it."""
    if state.ended:
        message = "Its life is over: nothing can be done on it any more."
        raise NotAtThisStage(message)
    return rules_of(state.id).decisions[type(order)](order, state, now)


def apply(fact: Fact, state: State, stamp: Stamp) -> State:
    """Give a gathering's state after a fact. What was recorded is never judged again."""
    after: Any = rules_of(state.id).effects[type(fact)](fact, state, stamp)
    changed: State = after
    return changed
