"""Sheets as files: XLSX whose text stays text, and CSV that no program takes for formulas.

A sheet is written to a temporary file before it is sent, so that a failure is an error and no half file.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import zip_longest
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]
from fastapi import Response
from fastapi.responses import StreamingResponse

from service.sheets.cells import protected
from service.speaking import say, spoken

Cell = str | int | date | None

IN_MEMORY = 2_000_000
"""Bytes of a file that are kept in memory; a larger one waits on disk until it is sent."""
AT_ONCE = 64 * 1024
LAST_ROW = 1_048_575
"""The last row of a worksheet, counted from 0: rules for a column reach down to it."""
NAME = re.compile(r"[^A-Za-z0-9._-]+")


class Form(StrEnum):
    """What kind of file a sheet is written as."""

    XLSX = "xlsx"
    CSV = "csv"


MEDIA = {
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column: its name, its width in characters, and what may stand in it.

    A `given` one is not meant to be changed and looks so; a `hidden` one is there for us alone.
    """

    name: str
    width: int = 14
    given: bool = True
    hidden: bool = False
    day: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table to write: its title, its columns, and its rows, which are read once and may be many."""

    title: str
    headings: Sequence[Heading]
    rows: Iterable[Sequence[Cell]]


def file_of(sheet: Sheet, form: Form, name: str) -> Response:
    """Answer with a sheet as a file to keep, named in plain letters."""
    file = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - it is closed when it was sent
    try:
        WRITERS[form](sheet, file)
    except BaseException:
        file.close()
        raise
    size = file.tell()
    file.seek(0)
    headers = {
        "Content-Disposition": f'attachment; filename="mendwork-{NAME.sub("-", name)}.{form}"',
        "Content-Length": str(size),
    }
    return StreamingResponse(_chunks(file), media_type=MEDIA[form], headers=headers)


def _chunks(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while chunk := file.read(AT_ONCE):
            yield chunk


def write_csv(sheet: Sheet, file: IO[bytes]) -> None:
    """Write UTF-8 with a byte order mark, which spreadsheets need to know it by."""
    text = io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([protected(each.name) for each in sheet.headings])
    for row in sheet.rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    text.detach()


def _csv_cell(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, date):
        return cell.isoformat()
    return protected(cell) if isinstance(cell, str) else cell


def write_xlsx(sheet: Sheet, file: IO[bytes]) -> None:
    """Write a workbook row by row, with lists to choose from and right to left where one reads so."""
    with xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False}) as book:
        _fill(book, sheet)


def _fill(book: Any, sheet: Sheet) -> None:  # noqa: ANN401 - the library is untyped
    looks = {
        "head": book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "given": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#55605c"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"}),
    }
    page = book.add_worksheet(_title(sheet.title))
    if spoken().direction == "rtl":
        page.right_to_left()
    page.freeze_panes(1, 0)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    for place, heading in enumerate(sheet.headings):
        look = looks["day" if heading.day else "text"]
        page.set_column(place, place, heading.width, look, {"hidden": heading.hidden})
        page.write_string(0, place, heading.name, looks["head"])
    last = _write_rows(page, sheet, looks)
    page.autofilter(0, 0, max(last, 1), len(sheet.headings) - 1)
    _write_choices(book, page, sheet.headings)


def _title(title: str) -> str:
    """Give a worksheet's name: Excel takes 31 characters, and some it takes not at all."""
    return re.sub(r"[\[\]:*?/\\']", " ", title)[:31]


def _write_rows(page: Any, sheet: Sheet, looks: dict[str, Any]) -> int:  # noqa: ANN401 - the library is untyped
    number = 0
    for number, row in enumerate(sheet.rows, 1):
        for place, (heading, cell) in enumerate(zip(sheet.headings, row, strict=True)):
            if cell is not None and cell != "":
                _write_cell(page, number, place, cell, looks["given" if heading.given else "text"], looks)
    return number


def _write_cell(  # noqa: PLR0913 - where, what and how
    page: Any,  # noqa: ANN401 - the library is untyped
    row: int,
    place: int,
    cell: str | int | date,
    look: Any,  # noqa: ANN401
    looks: dict[str, Any],
) -> None:
    if isinstance(cell, date):
        page.write_datetime(row, place, cell, looks["day"])
    elif isinstance(cell, int):
        page.write_number(row, place, cell, look)
    else:
        page.write_string(row, place, cell, look)


def _write_choices(book: Any, page: Any, headings: Sequence[Heading]) -> None:  # noqa: ANN401
    """Let dates be dates, and let cells be chosen from lists; the lists stand in a hidden sheet."""
    for place, heading in enumerate(headings):
        if heading.day and not heading.given:
            page.data_validation(1, place, LAST_ROW, place, _a_day())
    listed = [(place, each.choices) for place, each in enumerate(headings) if each.choices]
    if not listed:
        return
    lists = book.add_worksheet("Lists")
    lists.hide()
    for row, cells in enumerate(zip_longest(*(choices for _, choices in listed))):
        for column, cell in enumerate(cells):
            if cell is not None:
                lists.write_string(row, column, cell)
    for column, (place, choices) in enumerate(listed):
        letter = xlsxwriter.utility.xl_col_to_name(column)
        source = f"=Lists!${letter}$1:${letter}${len(choices)}"
        page.data_validation(1, place, LAST_ROW, place, _one_of(source))


def _a_day() -> dict[str, Any]:
    return {
        "validate": "date",
        "criteria": "between",
        "minimum": date(2000, 1, 1),
        "maximum": date(2100, 12, 31),
        "error_title": say("A day"),
        "error_message": say("Write a date as YYYY-MM-DD, such as 2026-03-31, without a time."),
    }


def _one_of(source: str) -> dict[str, Any]:
    return {
        "validate": "list",
        "source": source,
        "error_title": say("The list"),
        "error_message": say("Choose one from the list of this cell."),
    }


WRITERS: dict[Form, Callable[[Sheet, IO[bytes]], None]] = {Form.XLSX: write_xlsx, Form.CSV: write_csv}
