"""One row of an assessment file: its cells by column, read with complaints instead of exceptions."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import TypeVar

from remediation.assessment.columns import Cells, Column, Header
from remediation.assessment.findings import BadRow

Meaning = TypeVar("Meaning")

SHOWN = 80
"""Longer values are shortened in the list of bad rows."""

LONGEST: Mapping[Column, int] = MappingProxyType(
    {
        Column.FACTORY: 40,
        Column.FACTORY_NAME: 200,
        Column.CYCLE: 40,
        Column.QUESTION: 64,
        Column.QUESTION_TEXT: 2000,
        Column.STATEMENT: 4000,
        Column.EVIDENCE: 4000,
    }
)
"""The most characters a text may have. Other columns hold words of a fixed list."""

_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPREADSHEET_ERROR = re.compile(r"#(?:N/A|REF!|NAME\?|VALUE!|DIV/0!|NUM!|NULL!)")


class Row:
    """A row's cells under a header. What cannot be read is kept in `bad`."""

    def __init__(self, number: int, cells: Cells, header: Header) -> None:
        self.number = number
        self.bad: list[BadRow] = []
        self._cells = [cell.strip() for cell in cells]
        self._places = header.places
        self._beyond = [cell for cell in self._cells[len(header.names) :] if cell]

    @property
    def blank(self) -> bool:
        """Whether nothing stands in the row."""
        return not any(self._cells)

    def cell(self, column: Column) -> str:
        """Give a cell's text without surrounding space; empty where there is no such column or cell."""
        place = self._places.get(column)
        return self._cells[place] if place is not None and place < len(self._cells) else ""

    def has(self, column: Column) -> bool:
        """Whether the file has the column."""
        return column in self._places

    def refuse(self, column: Column, reason: str) -> None:
        """Record that a cell cannot be used. `reason` ends a sentence that begins with its value."""
        self.bad.append(BadRow(self.number, column, _shortened(self.cell(column)), reason))

    def refuse_cells_beyond_the_header(self) -> None:
        """Complain of cells to the right of the last heading: a comma without quotes has moved them."""
        if self._beyond:
            reason = "stands right of the last heading; put text that holds the separator in double quotes"
            self.bad.append(BadRow(self.number, "beyond the header", _shortened(self._beyond[0]), reason))

    def text(self, column: Column) -> str:
        """Give a text, or complain of its length or of what no page could show."""
        text = self.cell(column)
        if len(text) > LONGEST[column]:
            self.refuse(column, f"is {len(text)} characters long; shorten it to {LONGEST[column]}")
        elif _UNPRINTABLE.search(text):
            self.refuse(column, "holds a control character that cannot be shown; remove it")
        elif _SPREADSHEET_ERROR.fullmatch(text):
            self.refuse(column, "is an error of the spreadsheet's formula; put the value there")
        return text

    def needed(self, column: Column, way_out: str = "every finding needs it") -> str:
        """Give a text that must not be empty."""
        text = self.text(column)
        if not text:
            self.refuse(column, f"is empty; {way_out}")
        return text

    def read(self, column: Column, reader: Callable[[str], Meaning]) -> Meaning | None:
        """Give what `reader` makes of a cell; None, with a complaint, where it raises ValueError."""
        try:
            return reader(self.cell(column))
        except ValueError as error:
            self.refuse(column, str(error))
            return None


def _shortened(value: str) -> str:
    visible = _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", value)
    return visible if len(visible) <= SHOWN else visible[: SHOWN - 1] + "…"
