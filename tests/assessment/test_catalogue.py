"""The catalogue: eight clusters, their points, and finding them by what people write."""

import pytest

from remediation.catalogue import CLUSTERS, POINT_BY_ID, VERSION, cluster_of, find_cluster, find_point


def test_there_are_eight_clusters_with_thirty_eight_points() -> None:
    assert [cluster.number for cluster in CLUSTERS] == list(range(1, 9))
    assert [len(cluster.points) for cluster in CLUSTERS] == [3, 4, 4, 5, 7, 4, 8, 3]
    assert len(POINT_BY_ID) == 38
    assert VERSION == "2026-1"


def test_ids_never_change() -> None:
    assert [cluster.id for cluster in CLUSTERS] == [
        "child-labour",
        "discrimination",
        "forced-labour",
        "freedom-of-association-and-collective-bargaining",
        "compensation",
        "contracts-and-human-resources",
        "occupational-safety-and-health",
        "working-time",
    ]
    assert [point.id for point in CLUSTERS[4].points] == [
        "method-of-payment",
        "minimum-wages-piece-rate-wages",
        "overtime-wages",
        "paid-leave",
        "premium-pay",
        "social-security-and-other-benefits",
        "wage-information-use-and-deduction",
    ]


@pytest.mark.parametrize("point", POINT_BY_ID.values(), ids=lambda point: point.id)
def test_each_point_is_found_by_id_and_name_and_belongs_to_its_cluster(point: object) -> None:
    known = POINT_BY_ID[point.id]  # type: ignore[attr-defined]
    assert find_point(known.id) is find_point(known.name) is find_point(known.name.upper()) is known
    assert known in cluster_of(known.id).points


def test_an_unknown_point_has_no_cluster() -> None:
    with pytest.raises(KeyError):
        cluster_of("astrology")


@pytest.mark.parametrize(
    ("written", "point"),
    [
        ("7.2 Emergency Preparedness", "emergency-preparedness"),
        ("CP 3: gender", "gender"),
        ("chemicals & hazardous substances", "chemicals-and-hazardous-substances"),
        ("Minimum wages / piece-rate wages", "minimum-wages-piece-rate-wages"),
        ("Minimum Wages", "minimum-wages-piece-rate-wages"),
        ("Child Laborers", "child-labourers"),
        ("Forced labor and overtime", "forced-labour-and-overtime"),
        ("Wage Information, Use, and Deduction", "wage-information-use-and-deduction"),
    ],
)
def test_points_are_found_by_what_people_write(written: str, point: str) -> None:
    assert find_point(written) is POINT_BY_ID[point]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("OSH", 7),
        ("7", 7),
        ("Cluster 7", 7),
        ("7. Occupational Safety & Health", 7),
        ("child labor", 1),
        ("FOA/CB", 4),
    ],
)
def test_clusters_are_found_by_what_people_write(written: str, number: int) -> None:
    assert find_cluster(written) is CLUSTERS[number - 1]


@pytest.mark.parametrize("written", ["", "7.2", "Astrology", "9"])
def test_what_is_unknown_stays_unknown(written: str) -> None:
    assert find_point(written) is None
    assert find_cluster(written) is None
