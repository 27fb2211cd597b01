"""What SQL is told when facts happen: the entries, the row that lists show, and the state they add up to."""

from dataclasses import dataclass

from remediation.attempts import Attempt
from remediation.ledger import Entry
from remediation.roll_up import Weight
from remediation.summary import Summary
from remediation.waiting import Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """One finding's new entries, in order, and what it looks like after the last of them.

    `state` is the case as JSON without policy and calendar, which are named by version. `was` is what the
    finding weighed in its factory's level before; None where that is not known. `waits` is what waits now,
    and `attempt` the one it is in.
    """

    entries: tuple[Entry, ...]
    summary: Summary
    state: str
    policy: str
    calendar: str
    was: Weight | None = None
    waits: tuple[Wait, ...] = ()
    attempt: Attempt | None = None
