"""JSON to typed things and back: facts, orders, states, policies and calendars.

pydantic decodes; one adapter a type is built on first use and kept. Facts are written by
`remediation.ledger.canonical`, whose text the ledger keeps; the rest is written here.
"""

from functools import lru_cache
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import from_json

from remediation.attempts import attempt_of
from remediation.calendar import Calendar
from remediation.case import Case
from remediation.facts import KINDS, Fact
from remediation.gatherings import case as gatherings
from remediation.gatherings import summary as gathering_rows
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.summary import GatheringRecording
from remediation.itself import MOST_KEPT, Itself
from remediation.ledger import Entry
from remediation.orders import VERBS, Order
from remediation.policy import Policy
from remediation.recording import Recording
from remediation.roll_up import Weight
from remediation.summary import summary
from remediation.waiting import waits, waits_of


class UnknownKind(ValueError):
    """A fact's kind or an order's verb that this version of the program does not know."""


T = TypeVar("T")


_built: dict[type[Any], TypeAdapter[Any]] = {}


def adapter(kind: type[T]) -> TypeAdapter[T]:
    """Give the adapter of a type, built once."""
    known = _built.get(kind)
    if known is None:
        known = _built[kind] = TypeAdapter(kind)
    return known


def fact_of(kind: str, body: str) -> Fact:
    """Give the fact that a ledger entry holds. Raises UnknownKind, or pydantic's ValidationError."""
    known = KINDS.get(kind) or gatherings.KINDS.get(kind)
    if known is None:
        message = f"there is no fact of kind {kind!r}; the ledger was written by a newer version"
        raise UnknownKind(message)
    return adapter(known).validate_json(body)


def order_of(verb: str, data: str | dict[str, Any]) -> Order:
    """Give the order of a verb from JSON text or plain data, refusing fields that it does not have.

    Raises UnknownKind for an unknown verb, and pydantic's ValidationError naming each field at fault.
    """
    known = order_type(verb)
    if isinstance(data, str):
        return adapter(known).validate_json(data, extra="forbid")
    return adapter(known).validate_python(data, extra="forbid")


def order_type(verb: str) -> type[Order]:
    """Give the order that a verb takes, of a finding or a gathering. Raises UnknownKind."""
    known = VERBS.get(verb) or gatherings.VERBS.get(verb)
    if known is None:
        message = f"there is no verb {verb!r}; known are {', '.join(sorted(VERBS))}"
        raise UnknownKind(message)
    return known


def order_json(order: Order) -> str:
    """Give an order as JSON; `order_of` with its verb reads it."""
    return adapter(type(order)).dump_json(order).decode()


_MOST_KEPT = 512
"""So many policies, and so many calendars: a programme of 300 factories has a calendar for each, at most."""

_BY_VERSION = {"finding": {"policy", "calendar"}}
_STATE_BY_VERSION = {"state": {"policy", "calendar"}}


def case_state(case: Case) -> str:
    """Give a case as JSON without its policy and calendar, which SQL keeps once by version."""
    return adapter(Case).dump_json(case, exclude=_BY_VERSION).decode()


def recording_of(case: Case, entries: tuple[Entry, ...], was: Weight | None = None) -> Recording:
    """Give what SQL is told of a case after its newest entries; `was` as `Recording` has it."""
    return Recording(
        entries=entries,
        summary=summary(case),
        state=case_state(case),
        policy=case.finding.policy.version,
        calendar=case.finding.calendar.version,
        was=was,
        waits=waits(case.finding),
        attempt=attempt_of(case.finding, entries[-1].at if entries else case.finding.issued_at),
    )


def case_of(state: str, policy: Policy, calendar: Calendar) -> Case:
    """Give the case of a state, with the policy and calendar it was left without; one for the same text."""
    return _case_of(state, Itself(policy), Itself(calendar))


@lru_cache(MOST_KEPT)
def _case_of(state: str, policy: Itself[Policy], calendar: Itself[Calendar]) -> Case:
    data = from_json(state)
    data["finding"] |= {"policy": policy.known, "calendar": calendar.known}
    return adapter(Case).validate_python(data)


def gathering_recording_of(case: GatheringCase, entries: tuple[Entry, ...]) -> GatheringRecording:
    """Give what SQL is told of a gathering after its newest entries."""
    return GatheringRecording(
        entries=entries,
        summary=gathering_rows.summary(case),
        state=adapter(GatheringCase).dump_json(case, exclude=_STATE_BY_VERSION).decode(),
        policy=case.state.policy.version,
        calendar=case.state.calendar.version,
        waits=waits_of(case.state),
    )


def gathering_case_of(state: str, policy: Policy, calendar: Calendar) -> GatheringCase:
    """Give the gathering of a state, with the policy and calendar it was left without."""
    data = from_json(state)
    data["state"] |= {"policy": policy, "calendar": calendar}
    return adapter(GatheringCase).validate_python(data)


def policy_json(policy: Policy) -> str:
    """Give a policy as JSON."""
    return adapter(Policy).dump_json(policy).decode()


@lru_cache(_MOST_KEPT)
def policy_of(body: str) -> Policy:
    """Give the policy that JSON holds. Nobody changes a policy, so one is given for the same text."""
    return adapter(Policy).validate_json(body)


def calendar_json(calendar: Calendar) -> str:
    """Give a calendar as JSON."""
    return adapter(Calendar).dump_json(calendar).decode()


@lru_cache(_MOST_KEPT)
def calendar_of(body: str) -> Calendar:
    """Give the calendar that JSON holds; one for the same text."""
    return adapter(Calendar).validate_json(body)
