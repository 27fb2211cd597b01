"""What importing a file would do, or did: as the API tells it, and as an upload keeps it."""

from pydantic import BaseModel, Field

from service.api.shapes import Named
from service.importing.planning import ImportPlan


class BadCell(BaseModel):
    """A cell that cannot be used: the row counts as a spreadsheet does, from 1 with the header in it."""

    row: int
    column: str
    value: str
    reason: str


class Report(BaseModel):
    """What importing a file would do, or did."""

    assessment: str
    dry_run: bool
    findings: int = Field(description="Findings that are new.")
    plans: list[str] = Field(description="The improvement plans that they begin.")
    corrected: int = Field(description="Findings that differ and that nobody has acted on yet.")
    settled: list[str] = Field(description="Findings that differ, but were acted on: they stay as they are.")
    known: int
    compliant: int
    fact_gathering: int
    not_applicable: int
    blank: int
    remedied: int = Field(0, description="Rows whose status says that the fix was verified: left out.")
    ignored_columns: list[str]
    new_factories: list[Named]
    bad: list[BadCell]
    bad_rows: int
    started: int | None = None
    amended: int | None = None
    refused: list[str] = Field([], description="Corrections that were refused, and why.")


def report_of(plan: ImportPlan, *, dry_run: bool) -> Report:
    """Say what a plan would do, every cell at fault included."""
    read = plan.reading
    return Report(
        assessment=plan.assessment.id,
        dry_run=dry_run,
        findings=len(plan.fresh),
        plans=list(plan.plans),
        corrected=len(plan.corrected),
        settled=[each.finding for each in plan.settled],
        known=plan.known,
        compliant=read.compliant,
        fact_gathering=read.fact_gathering,
        not_applicable=read.not_applicable,
        blank=read.blank,
        remedied=read.remedied,
        ignored_columns=list(read.ignored_columns),
        new_factories=[Named(id=each.id, name=each.name) for each in plan.new_factories],
        bad=[
            BadCell(row=each.row, column=each.column, value=each.value, reason=each.reason)
            for each in plan.bad
        ],
        bad_rows=read.bad_rows,
    )
