"""A plan as a sheet: a row for each action, with room for new ones, to be edited and brought back."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection

from remediation.merging import OF_AN_ACTION, OF_THE_WHOLE, WHOLE, Cells
from remediation.permissions import Action
from remediation.vocabularies import Vocabulary
from remediation.words import PersonId
from service import saying
from service.api.shapes import FindingItem
from service.auth import Caller
from service.context import Context
from service.dossier import Dossier, Plan, open_dossier
from service.listing import Wanted
from service.pages.choices import people_of_factory
from service.pages.fields import label
from service.sheets.lists import every_item, status_in
from service.sheets.writing import Cell, Heading, Sheet
from service.speaking import say
from storage.database import reading

KEY = "Mendwork"
"""The heading of the hidden column, the same in all languages: what each row was written from."""
NONE = "-"
SPARE = 2
"""So many empty rows follow a finding's actions."""
GIVEN = ("finding", "requirement", "severity", "status")
EDITED = ("root_cause", *OF_AN_ACTION, "no_action_reason")
WIDTHS = {"requirement": 40, "root_cause": 40, "description": 40, "evidence_expected": 36, "owner": 30}


@dataclass(frozen=True, slots=True)
class Key:
    """What a row was written from: a finding, the revision that was on the table (or none), and an action.

    Actions are counted from 1; 0 is a row for a new one.
    """

    finding: str
    revision: str
    action: int

    def __str__(self) -> str:
        return f"{self.finding} {self.revision or NONE} {self.action}"

    @classmethod
    def parse(cls, text: str) -> "Key | None":
        """Read a row's key; None where it is none."""
        parts = text.split()
        if len(parts) != 3 or not parts[2].isdecimal():  # noqa: PLR2004 - as it is written
            return None
        return cls(parts[0], "" if parts[1] == NONE else parts[1], int(parts[2]))


def heading_names() -> dict[str, str]:
    """Give what each column is called in the language spoken, by what it is."""
    given = (say("Finding"), say("Requirement"), say("Severity"), say("Status"))
    return dict(zip(GIVEN, given, strict=True)) | {name: label(name) for name in EDITED}


def owners(connection: Connection, factory: str, now: datetime) -> dict[str, str]:
    """Give who of a factory may own an action, by id, as a list to choose from shows them."""
    found = {each.value: each.words for each in people_of_factory(connection, factory, now)}
    words = list(found.values())
    return {each: text if words.count(text) == 1 else f"{text} {each}" for each, text in found.items()}


def cells_of(plan: Plan | None) -> Cells:
    """Give a plan's texts by their places; none of a plan that there is not."""
    if plan is None:
        return {}
    cells = {(WHOLE, name): getattr(plan, name) or "" for name in OF_THE_WHOLE}
    for number, action in enumerate(plan.actions, 1):
        cells |= {(number, name): str(getattr(action, name)) for name in OF_AN_ACTION}
    return {place: text for place, text in cells.items() if text}


def plan_sheet(context: Context, viewer: Caller, plan: str, factory: str, words: Vocabulary) -> Sheet:
    """Give a plan with its findings that the viewer may see, in words as far as the viewer may read them."""
    with reading(context.database) as connection:
        known = owners(connection, factory, context.clock())
    names = heading_names()
    chosen = {"owner": tuple(known.values()), "kind": tuple(saying.KINDS.values())}
    headings = [
        Heading(name=KEY, hidden=True),
        *(Heading(name=names[each], width=WIDTHS.get(each, 14)) for each in GIVEN),
    ]
    headings += [
        Heading(
            name=names[name],
            width=WIDTHS.get(name, 16),
            given=False,
            day=name == "due",
            choices=chosen.get(name, ()),
        )
        for name in EDITED
    ]
    items = every_item(context, viewer, Wanted(plan=plan), context.clock())
    rows = (row for item in items for row in _rows(context, viewer, item, known, words))
    return Sheet(title=say("Improvement plan"), headings=headings, rows=rows)


def _rows(
    context: Context, viewer: Caller, item: FindingItem, known: Mapping[str, str], words: Vocabulary
) -> Iterator[list[Cell]]:
    with reading(context.database) as connection:
        dossier = open_dossier(connection, viewer, item.id, context.clock())
    given: list[Cell] = [
        item.id,
        item.question_text or item.question,
        saying.SEVERITY[item.severity],
        status_in(item.stage, words),
    ]
    plan = dossier.on_table if dossier.sight.may(Action.VIEW_TEXTS) else None
    cells, revision = cells_of(plan), plan.revision.digest if plan else ""
    count = len(plan.actions) if plan else 0
    for place, number in enumerate([*range(1, count + 1), *[0] * SPARE]):
        whole = [cells.get((WHOLE, name)) if place == 0 else None for name in OF_THE_WHOLE]
        own = [shown(name, cells.get((number, name), ""), known, dossier) for name in OF_AN_ACTION]
        yield [str(Key(item.id, revision, number)), *given, whole[0], *(_own(own, number)), whole[1]]


def _own(cells: Iterable[str], number: int) -> list[Cell]:
    """Give an action's cells; its day as a day."""
    if not number:
        return [None] * len(OF_AN_ACTION)
    return [
        date.fromisoformat(text) if name == "due" else text
        for name, text in zip(OF_AN_ACTION, cells, strict=True)
    ]


def shown(name: str, text: str, known: Mapping[str, str], dossier: Dossier) -> str:
    """Give a cell as people read it: an owner by name, a kind in words, all else as it is."""
    if name == "owner" and text:
        return known.get(text) or dossier.sight.name(PersonId(text))
    kinds = {str(kind): words for kind, words in saying.KINDS.items()}
    return kinds.get(text, text) if name == "kind" else text
