"""Headers: found below titles, understood by many names, and refused when they cannot be used."""

import re

import pytest

from remediation.assessment import UnreadableFile, read_assessment
from remediation.assessment.columns import SYNONYMS, Column
from tests.assessment.sheets import GOOD, HEADER, PROGRAMME, TODAY, read, row


def test_every_name_of_every_column_is_understood() -> None:
    wild = [names[0] for names in SYNONYMS.values()]
    for names in SYNONYMS.values():
        for name in names:
            header = [name if each == names[0] else each for each in wild]
            assert read(header=header).ignored_columns == (), name


def test_no_name_stands_for_two_columns() -> None:
    by_column = [{re.sub(r"\W", "", name).casefold() for name in names} for names in SYNONYMS.values()]
    names = [name for names in by_column for name in names]
    assert len(names) == len(set(names))
    assert set(SYNONYMS) == set(Column)


@pytest.mark.parametrize(
    "written",
    [
        "FACTORY.ASSESSED.ID",
        "factory_assessed_id",
        " Factory  Assessed\nID ",
        "Factory Assessed ID (code)",
        "Factory-ID",
    ],
)
def test_case_punctuation_and_spacing_do_not_matter(written: str) -> None:
    header = [written if name == "Factory.Assessed.ID" else name for name in HEADER]
    assert len(read(row(), header=header).findings) == 1


def test_columns_may_stand_in_any_order_and_others_are_ignored_by_name() -> None:
    header = [*reversed(HEADER), "Colour", ""]
    reading = read(row(header), header=header)
    assert len(reading.findings) == 1
    assert reading.ignored_columns == ("Colour",)


def test_titles_may_stand_above_the_header_and_rows_keep_their_numbers() -> None:
    titles = [["Assessments of 2026"], [], ["Country", "of", "origin"]]
    reading = read_assessment([*titles, HEADER, row()], programme=PROGRAMME, today=TODAY)
    assert reading.findings[0].row == 5


def test_three_known_names_make_a_header_whatever_else_it_lacks() -> None:
    with pytest.raises(UnreadableFile, match="The header lacks: Question ID; "):
        read(header=["Factory ID", "CP", "Cycle"])
    with pytest.raises(UnreadableFile, match=r"None of .* Factory ID, .* and Cycle or Assessment date"):
        read(header=["Factory ID", "CP"])


def test_only_the_needed_columns_are_needed() -> None:
    header = ["Factory ID", "CP", "Question ID", "Finding", "Cycle"]
    cells = ["BD-0117", "Gender", "201", "1", "4"]
    (finding,) = read(cells, header=header).findings
    assert (finding.point, finding.cluster, finding.question_text) == ("gender", "discrimination", "")


@pytest.mark.parametrize(
    "rows", [[], [["only", "words"]], [[f"row {n}"] for n in range(20)] + [list(HEADER)]]
)
def test_a_file_without_header_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(UnreadableFile, match="None of the first 20 rows is a header") as refusal:
        read_assessment(rows, programme=PROGRAMME, today=TODAY)
    assert refusal.value.code == "unreadable_file"


def test_a_header_that_lacks_columns_is_refused_with_a_guess() -> None:
    header = ["Factry Assesed ID", "Country", "CP", "Q.Label", "Cluster"]
    with pytest.raises(UnreadableFile) as refusal:
        read(header=header)
    assert str(refusal.value) == (
        "The header lacks: Factory ID (is it 'Factry Assesed ID'?); Question ID; Finding; "
        "Cycle or Assessment date. docs/import.md lists the names that are understood."
    )


def test_two_columns_for_the_same_thing_are_refused() -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read(header=[*HEADER, "Compliance point"])
    assert (
        str(refusal.value)
        == "The columns 'CP' and 'Compliance point' both stand for CP. Rename or remove one of them."
    )


def test_a_column_named_compliant_is_not_taken_for_findings() -> None:
    header = ["Compliant" if name == "Finding (0/1)" else name for name in HEADER]
    with pytest.raises(UnreadableFile, match="lacks: Finding"):
        read([GOOD.get(name, "") for name in HEADER], header=header)
