"""What a form was sent with: names and texts, read into what a command's body takes, and never lost."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from starlette.datastructures import FormData

from service.pages.fields import Field, Kind

Data = Mapping[str, Sequence[str]]
"""The texts of a form by the names of its fields, such as `actions[0].due`."""

_FLAGS = {"true": True, "false": False}
_NUMBER = re.compile(r"-?[0-9]{1,9}")
_TYPED = frozenset({Kind.TEXT, Kind.DATE})


def data_of(form: FormData) -> Data:
    """Give all texts of a form. Browsers send line ends as CR LF; they are kept as LF."""
    given: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            given.setdefault(name, []).append(value.replace("\r\n", "\n"))
    return given


def first(data: Data, name: str) -> str:
    """Give the first text by a name, or an empty one."""
    return next(iter(data.get(name, ())), "")


def body_of(fields: Sequence[Field], data: Data, prefix: str = "") -> dict[str, Any]:
    """Give what was filled in, as the fields of a body. What was left empty is left out."""
    read = {field.name: _read(field, data, prefix + field.name) for field in fields}
    return {name: value for name, value in read.items() if value not in ("", [])}


def _read(field: Field, data: Data, path: str) -> Any:  # noqa: ANN401 - what pydantic will look at
    if field.kind is Kind.ROWS:
        return [body_of(field.fields, data, f"{path}[{row}].") for row in filled(field, data, path)]
    if field.kind is Kind.LINES:
        return [line for each in data.get(path, ()) for line in map(str.strip, each.splitlines()) if line]
    if field.kind in {Kind.MANY, Kind.FILES}:
        return [each for each in data.get(path, ()) if each]
    text = first(data, path).strip()
    if field.kind is Kind.YES_NO:
        return _FLAGS.get(text, text)
    return int(text) if field.kind is Kind.NUMBER and _NUMBER.fullmatch(text) else text


def rows(data: Data, path: str) -> list[int]:
    """Give the numbers of the rows of a list that the form held."""
    pattern = re.compile(re.escape(path) + r"\[(\d{1,2})\]\.")
    return sorted({int(match[1]) for match in map(pattern.match, data) if match})


def filled(field: Field, data: Data, path: str) -> list[int]:
    """Give the numbers of the rows in which something was typed. The others are left out of the body."""
    typed = [each.name for each in field.fields if each.kind in _TYPED]
    return [
        row for row in rows(data, path) if any(first(data, f"{path}[{row}].{name}").strip() for name in typed)
    ]


def where(fields: Sequence[Field], data: Data, path: str) -> str:
    """Give the form's name for a place in the body: rows that were left out count in the form alone.

    A name that only rows have stands for their whole list; one that nothing has gives an empty text.
    """
    for field in fields:
        if path == field.name or (not path.startswith(f"{field.name}[") and path in _names(field)):
            return field.name
        row = re.fullmatch(re.escape(field.name) + r"\[(\d+)\](.*)", path)
        if row is not None:
            return _in_row(field, data, int(row[1]), row[2])
    return ""


def _in_row(field: Field, data: Data, place: int, rest: str) -> str:
    if field.kind is not Kind.ROWS:
        return field.name
    known = filled(field, data, field.name)
    return f"{field.name}[{known[place]}]{rest}" if place < len(known) else field.name


def _names(field: Field) -> set[str]:
    return {each.name for each in field.fields}
