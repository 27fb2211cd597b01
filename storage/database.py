"""Engines for SQLite and PostgreSQL, the two kinds of transaction, and migrations."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeout)
"""Errors that mean the database cannot answer now: nothing was half written, and a retry may do."""

_BUSY_MS = 10_000
_PRAGMAS = (
    f"PRAGMA busy_timeout={_BUSY_MS}",  # first: the others may have to wait for another process too
    "PRAGMA journal_mode=WAL",
    # Commits outlive the death of any process. Only a loss of power may cost the last moments, here and in
    # the embedded Temporal server alike; `mendwork doctor` shows where the two then differ.
    "PRAGMA synchronous=NORMAL",
    "PRAGMA foreign_keys=ON",
)
_MIGRATION_LOCK = 0x4D454E44


def open_engine(url: str | URL) -> Engine:
    """Give an engine for `sqlite:///file` or `postgresql://…` (psycopg). Nothing is connected yet.

    Raises ValueError for another kind of database.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed)
    if parsed.get_backend_name() == "postgresql":
        options = {"options": "-c timezone=UTC", "connect_timeout": "5"}
        return create_engine(
            parsed.set(drivername="postgresql+psycopg"), pool_pre_ping=True, connect_args=options
        )
    message = f"{parsed.get_backend_name()} is not supported; use sqlite:///file or postgresql://host/name"
    raise ValueError(message)


def _sqlite(url: URL) -> Engine:
    engine = create_engine(url)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI connection
    connection.isolation_level = None  # transactions begin where _begin_sqlite says
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later is refused at once when another has written in
    # between, however long the busy timeout: writers must queue from their start.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Give a connection in one transaction that writes; it commits at the end, or rolls back on an error."""
    with engine.execution_options(writes=True).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Give a connection in one transaction that only reads."""
    with engine.connect() as connection:
        yield connection


def migrate(engine: Engine) -> None:
    """Bring the schema to the newest version. Safe to repeat, and to run from several processes at once."""
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def schema_is_current(engine: Engine) -> bool:
    """Tell whether the schema is at the version this program needs. Raises one of UNAVAILABLE."""
    newest = ScriptDirectory.from_config(migrations()).get_current_head()
    with reading(engine) as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def migrations() -> Config:
    """Give alembic's configuration, which lies in this package and not in a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
