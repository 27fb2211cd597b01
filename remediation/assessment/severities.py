"""Which severity a finding gets where the file does not say: by cluster, compliance point and question.

Nothing is made a zero-tolerance issue by the defaults: only a person (the file's severity column or a
programme's own table) raises that alarm.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from remediation.assessment.values import read_severity
from remediation.catalogue import CLUSTERS, POINT_BY_ID, Point, find_cluster, find_point
from remediation.matching import did_you_mean
from remediation.words import Severity

BY_CLUSTER: Mapping[str, Severity] = MappingProxyType(
    {
        "child-labour": Severity.CRITICAL,
        "discrimination": Severity.MAJOR,
        "forced-labour": Severity.CRITICAL,
        "freedom-of-association-and-collective-bargaining": Severity.MAJOR,
        "compensation": Severity.MAJOR,
        "contracts-and-human-resources": Severity.MINOR,
        "occupational-safety-and-health": Severity.MAJOR,
        "working-time": Severity.MAJOR,
    }
)
BY_POINT: Mapping[str, Severity] = MappingProxyType(
    {
        "documentation-and-protection-of-young-workers": Severity.MAJOR,
        "dialogue-discipline-and-disputes": Severity.MAJOR,
        "emergency-preparedness": Severity.CRITICAL,
        "health-services-and-first-aid": Severity.MINOR,
        "leave": Severity.MINOR,
        "osh-management-systems": Severity.MINOR,
        "termination": Severity.MAJOR,
        "wage-information-use-and-deduction": Severity.MINOR,
        "welfare-facilities": Severity.MINOR,
    }
)
"""Where a compliance point differs from its cluster: people can die behind a locked exit."""


@dataclass(frozen=True, slots=True)
class SeverityTable:
    """A programme's mapping: a question goes before its compliance point, a point before its cluster."""

    clusters: Mapping[str, Severity] = field(default_factory=lambda: BY_CLUSTER)
    points: Mapping[str, Severity] = field(default_factory=lambda: BY_POINT)
    questions: Mapping[str, Severity] = field(default_factory=dict)

    def severity(self, question: str, point: Point) -> Severity:
        """Give the severity of a finding on a question (id) of a compliance point."""
        by_question = self.questions.get(question)
        return by_question or self.points.get(point.id) or self.clusters[point.cluster]


class SeveritiesRefused(Exception):
    """A severity table cannot be used. `errors` names every key at fault, with the way out."""

    def __init__(self, errors: tuple[str, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(errors))


def read_severities(text: str) -> SeverityTable:
    """Read a programme's table from TOML: `[clusters]`, `[points]` and `[questions]`, each name = severity.

    What it does not name keeps the default, except that a cluster named here also overrides the default
    of its points. Raises SeveritiesRefused with all that is wrong.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SeveritiesRefused((f"The file is not TOML: {error}",)) from error
    errors = [f"{key}: is not known; {did_you_mean(key, _KINDS)}" for key in tables if key not in _KINDS]
    found = {kind: _read_table(kind, tables.get(kind, {}), errors) for kind in _KINDS}
    if errors:
        raise SeveritiesRefused(tuple(errors))
    kept = {
        point: each for point, each in BY_POINT.items() if POINT_BY_ID[point].cluster not in found["clusters"]
    }
    return SeverityTable({**BY_CLUSTER, **found["clusters"]}, {**kept, **found["points"]}, found["questions"])


def _cluster_id(name: str) -> str:
    cluster = find_cluster(name)
    if cluster is None:
        message = f"is not a cluster; {did_you_mean(name, (each.name for each in CLUSTERS))}"
        raise ValueError(message)
    return cluster.id


def _point_id(name: str) -> str:
    point = find_point(name)
    if point is None:
        message = (
            f"is not a compliance point; {did_you_mean(name, (each.name for each in POINT_BY_ID.values()))}"
        )
        raise ValueError(message)
    return point.id


_KINDS: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {"clusters": _cluster_id, "points": _point_id, "questions": str.strip}
)


def _read_table(kind: str, table: object, errors: list[str]) -> dict[str, Severity]:
    if not isinstance(table, dict):
        errors.append(f"{kind}: must be a table of names and severities, headed [{kind}]")
        return {}
    found = {}
    for name, value in table.items():
        try:
            found[_KINDS[kind](name)] = _severity(value)
        except ValueError as error:
            errors.append(f"{kind}.{name}: {error}")
    return found


def _severity(value: object) -> Severity:
    try:
        return read_severity(str(value))
    except ValueError as error:
        message = f"{value!r} {error}"
        raise ValueError(message) from None
