"""Merging an edited plan with the one on record: cell by cell, with what was changed on both sides shown.

Three states are compared: what the sheet was written from, what it says now, and what is on record by now. A
cell that was not edited keeps what is on record; an edited one says what the sheet says. Where both were
changed, and differently, that is a conflict, which a person decides.
"""

from collections.abc import Mapping
from dataclasses import dataclass

WHOLE = 0
"""Where what a plan says as a whole stands. Its actions are counted from 1."""
OF_THE_WHOLE = ("root_cause", "no_action_reason")
OF_AN_ACTION = ("kind", "description", "owner", "due", "evidence_expected")

Place = tuple[int, str]
"""The number of an action (or `WHOLE`), and the field's name."""
Cells = Mapping[Place, str]
"""A plan as texts. A place that is not there is empty."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that the sheet would change: what it was written with, what it says, and what is on record."""

    place: Place
    written: str
    sheet: str
    record: str

    @property
    def conflict(self) -> bool:
        """Whether somebody else has changed the cell since, to something else."""
        return self.record != self.written


@dataclass(frozen=True, slots=True)
class Merged:
    """A plan with the sheet's changes in it, and these changes in the plan's order."""

    cells: Cells
    changes: tuple[Change, ...]

    @property
    def conflicts(self) -> int:
        """How many cells were changed on both sides."""
        return sum(change.conflict for change in self.changes)


def merge(written: Cells, sheet: Cells, record: Cells) -> Merged:
    """Merge a sheet's cells with those on record, by those that it was written with.

    Actions that the sheet adds come after those added on record since: neither takes the other's place.
    """
    moved = _moved(written, sheet, record)
    places = sorted({*written, *moved, *record}, key=_order)
    cells: dict[Place, str] = {}
    changes = []
    for place in places:
        was, says, stands = (each.get(place, "") for each in (written, moved, record))
        cells[place] = stands if says == was else says
        if says not in {was, stands}:
            changes.append(Change(place, was, says, stands))
    return Merged({place: text for place, text in cells.items() if text}, tuple(changes))


def actions_in(cells: Cells) -> tuple[int, ...]:
    """Give the numbers of the actions in which anything stands, in order."""
    return tuple(sorted({number for (number, _), text in cells.items() if number != WHOLE and text}))


def _moved(written: Cells, sheet: Cells, record: Cells) -> Cells:
    """Let the sheet's new actions follow those on record."""
    old, known = max(actions_in(written), default=0), max(actions_in(record), default=0)
    behind = max(known - old, 0)
    return {
        (number + behind if number > old else number, name): text for (number, name), text in sheet.items()
    }


def _order(place: Place) -> tuple[int, int]:
    number, name = place
    return number, (OF_THE_WHOLE if number == WHOLE else OF_AN_ACTION).index(name)
