"""An edited plan beside the one on record: what would change, cell by cell, and what hinders it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from pydantic import ValidationError
from sqlalchemy import Connection

from remediation.merging import OF_AN_ACTION, WHOLE, Cells, Merged, actions_in, merge
from remediation.words import Digest
from service import saying
from service.api.bodies import Propose
from service.auth import Caller
from service.dossier import Dossier, open_dossier
from service.pages.fields import label
from service.pages.offers import stand
from service.problems import ProblemError, validation_problem
from service.refusing import in_words
from service.sheets.plans import cells_of, owners, shown
from service.sheets.returning import Returned
from service.speaking import say

Known = Mapping[str, str]
"""Who may own an action: their names in lists, by id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One cell: where it is, what the sheet says, what is on record, and what the sheet was written with."""

    where: str
    sheet: str
    record: str
    written: str
    conflict: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A finding whose plan the sheet changes. `body` is what would be proposed, unless `faults` hinder it."""

    finding: str
    name: str
    version: int
    differences: tuple[Difference, ...]
    faults: tuple[str, ...]
    body: Propose | None
    changed_by: str
    """Who has put another revision on the table since; empty where nobody has."""
    signed: int
    """How many signatures a new proposal would void."""

    @property
    def conflict(self) -> bool:
        """Whether a cell was changed on both sides."""
        return any(each.conflict for each in self.differences)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a sheet would change: edited findings, how many say what is on record, and rows of no finding."""

    edited: tuple[Edited, ...]
    same: int
    strays: tuple[str, ...]


def compare(  # noqa: PLR0913 - a sheet, whose it is, and against what
    connection: Connection,
    viewer: Caller,
    *,
    plan: str,
    factory: str,
    returned: list[Returned],
    strays: list[str],
    now: datetime,
) -> Comparison:
    """Compare what came back with what is on record at an aware instant."""
    known = owners(connection, factory, now)
    edited, same, lost = [], 0, list(strays)
    for each in returned:
        dossier = _opened(connection, viewer, each.finding, plan, now)
        if dossier is None:
            lost.append(say("This plan has no finding %(id)s.", id=each.finding))
        elif (found := _edited(dossier, viewer, each, known)) is not None:
            edited.append(found)
        else:
            same += 1
    return Comparison(edited=tuple(edited), same=same, strays=tuple(lost))


def _opened(connection: Connection, viewer: Caller, finding: str, plan: str, now: datetime) -> Dossier | None:
    try:
        dossier = open_dossier(connection, viewer, finding, now)
    except ProblemError:
        return None
    return dossier if dossier.finding.plan == plan else None


def _edited(dossier: Dossier, viewer: Caller, given: Returned, known: Known) -> Edited | None:
    written = cells_of(dossier.plans.get(Digest(given.revision)))
    merged = merge(written, _placed(given, written, known), cells_of(dossier.on_table))
    if not merged.changes and not given.faults:
        return None
    faults = [*given.faults, *_unreadable(merged, known), *_hindrance(dossier, viewer)]
    body = None
    if not faults:
        body, wrong = _body(merged.cells)
        faults += wrong
    on_table = dossier.on_table
    moved = on_table is not None and on_table.revision.digest != given.revision
    proposal = dossier.finding.proposal
    return Edited(
        finding=dossier.finding.id,
        name=dossier.subject.question_text if dossier.subject else saying.point(dossier.finding.point),
        version=dossier.listed.summary.seq,
        differences=tuple(_differences(merged, known, dossier)),
        faults=tuple(dict.fromkeys(faults)),
        body=body,
        changed_by=dossier.sight.name(on_table.revision.author) if on_table and moved else "",
        signed=len(proposal.signed) if proposal else 0,
    )


def _placed(given: Returned, written: Cells, known: Known) -> Cells:
    """Give the sheet's cells, new actions numbered after the old, and owners by their ids where known."""
    last = max(actions_in(written), default=0)
    return {
        (number if number >= WHOLE else last - number, name): _owner(text, known) if name == "owner" else text
        for (number, name), text in given.cells.items()
    }


def _owner(text: str, known: Known) -> str:
    """Give who is meant: by the list's words, by the id, or by a name that only one of them has."""
    if text in known:
        return text
    whole = [each for each, words in known.items() if words.casefold() == text.casefold()]
    bare = _bare(text)
    named = whole or [each for each, words in known.items() if _bare(words) == bare]
    return named[0] if len(named) == 1 else text


def _bare(words: str) -> str:
    """Give a name without what somebody is, which depends on the language and may have changed."""
    return words.partition(" (")[0].strip().casefold()


def _unreadable(merged: Merged, known: Known) -> Iterator[str]:
    for change in merged.changes:
        name, text = change.place[1], change.sheet
        if name == "owner" and text and text not in known:
            yield say(
                "Nobody of this factory is called %(name)s. Choose from the list of the cell.", name=text
            )


def _hindrance(dossier: Dossier, viewer: Caller) -> Iterator[str]:
    """Say why the rules would take no proposal now."""
    offered = stand(dossier.case, dossier.listed, viewer, dossier.now).offer("propose")
    if offered is None:
        yield say("Your roles here do not allow this.")
    elif not offered.open:
        yield in_words(str(offered.possibility.refusal))


def _body(cells: Cells) -> tuple[Propose | None, list[str]]:
    """Give the proposal that a plan's cells make, or what is wrong with them."""
    whole = {name: text for (number, name), text in cells.items() if number == WHOLE}
    actions = [
        {name: cells[number, name] for name in OF_AN_ACTION if (number, name) in cells}
        for number in actions_in(cells)
    ]
    try:
        return Propose.model_validate({**whole, "actions": actions}), []
    except ValidationError as error:
        problem = validation_problem(error.errors()).problem
        return None, [f"{place(each.field)}: {each.message}" for each in problem.errors or ()]


def place(path: str) -> str:
    """Give a place in a proposal, such as `actions[0].due`, as a page calls it."""
    if not path.startswith("actions["):
        return label(path)
    number, _, name = path.removeprefix("actions[").partition("].")
    return _where(int(number) + 1, name)


def _where(number: int, name: str) -> str:
    if number == WHOLE:
        return label(name)
    return say("Action %(number)s: %(field)s", number=number, field=label(name))


def _said(name: str, text: str, known: Known, dossier: Dossier) -> str:
    """Give a cell as a page shows it: as the sheet does, but a day in words."""
    if name != "due":
        return shown(name, text, known, dossier)
    try:
        return saying.day(date.fromisoformat(text))
    except ValueError:
        return text


def _differences(merged: Merged, known: Known, dossier: Dossier) -> Iterator[Difference]:
    for change in merged.changes:
        number, name = change.place
        sheet, record, written = (
            _said(name, text, known, dossier) for text in (change.sheet, change.record, change.written)
        )
        yield Difference(
            where=_where(number, name),
            sheet=sheet,
            record=record,
            written=written,
            conflict=change.conflict,
        )
