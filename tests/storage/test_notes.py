from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import Engine, text

from remediation.words import FindingId, NoteId
from storage import notes
from storage.database import reading, writing
from storage.statements import AlreadyOtherwise
from tests.storage.builders import AMINA, BAO
from tests.storage.cast import NOW

REASON = notes.Note(
    id=NoteId("n1"), finding=FindingId("f1"), by=AMINA, at=NOW, purpose="reason", text="The doors are locked."
)

WAITS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def test_a_note_stands_once_however_often_it_is_written(engine: Engine) -> None:
    with writing(engine) as connection:
        notes.write_note(connection, REASON)
        notes.write_note(connection, replace(REASON, at=NOW + timedelta(minutes=1)))
        notes.write_note(connection, replace(REASON, id=NoteId("n2"), at=NOW - timedelta(days=1)))
    with reading(engine) as connection:
        assert list(notes.notes_of(connection, "f1")) == ["n2", "n1"]
        assert notes.find_notes(connection, ["n1", "n9"]) == {"n1": REASON}
        assert notes.notes_of(connection, "f2") == {}


def test_two_who_write_a_note_at_the_same_moment_write_the_same_note(
    engine: Engine, open_another: Callable[[], Engine]
) -> None:
    another = open_another()

    def second() -> None:
        with writing(another) as connection:
            notes.write_note(connection, replace(REASON, at=NOW + timedelta(seconds=1)))

    with ThreadPoolExecutor() as pool:
        with writing(engine) as connection:
            notes.write_note(connection, REASON)
            writes = pool.submit(second)
            while engine.dialect.name == "postgresql" and not connection.execute(WAITS).scalar():
                pass  # each look is a statement; SQLite lets the second begin only after the first
        writes.result()
    with reading(engine) as connection:
        assert notes.find_notes(connection, ["n1"]) == {"n1": REASON}


def test_another_text_never_takes_a_note_s_place(engine: Engine) -> None:
    with writing(engine) as connection:
        notes.write_note(connection, REASON)
    with pytest.raises(AlreadyOtherwise, match="notes: id n1"), writing(engine) as connection:
        notes.write_note(connection, replace(REASON, text="All is well."))


def test_a_revision_is_known_by_the_digest_of_its_content(engine: Engine) -> None:
    content = '{"root_cause":"keys were kept in the office"}'
    with writing(engine) as connection:
        digest = notes.write_revision(connection, "f1", BAO, NOW, content)
        assert digest == sha256(content.encode()).hexdigest()
        assert notes.write_revision(connection, "f1", AMINA, NOW + timedelta(days=1), content) == digest
        later = notes.write_revision(connection, "f1", AMINA, NOW + timedelta(days=1), "{}")
        of_bao = notes.revision(connection, "f1", digest)
        assert of_bao is not None
        assert (of_bao.author, of_bao.at, of_bao.content) == (BAO, NOW, content)
        assert notes.revision(connection, "f2", digest) is None
        assert [each.digest for each in notes.revisions_of(connection, "f1")] == [digest, later]
