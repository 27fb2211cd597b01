"""The catalogue of clusters and compliance points as versioned data with ids that never change.

Names only: the wording of questions is each programme's own. Names and numbering drift from year to
year, so a change here gets a new `VERSION`; ids are never given a second meaning.
"""

import re
from dataclasses import dataclass
from types import MappingProxyType

from remediation.matching import plain

VERSION = "2026-1"


@dataclass(frozen=True, slots=True)
class Point:
    """A compliance point: what several questions of an assessment are about."""

    id: str
    name: str
    cluster: str


@dataclass(frozen=True, slots=True)
class Cluster:
    """A group of compliance points. Clusters 1 to 4 follow core labour standards, 5 to 8 national law."""

    id: str
    number: int
    name: str
    points: tuple[Point, ...]


_NAMES = """
Child Labour: Child Labourers; Documentation and Protection of Young Workers;
 Hazardous Work and other Worst Forms
Discrimination: Gender; Race and Origin; Religion and Political Opinion; Other Grounds
Forced Labour: Bonded Labour; Coercion; Forced Labour and Overtime; Prison Labour
Freedom of Association and Collective Bargaining: Collective Bargaining; Freedom to Associate;
 Interference and Discrimination; Strikes; Union Operations
Compensation: Method of Payment; Minimum Wages/Piece Rate Wages; Overtime Wages; Paid Leave; Premium Pay;
 Social Security and Other Benefits; Wage Information, Use and Deduction
Contracts and Human Resources: Contracting Procedures; Dialogue, Discipline and Disputes;
 Employment Contracts; Termination
Occupational Safety and Health: Chemicals and Hazardous Substances; Emergency Preparedness;
 Health Services and First Aid; OSH Management Systems; Welfare Facilities; Worker Accommodation;
 Worker Protection; Working Environment
Working Time: Leave; Overtime; Regular Hours
"""
"""Clusters in their order, each with its points; a line that begins with a space continues the last one."""

_ALIASES = {
    "Contract and Human Resources": "contracts-and-human-resources",
    "FOA and CB": "freedom-of-association-and-collective-bargaining",
    "FOACB": "freedom-of-association-and-collective-bargaining",
    "Freedom of Association": "freedom-of-association-and-collective-bargaining",
    "Occupational Health and Safety": "occupational-safety-and-health",
    "OSH": "occupational-safety-and-health",
    "OHS": "occupational-safety-and-health",
}
"""Other names of clusters that exports use."""

_POINT_ALIASES = {
    "Contract Procedures": "contracting-procedures",
    "Food and Welfare Facilities": "welfare-facilities",
    "Minimum Wages": "minimum-wages-piece-rate-wages",
    "Nightwork and Overtime": "overtime",
    "Wage Information, Use and Deductions": "wage-information-use-and-deduction",
}
"""Other names of compliance points that exports use."""


def _slug(name: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", name.lower()))


def _cluster(number: int, line: str) -> Cluster:
    name, points = line.split(": ")
    own = _slug(name)
    return Cluster(own, number, name, tuple(Point(_slug(each), each, own) for each in points.split("; ")))


CLUSTERS: tuple[Cluster, ...] = tuple(
    _cluster(number, line) for number, line in enumerate(_NAMES.strip().replace("\n ", " ").split("\n"), 1)
)
CLUSTER_BY_ID = MappingProxyType({cluster.id: cluster for cluster in CLUSTERS})
POINT_BY_ID = MappingProxyType({point.id: point for cluster in CLUSTERS for point in cluster.points})


def cluster_of(point: str) -> Cluster:
    """Give the cluster of a compliance point's id. Raises KeyError for an id the catalogue lacks."""
    return CLUSTER_BY_ID[POINT_BY_ID[point].cluster]


def find_cluster(text: str) -> Cluster | None:
    """Give the cluster meant by an id, a name, its number or a known other name; None if none is."""
    return _CLUSTER_BY_NAME.get(_unnumbered(text))


def find_point(text: str) -> Point | None:
    """Give the compliance point meant by an id, a name or a known other name; None if none is."""
    return _POINT_BY_NAME.get(_unnumbered(text))


def _unnumbered(text: str) -> str:
    """Drop numbering such as `7.2` or `CP 3:`, and write the American `labor` the international way."""
    name = re.sub(
        r"^\s*(?:(?:cp|cluster)\s*)?\d+(?:[.:)\s-]+\d*)*(?=\s*[^\W\d])", "", text, flags=re.IGNORECASE
    )
    return re.sub("labor(?!u)", "labour", plain(name))


def _spoken(cluster: Cluster) -> tuple[str, str, str]:
    return cluster.name, str(cluster.number), f"Cluster {cluster.number}"


_CLUSTER_BY_NAME = {
    **{plain(each): cluster for cluster in CLUSTERS for each in _spoken(cluster)},
    **{plain(alias): CLUSTER_BY_ID[known] for alias, known in _ALIASES.items()},
}
_POINT_BY_NAME = {
    **{plain(point.name): point for point in POINT_BY_ID.values()},
    **{plain(alias): POINT_BY_ID[known] for alias, known in _POINT_ALIASES.items()},
}
