from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from remediation.words import CommandId
from storage import findings, ledger
from storage.database import reading, writing
from storage.recording import record
from tests.storage.builders import Life, a_life, a_recording, agreed, recordings
from tests.storage.cast import keep_versions


def keep(engine: Engine, *lives: Life) -> None:
    with writing(engine) as connection:
        keep_versions(connection)
        record(connection, recordings(lives))


def test_a_finding_s_entries_come_back_exactly(engine: Engine) -> None:
    life = agreed(a_life())
    keep(engine, life, a_life("f2"))
    with reading(engine) as connection:
        assert ledger.entries(connection, "f1") == life.entries
        assert ledger.entries(connection, "nothing") == ()


def test_a_command_s_outcome_is_read_from_the_ledger(engine: Engine) -> None:
    life = agreed(a_life())
    keep(engine, life)
    with reading(engine) as connection:
        of_bao = ledger.entries_of_command(connection, CommandId("c-sign-bao"))
        assert [entry.kind for entry in of_bao] == ["signed", "committed"]
        assert ledger.entries_of_command(connection, CommandId("c-never")) == ()


def test_the_ledger_alone_adds_up_to_the_state(engine: Engine) -> None:
    life = agreed(a_life())
    life = life.keep_time(life.entries[-1].at + timedelta(days=60))
    keep(engine, life)
    with reading(engine) as connection:
        assert ledger.refold(connection, "f1") == life.case == findings.case(connection, "f1")
        assert ledger.astray(connection) == ()


def test_a_state_that_its_ledger_does_not_add_up_to_is_named(engine: Engine) -> None:
    first = a_life()
    wrong = replace(a_recording(agreed(a_life())), entries=())
    keep(engine, first, a_life("f2"))
    with writing(engine) as connection:
        record(connection, [wrong])
        record(connection, [replace(a_recording(a_life("f3")), entries=())])
        assert ledger.astray(connection) == ("f1", "f3")


def test_a_finding_without_a_beginning_cannot_be_added_up(engine: Engine) -> None:
    keep(engine)
    with writing(engine) as connection:
        record(connection, [a_recording(agreed(a_life()), since=1)])
        with pytest.raises(ledger.LedgerUnreadable, match="f1"):
            ledger.refold(connection, "f1")


def test_a_gap_and_a_changed_word_break_the_chain_of_their_finding_only(engine: Engine) -> None:
    life = agreed(a_life())
    changed = agreed(a_life("f2"))
    forged = replace(changed.entries[2], by=changed.entries[0].by)
    keep(engine, Life(life.case, life.entries[:2] + life.entries[3:]), agreed(a_life("f3")))
    keep(engine, Life(changed.case, (*changed.entries[:2], forged, *changed.entries[3:])))
    with reading(engine) as connection:
        assert ledger.broken_chains(connection) == {"f1": 3, "f2": 3}


def test_what_was_missing_can_be_filled_in(engine: Engine) -> None:
    life = agreed(a_life())
    keep(engine, Life(life.case, life.entries[:2] + life.entries[3:]))
    keep(engine, life)
    with reading(engine) as connection:
        assert ledger.broken_chains(connection) == {}
