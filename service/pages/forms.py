"""A form as a template shows it: each field with its label, what was typed, and what is wrong with it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.pages.fields import Field, Kind, Option
from service.pages.form_data import Data, rows
from service.problems import FieldProblem

FEW = 6
"""So many choices are shown one below the other; more of them fold into a list."""
SPARE_ROWS = 2

Choices = Mapping[str, Sequence[Option]]
"""What is known here, by the name of the field that picks from it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One field to fill in. `rows` are those of a list, each a row of boxes."""

    path: str
    kind: Kind
    label: str
    help: str
    required: bool
    options: tuple[Option, ...]
    values: tuple[str, ...]
    error: str
    rows: tuple[tuple["Box", ...], ...] = ()
    in_row: bool = False
    span: tuple[int | None, int | None] = (None, None)
    more: bool = False
    """Whether another row may be asked for."""

    @property
    def id(self) -> str:
        """Its name in the page: links of the summary lead there."""
        return "f-" + self.path.replace("[", "-").replace("].", "-").replace("_", "-")

    @property
    def value(self) -> str:
        """What was typed or chosen."""
        return self.values[0] if self.values else ""

    @property
    def spread(self) -> bool:
        """Whether the choices stand one below the other: few, and one must be taken."""
        return not self.in_row and self.required and len(self.options) <= FEW

    def row_title(self, row: tuple["Box", ...]) -> str:
        """Give what a row is about, where the page knows it; else an empty text."""
        return next((each.options[0].words for each in row if each.kind is Kind.HIDDEN and each.options), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What a form shows: what was typed, what is known to pick from, and what is wrong."""

    data: Data
    choices: Choices
    problems: tuple[FieldProblem, ...] = ()
    """Each named by the form's own names (`form_data.where`)."""
    spare: int = SPARE_ROWS
    """How many empty rows a list shows after those with something in them."""


def boxes(fields: Sequence[Field], filled: Filled) -> tuple[Box, ...]:
    """Give the boxes of a form."""
    return tuple(_box(field, filled, field.name) for field in fields)


def labels(shown: Sequence[Box], before: str = "") -> dict[str, str]:
    """Give what each box is called by its path: one in a row with its list's name and the row's number."""
    called: dict[str, str] = {}
    for box in shown:
        called[box.path] = before + box.label
        for number, row in enumerate(box.rows, 1):
            called |= labels(row, f"{box.label} {number}, ")
    return called


def _box(field: Field, filled: Filled, path: str, *, in_row: bool = False) -> Box:
    options = tuple(filled.choices.get(field.name, field.options))
    if field.kind is Kind.HIDDEN:
        options = tuple(each for each in options if each.value in filled.data.get(path, ()))
    numbers = _rows(field, filled, path) if field.kind is Kind.ROWS else []
    return Box(
        path=path,
        kind=field.kind,
        label=field.label,
        help=field.help,
        required=field.required,
        options=options,
        values=_values(field, filled, path, options),
        error=next((each.message for each in filled.problems if each.field == path), ""),
        rows=tuple(tuple(_row(field, filled, f"{path}[{number}].")) for number in numbers),
        in_row=in_row,
        span=field.span,
        more=_grows(field) and len(numbers) < field.most,
    )


def _row(field: Field, filled: Filled, prefix: str) -> Iterator[Box]:
    for each in field.fields:
        yield _box(each, filled, prefix + each.name, in_row=True)


def _grows(field: Field) -> bool:
    """Whether people may add rows: not where each is about something that is known."""
    return all(each.kind is not Kind.HIDDEN for each in field.fields)


def _rows(field: Field, filled: Filled, path: str) -> list[int]:
    known = rows(filled.data, path)
    if not _grows(field):
        return known
    begin = known[-1] + 1 if known else 0
    return [*known, *range(begin, min(begin + filled.spare, field.most))]


def _values(field: Field, filled: Filled, path: str, options: tuple[Option, ...]) -> tuple[str, ...]:
    if path in filled.data:
        return tuple(filled.data[path])
    if field.default:
        return (field.default,)
    alone = field.kind in {Kind.PICK, Kind.MANY, Kind.CHOICE} and field.required and len(options) == 1
    return (options[0].value,) if alone else ()
