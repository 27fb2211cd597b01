"""Whether the rows of a file agree: one name a factory, one date an assessment, one answer a question."""

from remediation.assessment.columns import Column
from remediation.assessment.row import Row
from remediation.assessment.values import Answer, read_date
from remediation.countries import country_code
from remediation.matching import plain

Key = tuple[str, ...]


def occasion(row: Row) -> str:
    """Give what tells a factory's assessments apart: the cycle, else the date in ISO form, else its text."""
    text = row.cell(Column.DATE)
    return row.cell(Column.CYCLE) or _day(text) or text


def _day(text: str) -> str:
    """Give a date in ISO form; nothing for text that is no date, of which drafting complains."""
    try:
        return read_date(text).isoformat()
    except ValueError:
        return ""


class Agreement:
    """What the rows so far have said. The first row to say a thing stands, and later ones are refused."""

    def __init__(self) -> None:
        self._said: dict[tuple[Column, Key], tuple[str, int]] = {}
        self._answers: dict[Key, tuple[Answer, int]] = {}

    def check_factory(self, row: Row) -> None:
        """Refuse another name or country for a factory, or another date for its assessment."""
        factory = row.cell(Column.FACTORY)
        name, country = row.cell(Column.FACTORY_NAME), row.cell(Column.COUNTRY)
        self._check(row, Column.FACTORY_NAME, (factory,), plain(name) or name)
        self._check(row, Column.COUNTRY, (factory,), country_code(country) or "")
        self._check(row, Column.DATE, (factory, occasion(row)), _day(row.cell(Column.DATE)))

    def check_answer(self, row: Row, answer: Answer) -> None:
        """Refuse a second finding on the same question, and an answer that contradicts the first."""
        key = (row.cell(Column.FACTORY), occasion(row), row.cell(Column.QUESTION))
        first, number = self._answers.setdefault(key, (answer, row.number))
        if first is not answer:
            row.refuse(
                Column.ANSWER,
                f"contradicts row {number}, which answers the same question otherwise; keep one",
            )
        elif number != row.number and answer is Answer.NON_COMPLIANT:
            reason = f"repeats row {number}: same factory, assessment and question; keep one of them"
            row.refuse(Column.QUESTION, reason)

    def _check(self, row: Row, column: Column, key: Key, meaning: str) -> None:
        if not meaning:
            return
        first, number = self._said.setdefault((column, key), (meaning, row.number))
        if first != meaning:
            row.refuse(
                column, f"contradicts row {number}, which says otherwise of {key[0]}; make them the same"
            )
