"""The command that brings the database up to date."""

import time
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine

from service.command_line.storing import database
from service.command_line.telling import err
from storage.database import UNAVAILABLE, migrate, reading

LOOK_AGAIN_SECONDS = 1.0


def migrate_database(
    wait: Annotated[
        int, typer.Option(min=0, help="Seconds to wait for a database that does not answer.")
    ] = 0,
) -> None:
    """Bring the database's schema up to date. Safe to repeat, and to run from several places at once.

    Example, in a deployment, before the new version's service and worker start:

        mendwork migrate --wait 60
    """
    with database() as engine:
        _make_folder(engine)
        _wait_for(engine, wait)
        migrate(engine)
    err().print("The database is up to date.")


def _make_folder(engine: Engine) -> None:
    """SQLite makes the file, not the folder it lies in."""
    if engine.dialect.name == "sqlite" and engine.url.database:
        Path(engine.url.database).parent.mkdir(parents=True, exist_ok=True)


def _wait_for(engine: Engine, seconds: int) -> None:
    """Return once the database answers; after `seconds`, let its error through."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            with reading(engine):
                return
        except UNAVAILABLE:
            if time.monotonic() >= deadline:
                raise
        time.sleep(LOOK_AGAIN_SECONDS)  # nobody tells when a database starts: it can only be asked again
