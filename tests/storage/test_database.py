import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, select, text
from sqlalchemy.exc import DatabaseError

from storage.columns import Instant
from storage.database import UNAVAILABLE, migrate, open_engine, reading, schema_is_current, writing
from storage.entrance import sessions
from storage.hook_tables import hooks
from storage.places import programmes
from storage.repeats import repeats
from storage.tables import notes
from storage.uploads import uploads
from tests.postgres import Cluster


def test_the_migrated_schema_is_the_one_the_program_expects(engine: Engine) -> None:
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        # Each of these modules brings tables of its own.
        assert {each.metadata for each in (sessions, hooks, programmes, repeats, uploads)} == {notes.metadata}
        assert compare_metadata(context, notes.metadata) == []


def test_migrating_twice_changes_nothing(empty_url: str) -> None:
    engine = open_engine(empty_url)
    assert not schema_is_current(engine)
    migrate(engine)
    migrate(engine)
    assert schema_is_current(engine)
    engine.dispose()


MIGRATE = "import sys; from storage.database import *; migrate(open_engine(sys.argv[1]))"


def test_processes_that_start_together_migrate_once(empty_url: str) -> None:
    together = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_url], stderr=subprocess.PIPE) for _ in range(3)
    ]
    ends = [(process.communicate()[1].decode(), process.returncode) for process in together]
    assert ends == [("", 0)] * 3
    engine = open_engine(empty_url)
    assert schema_is_current(engine)
    engine.dispose()


def test_a_database_that_comes_back_is_used_again_without_a_restart(postgres_binaries: Path) -> None:
    with Cluster(postgres_binaries) as cluster:
        engine = open_engine(cluster.create("mendwork"))
        migrate(engine)
        with reading(engine) as connection:
            cluster.kill()
            with pytest.raises(UNAVAILABLE):
                connection.execute(select(notes))
        with pytest.raises(UNAVAILABLE), reading(engine) as connection:
            connection.execute(select(notes))
        cluster.start()
        assert schema_is_current(engine)
        engine.dispose()


def test_a_database_that_another_process_holds_is_unavailable_for_now(
    engine: Engine, open_another: Callable[[], Engine], dialect: str
) -> None:
    patience = {"sqlite": "PRAGMA busy_timeout=1", "postgresql": "SET lock_timeout=1"}[dialect]
    note = {"id": "n", "finding": "f", "by": "b", "at": datetime.now(UTC), "purpose": "reason", "text": "…"}
    impatient = open_another()
    with impatient.connect() as connection:
        connection.exec_driver_sql(patience)
        connection.commit()
    with writing(engine) as connection:
        connection.execute(notes.insert(), note)
        with pytest.raises(UNAVAILABLE), writing(impatient) as other:
            other.execute(notes.insert(), note)


@pytest.mark.parametrize("change", ["UPDATE ledger SET body = '{}'", "DELETE FROM ledger"])
def test_the_database_itself_refuses_to_change_the_ledger(engine: Engine, change: str) -> None:
    row = "INSERT INTO ledger VALUES ('f1', 1, '2026-01-01 00:00:00', 'chloe', NULL, 'issued', '{}', 'd')"
    with writing(engine) as connection:
        connection.execute(text(row))
    with pytest.raises(DatabaseError, match="append-only"), writing(engine) as connection:
        connection.execute(text(change))


def test_an_instant_comes_back_in_utc_whatever_zone_it_went_in_with(engine: Engine) -> None:
    dhaka = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=6)))
    note = {"id": "n", "finding": "f", "by": "amina", "at": dhaka, "purpose": "reason", "text": "…"}
    with writing(engine) as connection:
        connection.execute(notes.insert(), note)
    with reading(engine) as connection:
        assert connection.execute(select(notes.c.at)).scalar_one().isoformat() == "2026-03-01T03:00:00+00:00"


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware instant"):
        Instant().process_bind_param(datetime(2026, 3, 1), object())  # type: ignore[arg-type]  # noqa: DTZ001


def test_a_write_that_fails_leaves_nothing(engine: Engine) -> None:
    note = {"id": "n", "finding": "f", "by": "b", "at": datetime.now(UTC), "purpose": "reason", "text": "…"}
    with pytest.raises(DatabaseError), writing(engine) as connection:
        connection.execute(notes.insert(), [note, note])
    with reading(engine) as connection:
        assert connection.execute(select(notes)).all() == []


def test_writers_queue_where_two_read_before_they_write(open_another: Callable[[], Engine]) -> None:
    first, second = open_another(), open_another()
    note = {"finding": "f", "by": "b", "at": datetime.now(UTC), "purpose": "reason", "text": "…"}
    for number, engine in enumerate((first, second, first, second)):
        with writing(engine) as connection:
            assert len(connection.execute(select(notes)).all()) == number
            connection.execute(notes.insert(), note | {"id": str(number)})


def test_another_kind_of_database_is_refused_with_the_ones_that_work() -> None:
    with pytest.raises(ValueError, match="use sqlite:///file or postgresql"):
        open_engine("mysql://host/name")
