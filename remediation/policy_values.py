"""Single values of a policy file: from TOML to the rules' types, and back to TOML.

Each reader raises ValueError with a sentence that names the value and the way out.
"""

import json
from collections.abc import Callable, Mapping
from datetime import time
from types import MappingProxyType
from typing import get_type_hints

from remediation.matching import did_you_mean
from remediation.spans import Span
from remediation.words import Role

Reader = Callable[[object], object]

NONE = "none"
"""How a policy file says that no date is set; TOML has no word of its own for that."""

ROLES_TO_TELL = tuple(role for role in Role if role not in {Role.SYSTEM, Role.OPERATOR})


def read_span(value: object) -> Span:
    """Read a length of time such as "30d"."""
    if not isinstance(value, str):
        message = f'{value!r} is not a length of time; write it in quotes, like "24h", "30d" or "10wd"'
        raise ValueError(message)  # noqa: TRY004 - one error for all that a file can get wrong
    return Span.parse(value)


def read_span_or_none(value: object) -> Span | None:
    """Read a length of time, or "none" where no date is to be set."""
    if value == NONE:
        return None
    try:
        return read_span(value)
    except ValueError as error:
        message = f'{error}, or "none"'
        raise ValueError(message) from None


def read_text(value: object) -> str:
    """Read a text."""
    if not isinstance(value, str):
        message = f"{value!r} is not a text; put it in quotes"
        raise ValueError(message)  # noqa: TRY004 - one error for all that a file can get wrong
    return value


def read_flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        message = f"{value!r} is neither true nor false (without quotes)"
        raise ValueError(message)  # noqa: TRY004 - one error for all that a file can get wrong
    return value


def read_number(value: object) -> int:
    """Read a whole number."""
    if isinstance(value, bool) or not isinstance(value, int):
        message = f"{value!r} is not a whole number (without quotes)"
        raise ValueError(message)  # noqa: TRY004 - one error for all that a file can get wrong
    return value


def read_clock(value: object) -> time:
    """Read a time of day, 09:00:00 or "09:00"."""
    try:
        clock = time.fromisoformat(str(value))
    except ValueError:
        clock = None
    if clock is None or clock.tzinfo is not None:
        message = f'{value!r} is not a time of day; write it as 09:00:00 or "09:00"'
        raise ValueError(message)
    return clock


def read_numbers(value: object) -> tuple[int, ...]:
    """Read a list of whole numbers."""
    if not isinstance(value, list):
        message = f"{value!r} is not a list; write it as [14, 7, 1, 0]"
        raise ValueError(message)  # noqa: TRY004 - one error for all that a file can get wrong
    return tuple(read_number(each) for each in value)


def read_roles(value: object) -> tuple[Role, ...]:
    """Read a list of roles' names."""
    if not isinstance(value, list) or not value:
        message = f'{value!r} is not a list of roles; write it as ["advisor"]'
        raise ValueError(message)
    return tuple(_role(each) for each in value)


def _role(value: object) -> Role:
    if value not in ROLES_TO_TELL:
        message = f"{value!r} is not a role that can be told; {did_you_mean(str(value), ROLES_TO_TELL)}"
        raise ValueError(message)
    return Role(str(value))


_READERS: Mapping[object, Reader] = MappingProxyType(
    {
        Span: read_span,
        Span | None: read_span_or_none,
        bool: read_flag,
        int: read_number,
        time: read_clock,
        tuple[int, ...]: read_numbers,
        tuple[Role, ...]: read_roles,
    }
)


def readers(part: type) -> dict[str, Reader]:
    """Give the reader of each key of a part of the policy, by the type of its field."""
    return {key: _READERS[kind] for key, kind in get_type_hints(part).items()}


def toml(value: object) -> str:
    """Give a value of the policy as TOML that the reader above takes back."""
    if value is None:
        return json.dumps(NONE)
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(toml(each) for each in value)}]"
    if isinstance(value, int | time):
        return str(value)
    return json.dumps(str(value))
