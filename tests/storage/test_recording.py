from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Connection, Engine, func, select

from remediation.recording import Recording
from storage.database import reading, writing
from storage.recording import LedgerForked, record
from storage.tables import findings, ledger, letters
from tests.storage.builders import MONDAY, a_life, a_recording, agreed, recordings


def contents(connection: Connection) -> dict[str, list[object]]:
    tables = {"ledger": ledger, "findings": findings, "letters": letters}
    return {name: list(connection.execute(select(table))) for name, table in tables.items()}


def stored(engine: Engine, *given: Recording) -> dict[str, list[object]]:
    with writing(engine) as connection:
        record(connection, given)
    with reading(engine) as connection:
        return contents(connection)


def test_what_happened_stands_in_ledger_list_and_letters(engine: Engine) -> None:
    life = agreed(a_life())
    stored(engine, a_recording(life))
    with reading(engine) as connection:
        kinds = connection.execute(select(ledger.c.kind).order_by(ledger.c.seq)).scalars().all()
        assert kinds == ["issued", "proposed", "signed", "signed", "committed"]
        row = connection.execute(select(findings)).one()
        assert (row.stage, row.seq, row.digest) == ("committed", 5, life.case.digest)
        assert row.next_due == life.case.finding.calendar.end_of(life.case.finding.actions[0].due)
        owed = connection.execute(select(letters.c.kind, letters.c.recipient).order_by(letters.c.id)).all()
    assert ("new_finding", "manager") in owed
    assert ("sign_proposal", "worker_member:amina") in owed
    assert ("committed", "action_owner:bao") in owed


def test_recording_again_changes_nothing(engine: Engine) -> None:
    recording = a_recording(agreed(a_life()))
    once = stored(engine, recording)
    assert stored(engine, recording, recording) == once


def test_many_findings_are_recorded_at_once(engine: Engine) -> None:
    now = stored(engine, *recordings(a_life(f"f{number}") for number in range(250)))
    assert {name: len(rows) for name, rows in now.items()} == {
        "ledger": 250,
        "findings": 250,
        "letters": 1000,
    }


def test_an_older_state_never_replaces_a_newer_one(engine: Engine) -> None:
    first = a_life()
    later = agreed(first)
    newest = stored(engine, a_recording(later))
    assert stored(engine, a_recording(first)) == newest


def test_two_recordings_of_one_finding_may_come_together(engine: Engine) -> None:
    first = a_life()
    later = agreed(first)
    together = stored(engine, a_recording(first), a_recording(later, since=1))
    assert len(together["ledger"]) == 5
    with reading(engine) as connection:
        assert connection.execute(select(findings.c.seq)).scalar_one() == 5


def test_another_entry_at_the_same_place_is_refused_and_nothing_is_written(engine: Engine) -> None:
    stored(engine, a_recording(a_life()))
    forked = a_life(at=MONDAY + timedelta(minutes=1))
    with pytest.raises(LedgerForked, match=r"f1: the ledger has another entry 1 .*mendwork doctor") as caught:
        stored(engine, a_recording(a_life("f2")), a_recording(forked))
    assert (caught.value.finding, caught.value.seq) == ("f1", 1)
    with reading(engine) as connection:
        assert connection.execute(select(ledger.c.finding)).scalars().all() == ["f1"]


def test_a_fork_far_down_a_large_batch_is_found(engine: Engine) -> None:
    lives = [a_life(f"f{number}") for number in range(900)]
    stored(engine, *recordings(lives))
    lives[-1] = a_life("f899", at=MONDAY + timedelta(minutes=1))
    with pytest.raises(LedgerForked):
        stored(engine, *recordings(lives))


def test_one_letter_for_each_recipient_of_a_reminder_however_often_it_is_recorded(engine: Engine) -> None:
    life = a_life()
    due = life.case.finding.review_by
    reminded = life.keep_time(due - timedelta(days=1))
    assert reminded.entries[-1].kind == "reminded"
    stored(engine, a_recording(life))
    after = stored(engine, a_recording(reminded))
    again = stored(engine, a_recording(reminded, since=1))
    assert after == again
    with reading(engine) as connection:
        rows = connection.execute(select(letters).where(letters.c.obligation == "review")).all()
    assert [(row.due, row.gathered, row.recipient) for row in rows] == [(due.isoformat(), True, "manager")]


def test_writers_that_race_leave_each_finding_once(engine: Engine) -> None:
    batch = recordings(agreed(a_life(f"f{number}")) for number in range(20))
    start = Barrier(3)
    failures: list[BaseException] = []

    def write(own: list[Recording]) -> None:
        start.wait()
        try:
            with writing(engine) as connection:
                record(connection, own)
        except BaseException as error:  # noqa: BLE001 - reported below
            failures.append(error)

    threads = [Thread(target=write, args=(own,)) for own in (batch, batch, batch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with reading(engine) as connection:
        assert connection.execute(select(func.count()).select_from(ledger)).scalar_one() == 100


def test_nothing_to_record_is_no_error(engine: Engine) -> None:
    assert stored(engine)["ledger"] == []


def test_a_state_without_entries_still_reaches_the_list(engine: Engine) -> None:
    recording = replace(a_recording(a_life()), entries=())
    assert len(stored(engine, recording)["findings"]) == 1
