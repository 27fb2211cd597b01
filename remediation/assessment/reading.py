"""Reading an assessment: from rows of text to findings, and to a list of every cell at fault."""

from collections.abc import Iterable
from datetime import date, timedelta

from remediation.assessment.agreement import Agreement
from remediation.assessment.columns import Cells, Column, find_header
from remediation.assessment.drafting import Terms, draft, read_country
from remediation.assessment.findings import AssessedFactory, AssessedFinding, BadRow, Reading
from remediation.assessment.row import Row
from remediation.assessment.severities import SeverityTable
from remediation.assessment.values import Answer, is_fact_gathering, read_answer
from remediation.vocabularies import Standing, read_status
from remediation.words import ProgrammeId

DEFAULT_SEVERITIES = SeverityTable()


def read_assessment(
    rows: Iterable[Cells],
    *,
    programme: ProgrammeId,
    today: date,
    severities: SeverityTable = DEFAULT_SEVERITIES,
) -> Reading:
    """Read all rows of a file, the header among them, and give the good findings and the bad cells.

    `today` is the importing person's day: an assessment may not lie after it. Raises UnreadableFile when
    the header cannot be used; whatever is wrong in a single row is part of the answer instead.
    """
    numbered = _Numbered(rows)
    header = find_header(numbered)
    # The factory's day may already be the next one.
    tally = _Tally(Terms(programme, today + timedelta(days=1), severities))
    for cells in numbered:
        tally.take(Row(numbered.row, cells, header))
    return tally.reading(header.ignored)


class _Numbered:
    """Rows that know how many of them were taken."""

    def __init__(self, rows: Iterable[Cells]) -> None:
        self.row = 0
        self._rows = iter(rows)

    def __iter__(self) -> "_Numbered":
        return self

    def __next__(self) -> Cells:
        cells = next(self._rows)
        self.row += 1
        return cells


class _Tally:
    """Sorts rows into findings, bad rows and what is left out and counted."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._agreement = Agreement()
        self._findings: list[AssessedFinding] = []
        self._factories: dict[str, AssessedFactory] = {}
        self._bad: list[BadRow] = []
        self._blank = self._fact_gathering = self._remedied = 0
        self._answers = dict.fromkeys(Answer, 0)

    def take(self, row: Row) -> None:
        if row.blank:
            self._blank += 1
            return
        row.refuse_cells_beyond_the_header()
        if row.bad:
            # Its cells have moved: what they seem to say would only mislead.
            self._bad += row.bad
        elif is_fact_gathering(row.cell(Column.QUESTION_TYPE)):
            self._fact_gathering += 1
        else:
            self._take_scored(row)

    def _take_scored(self, row: Row) -> None:
        answer = row.read(Column.ANSWER, read_answer)
        if answer is Answer.NON_COMPLIANT:
            self._take_unless_remedied(row)
        elif answer is not None:
            self._take_left_out(row, answer)
        self._bad += row.bad

    def _take_left_out(self, row: Row, answer: Answer) -> None:
        if answer is Answer.COMPLIANT:
            self._agreement.check_answer(row, answer)
        if not row.bad:
            self._answers[answer] += 1

    def _take_unless_remedied(self, row: Row) -> None:
        standing = row.read(Column.STATUS, read_status) if row.cell(Column.STATUS) else None
        if standing is Standing.VERIFIED:
            self._remedied += 1
        else:
            self._take_finding(row)

    def _take_finding(self, row: Row) -> None:
        self._agreement.check_factory(row)
        self._agreement.check_answer(row, Answer.NON_COMPLIANT)
        finding = draft(row, self._terms)
        if finding is not None:
            self._findings.append(finding)
            self._remember(finding.factory, row)

    def _remember(self, code: str, row: Row) -> None:
        """Put together what a factory's good rows say of it; some leave name or country out."""
        known = self._factories.get(code)
        self._factories[code] = AssessedFactory(
            id=code,
            name=(known.name if known else "") or row.cell(Column.FACTORY_NAME),
            country=(known.country if known else None) or read_country(row),
        )

    def reading(self, ignored: tuple[str, ...]) -> Reading:
        return Reading(
            findings=tuple(self._findings),
            bad=tuple(self._bad),
            factories=tuple(self._factories.values()),
            compliant=self._answers[Answer.COMPLIANT],
            fact_gathering=self._fact_gathering,
            not_applicable=self._answers[Answer.NOT_APPLICABLE],
            blank=self._blank,
            ignored_columns=ignored,
            remedied=self._remedied,
        )
