"""Assessment files as they come: bytes of CSV or XLSX into rows of text, and rows into findings."""

import csv
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from io import BytesIO, StringIO
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from remediation.assessment import Reading, SeverityTable, UnreadableFile, read_assessment, recognised
from remediation.assessment.columns import HEADER_WITHIN, LEAST_COLUMNS
from remediation.assessment.reading import DEFAULT_SEVERITIES
from remediation.words import ProgrammeId
from service import workbook_reader
from service.sheets.cells import ROW, unprotected

if TYPE_CHECKING:
    from _csv import Reader as CsvReader

MOST_BYTES = 20_000_000
MOST_ROWS = 200_000
MOST_INFLATED = 200_000_000
"""What a workbook may say it holds once unpacked, in bytes."""
DELIMITERS = ",;\t"

ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def read_assessment_file(
    data: bytes,
    *,
    programme: ProgrammeId,
    today: date,
    severities: SeverityTable = DEFAULT_SEVERITIES,
) -> Reading:
    """Read a CSV or XLSX file into good findings and bad cells.

    What the file is follows from its content; names and media types are not trusted. `today` is the
    importing person's local day. Raises UnreadableFile when the file as a whole cannot be used.
    """
    return read_assessment(rows_of(data), programme=programme, today=today, severities=severities)


def rows_of(data: bytes) -> Iterator[Sequence[str]]:
    """Give a file's rows from the first on. Raises UnreadableFile, at the latest at the row at fault."""
    if len(data) > MOST_BYTES:
        message = f"The file has {len(data):,} bytes; at most {MOST_BYTES:,} are read. Split it by factory."
        raise UnreadableFile(message)
    if not data.strip():
        raise UnreadableFile("The file is empty.")
    if data.startswith(OLD_OFFICE):
        raise UnreadableFile(_OLD)
    return _limited(_workbook_rows(data) if data.startswith(ZIP) else _csv_rows(text_of(data)))


def sheets_of(data: bytes) -> dict[str, list[Sequence[str]]]:
    """Give the rows of each sheet of an XLSX workbook, by the sheet's name. Raises UnreadableFile."""
    if data.startswith(OLD_OFFICE):
        raise UnreadableFile(_OLD)
    _refuse_what_unpacks_to_too_much(data)
    sheets: dict[str, list[Sequence[str]]] = {}
    rows: list[Sequence[str]] = []
    for line in _printed(data).splitlines():
        cells = json.loads(line)
        if isinstance(cells, list):
            rows.append(cells)
        else:
            rows = sheets.setdefault(cells, [])
    return sheets


def _limited(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    for count, row in enumerate(rows, 1):
        if count > MOST_ROWS:
            message = f"The file has more than {MOST_ROWS:,} rows. Split it by factory."
            raise UnreadableFile(message)
        yield row


def text_of(data: bytes) -> str:
    """Decode by byte order mark, else as UTF-8, else as Windows-1252."""
    if data.startswith(UTF_16):
        return _decoded(data, "utf-16")
    if b"\0" in data:
        raise UnreadableFile("This is neither a CSV nor an XLSX file. Save the sheet as one of the two.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _decoded(data, "cp1252")


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        message = "The text is neither UTF-8, UTF-16 nor Windows-1252. Save it as CSV UTF-8."
        raise UnreadableFile(message) from error


def _csv_rows(text: str) -> Iterator[Sequence[str]]:
    best = max(DELIMITERS, key=lambda delimiter: _columns_recognised(text, delimiter))
    reader = csv_reader(text, best)
    try:
        yield from _as_meant(reader)
    except csv.Error as error:
        message = f"Line {reader.line_num}: the quotation marks do not match ({error}). {_QUOTE}"
        raise UnreadableFile(message) from error


def _as_meant(rows: Iterator[Sequence[str]]) -> Iterator[Sequence[str]]:
    """Take away what was put before texts that look like formulas, in a file that we wrote ourselves."""
    ours = False
    for cells in rows:
        ours = ours or ROW in cells
        yield [unprotected(cell) for cell in cells] if ours else cells


def _columns_recognised(text: str, delimiter: str) -> int:
    most = 0
    try:
        for cells in islice(csv_reader(text, delimiter), HEADER_WITHIN):
            most = max(most, recognised(cells))
    except csv.Error:
        pass  # the wrong delimiter tears quoted cells apart; what was recognised before counts
    return most


def csv_reader(text: str, delimiter: str) -> "CsvReader":
    """Give a reader of CSV. It is strict, or a quotation mark left open would swallow the rest in silence."""
    return csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)


def _workbook_rows(data: bytes) -> Iterator[Sequence[str]]:
    """Give the rows of the first sheet that has a header; of the last one where none has."""
    _refuse_what_unpacks_to_too_much(data)
    rows: list[Sequence[str]] = []
    for line in _printed(data).splitlines():
        cells = json.loads(line)
        if isinstance(cells, list):
            rows.append(cells)
        elif any(recognised(each) >= LEAST_COLUMNS for each in rows[:HEADER_WITHIN]):
            break
        else:
            rows = []
    return iter(rows)


def _refuse_what_unpacks_to_too_much(data: bytes) -> None:
    try:
        parts = zipfile.ZipFile(BytesIO(data)).infolist()
    except (zipfile.BadZipFile, NotImplementedError) as error:
        raise UnreadableFile(_DAMAGED) from error
    if not any(part.filename == "[Content_Types].xml" for part in parts):
        raise UnreadableFile("This is not an XLSX workbook. Save the sheet as .xlsx or as .csv.")
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MOST_INFLATED:
        message = f"The workbook unpacks to {unpacked:,} bytes; at most {MOST_INFLATED:,} are read."
        raise UnreadableFile(message)


def _printed(data: bytes) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - our own program, with a number as its argument
            [sys.executable, "-I", str(Path(workbook_reader.__file__)), str(MOST_ROWS + 1)],
            input=data,
            capture_output=True,
            timeout=workbook_reader.MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableFile(_TOO_MUCH) from error
    if done.returncode:
        # The decoder raises for what is damaged; it is killed by a signal when it asks for too much.
        raise UnreadableFile(_DAMAGED if done.returncode > 0 else _TOO_MUCH)
    return done.stdout.decode()


_DAMAGED = "The workbook is damaged, or is not an XLSX file. Open it and save it again as .xlsx or as .csv."
_TOO_MUCH = (
    "The workbook takes too much memory or time to read. Delete empty rows and columns around the data, "
    "or save the sheet as .csv."
)
_QUOTE = (
    "Put a text that holds the separator, a line break or a quotation mark in double quotes, and double "
    "each quotation mark in it."
)
_OLD = "This is an old .xls workbook, or one with a password. Save it as .xlsx without one, or as .csv."
