"""A directory file as it comes: tables of TOML, or sheets of a workbook, into named rows of cells."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from remediation.assessment import UnreadableFile
from remediation.matching import plain
from service.assessment_files import OLD_OFFICE, ZIP, sheets_of
from service.directory_file.faults import FileFault

SHEETS = ("programmes", "factories", "people", "roles", "seats")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a sheet: its number as the file counts it, and its cells by column, empty ones left out."""

    sheet: str
    number: int
    cells: Mapping[str, Any]

    def fault(self, column: str, message: str) -> FileFault:
        """Give what is wrong with a cell of it."""
        return FileFault(sheet=self.sheet, row=self.number, column=column, message=message)


Sheets = Mapping[str, Sequence[Line]]


def read_sheets(data: bytes) -> tuple[Sheets, list[FileFault]]:
    """Read a TOML file or an XLSX workbook into its sheets, with what is wrong about the sheets themselves.

    Raises UnreadableFile when the file as a whole cannot be used.
    """
    if not data.strip():
        raise UnreadableFile("The file is empty.")
    if data.startswith((ZIP, OLD_OFFICE)):
        return _of_workbook(data)
    return _of_toml(data)


def _of_toml(data: bytes) -> tuple[Sheets, list[FileFault]]:
    try:
        tables = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise UnreadableFile("This is neither UTF-8 text (TOML) nor an XLSX workbook.") from error
    except tomllib.TOMLDecodeError as error:
        message = f"This is no TOML: {error}. Or save it as an .xlsx workbook."
        raise UnreadableFile(message) from error
    faults = [_unknown(name) for name in tables if name not in SHEETS]
    sheets: dict[str, list[Line]] = {name: [] for name in SHEETS}
    for name in SHEETS:
        rows = tables.get(name, [])
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            faults.append(FileFault(sheet=name, message=f"Write each row as a table of its own: [[{name}]]."))
            continue
        sheets[name] = [Line(name, number, row) for number, row in enumerate(rows, 1)]
    return sheets, faults


def _of_workbook(data: bytes) -> tuple[Sheets, list[FileFault]]:
    faults: list[FileFault] = []
    sheets: dict[str, list[Line]] = {name: [] for name in SHEETS}
    for title, rows in sheets_of(data).items():
        name = plain(title)
        if name in SHEETS:
            sheets[name] += _lines(name, rows)
        elif any(any(row) for row in rows):
            faults.append(_unknown(title))
    return sheets, faults


def _lines(sheet: str, rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    """Read the rows under the header, which is the first row with anything in it."""
    header: list[str] = []
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not header:
            header = (
                [cell.lower().replace(" ", "_").replace("-", "_") for cell in cells] if any(cells) else []
            )
        elif any(cells):
            pairs = zip(header, cells, strict=False)
            yield Line(sheet, number, {column: cell for column, cell in pairs if cell})


def _unknown(name: str) -> FileFault:
    return FileFault(sheet=name, message=f"There is no such sheet; known are {', '.join(SHEETS)}.")
