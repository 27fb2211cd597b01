"""Lengths of time as policies write them: `24h`, `30d`, `10wd`."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """Hours are exact; days and working days end with the factory's local day."""

    HOURS = "h"
    DAYS = "d"
    WORKING_DAYS = "wd"


@dataclass(frozen=True, slots=True)
class Span:
    """A positive length of time in one unit."""

    amount: int
    unit: Unit = Unit.DAYS

    def __str__(self) -> str:
        return f"{self.amount}{self.unit.value}"

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read `24h`, `30d` or `10wd`. Raises ValueError with the expected form."""
        match = re.fullmatch(r"([1-9][0-9]{0,3})(h|d|wd)", text.strip())
        if match is None:
            message = f"{text!r} is not a length of time; write it as 24h, 30d or 10wd"
            raise ValueError(message)
        return cls(int(match[1]), Unit(match[2]))
