"""Policies, calendars and catalogues by version: each is kept once and never changes."""

from collections.abc import Callable

from sqlalchemy import Connection, Table, bindparam, select

from remediation.calendar import Calendar
from remediation.catalogue import Cluster, Point
from remediation.policy import Policy
from storage.codec import calendar_json, calendar_of, policy_json, policy_of
from storage.places import calendars, clusters, points, policies
from storage.statements import AlreadyOtherwise, Row, add_new


class VersionMissing(LookupError):
    """A policy or calendar that something refers to by version is not stored."""

    def __init__(self, what: str, version: str) -> None:
        super().__init__(f"there is no {what} of version {version!r}; keep it before anything refers to it")


def keep_policy(connection: Connection, policy: Policy) -> None:
    """Store a policy under its version. Safe to repeat; raises AlreadyOtherwise if the version is taken."""
    body = policy_json(policy)
    _keep(connection, policies, policy.version, body, lambda stored: policy_of(stored) == policy)


def keep_calendar(connection: Connection, calendar: Calendar) -> None:
    """Store a calendar under its version. Safe to repeat; raises AlreadyOtherwise if the version is taken."""
    body = calendar_json(calendar)
    _keep(connection, calendars, calendar.version, body, lambda stored: calendar_of(stored) == calendar)


def _keep(connection: Connection, table: Table, version: str, body: str, same: Callable[[str], bool]) -> None:
    """Compare what is stored by its meaning: an older Mendwork wrote it without fields that came since."""
    if add_new(connection, table, [{"version": version, "body": body}]):
        return
    stored = connection.execute(select(table.c.body).where(table.c.version == version)).scalar_one()
    if not same(stored):
        raise AlreadyOtherwise(table, {"version": version})


def policy(connection: Connection, version: str) -> Policy:
    """Give the policy of a version. Raises VersionMissing."""
    body = connection.execute(_POLICY, {"version": version}).scalar()
    if body is None:
        raise VersionMissing("policy", version)
    return policy_of(body)


def calendar(connection: Connection, version: str) -> Calendar:
    """Give the calendar of a version. Raises VersionMissing."""
    body = connection.execute(_CALENDAR, {"version": version}).scalar()
    if body is None:
        raise VersionMissing("calendar", version)
    return calendar_of(body)


_POLICY = select(policies.c.body).where(policies.c.version == bindparam("version"))
_CALENDAR = select(calendars.c.body).where(calendars.c.version == bindparam("version"))


class Shelf:
    """Policies and calendars of one transaction, each read once."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._policies: dict[str, Policy] = {}
        self._calendars: dict[str, Calendar] = {}

    def policy(self, version: str) -> Policy:
        """Give the policy of a version. Raises VersionMissing."""
        if version not in self._policies:
            self._policies[version] = policy(self.connection, version)
        return self._policies[version]

    def calendar(self, version: str) -> Calendar:
        """Give the calendar of a version. Raises VersionMissing."""
        if version not in self._calendars:
            self._calendars[version] = calendar(self.connection, version)
        return self._calendars[version]


def keep_catalogue(connection: Connection, version: str, contents: tuple[Cluster, ...]) -> None:
    """Store a version of the catalogue. Safe to repeat; what a version holds already stays."""
    add_new(connection, clusters, [_cluster_row(version, cluster) for cluster in contents])
    within = [(point, place) for cluster in contents for place, point in enumerate(cluster.points, 1)]
    add_new(connection, points, [_point_row(version, point, place) for point, place in within])


def _cluster_row(version: str, cluster: Cluster) -> Row:
    return {"catalogue": version, "id": cluster.id, "name": cluster.name, "position": cluster.number}


def _point_row(version: str, point: Point, place: int) -> Row:
    row = {"catalogue": version, "id": point.id, "name": point.name}
    return row | {"cluster": point.cluster, "position": place}


def catalogue(connection: Connection, version: str) -> tuple[Cluster, ...]:
    """Give the clusters of a catalogue version with their points, in order; empty for no such version."""
    in_order = select(points).where(points.c.catalogue == version).order_by(points.c.position)
    within: dict[str, tuple[Point, ...]] = {}
    for row in connection.execute(in_order):
        within[row.cluster] = (*within.get(row.cluster, ()), Point(row.id, row.name, row.cluster))
    own = select(clusters).where(clusters.c.catalogue == version).order_by(clusters.c.position)
    return tuple(
        Cluster(row.id, row.position, row.name, within.get(row.id, ())) for row in connection.execute(own)
    )
