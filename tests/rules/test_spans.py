"""Lengths of time as policies write them."""

import pytest

from remediation.spans import Span, Unit


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("24h", 24, Unit.HOURS),
        ("30d", 30, Unit.DAYS),
        ("10wd", 10, Unit.WORKING_DAYS),
        (" 1d ", 1, Unit.DAYS),
        ("9999h", 9999, Unit.HOURS),
    ],
)
def test_it_reads_hours_days_and_working_days(text: str, amount: int, unit: Unit) -> None:
    span = Span.parse(text)
    assert span == Span(amount, unit)
    assert str(span) == text.strip()


@pytest.mark.parametrize(
    "text", ["", "d", "10", "1.5d", "-1d", "0d", "00h", "10 d", "10w", "10D", "12345d", "\u0661d", "1d1d"]
)
def test_it_refuses_anything_else_and_says_how_to_write_it(text: str) -> None:
    with pytest.raises(ValueError, match="24h, 30d or 10wd") as refused:
        Span.parse(text)
    assert repr(text) in str(refused.value)


def test_a_plain_number_means_days() -> None:
    assert Span(3) == Span(3, Unit.DAYS)
