"""Which factories need somebody first."""

from dataclasses import replace
from datetime import UTC, datetime

from remediation.need import Need, by_need

LOTUS = Need(factory="lotus", level=0, open=3, overdue=1, grave=0)


def order(*needs: Need) -> list[str]:
    return [each.factory for each in by_need(needs)]


def test_a_calm_factory_is_left_out() -> None:
    assert by_need([replace(LOTUS, overdue=0)]) == ()


def test_level_comes_first_then_grave_then_overdue_then_what_is_asked() -> None:
    busy = replace(LOTUS, factory="busy", overdue=9, asked=9)
    grave = replace(LOTUS, factory="grave", grave=1)
    high = replace(LOTUS, factory="high", level=1, overdue=0)
    asked = replace(LOTUS, factory="asked", asked=1)
    assert order(LOTUS, asked, busy, grave, high) == ["high", "grave", "busy", "asked", "lotus"]


def test_among_equals_the_soonest_date_decides_and_then_the_id() -> None:
    soon = replace(LOTUS, factory="soon", next_due=datetime(2026, 1, 1, tzinfo=UTC))
    assert order(replace(LOTUS, factory="a"), LOTUS, soon) == ["soon", "a", "lotus"]
