"""An edited plan as it comes back: a sheet's rows, in any of our languages, into cells by finding."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import islice

from notifications.languages import NAMES
from notifications.wording import N_
from remediation.assessment import UnreadableFile
from remediation.assessment.values import read_date
from remediation.merging import OF_AN_ACTION, OF_THE_WHOLE, WHOLE, Place
from remediation.words import ActionKind
from service import saying
from service.assessment_files import ZIP, csv_reader, sheets_of, text_of
from service.sheets.cells import unprotected
from service.sheets.plans import KEY, Key, heading_names
from service.speaking import say, speaking

MOST_BYTES = 5_000_000
HEADER_WITHIN = 20
DELIMITERS = ",;\t"
NO_PLAN = N_(
    "This is no plan that was taken along here. Take the plan along, edit that file, and bring it back."
)
TOO_LARGE = N_("The file is larger than a plan can be.")

Row = Mapping[str, str]


@dataclass(slots=True)
class Returned:
    """A finding as a sheet has it: its origin and its cells. New actions count down from -1."""

    finding: str
    revision: str
    cells: dict[Place, str] = field(default_factory=dict)
    new: int = 0
    """How many actions the sheet adds."""
    faults: list[str] = field(default_factory=list)


def read_plan(data: bytes) -> tuple[list[Returned], list[str]]:
    """Read a plan that comes back: its findings, and sentences about rows that belong to none.

    Raises UnreadableFile where the file is no such plan.
    """
    found: dict[str, Returned] = {}
    strays = []
    for number, row in _rows(data):
        key = Key.parse(row.get(KEY, ""))
        if key is not None:
            known = found.setdefault(key.finding, Returned(key.finding, key.revision))
            _take(known, key, row)
        elif any(row.get(name) for name in (*OF_THE_WHOLE, *OF_AN_ACTION)):
            strays.append(_stray(number))
    return list(found.values()), strays


def _stray(number: int) -> str:
    return say(
        "Row %(number)s has lost its hidden first cell, so nobody knows which finding it is about. Copy an "
        "empty row of that finding, and write there.",
        number=number,
    )


def _take(known: Returned, key: Key, row: Row) -> None:
    if key.revision != known.revision:
        known.faults.append(say("Its rows come from different files."))
    for name in OF_THE_WHOLE:
        text, before = row.get(name, ""), known.cells.get((WHOLE, name), "")
        if text and before and text != before:
            known.faults.append(say("Two of its rows say different things about it as a whole."))
        elif text:
            known.cells[WHOLE, name] = text
    own = {name: row.get(name, "") for name in OF_AN_ACTION}
    if any(own.values()):
        number = key.action or -(known.new + 1)
        known.new += not key.action
        if any((number, name) in known.cells for name in OF_AN_ACTION):
            known.faults.append(say("Two of its rows are the same action. Copy an empty row for a new one."))
        known.cells |= {(number, name): _meant(name, text) for name, text in own.items() if text}


def _meant(name: str, text: str) -> str:
    """Give a kind by its code and a day in ISO form; what cannot be read stays as it is."""
    if name == "kind":
        return _kinds().get(_plain(text), text)
    if name == "due":
        try:
            return read_date(text).isoformat()
        except ValueError:
            return text
    return text


def _rows(data: bytes) -> Iterator[tuple[int, Row]]:
    if len(data) > MOST_BYTES:
        raise UnreadableFile(TOO_LARGE)
    for rows in _tables(data):
        for number, cells in enumerate(islice(rows, HEADER_WITHIN)):
            if KEY in [cell.strip() for cell in cells]:
                columns = [_columns().get(_plain(cell), "") for cell in cells]
                yield from _under(columns, rows, number + 1)
                return
    raise UnreadableFile(NO_PLAN)


def _under(columns: Sequence[str], rows: Sequence[Sequence[str]], start: int) -> Iterator[tuple[int, Row]]:
    for number, cells in enumerate(rows[start:], start + 1):
        yield number, {name: cell.strip() for name, cell in zip(columns, cells, strict=False) if name}


def _tables(data: bytes) -> Iterator[Sequence[Sequence[str]]]:
    if data.startswith(ZIP):
        yield from sheets_of(data).values()
        return
    text = text_of(data)
    for delimiter in DELIMITERS:
        try:
            yield [[unprotected(cell) for cell in cells] for cells in csv_reader(text, delimiter)]
        except csv.Error:
            continue  # the wrong delimiter tears quoted cells apart


@cache
def _columns() -> Mapping[str, str]:
    """Give the columns by their headings, in every language that a sheet may have been written in."""
    found = {_plain(KEY): KEY}
    for code in NAMES:
        with speaking(code):
            found |= {_plain(words): name for name, words in heading_names().items()}
    return found


@cache
def _kinds() -> Mapping[str, str]:
    found = {_plain(kind): str(kind) for kind in ActionKind}
    for code in NAMES:
        with speaking(code):
            found |= {_plain(words): str(kind) for kind, words in saying.KINDS.items()}
    return found


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())
