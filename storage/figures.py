"""Figures counted by the database: findings by where they stand and how old they are, and promises kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, func, select
from sqlalchemy.sql.selectable import FromClause

from remediation.figures import AGES, Age, Kept
from remediation.permissions import Reach
from remediation.words import ENDINGS, Stage
from storage.findings import kept_as, seen
from storage.places import subjects
from storage.tables import attempts, findings, gatherings

ONE_DAY = timedelta(days=1)
OPEN = findings.c.stage.not_in([stage.value for stage in ENDINGS])


@dataclass(frozen=True, slots=True)
class Scope:
    """Which findings are counted: those of a plan, a factory or a programme that somebody may see."""

    visible: Reach
    restricted: Reach
    plan: str | None = None
    factory: str | None = None
    programme: str | None = None

    def within(self, table: FromClause) -> ColumnElement[bool]:
        """Say it of the rows of `findings` or of `attempts`."""
        of = attempts if table is attempts else findings
        named = {"plan": self.plan, "factory": self.factory, "programme": self.programme}
        chosen = [of.c[name] == value for name, value in named.items() if value is not None]
        return and_(seen(self.visible, self.restricted, of), *chosen)


def as_of(connection: Connection, scope: Scope) -> int:
    """Give a number that grows with each entry in a scope: how many findings and gatherings have together.

    Of gatherings all are counted that may be seen: they are few.
    """
    query = select(func.sum(findings.c.seq)).where(scope.within(findings))
    around = select(func.sum(gatherings.c.seq)).where(seen(scope.visible, scope.restricted, gatherings))
    return (connection.execute(query).scalar_one() or 0) + (connection.execute(around).scalar_one() or 0)


@dataclass(frozen=True, slots=True)
class Cluster:
    """The findings of one cluster: by stage, and how many are overdue."""

    stages: Mapping[Stage, int]
    overdue: int


def by_cluster(connection: Connection, scope: Scope, now: datetime) -> dict[str, Cluster]:
    """Give the findings of each cluster; those without a subject stand under an empty name."""
    late = func.sum(case((findings.c.next_due <= now, 1), else_=0)).label("overdue")
    cluster = func.coalesce(subjects.c.cluster, "").label("cluster")
    query = (
        select(cluster, findings.c.stage, func.count().label("number"), late)
        .join_from(findings, subjects, findings.c.id == subjects.c.finding, isouter=True)
        .where(scope.within(findings))
        .group_by(cluster, findings.c.stage)
    )
    stages: dict[str, Counter[Stage]] = {}
    overdue: Counter[str] = Counter()
    for row in connection.execute(query):
        stages.setdefault(row.cluster, Counter())[Stage(row.stage)] += row.number
        overdue[row.cluster] += row.overdue
    return {each: Cluster(found, overdue[each]) for each, found in stages.items()}


def by_age(connection: Connection, scope: Scope, now: datetime) -> dict[Age, int]:
    """Give how many open findings are how old at an aware instant, in whole days since they were issued."""
    sums = [func.sum(case((_aged(age, now), 1), else_=0)) for age in AGES]
    row = connection.execute(select(*sums).where(scope.within(findings), OPEN)).one()
    return {age: number or 0 for age, number in zip(AGES, row, strict=True)}


def _aged(age: Age, now: datetime) -> ColumnElement[bool]:
    old_enough = findings.c.issued_at <= now - age.first * ONE_DAY
    if age.last is None:
        return old_enough
    return and_(old_enough, findings.c.issued_at > now - (age.last + 1) * ONE_DAY)


def promises(connection: Connection, scope: Scope, now: datetime) -> dict[Kept, int]:
    """Give what became of the promises of all attempts at an aware instant; see `figures.kept`."""
    sums = [func.sum(case((condition, 1), else_=0)) for condition in kept_as(now).values()]
    row = connection.execute(select(*sums).where(scope.within(attempts))).one()
    return {each: number or 0 for each, number in zip(Kept, row, strict=True)}
