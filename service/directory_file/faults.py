"""What is wrong in a directory file, and where."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class FileFault:
    """Something wrong with a cell, or with a whole sheet (row 0). The message names the way out."""

    sheet: str
    row: int = 0
    column: str = ""
    message: str

    def __str__(self) -> str:
        """Give it as one sentence, with its place in front."""
        place = [
            self.sheet,
            *([f"row {self.row}"] if self.row else []),
            *([self.column] if self.column else []),
        ]
        return f"{', '.join(place)}: {self.message}"


class DirectoryRefused(ValueError):
    """A directory file cannot be used. `faults` are all that is wrong with it; nothing was stored."""

    def __init__(self, faults: Sequence[FileFault]) -> None:
        self.faults = tuple(sorted(faults))
        super().__init__("; ".join(map(str, self.faults)))
