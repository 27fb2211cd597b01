"""The rows of a directory file, typed: what each sheet's columns are, and what a cell may hold."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from remediation.matching import did_you_mean
from remediation.words import Role, Side
from service.api.directory import Email, Language, Name
from service.directory_file.faults import FileFault
from service.directory_file.sheets import Line

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
TRUE, FALSE = frozenset({"true", "yes", "x", "1"}), frozenset({"false", "no", "0"})


def _truth(value: object) -> object:
    """Read a tick as people write it."""
    word = str(value).strip().lower()
    return True if word in TRUE else False if word in FALSE else value


def _weekdays(value: object) -> object:
    """Read weekdays: `fri`, `Fri, Sat`, `5,6` or a list of them."""
    parts = value if isinstance(value, list) else str(value).replace(";", ",").split(",")
    return tuple(_weekday(str(part).strip().lower()) for part in parts)


def _weekday(word: str) -> object:
    return DAYS.index(word[:3]) + 1 if word[:3] in DAYS else word


def _word(value: object) -> object:
    return value.strip().lower().replace(" ", "_").replace("-", "_") if isinstance(value, str) else value


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$", strip_whitespace=True)]
Tick = Annotated[bool, BeforeValidator(_truth)]
Weekdays = Annotated[tuple[int, ...], BeforeValidator(_weekdays)]


class Row(BaseModel):
    """A row; columns that are not known are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class ProgrammeRow(Row):
    """A programme. `policy` is a policy file beside this one; without it the default policy holds."""

    id: Id
    name: Name
    policy: str = ""


class FactoryRow(Row):
    """A factory. What is left out follows from its country."""

    id: Id
    programme: str = ""
    name: Name
    country: str
    zone: str = ""
    rest_days: Weekdays = ()
    language: Language | None = None


class PersonRow(Row):
    """A person. Their id is opaque, because it enters histories, where no name belongs."""

    id: Id
    name: Name
    language: Language
    email: Email | None = None
    phone: Annotated[str, StringConstraints(pattern=r"^\+?[0-9 ()-]{3,30}$")] | None = None


class RoleRow(Row):
    """Who holds which role: at a factory or programme by its id, at `all`, or over the only programme."""

    person: str
    role: Annotated[Role, BeforeValidator(_word)]
    at: str = ""


class SeatRow(Row):
    """A committee seat, held from a day on; without one from today."""

    factory: str
    person: str
    side: Annotated[Side, BeforeValidator(_word)]
    elected: Tick = False
    co_chair: Tick = Field(default=False)
    since: date | None = None


R = TypeVar("R", bound=Row)
_SENTENCES = {
    "missing": "This column is required.",
    "enum": "Known are {expected}.",
    "date_from_datetime_parsing": "Write a date as YYYY-MM-DD, such as 2026-03-31.",
    "date_parsing": "Write a date as YYYY-MM-DD, such as 2026-03-31.",
    "bool_parsing": "Write yes or no.",
    "int_parsing": "Write weekdays as fri or 5 (Monday is 1), several with commas.",
}
_PATTERNS = {
    "id": "Use letters, digits, dots and dashes, at most 100 of them.",
    "language": "Write an ISO 639-1 code, such as en.",
    "email": "This is no e-mail address.",
    "phone": "Write digits, spaces, dashes and brackets, with + in front if need be.",
}


def typed(line: Line, kind: type[R]) -> tuple[R | None, Sequence[FileFault]]:
    """Give a line as a typed row, or what is wrong with it."""
    try:
        return kind.model_validate(dict(line.cells)), ()
    except ValidationError as error:
        return None, [line.fault(_column(each), _sentence(each, kind)) for each in error.errors()]


def _column(error: Any) -> str:  # noqa: ANN401 - pydantic's
    return str(error["loc"][0]) if error["loc"] else ""


def _sentence(error: Any, kind: type[Row]) -> str:  # noqa: ANN401 - pydantic's
    if error["type"] == "extra_forbidden":
        return f"There is no such column; {did_you_mean(_column(error), tuple(kind.model_fields))}"
    if error["type"] == "string_pattern_mismatch":
        return _PATTERNS[_column(error)]
    sentence = _SENTENCES.get(error["type"], f"{error['msg']}.")
    return sentence.format(**error.get("ctx", {}))
