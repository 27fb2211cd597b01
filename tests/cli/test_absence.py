"""Leave on the command line, as an operator enters it."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.cli.conftest import Terminal
from tests.cli.test_showing import database

__all__ = ["database"]

FIRST = datetime.now(UTC).date()
LAST = FIRST + timedelta(days=7)


@pytest.mark.usefixtures("database")
def test_an_absence_is_entered_listed_and_called_off(terminal: Terminal) -> None:
    said = terminal.type("absence", "enter", "chloe", f"{FIRST}", f"{LAST}", "--deputy", "tomas")
    assert said.out == f"Chloe is away from {FIRST} to {LAST}. In their place: tomas.\n", said.err
    (listed,) = terminal.type("absence", "list", "--json").json
    assert (listed["person"], listed["deputy"], listed["last"]) == ("chloe", "tomas", f"{LAST}")
    assert "chloe" in terminal.type("absence", "list", "chloe").out
    off = terminal.type("absence", "call-off", "chloe", f"{FIRST}", "--by", "tomas", "--json").json
    assert off == {"person": "chloe", "first": f"{FIRST}", "called_off_by": "tomas"}
    assert terminal.type("absence", "list", "--json").json == []


@pytest.mark.usefixtures("database")
def test_without_a_deputy_the_next_role_up_is_named(terminal: Terminal) -> None:
    said = terminal.type("absence", "enter", "chloe@example.org", f"{FIRST}", f"{LAST}")
    assert said.out.endswith("In their place: the next role up.\n")
    assert terminal.type("absence", "covered", "chloe", "--json").json == []


@pytest.mark.usefixtures("database")
def test_what_cannot_be_is_told_with_the_way_out(terminal: Terminal) -> None:
    seat = terminal.type("absence", "enter", "amina", f"{FIRST}", f"{LAST}", "--deputy", "bao")
    assert (seat.code, "deputy: Committee seats are held in person" in seat.err) == (1, True)
    backwards = terminal.type("absence", "enter", "chloe", f"{LAST}", f"{FIRST}")
    assert (backwards.code, "last: The last day lies before the first" in backwards.err) == (1, True)
    unknown = terminal.type("absence", "call-off", "chloe", f"{FIRST}")
    assert (unknown.code, "`mendwork absence list` shows them all" in unknown.err) == (1, True)
