"""The command that brings the database up to date."""

import time
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import Engine, exists, inspect, select

from service.command_line.storing import database
from service.command_line.telling import err
from storage.database import UNAVAILABLE, migrate, reading, schema_is_current
from storage.tables import findings

LOOK_AGAIN_SECONDS = 1.0


def migrate_database(
    wait: Annotated[
        int, typer.Option(min=0, help="Seconds to wait for a database that does not answer.")
    ] = 0,
) -> None:
    """Bring the database's schema up to date.

    Safe to repeat, and to run from several places at once. It says whether `mendwork reconcile` is to follow.

    Example, in a deployment, before the new version's service and worker start:

        mendwork migrate --wait 60
    """
    with database() as engine:
        _make_folder(engine)
        _wait_for(engine, wait)
        brought_along = _findings_of_before(engine)
        migrate(engine)
    err().print("The database is up to date.")
    if brought_along:
        err().print(
            "Once workers run, `mendwork reconcile` fills in what this version keeps of findings of before.",
            markup=False,
            soft_wrap=True,
        )


def _findings_of_before(engine: Engine) -> bool:
    """Whether findings stand in a schema of an earlier version."""
    if schema_is_current(engine):
        return False
    with reading(engine) as connection:
        return inspect(connection).has_table(findings.name) and bool(
            connection.execute(select(exists(select(findings.c.id)))).scalar()
        )


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
