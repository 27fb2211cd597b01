"""Writes assessment.xlsx from assessment.csv, with a title above the header and with real dates."""

# ruff: noqa: INP001 - a script among data, run by hand
import csv
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

HERE = Path(__file__).parent
TITLE = "Assessments of January and February 2026"
DATES = {"Assessment.Start.Date (dd/mm/yyyy)", "Suggested deadline"}
NUMBERS = {"Cycle", "Question.ID", "Finding (0/1)"}


def build(target: Path) -> None:
    """Write the workbook. The same rows give the same cells each time."""
    with (HERE / "assessment.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    with xlsxwriter.Workbook(target, {"default_date_format": "dd/mm/yyyy"}) as workbook:
        workbook.set_properties({"title": TITLE, "created": datetime(2026, 2, 13, tzinfo=UTC)})
        sheet = workbook.add_worksheet("Findings")
        sheet.merge_range(0, 0, 0, len(header) - 1, TITLE, workbook.add_format({"bold": True}))
        sheet.write_row(2, 0, header)
        for number, row in enumerate(rows, 3):
            for place, (name, cell) in enumerate(zip(header, row, strict=True)):
                sheet.write(number, place, value(name, cell))


def value(name: str, cell: str) -> str | float | datetime:
    """Give a cell the type that a spreadsheet would give it."""
    if cell and name in DATES:
        return datetime.strptime(cell, "%d/%m/%Y")  # noqa: DTZ007 - a local day
    return float(cell) if cell and name in NUMBERS else cell


if __name__ == "__main__":
    build(HERE / "assessment.xlsx")
