"""docs/import.md says what the code does: columns, limits, severities, catalogue, complaints."""

import re
from pathlib import Path

from remediation.assessment import read_severities
from remediation.assessment.columns import REQUIRED, SYNONYMS, Column
from remediation.assessment.row import LONGEST
from remediation.assessment.severities import BY_CLUSTER, BY_POINT
from remediation.assessment.values import Answer, is_fact_gathering, read_answer
from remediation.catalogue import CLUSTERS, POINT_BY_ID, VERSION
from remediation.countries import COUNTRIES
from service.assessment_files import MOST_BYTES, MOST_INFLATED, MOST_ROWS, read_assessment_file
from tests.assessment.sheets import PROGRAMME, TODAY

ROOT = Path(__file__).parents[2]
DOC = (ROOT / "docs" / "import.md").read_text(encoding="utf-8")
TABLE = {cells[0]: cells for cells in (re.split(r"\s*\|\s*", line.strip("| ")) for line in DOC.splitlines())}


def words(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def test_every_column_is_there_with_its_names_and_limit() -> None:
    for column in Column:
        names, meaning = TABLE[column][1:]
        assert words(names) == list(SYNONYMS[column])
        assert ("**Required**" in meaning) is (column in REQUIRED)
        assert (f"At most {LONGEST.get(column)} characters" in meaning) is (column in LONGEST)


def test_the_limits_are_there() -> None:
    assert (
        f"At most {MOST_BYTES // 1_000_000} MB, {MOST_ROWS:,} rows, and {MOST_INFLATED // 1_000_000} MB"
        in DOC
    )


def test_every_answer_named_means_what_is_said() -> None:
    meanings = {
        "a finding": Answer.NON_COMPLIANT,
        "compliant: left out and counted": Answer.COMPLIANT,
        "not applicable: left out and counted": Answer.NOT_APPLICABLE,
    }
    for fate, answer in meanings.items():
        (cell,) = (key for key, cells in TABLE.items() if cells[1:] == [fate])
        assert [read_answer(word) for word in words(cell)] == [answer] * len(words(cell))
    (facts,) = (key for key, cells in TABLE.items() if cells[1:] == ["fact-gathering: left out and counted"])
    assert all(is_fact_gathering(word) for word in words(facts))


def test_the_severities_are_there() -> None:
    for cluster in CLUSTERS:
        severity, exceptions = TABLE[cluster.name][1:]
        assert severity == BY_CLUSTER[cluster.id]
        told = [f"{POINT_BY_ID[point].name}: {each}" for point, each in BY_POINT.items()]
        own = [each for each in told if each.split(":")[0] in {point.name for point in cluster.points}]
        assert sorted(exceptions.split("; ")) == sorted(own or ["no exception"])


def test_the_example_of_a_severity_table_can_be_used() -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", DOC, flags=re.DOTALL)
    assert read_severities(example).questions


def test_the_catalogue_and_the_countries_are_there() -> None:
    assert f"(catalogue {VERSION})" in DOC
    for cluster in CLUSTERS:
        assert (
            f"{cluster.number}. **{cluster.name}**: {'; '.join(point.name for point in cluster.points)}"
            in DOC
        )
    assert ", ".join(country.name for country in COUNTRIES.values()) in DOC


def test_the_complaint_shown_is_one_of_the_broken_sample() -> None:
    reading = read_assessment_file(
        (ROOT / "samples" / "broken.csv").read_bytes(), programme=PROGRAMME, today=TODAY
    )
    (shown,) = re.findall(r"```\n(row .*)\n```", DOC)
    assert shown in [str(bad) for bad in reading.bad]
