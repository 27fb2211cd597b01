"""The file of errors: a file's bad rows as they are, each with the reason, to be corrected and sent again."""

from collections.abc import Iterator, Sequence

from remediation.assessment import BadRow, Cells, find_header
from service.assessment_files import rows_of
from service.importing.wording import reason_in_words
from service.sheets.cells import REASON, ROW
from service.sheets.writing import Cell, Heading, Sheet
from service.speaking import say

BEYOND = "beyond the header"


def errors_sheet(data: bytes, bad: Sequence[BadRow]) -> Sheet:
    """Give a file's bad rows under its own header, behind their number and what is wrong with them.

    Raises UnreadableFile where the file as a whole cannot be used.
    """
    by_row: dict[int, list[BadRow]] = {}
    for each in bad:
        by_row.setdefault(each.row, []).append(each)
    numbered = enumerate(rows_of(data), 1)
    header = find_header(cells for _, cells in numbered)
    found = [(number, cells) for number, cells in numbered if number in by_row]
    widest = max((len(cells) for _, cells in found), default=0)
    names = [*header.names, *[BEYOND] * (widest - len(header.names))]
    kept = [place for place, name in enumerate(names) if name not in {ROW, REASON}]
    own = [Heading(name=names[place], given=False, width=18) for place in kept]
    headings = [Heading(name=ROW), Heading(name=REASON, width=60), *own]
    rows = ([number, _reasons(by_row[number]), *_cells(cells, kept)] for number, cells in found)
    return Sheet(title=say("Rows to correct"), headings=headings, rows=rows)


def _cells(cells: Cells, kept: Sequence[int]) -> Iterator[Cell]:
    return (cells[place] if place < len(cells) else None for place in kept)


def _reasons(bad: Sequence[BadRow]) -> str:
    return "\n".join(f"{each.column}: {reason_in_words(each.reason)}" for each in bad)
