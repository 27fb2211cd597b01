"""Builders of assessment rows, and files made of them."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from io import BytesIO, StringIO
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from remediation.assessment import BadRow, Reading, SeverityTable, read_assessment
from remediation.assessment.reading import DEFAULT_SEVERITIES
from remediation.words import ProgrammeId

PROGRAMME = ProgrammeId("acme")
TODAY = date(2026, 6, 1)
HEADER = (
    "Country",
    "Factory.Assessed.ID",
    "Factory.Assessed.Name",
    "Cycle",
    "Assessment.Start.Date (dd/mm/yyyy)",
    "Cluster",
    "CP",
    "Q.Label",
    "Question.ID",
    "Question.type",
    "Finding (0/1)",
    "Severity",
    "Statement",
    "Evidence",
    "Proof by interview",
    "Suggested deadline",
)
GOOD = {
    "Country": "Bangladesh",
    "Factory.Assessed.ID": "BD-0117",
    "Factory.Assessed.Name": "Padma Stitch Ltd.",
    "Cycle": "4",
    "Assessment.Start.Date (dd/mm/yyyy)": "12/01/2026",
    "Cluster": "Occupational Safety and Health",
    "CP": "Emergency Preparedness",
    "Q.Label": "Are all emergency exits unlocked?",
    "Question.ID": "701",
    "Question.type": "Scored",
    "Finding (0/1)": "1",
}
SHORT = {
    "finding": "Finding (0/1)",
    "question": "Question.ID",
    "factory": "Factory.Assessed.ID",
    "name": "Factory.Assessed.Name",
    "country": "Country",
    "cycle": "Cycle",
    "date": "Assessment.Start.Date (dd/mm/yyyy)",
    "cluster": "Cluster",
    "point": "CP",
    "label": "Q.Label",
    "type": "Question.type",
    "severity": "Severity",
    "statement": "Statement",
    "evidence": "Evidence",
    "interview": "Proof by interview",
    "deadline": "Suggested deadline",
    "status": "Status",
}


def row(header: Sequence[str] = HEADER, **cells: str) -> list[str]:
    """Give a good row, but for the cells named."""
    changed = {**GOOD, **{SHORT[name]: cell for name, cell in cells.items()}}
    return [changed.get(name, "") for name in header]


def read(
    *rows: Sequence[str],
    header: Sequence[str] = HEADER,
    today: date = TODAY,
    severities: SeverityTable = DEFAULT_SEVERITIES,
) -> Reading:
    """Read rows below a header."""
    return read_assessment([header, *rows], programme=PROGRAMME, today=today, severities=severities)


def the_bad(reading: Reading) -> BadRow:
    """Give the only bad cell."""
    (bad,) = reading.bad
    return bad


def csv_bytes(
    rows: Iterable[Sequence[str]], *, delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n"
) -> bytes:
    """Give rows as a CSV file."""
    text = StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    return text.getvalue().encode(encoding)


def xlsx_bytes(*sheets: Iterable[Sequence[Any]]) -> bytes:
    """Give sheets of rows as a workbook; dates become date cells, numbers numbers, the rest text."""
    data = BytesIO()
    with xlsxwriter.Workbook(data, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as workbook:
        for rows in sheets:
            sheet = workbook.add_worksheet()
            for number, cells in enumerate(rows):
                for place, cell in enumerate(cells):
                    _write(sheet, number, place, cell)
    return data.getvalue()


def _write(sheet: Any, number: int, place: int, cell: object) -> None:  # noqa: ANN401 - xlsxwriter has no types
    if isinstance(cell, str):
        sheet.write_string(number, place, cell)
    elif isinstance(cell, date | datetime):
        sheet.write_datetime(number, place, cell)
    else:
        sheet.write(number, place, cell)
