"""Rows of an assessment: what becomes a finding, what is left out, and what is refused with which words."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediation.assessment import AssessedFactory, finding_id, plan_id
from remediation.words import ProgrammeId, Severity
from tests.assessment.sheets import HEADER, PROGRAMME, TODAY, read, row, the_bad


def test_a_non_compliant_row_becomes_a_finding_with_all_it_says() -> None:
    reading = read(
        row(
            severity="Major",
            statement="Two exits were blocked.",
            evidence="Photographs 14 to 17",
            interview="yes",
            deadline="2026-01-31",
        )
    )
    (finding,) = reading.findings
    assert finding.row == 2
    assert finding.factory == "BD-0117"
    assert (finding.cycle, finding.assessment, finding.assessed_on) == ("4", "4", date(2026, 1, 12))
    assert (finding.cluster, finding.point) == ("occupational-safety-and-health", "emergency-preparedness")
    assert (finding.question, finding.question_text) == ("701", "Are all emergency exits unlocked?")
    assert (finding.statement, finding.evidence) == ("Two exits were blocked.", "Photographs 14 to 17")
    assert finding.severity is Severity.MAJOR
    assert finding.proof_by_interview
    assert finding.suggested_deadline == date(2026, 1, 31)
    assert finding.finding == finding_id(PROGRAMME, "BD-0117", "4", "701")
    assert finding.plan == plan_id(PROGRAMME, "BD-0117", "4")
    assert reading.factories == (AssessedFactory(id="BD-0117", name="Padma Stitch Ltd.", country="BD"),)
    assert reading.bad == ()


def test_what_is_no_finding_is_left_out_and_counted() -> None:
    reading = read(
        row(),
        row(question="702", finding="0"),
        row(question="703", finding="No"),
        row(question="704", finding="n/a"),
        row(question="705", finding="1240", type="Fact-gathering"),
        ["", "  ", ""],
        [],
    )
    assert len(reading.findings) == 1
    assert (reading.compliant, reading.not_applicable, reading.fact_gathering, reading.blank) == (2, 1, 1, 2)
    assert reading.bad == ()


@pytest.mark.parametrize("answer", ["1", "Yes", "y", "TRUE", "Non-Compliant", "NC", " non compliance ", "x"])
def test_it_knows_non_compliance_by_many_words(answer: str) -> None:
    assert len(read(row(finding=answer)).findings) == 1


@pytest.mark.parametrize("answer", ["0", "No", "false", "Compliant", "in compliance"])
def test_it_knows_compliance_by_many_words(answer: str) -> None:
    assert read(row(finding=answer)).compliant == 1


@pytest.mark.parametrize("answer", ["NA", "not applicable", "-"])
def test_it_knows_what_does_not_apply(answer: str) -> None:
    assert read(row(finding=answer)).not_applicable == 1


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("03/04/2026", date(2026, 4, 3)),
        ("3/4/2026", date(2026, 4, 3)),
        ("03-04-2026", date(2026, 4, 3)),
        ("03.04.2026", date(2026, 4, 3)),
        ("2026-04-03", date(2026, 4, 3)),
        ("2026-04-03T00:00:00", date(2026, 4, 3)),
        ("2026-04-03 08:15", date(2026, 4, 3)),
    ],
)
def test_dates_have_the_day_first_or_are_iso(written: str, day: date) -> None:
    (finding,) = read(row(date=written)).findings
    assert finding.assessed_on == day


SAY_A_DATE = "write it as dd/mm/yyyy (day first) or yyyy-mm-dd"


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        (
            {"date": "01/25/2026"},
            "Assessment date",
            f"is not a day of the calendar (day 1, month 25); {SAY_A_DATE}",
        ),
        (
            {"date": "29/02/2026"},
            "Assessment date",
            f"is not a day of the calendar (day 29, month 2); {SAY_A_DATE}",
        ),
        ({"date": "12/01/26"}, "Assessment date", f"is not a date; {SAY_A_DATE}"),
        ({"date": "12/01-2026"}, "Assessment date", f"is not a date; {SAY_A_DATE}"),
        ({"date": "12 January 2026"}, "Assessment date", f"is not a date; {SAY_A_DATE}"),
        ({"date": "12/01/1926"}, "Assessment date", f"lies before the year 2000; {SAY_A_DATE}"),
        (
            {"date": "46034"},
            "Assessment date",
            f"looks like a spreadsheet's day number; format the column as a date, or {SAY_A_DATE}",
        ),
        ({"date": "03/06/2026"}, "Assessment date", "lies in the future; check day, month and year"),
        (
            {"deadline": "11/01/2026"},
            "Suggested deadline",
            "lies before the assessment; check day, month and year",
        ),
        ({"deadline": "soon"}, "Suggested deadline", f"is not a date; {SAY_A_DATE}"),
        ({"finding": "perhaps"}, "Finding", "is not an answer; write 1 (non-compliant) or 0 (compliant)"),
        ({"finding": "2"}, "Finding", "is not an answer; write 1 (non-compliant) or 0 (compliant)"),
        ({"finding": ""}, "Finding", "is empty; write 1 or 0"),
        (
            {"severity": "awful"},
            "Severity",
            "is not a severity; write zero tolerance, critical, major, minor or collaborative",
        ),
        ({"interview": "maybe"}, "Proof by interview", "is neither yes nor no"),
        ({"factory": ""}, "Factory ID", "is empty; every finding needs it"),
        (
            {"factory": "BD 0117/B"},
            "Factory ID",
            "is not a code; use letters, digits, full stops, hyphens and underscores only",
        ),
        ({"question": ""}, "Question ID", "is empty; every finding needs it"),
        ({"cycle": ""}, "Cycle", "is empty; each row needs its cycle, or the whole column must go"),
        ({"point": ""}, "CP", "is empty; name the point"),
        (
            {"point": "Emergncy Prepardness"},
            "CP",
            "is not a compliance point; did you mean 'Emergency Preparedness'?",
        ),
        (
            {"cluster": "Occupational Safety"},
            "Cluster",
            "is not a cluster; did you mean 'Occupational Safety and Health'?",
        ),
        (
            {"cluster": "Compensation"},
            "Cluster",
            "is not the cluster of 'Emergency Preparedness'; that is 'Occupational Safety and Health'",
        ),
        (
            {"country": "Atlantis"},
            "Country",
            "is not a country known by name; write its two-letter ISO 3166 code, such as BD or KH",
        ),
        ({"factory": "BD-9", "name": "x" * 201}, "Factory name", "is 201 characters long; shorten it to 200"),
        ({"factory": "x" * 41}, "Factory ID", "is 41 characters long; shorten it to 40"),
        ({"statement": "x" * 4001}, "Statement", "is 4001 characters long; shorten it to 4000"),
        ({"label": "x" * 2001}, "Question", "is 2001 characters long; shorten it to 2000"),
        ({"statement": "a\x00b"}, "Statement", "holds a control character that cannot be shown; remove it"),
        ({"evidence": "#REF!"}, "Evidence", "is an error of the spreadsheet's formula; put the value there"),
    ],
)
def test_a_cell_at_fault_is_told_with_row_column_value_and_reason(
    cells: dict[str, str], column: str, reason: str
) -> None:
    reading = read(row(question="1"), row(**{"question": "2", "cycle": "5"} | cells))
    bad = the_bad(reading)
    assert (bad.row, bad.column, bad.reason) == (3, column, reason)
    assert [finding.row for finding in reading.findings] == [2]
    assert reading.bad_rows == 1


def test_what_a_bad_cell_says_is_shown_shortened_and_printable() -> None:
    long, odd = read(row(statement="x" * 5000)), read(row(statement="a\x00b"))
    assert the_bad(long).value == "x" * 79 + "…"
    assert the_bad(read(row(finding="y" * 80))).value == "y" * 80
    assert the_bad(odd).value == "a\N{REPLACEMENT CHARACTER}b"
    assert str(the_bad(read(row(finding="perhaps")))).startswith(
        "row 2, Finding: 'perhaps' is not an answer;"
    )
    assert str(the_bad(read(row(finding="")))) == "row 2, Finding: is empty; write 1 or 0"


def test_every_fault_of_a_row_is_told_at_once() -> None:
    reading = read(row(factory="", question="", date="soon", severity="awful"))
    assert [bad.column for bad in reading.bad] == ["Factory ID", "Question ID", "Assessment date", "Severity"]
    assert reading.bad_rows == 1


def test_today_is_the_importer_s_and_the_factory_may_be_a_day_ahead() -> None:
    assert len(read(row(date="02/06/2026"), today=TODAY).findings) == 1
    assert the_bad(read(row(date="03/06/2026"), today=TODAY)).column == "Assessment date"


def test_a_moved_row_is_refused_whole() -> None:
    moved = [*row()[:2], "Padma Stitch", " Ltd.", *row()[3:], "over"]
    bad = the_bad(read(moved))
    assert (bad.row, bad.column, bad.value) == (2, "beyond the header", "over")
    reason = "stands right of the last heading; put text that holds the separator in double quotes"
    assert bad.reason == reason
    assert "double quotes" in bad.reason


def test_a_row_with_empty_cells_to_the_right_is_good() -> None:
    assert len(read([*row(), "", " "]).findings) == 1


def test_a_question_is_answered_once() -> None:
    reading = read(row(), row())
    bad = the_bad(reading)
    assert (bad.row, bad.column) == (3, "Question ID")
    assert bad.reason == "repeats row 2: same factory, assessment and question; keep one of them"


@pytest.mark.parametrize(("first", "second"), [("0", "1"), ("1", "0")])
def test_a_question_is_not_answered_both_ways(first: str, second: str) -> None:
    bad = the_bad(read(row(finding=first), row(finding=second)))
    assert (bad.row, bad.column) == (3, "Finding")
    assert bad.reason == "contradicts row 2, which answers the same question otherwise; keep one"


def test_compliant_rows_may_repeat() -> None:
    assert read(row(finding="0"), row(finding="0")).compliant == 2


def test_the_same_question_in_another_factory_or_cycle_is_another_finding() -> None:
    reading = read(row(), row(factory="BD-0118", name="Other"), row(cycle="5"))
    assert len({finding.finding for finding in reading.findings}) == 3
    assert len({finding.plan for finding in reading.findings}) == 3


def test_one_question_of_one_day_is_the_same_however_the_date_is_written() -> None:
    without_cycle = [name for name in HEADER if name != "Cycle"]
    rows = (row(without_cycle), row(without_cycle, date="2026-01-12"))
    bad = the_bad(read(*rows, header=without_cycle))
    assert (bad.row, bad.column) == (3, "Question ID")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"name": "Padma Knitwear"}, "Factory name"),
        ({"country": "KH"}, "Country"),
        ({"date": "13/01/2026"}, "Assessment date"),
    ],
)
def test_rows_of_one_factory_agree(cells: dict[str, str], column: str) -> None:
    bad = the_bad(read(row(), row(question="702", **cells)))
    assert (bad.row, bad.column) == (3, column)
    assert bad.reason == "contradicts row 2, which says otherwise of BD-0117; make them the same"


def test_names_may_differ_in_case_and_punctuation_and_be_left_out() -> None:
    reading = read(
        row(name="", country=""),
        row(question="702", name="Padma Stitch Ltd."),
        row(question="703", name="PADMA STITCH LTD", country="bd"),
        row(question="704", name="", country=""),
    )
    assert len(reading.findings) == 4
    assert reading.factories == (AssessedFactory(id="BD-0117", name="Padma Stitch Ltd.", country="BD"),)


def test_names_without_letters_are_compared_as_they_are() -> None:
    assert the_bad(read(row(name="***"), row(question="702", name="+++"))).column == "Factory name"


def test_a_factory_without_country_has_none() -> None:
    (factory,) = read(row(country="")).factories
    assert factory.country is None


def test_without_cycles_the_date_tells_assessments_apart() -> None:
    header = [name for name in HEADER if name != "Cycle"]
    reading = read(row(header), row(header, date="2025-01-12"), header=header)
    assert [finding.assessment for finding in reading.findings] == ["2026-01-12", "2025-01-12"]
    assert [finding.cycle for finding in reading.findings] == ["", ""]


def test_without_cycles_each_row_needs_its_date() -> None:
    header = [name for name in HEADER if name != "Cycle"]
    bad = the_bad(read(row(header, date=""), header=header))
    assert (bad.column, bad.reason) == (
        "Assessment date",
        "is empty; a file without cycles needs the date in each row",
    )


def test_with_cycles_the_date_may_be_missing() -> None:
    (finding,) = read(row(date="")).findings
    assert finding.assessed_on is None


def test_only_a_person_makes_a_finding_zero_tolerance() -> None:
    (finding,) = read(row(severity="Zero tolerance")).findings
    assert finding.severity is Severity.ZERO_TOLERANCE


def test_high_medium_and_low_are_understood() -> None:
    rows = (row(question=level, severity=level) for level in ("High", "Medium", "Low"))
    assert [finding.severity for finding in read(*rows).findings] == ["critical", "major", "minor"]


def test_the_same_file_gives_the_same_ids_and_another_programme_gives_others() -> None:
    first, again = read(row()).findings[0], read(row()).findings[0]
    assert first == again
    assert finding_id(ProgrammeId("other"), "BD-0117", "4", "701") != first.finding
    assert plan_id(ProgrammeId("other"), "BD-0117", "4") != first.plan


def test_a_corrected_file_gives_the_finding_its_old_id() -> None:
    first, corrected = read(row()).findings[0], read(row(severity="Minor", statement="Corrected")).findings[0]
    assert corrected == replace(first, severity=Severity.MINOR, statement="Corrected")


@given(st.tuples(*[st.text(max_size=9)] * 4), st.tuples(*[st.text(max_size=9)] * 4))
def test_ids_differ_wherever_their_parts_do(one: tuple[str, ...], other: tuple[str, ...]) -> None:
    programme, *rest = one
    first = finding_id(ProgrammeId(programme), *rest)
    assert (first == finding_id(ProgrammeId(other[0]), *other[1:])) is (one == other)
    assert first.removeprefix("f-").isalnum()
    assert first.isascii()
    assert len(first) == 18


def test_ids_never_change_from_one_version_to_the_next() -> None:
    assert finding_id(PROGRAMME, "BD-0117", "4", "701") == "f-j6ytsibi5adzehja"
    assert finding_id(PROGRAMME, "BD-0117", "été", "701") == "f-f4neazeglrnabkx3"
    assert plan_id(PROGRAMME, "BD-0117", "4") == "p-ichdc72ade76m45g"


def test_all_that_is_left_out_is_counted() -> None:
    others = [row(question=f"80{number}", finding="12", type="Fact-gathering") for number in range(3)]
    reading = read(*others, row())
    assert (reading.fact_gathering, len(reading.findings)) == (3, 1)


def test_texts_and_dates_may_be_as_long_and_as_early_as_the_rules_allow() -> None:
    longest = row(factory="x" * 40, statement="y" * 4000, label="z" * 2000, name="n" * 200)
    earliest = row(question="702", date="01/01/2000", cycle="1")
    same_day = row(question="703", date="12/01/2026", deadline="12/01/2026")
    reading = read(longest, earliest, same_day)
    assert reading.bad == ()
    assert [each.assessed_on for each in reading.findings[1:]] == [date(2000, 1, 1), date(2026, 1, 12)]


def test_a_row_may_end_before_its_last_columns() -> None:
    header = HEADER[:-1]
    assert len(read(row(header)[:-1], header=header).findings) == 1
    assert len(read(row()[:11]).findings) == 1


def test_a_date_that_cannot_be_read_contradicts_no_other_row() -> None:
    reading = read(row(date="12/13/2026"), row(question="702"))
    assert the_bad(reading).row == 2
    assert len(reading.findings) == 1
