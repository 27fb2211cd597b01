"""Reads a workbook from standard input in a process of its own, and prints its cells as lines of JSON.

A few bytes of XLSX can ask the decoder for terabytes (one cell in the last corner of a sheet, one long
text used a million times), and it then aborts the whole process. Here that harms nobody: this process has
limits, and its caller sees a failure. A line is a sheet's name (a string) or a row (an array of strings).
"""

import contextlib
import json
import resource
import sys
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

MOST_MEMORY = 1_500_000_000
MOST_SECONDS = 60
MIDNIGHT = time()


def limit_this_process() -> None:
    """Bound memory and time, and leave no core dump behind."""
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        # Some systems refuse to limit address space; the caller's timeout holds there as well.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def cell_text(value: object) -> str:
    """Give a cell as a person sees it: 12.0 is `12`, a date is ISO, a tick is `true`."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.0f}" if value.is_integer() else repr(value)
    if isinstance(value, datetime):
        return (value.date() if value.time() == MIDNIGHT else value).isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)


def lines(workbook: "CalamineWorkbook", most_rows: int) -> Iterator[str]:
    """Give each sheet's name, and its rows from the first of the sheet on, at most `most_rows` of them."""
    for name in workbook.sheet_names:
        yield json.dumps(name)
        for cells, _ in zip(workbook.get_sheet_by_name(name).iter_rows(), range(most_rows), strict=False):
            yield json.dumps([cell_text(cell) for cell in cells])


def main() -> None:
    """Read standard input and print; the first argument is the most rows to print of a sheet."""
    limit_this_process()
    from python_calamine import CalamineWorkbook  # noqa: PLC0415 - under the limits

    with CalamineWorkbook.from_filelike(BytesIO(sys.stdin.buffer.read())) as workbook:
        for line in lines(workbook, int(sys.argv[1])):
            sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
