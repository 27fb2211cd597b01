"""The command `crosswalk`: which ids a programme's questions had before."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from service.command_line.storing import database
from service.command_line.telling import AsJson, out, show_json, show_table
from service.crosswalks import UnusableCrosswalk, read_crosswalk
from service.faults import Fault
from storage import programmes, repeats
from storage.database import reading, writing


def crosswalk(
    file: Annotated[
        Path | None, typer.Argument(help="CSV or TOML; without it, what holds is shown.", metavar="FILE")
    ] = None,
    programme: Annotated[str, typer.Option("--programme", help="Whose questions.")] = "",
    as_json: AsJson = False,
) -> None:
    """Say which id a question has now, by the id that it had in an earlier version of the catalogue.

    Repeats are matched through it when the next assessment is imported. A file holds the whole crosswalk, and
    takes the place of the one before: CSV with the columns `old` and `new`, or TOML with a table
    `[questions]`. What was imported before stays as it was.

    Examples:

        mendwork crosswalk cat-2027.csv --programme better
        mendwork crosswalk --programme better --json
    """
    with database() as store:
        with reading(store) as connection:
            if programmes.programme(connection, programme) is None:
                raise Fault(
                    f"there is no programme {programme!r}: `--programme` takes an id of the directory"
                )
        if file is not None:
            questions = _read(file)
            with writing(store) as connection:
                repeats.load(connection, programme, questions, datetime.now(UTC))
        with reading(store) as connection:
            holds = repeats.crosswalk(connection, programme)
    if as_json:
        show_json({"programme": programme, "version": holds.version, "questions": dict(holds.questions)})
    elif file is not None:
        out().print(
            f"{programme}: version {holds.version} of the crosswalk, {len(holds.questions)} questions"
        )
    else:
        show_table(f"Version {holds.version}", ("old", "new"), sorted(holds.questions.items()))


def _read(file: Path) -> dict[str, str]:
    try:
        return read_crosswalk(file.read_bytes())
    except OSError as error:
        raise Fault(f"{file} cannot be read: {error.strerror}") from error
    except UnusableCrosswalk as error:
        raise Fault(f"{file}: {error}") from error
