"""Severities by table: defaults for every point, and a programme's own file over them."""

from pathlib import Path

import pytest

from remediation.assessment import SeveritiesRefused, SeverityTable, read_severities
from remediation.assessment.severities import BY_CLUSTER, BY_POINT
from remediation.catalogue import CLUSTER_BY_ID, POINT_BY_ID
from remediation.words import Severity
from tests.assessment.sheets import read, row

SAMPLE = Path(__file__).parents[2] / "samples" / "severities.toml"


def severity(point: str, table: SeverityTable, question: str = "") -> Severity:
    return table.severity(question, POINT_BY_ID[point])


def test_every_point_has_a_default_and_none_is_zero_tolerance() -> None:
    given = {severity(point, SeverityTable()) for point in POINT_BY_ID}
    assert given == {Severity.CRITICAL, Severity.MAJOR, Severity.MINOR}
    assert set(BY_CLUSTER) == set(CLUSTER_BY_ID)
    assert set(BY_POINT) <= set(POINT_BY_ID)


def test_child_and_forced_labour_and_blocked_exits_are_critical() -> None:
    for point in ("child-labourers", "bonded-labour", "coercion", "emergency-preparedness"):
        assert severity(point, SeverityTable()) is Severity.CRITICAL


def test_a_question_goes_before_its_point_and_a_point_before_its_cluster() -> None:
    table = read_severities(
        """
        [clusters]
        "Working Time" = "minor"
        [points]
        "Regular Hours" = "collaborative"
        [questions]
        803 = "zero tolerance"
        """
    )
    assert severity("overtime", table) is Severity.MINOR
    assert severity("regular-hours", table) is Severity.COLLABORATIVE
    assert severity("regular-hours", table, "803") is Severity.ZERO_TOLERANCE
    assert severity("gender", table) is Severity.MAJOR


def test_a_cluster_named_in_the_file_overrides_the_defaults_of_its_points() -> None:
    table = read_severities('[clusters]\nOSH = "major"\n')
    assert severity("emergency-preparedness", table) is Severity.MAJOR
    assert severity("leave", table) is Severity.MINOR


def test_the_file_s_own_column_goes_before_the_table() -> None:
    table = read_severities('[questions]\n701 = "minor"\n')
    rows = (row(), row(question="702"), row(question="703", severity="collaborative"))
    given = [finding.severity for finding in read(*rows, severities=table).findings]
    assert given == [Severity.MINOR, Severity.CRITICAL, Severity.COLLABORATIVE]


@pytest.mark.parametrize(
    ("text", "errors"),
    [
        ("[clusters", None),
        ("[cluster]\n", ["cluster: is not known; did you mean 'clusters'?"]),
        ("points = 1", ["points: must be a table of names and severities, headed [points]"]),
        (
            '[points]\nGendre = "major"\n[clusters]\nOHSS = "major"',
            [
                (
                    "clusters.OHSS: is not a cluster; known are Child Labour, Discrimination, Forced Labour, "
                    "Freedom of Association and Collective Bargaining, Compensation, "
                    "Contracts and Human Resources, Occupational Safety and Health, Working Time"
                ),
                "points.Gendre: is not a compliance point; did you mean 'Gender'?",
            ],
        ),
        (
            '[questions]\n701 = "awful"',
            [
                (
                    "questions.701: 'awful' is not a severity; write zero tolerance, critical, major, "
                    "minor or collaborative"
                )
            ],
        ),
    ],
)
def test_a_table_at_fault_is_refused_by_its_keys(text: str, errors: list[str] | None) -> None:
    with pytest.raises(SeveritiesRefused) as refusal:
        read_severities(text)
    if errors is None:
        assert str(refusal.value).startswith("The file is not TOML: ")
    else:
        assert list(refusal.value.errors) == errors
        assert str(refusal.value) == "\n".join(errors)


def test_the_sample_can_be_used() -> None:
    assert read_severities(SAMPLE.read_text(encoding="utf-8")).questions == {"302": Severity.ZERO_TOLERANCE}
