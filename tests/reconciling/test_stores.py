"""What the reconciler and the rebuilding do in SQL, on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, delete, select

from remediation.case import Case
from remediation.words import FindingId, Stage
from service.reconciling.mending import rebuild_row, receipts
from service.reconciling.recovering import RECOVERED, StoriesDifferError, quiet, recover
from service.reconciling.standing import all_ids, ledger_troubles, mail_troubles, open_subjects, overdue_wakes
from service.reconciling.stories import Story
from service.reconciling.troubles import Code
from storage import findings, ledger
from storage.database import reading, writing
from storage.recording import record
from storage.tables import findings as rows
from storage.tables import letters
from tests.storage.builders import MONDAY, Life, a_life, a_recording, agreed
from tests.storage.cast import keep_versions
from workflows.messages import Head

F1 = FindingId("f1")


def keep(engine: Engine, life: Life, since: int = 0) -> None:
    with writing(engine) as connection:
        keep_versions(connection)
        record(connection, [a_recording(life, since)])


def begun(life: Life) -> Case:
    return a_life(life.case.finding.id).case


def told_by(life: Life) -> Story:
    """Give what the workflow of such a life would tell."""
    head = Head(seq=life.case.seq, digest=life.case.digest, stored=life.case.seq, wakes_at=None)
    return Story(head=head, start=begun(life), entries=life.entries[1:], latest=a_recording(life))


def test_what_an_empty_database_lacks_is_all_recovered_and_no_letter_waits(engine: Engine) -> None:
    life = agreed(a_life())
    with writing(engine) as connection:
        assert recover(connection, F1, told_by(life)) == len(life.entries)
        assert recover(connection, F1, told_by(life)) == 0
    with reading(engine) as connection:
        assert ledger.entries(connection, F1) == life.entries
        assert findings.case(connection, F1) == life.case
        assert not ledger_troubles(connection, all_ids(connection))
        states = connection.execute(select(letters.c.state, letters.c.reason)).all()
        assert {tuple(state) for state in states} == {("skipped", RECOVERED)}


def test_a_story_that_does_not_fit_the_ledger_changes_nothing(engine: Engine) -> None:
    keep(engine, a_life(at=MONDAY + timedelta(hours=1)))
    with pytest.raises(StoriesDifferError, match="differ at entry 2"), writing(engine) as connection:
        recover(connection, F1, told_by(agreed(a_life())))
    with reading(engine) as connection:
        assert len(ledger.entries(connection, F1)) == 1


def test_only_what_may_have_left_is_held_back(engine: Engine) -> None:
    keep(engine, agreed(a_life()))
    with writing(engine) as connection:
        every = len(connection.execute(select(letters.c.id)).all())
        proposed = MONDAY + timedelta(minutes=90)
        held, mails = quiet(connection, MONDAY + timedelta(days=1), proposed)
        left = connection.execute(select(letters.c.at).where(letters.c.state == "waiting")).scalars().all()
    assert 0 < held < every
    assert mails == 0
    assert all(at >= proposed for at in left)


def test_rows_lost_and_entries_missing_show(engine: Engine) -> None:
    life = agreed(a_life())
    keep(engine, life, since=1)
    with writing(engine) as connection:
        assert not open_subjects(connection)[F1].whole
        assert [each.code for each in ledger_troubles(connection, [F1])] == [Code.BROKEN_CHAIN]
    keep(engine, life)
    with writing(engine) as connection:
        assert open_subjects(connection)[F1].whole
        before = connection.execute(select(rows)).one()
        connection.execute(delete(rows))
        assert [each.code for each in ledger_troubles(connection, all_ids(connection))] == [Code.ASTRAY]
        rebuild_row(connection, F1)
        assert connection.execute(select(rows)).one() == before


def test_late_notices_and_waiting_letters_show(engine: Engine) -> None:
    life = agreed(a_life())
    keep(engine, life)
    with reading(engine) as connection:
        assert overdue_wakes(connection, [F1], MONDAY) == {}
        assert overdue_wakes(connection, [F1], MONDAY + timedelta(days=90)).keys() == {F1}
        found = {each.code for each in mail_troubles(connection, MONDAY + timedelta(days=1))}
        assert found == {Code.LETTER_WAITS}


def test_receipts_tell_what_orders_led_to(engine: Engine) -> None:
    life = agreed(a_life())
    keep(engine, life)
    with reading(engine) as connection:
        *_, last = receipts(connection, F1)
    assert (last.command, last.facts, last.stage) == ("c-sign-bao", ("signed", "committed"), Stage.COMMITTED)
    assert last.seq == life.case.seq
