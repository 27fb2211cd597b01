"""The database that the commands work on."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine
from sqlalchemy.exc import ArgumentError

from service.command_line.telling import settings
from service.faults import WrongSettings
from service.settings import Settings
from storage.database import open_engine


@contextmanager
def database(given: Settings | None = None) -> Iterator[Engine]:
    """Give the database for a `with` block. Nothing is connected yet."""
    engine = _engine((given or settings()).database)
    try:
        yield engine
    finally:
        engine.dispose()


def _engine(url: str) -> Engine:
    try:
        return open_engine(url)
    except (ValueError, ArgumentError) as error:
        message = f"MENDWORK_DATABASE_URL cannot be used: {error}"
        raise WrongSettings(message) from error
