"""The columns of assessment files, their names in the wild, and finding the header among title rows."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from remediation.assessment.unreadable import UnreadableFile
from remediation.matching import nearest, plain

HEADER_WITHIN = 20
"""The header is looked for in so many first rows; titles may stand above it."""
LEAST_COLUMNS = 3
"""A row in which fewer columns are recognised is not a header."""
SEE = "docs/import.md lists the names that are understood."

Cells = Sequence[str]


class Column(StrEnum):
    """What a column is about. The value is the name used in errors and in docs/import.md."""

    COUNTRY = "Country"
    FACTORY = "Factory ID"
    FACTORY_NAME = "Factory name"
    CYCLE = "Cycle"
    DATE = "Assessment date"
    CLUSTER = "Cluster"
    POINT = "CP"
    QUESTION = "Question ID"
    QUESTION_TEXT = "Question"
    QUESTION_TYPE = "Question type"
    ANSWER = "Finding"
    SEVERITY = "Severity"
    STATEMENT = "Statement"
    EVIDENCE = "Evidence"
    BY_INTERVIEW = "Proof by interview"
    SUGGESTED_DEADLINE = "Suggested deadline"
    STATUS = "Status"


REQUIRED = (Column.FACTORY, Column.POINT, Column.QUESTION, Column.ANSWER)

SYNONYMS: Mapping[Column, tuple[str, ...]] = MappingProxyType(
    {
        Column.COUNTRY: ("Country", "Country code", "Country name", "Factory country", "Pays", "País"),
        Column.FACTORY: (
            "Factory.Assessed.ID",
            "Factory ID",
            "Factory code",
            "Factory number",
            "Facility ID",
            "Site ID",
            "Site code",
            "Supplier ID",
            "ID usine",
            "ID fábrica",
        ),
        Column.FACTORY_NAME: (
            "Factory.Assessed.Name",
            "Factory name",
            "Factory",
            "Facility",
            "Facility name",
            "Site name",
            "Supplier name",
            "Usine",
            "Fábrica",
        ),
        Column.CYCLE: ("Cycle", "Cycle number", "Cycle no", "Assessment cycle", "Service year", "Ciclo"),
        Column.DATE: (
            "Assessment.Start.Date",
            "Assessment date",
            "Start date",
            "Date of assessment",
            "Audit date",
            "Visit date",
            "Date",
            "Date d'évaluation",
            "Fecha de evaluación",
        ),
        Column.CLUSTER: ("Cluster", "Cluster name", "Cluster no", "Category", "Grappe", "Grupo"),
        Column.POINT: (
            "CP",
            "CP name",
            "Compliance point",
            "Compliance point name",
            "Sub-category",
            "Point de conformité",
            "Punto de cumplimiento",
        ),
        Column.QUESTION: (
            "Question.ID",
            "Question number",
            "Question no",
            "Question code",
            "Q.ID",
            "Q no",
            "QID",
            "ID question",
            "ID pregunta",
        ),
        Column.QUESTION_TEXT: (
            "Q.Label",
            "Question label",
            "Question",
            "Question text",
            "Requirement",
            "Checklist item",
            "Libellé",
            "Pregunta",
        ),
        Column.QUESTION_TYPE: ("Question.type", "Q.Type", "Type", "Type of question", "Tipo de pregunta"),
        Column.ANSWER: (
            "Finding",
            "Findings",
            "Non-compliance",
            "Non-compliant",
            "NC",
            "Result",
            "Answer",
            "Non-conformité",
            "Incumplimiento",
        ),
        Column.SEVERITY: ("Severity", "Level", "Severity level", "Risk level", "Gravité", "Gravedad"),
        Column.STATEMENT: (
            "Statement",
            "Finding statement",
            "Finding text",
            "Finding description",
            "Description",
            "Details",
            "Observation",
            "Comment",
            "Comments",
            "Constat",
            "Hallazgo",
        ),
        Column.EVIDENCE: ("Evidence", "Objective evidence", "Proof", "Preuve", "Evidencia"),
        Column.BY_INTERVIEW: (
            "Proof by interview",
            "By interview",
            "Interview",
            "Interview only",
            "Interview evidence",
            "Worker interview",
        ),
        Column.SUGGESTED_DEADLINE: (
            "Suggested deadline",
            "Deadline",
            "Proposed deadline",
            "Recommended deadline",
            "Due date",
            "Timeline",
        ),
        Column.STATUS: (
            "Status",
            "Remediation status",
            "Follow-up status",
            "Follow-up outcome",
            "CAP status",
            "Statut",
            "Estado",
        ),
    }
)
"""Names by which each column is known. A column called `Compliant` is not among those of `Finding`, for
there a 1 would mean the opposite."""


def _key(name: str) -> str:
    """Leave out what stands in brackets: `Finding (0/1)` and `Assessment.Start.Date (dd/mm/yyyy)`."""
    return plain(re.sub(r"\([^)]*\)|\[[^]]*\]", "", name))


_BY_KEY = {_key(name): column for column, names in SYNONYMS.items() for name in names}


@dataclass(frozen=True, slots=True)
class Header:
    """Where each column stands (counted from 0), how wide the table is, and which columns are not used."""

    places: Mapping[Column, int]
    names: tuple[str, ...]
    ignored: tuple[str, ...]


def recognised(cells: Cells) -> int:
    """Give how many different columns a row's cells name."""
    return len({_BY_KEY[key] for cell in cells if (key := _key(cell)) in _BY_KEY})


def find_header(rows: Iterator[Cells]) -> Header:
    """Advance `rows` past the header and give it.

    Raises UnreadableFile when none of the first rows is a header, when a required column is missing,
    or when two columns claim to be the same.
    """
    for _, cells in zip(range(HEADER_WITHIN), rows, strict=False):
        if recognised(cells) >= LEAST_COLUMNS:
            return _header(cells)
    message = (
        f"None of the first {HEADER_WITHIN} rows is a header. One row must name the columns: at least "
        f"{', '.join(REQUIRED)}, and Cycle or Assessment date. {SEE}"
    )
    raise UnreadableFile(message)


def _header(cells: Cells) -> Header:
    names = tuple(cell.strip() for cell in cells)
    places: dict[Column, int] = {}
    for place, name in enumerate(names):
        column = _BY_KEY.get(_key(name))
        if column in places:
            raise UnreadableFile(_twice(column, names[places[column]], name))
        if column is not None:
            places[column] = place
    ignored = tuple(name for name in names if name and _key(name) not in _BY_KEY)
    _refuse_missing(places, ignored)
    return Header(MappingProxyType(places), names, ignored)


def _twice(column: Column, first: str, second: str) -> str:
    return f"The columns {first!r} and {second!r} both stand for {column}. Rename or remove one of them."


def _refuse_missing(places: Mapping[Column, int], ignored: Sequence[str]) -> None:
    missing = [column for column in REQUIRED if column not in places]
    needed = [f"{column}{_perhaps(column, ignored)}" for column in missing]
    if Column.CYCLE not in places and Column.DATE not in places:
        needed.append("Cycle or Assessment date")
    if needed:
        message = f"The header lacks: {'; '.join(needed)}. {SEE}"
        raise UnreadableFile(message)


def _perhaps(column: Column, ignored: Sequence[str]) -> str:
    for name in SYNONYMS[column]:
        close = nearest(name, ignored)
        if close is not None:
            return f" (is it {close!r}?)"
    return ""
