"""Expected faults in a sentence each: what is wrong, and the way out."""

from pydantic import ValidationError

from service.faults import Fault, WrongSettings

NOT_SET_UP = ("no such table", "unable to open database file", 'relation "')
"""How SQLite and PostgreSQL say that a table, or the file, is not there."""


def sentence_of(error: Exception) -> str | None:
    """Give what to tell the person about an error; None for one that nobody expected."""
    if isinstance(error, Fault):
        return str(error)
    if isinstance(error, ValidationError) and error.title == "Settings":
        return _settings(error)
    return _database(error)


def exit_code(error: Exception) -> int:
    """Give 2 where the person asked wrongly, else 1."""
    return 2 if isinstance(error, ValidationError | WrongSettings) else 1


def _settings(error: ValidationError) -> str:
    faults = (f"MENDWORK_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
    return f"settings that cannot be used (environment or .env): {'; '.join(faults)}"


def _database(error: Exception) -> str | None:
    from sqlalchemy.exc import DBAPIError, ProgrammingError

    from storage.database import UNAVAILABLE

    if not isinstance(error, (*UNAVAILABLE, ProgrammingError)):
        return None
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip() or "no reason given"
    if any(sign in said for sign in NOT_SET_UP):
        return "the database is not set up yet. Run `mendwork migrate`, or `mendwork up` for all at once"
    return (
        f"the database does not answer ({said.splitlines()[0]}). See that it runs and that "
        f"MENDWORK_DATABASE_URL names it; `mendwork doctor` tells more"
    )
