from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from remediation.calendar import Calendar
from remediation.facts import KINDS, Fact
from remediation.ledger import canonical
from remediation.orders import VERBS, Order, Sign
from remediation.policy import Policy
from remediation.words import CommandId, Digest, PersonId, Role, Severity
from storage import codec
from tests.storage.builders import DHAKA, REVISION, a_life, agreed

INSTANTS = st.datetimes(timezones=st.just(UTC))
st.register_type_strategy(datetime, INSTANTS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_comes_back_from_the_ledger_word_for_word(kind: str) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.from_type(KINDS[kind]))
    def holds(fact: Fact) -> None:
        body = canonical(fact)
        again = codec.fact_of(kind, body)
        assert again == fact
        assert canonical(again) == body

    holds()


@pytest.mark.parametrize("verb", VERBS)
def test_every_order_comes_back_from_its_json(verb: str) -> None:
    @settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.from_type(VERBS[verb]))
    def holds(order: Order) -> None:
        assert codec.order_of(verb, codec.order_json(order)) == order

    holds()


def test_a_case_comes_back_from_its_state() -> None:
    for life in (a_life(), agreed(a_life()), a_life(severity=Severity.ZERO_TOLERANCE, factory_told=False)):
        life = life.keep_time(life.entries[-1].at + timedelta(days=20))  # noqa: PLW2901 - later in the same life
        finding = life.case.finding
        state = codec.case_state(life.case)
        assert codec.case_of(state, finding.policy, finding.calendar) == life.case
        assert "Asia/Dhaka" not in state


def test_policies_and_calendars_come_back() -> None:
    policy = Policy()
    assert codec.policy_of(codec.policy_json(policy)) == policy
    assert codec.calendar_of(codec.calendar_json(DHAKA)) == DHAKA
    oldest = Calendar("c", "UTC", DHAKA.offsets, holidays=(DHAKA.today(datetime(2026, 1, 1, tzinfo=UTC)),))
    assert codec.calendar_of(codec.calendar_json(oldest)) == oldest
    assert policy.reminders.at == time(9)


def test_an_order_with_a_field_too_many_is_refused_by_name() -> None:
    order: dict[str, Any] = asdict(
        Sign(id=CommandId("c"), by=PersonId("amina"), acting=Role.WORKER_MEMBER, revision=Digest(REVISION))
    )
    assert isinstance(codec.order_of("sign", order), Sign)
    with pytest.raises(ValidationError, match="votes"):
        codec.order_of("sign", order | {"votes": 2})


def test_what_this_version_does_not_know_is_named() -> None:
    with pytest.raises(codec.UnknownKind, match="'teleported'"):
        codec.fact_of("teleported", "{}")
    with pytest.raises(codec.UnknownKind, match=r"'teleport'; known are .*sign"):
        codec.order_of("teleport", "{}")
