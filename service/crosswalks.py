"""Crosswalks as files: which id a question has now, by the id that it had; as CSV or TOML."""

import csv
import io
import tomllib
from collections.abc import Iterator

LONGEST = 200
OLD, NEW = "old", "new"


class UnusableCrosswalk(ValueError):
    """The file cannot be used as a crosswalk; the sentence says where, and the way out."""


def read_crosswalk(data: bytes) -> dict[str, str]:
    """Give the new id of each question by its old one, from a file's bytes.

    CSV has the columns `old` and `new`; TOML a table `[questions]` with lines `"old id" = "new id"`.
    Raises UnusableCrosswalk.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = "the file is not UTF-8 text: save it as CSV UTF-8, or as TOML"
        raise UnusableCrosswalk(message) from error
    pairs = list(_of_toml(text) if text.lstrip().startswith(("[", "#")) else _of_csv(text))
    questions: dict[str, str] = {}
    for place, old, new in pairs:
        _check(place, old, new, questions)
        questions[old] = new
    if not questions:
        message = "the file names no question: give at least one old and new id"
        raise UnusableCrosswalk(message)
    return questions


def _check(place: str, old: str, new: str, known: dict[str, str]) -> None:
    faults = {
        "an id is empty: give both, the old and the new one": not old or not new,
        f"an id has more than {LONGEST} characters": max(len(old), len(new)) > LONGEST,
        f"{old!r} stands twice, with different new ids: keep one": known.get(old, new) != new,
        f"{old!r} would become itself: leave it out": old == new,
    }
    for fault, holds in faults.items():
        if holds:
            message = f"{place}: {fault}"
            raise UnusableCrosswalk(message)


def _of_csv(text: str) -> Iterator[tuple[str, str, str]]:
    rows = csv.DictReader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    if not {OLD, NEW} <= set(rows.fieldnames or ()):
        message = "row 1: the header must name the columns `old` and `new`"
        raise UnusableCrosswalk(message)
    for number, row in enumerate(rows, start=2):
        yield f"row {number}", (row[OLD] or "").strip(), (row[NEW] or "").strip()


def _of_toml(text: str) -> Iterator[tuple[str, str, str]]:
    try:
        questions = tomllib.loads(text).get("questions")
    except tomllib.TOMLDecodeError as error:
        message = f"the file is no TOML: {error}"
        raise UnusableCrosswalk(message) from error
    if not isinstance(questions, dict):
        message = 'the file lacks the table [questions], with lines such as "old id" = "new id"'
        raise UnusableCrosswalk(message)
    for old, new in questions.items():
        yield f"questions.{old}", old.strip(), str(new).strip()
