"""Expected faults in a sentence each: what is wrong, and the way out."""

from pydantic import ValidationError
from sqlalchemy.exc import DBAPIError

from service.children import ChildFailedError
from service.command_line.telling import Fault, WrongSettings
from service.demo import DemoMissingError
from service.home import CannotStartError
from storage.database import UNAVAILABLE

SPEAK_FOR_THEMSELVES = (Fault, CannotStartError, ChildFailedError, DemoMissingError)


def sentence_of(error: Exception) -> str | None:
    """Give what to tell the person about an error; None for one that nobody expected."""
    if isinstance(error, SPEAK_FOR_THEMSELVES):
        return str(error)
    if isinstance(error, ValidationError) and error.title == "Settings":
        return _settings(error)
    if isinstance(error, UNAVAILABLE):
        return _database(error)
    return None


def exit_code(error: Exception) -> int:
    """Give 2 where the person asked wrongly, else 1."""
    return 2 if isinstance(error, ValidationError | WrongSettings) else 1


def _settings(error: ValidationError) -> str:
    faults = (f"MENDWORK_{'_'.join(map(str, each['loc'])).upper()}: {each['msg']}" for each in error.errors())
    return f"settings that cannot be used (environment or .env): {'; '.join(faults)}"


def _database(error: Exception) -> str:
    said = str(error.orig if isinstance(error, DBAPIError) else error).strip().splitlines()
    if said and "no such table" in said[0]:
        return "the database is not set up yet. Run `mendwork migrate`, or `mendwork up` for all at once"
    return (
        f"the database does not answer ({said[0] if said else 'no reason given'}). See that it runs and that "
        f"MENDWORK_DATABASE_URL names it; `mendwork doctor` tells more"
    )
