"""The form of a signing sheet, read as the sheet is: who signed, but for which numbers, and who refused."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from remediation.gatherings.meeting.sheets import Sheet
from remediation.gatherings.meeting.state import Meeting
from remediation.words import PersonId, Side
from service.pages.form_data import Data, first
from service.problems import FieldProblem
from service.speaking import say

ALL, SOME = "all", "some"
"""What a form says first: everybody signed everything, or not all did."""
SIGNED, NOT = "signed", "not"
_SPAN = re.compile(r"(\d{1,3})(?:\s*[-–]\s*(\d{1,3}))?")  # noqa: RUF001 - a dash as phones write it
_APART = re.compile(r"[\s,;،]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a member did on the sheet, as it was typed. `place` counts from 1."""

    place: int
    person: PersonId
    name: str
    side: Side
    did: str
    but: str
    refuses: str
    why: str

    def field(self, name: str) -> str:
        """Give the name of one of its fields."""
        return f"{name}-{self.place}"


def rows(meeting: Meeting, names: dict[PersonId, str], data: Data) -> list[Row]:
    """Give a row for each member who was here, in the order of their seats."""
    here = [seat for seat in meeting.seats if seat.person in meeting.present]
    return [
        Row(
            place=place,
            person=seat.person,
            name=names.get(seat.person, seat.person),
            side=seat.side,
            **{each: first(data, f"{each}-{place}").strip() for each in ("did", "but", "refuses", "why")},
        )
        for place, seat in enumerate(here, 1)
    ]


@dataclass(frozen=True, slots=True)
class Read:
    """What a form says: the body's ballots, and what is wrong at which of its fields."""

    ballots: list[dict[str, Any]]
    problems: list[FieldProblem]


def read(data: Data, rows: list[Row], sheet: Sheet) -> Read:
    """Read who signed what."""
    how, every = first(data, "how"), tuple(range(1, len(sheet.lines) + 1))
    if how not in {ALL, SOME}:
        message = say("Choose one: everybody signed everything, or not all did.")
        return Read([], [FieldProblem(field="how", message=message)])
    if how == ALL:
        return Read([{"person": each.person, "signs": every} for each in rows], [])
    said = [_ballot(each, every) for each in rows]
    problems = [each for each in said if isinstance(each, FieldProblem)]
    ballots = [each for each in said if isinstance(each, dict) and (each["signs"] or each["refuses"])]
    if not ballots and not problems:
        message = say("Nobody signed or refused anything: there is nothing to enter.")
        problems = [FieldProblem(field="how", message=message)]
    return Read(ballots, problems)


def _ballot(row: Row, every: tuple[int, ...]) -> dict[str, Any] | FieldProblem | None:
    if row.did == NOT:
        return None
    if row.did != SIGNED:
        message = say("Say whether %(name)s signed the sheet.", name=row.name)
        return FieldProblem(field=row.field("did"), message=message)
    but, refuses = _numbers(row.but, every), _numbers(row.refuses, every)
    for name, found in (("but", but), ("refuses", refuses)):
        if found is None:
            message = say("Write numbers that the sheet has, such as 2, 5-7.")
            return FieldProblem(field=row.field(name), message=message)
    if refuses and not row.why:
        message = say("Say why, as it stands on the sheet.")
        return FieldProblem(field=row.field("why"), message=message)
    left_out = {*(but or ()), *(refuses or ())}
    return {
        "person": row.person,
        "signs": tuple(each for each in every if each not in left_out),
        "refuses": [{"number": each, "reason": row.why} for each in refuses or ()],
    }


def _numbers(text: str, every: tuple[int, ...]) -> tuple[int, ...] | None:
    """Give the numbers that a text names, in any digits; None for a text that cannot be read so."""
    if _APART.fullmatch(_SPAN.sub("", text)) is None:
        return None
    spans = ((int(each[1]), int(each[2] or each[1])) for each in _SPAN.finditer(text))
    found = {number for first_, last in spans for number in (first_, last, *range(first_, last))}
    return tuple(sorted(found)) if found <= set(every) else None


def spans(numbers: Iterable[int]) -> str:
    """Give numbers as people write them: `1-3, 7`."""
    return ", ".join(_span(list(group)) for group in _in_a_row(sorted(numbers)))


def _in_a_row(numbers: list[int]) -> Iterator[list[int]]:
    for _, group in groupby(enumerate(numbers), key=lambda each: each[1] - each[0]):
        yield [number for _, number in group]


def _span(group: list[int]) -> str:
    return str(group[0]) if len(group) == 1 else f"{group[0]}-{group[-1]}"
