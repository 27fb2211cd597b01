"""What is read from an assessment file: findings, and the cells that could not be read."""

from dataclasses import dataclass
from datetime import date

from remediation.words import FindingId, PlanId, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedFactory:
    """A factory as a file names it. `id` is the programme's own code; `country` is ISO 3166-1 alpha-2."""

    id: str
    name: str
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessedFinding:
    """One non-compliant question of one factory. Dates are local days.

    `row` counts as a spreadsheet does, from 1 with the header in it. `cluster` and `point` are ids of the
    catalogue; `factory` is the id of one of the reading's factories. `assessment` tells a factory's
    assessments apart: the cycle, else the ISO date.
    """

    row: int
    finding: FindingId
    plan: PlanId
    factory: str
    assessment: str
    cycle: str
    assessed_on: date | None
    cluster: str
    point: str
    question: str
    question_text: str
    statement: str
    evidence: str
    severity: Severity
    proof_by_interview: bool
    suggested_deadline: date | None


@dataclass(frozen=True, slots=True)
class BadRow:
    """One cell at fault: where it is, what it says (shortened), and in `reason` why not and the way out."""

    row: int
    column: str
    value: str
    reason: str

    def __str__(self) -> str:
        shown = f" {self.value!r}" if self.value else ""
        return f"row {self.row}, {self.column}:{shown} {self.reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A whole file as read: good findings in the file's order, bad cells, and counts of what was left out.

    `factories` are those of the good findings. `ignored_columns` are headings that have no meaning here.
    """

    findings: tuple[AssessedFinding, ...]
    bad: tuple[BadRow, ...]
    factories: tuple[AssessedFactory, ...]
    compliant: int
    fact_gathering: int
    not_applicable: int
    blank: int
    ignored_columns: tuple[str, ...]
    remedied: int = 0
    """Rows whose status says that the fix was verified elsewhere: left out."""

    @property
    def bad_rows(self) -> int:
        """The number of rows with at least one bad cell."""
        return len({each.row for each in self.bad})
