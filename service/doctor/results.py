"""What the doctor says: a line for each thing looked at."""

from dataclasses import dataclass
from enum import StrEnum


class Health(StrEnum):
    """How something is. Only a fault stops Mendwork from keeping its promises."""

    GOOD = "good"
    WARNING = "warning"
    FAULT = "fault"
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True, slots=True)
class Result:
    """What was looked at, how it is, what was seen there, and the way out."""

    what: str
    health: Health
    seen: str
    way_out: str = ""


def good(what: str, seen: str) -> Result:
    """Say that something is as it should be."""
    return Result(what, Health.GOOD, seen)


def warning(what: str, seen: str, way_out: str) -> Result:
    """Say that somebody should look at something when there is time."""
    return Result(what, Health.WARNING, seen, way_out)


def fault(what: str, seen: str, way_out: str) -> Result:
    """Say that something is broken, and what to do about it."""
    return Result(what, Health.FAULT, seen, way_out)


def skipped(what: str, because: str) -> Result:
    """Say that something could not be looked at."""
    return Result(what, Health.NOT_CHECKED, because)
