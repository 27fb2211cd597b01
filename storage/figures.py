"""Figures counted by the database: findings by where they stand and how old they are, and promises kept."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Select, and_, bindparam, case, func, select
from sqlalchemy.sql.selectable import FromClause

from remediation.figures import AGES, Age, Kept
from remediation.permissions import Reach
from remediation.words import ENDINGS, Stage
from storage.findings import kept_as, seen
from storage.places import subjects
from storage.statements import MOST_REACHES
from storage.tables import attempts, findings, gatherings

ONE_DAY = timedelta(days=1)
_NOW = bindparam("now", type_=findings.c.next_due.type)
OPEN = findings.c.stage.not_in([stage.value for stage in ENDINGS])


@dataclass(frozen=True, slots=True)
class Scope:
    """Which findings are counted: those of a plan, a factory or a programme that somebody may see."""

    visible: Reach
    restricted: Reach
    plan: str | None = None
    factory: str | None = None
    programme: str | None = None

    @property
    def named(self) -> dict[str, str]:
        """What is named, for statements that are put together once for all scopes of one shape."""
        names = {"plan": self.plan, "factory": self.factory, "programme": self.programme}
        return {name: value for name, value in names.items() if value is not None}

    @property
    def shape(self) -> "Scope":
        """The scope without what it names: its statements are those of all scopes of this shape."""
        names: dict[str, Any] = dict.fromkeys(self.named, "")
        return replace(self, **names)

    def within(self, table: FromClause) -> ColumnElement[bool]:
        """Say it of the rows of `findings` or of `attempts`."""
        of = attempts if table is attempts else findings
        chosen = [of.c[name] == bindparam(name, value) for name, value in self.named.items()]
        return and_(seen(self.visible, self.restricted, of), *chosen)


def as_of(connection: Connection, scope: Scope) -> int:
    """Give a number that grows with each entry in a scope: how many findings and gatherings have together.

    Of gatherings all are counted that may be seen: they are few.
    """
    of_findings, of_gatherings = connection.execute(_entries(scope.shape), scope.named).one()
    return (of_findings or 0) + (of_gatherings or 0)


@lru_cache(MOST_REACHES)
def _entries(shape: Scope) -> Select[Any]:
    around = seen(shape.visible, shape.restricted, gatherings)
    return select(
        select(func.sum(findings.c.seq)).where(shape.within(findings)).scalar_subquery(),
        select(func.sum(gatherings.c.seq)).where(around).scalar_subquery(),
    )


@dataclass(frozen=True, slots=True)
class Cluster:
    """The findings of one cluster: by stage, and how many are overdue."""

    stages: Mapping[Stage, int]
    overdue: int


def by_cluster(connection: Connection, scope: Scope, now: datetime) -> dict[str, Cluster]:
    """Give the findings of each cluster; those without a subject stand under an empty name."""
    stages: dict[str, Counter[Stage]] = {}
    overdue: Counter[str] = Counter()
    for row in connection.execute(_by_cluster(scope.shape), {"now": now, **scope.named}).all():
        stages.setdefault(row.cluster, Counter())[Stage(row.stage)] += row.number
        overdue[row.cluster] += row.overdue
    return {each: Cluster(found, overdue[each]) for each, found in stages.items()}


@lru_cache(MOST_REACHES)
def _by_cluster(shape: Scope) -> Select[Any]:
    late = func.sum(case((findings.c.next_due <= _NOW, 1), else_=0)).label("overdue")
    cluster = func.coalesce(subjects.c.cluster, "").label("cluster")
    return (
        select(cluster, findings.c.stage, func.count().label("number"), late)
        .join_from(findings, subjects, findings.c.id == subjects.c.finding, isouter=True)
        .where(shape.within(findings))
        .group_by(cluster, findings.c.stage)
    )


def by_age(connection: Connection, scope: Scope, now: datetime) -> dict[Age, int]:
    """Give how many open findings are how old at an aware instant, in whole days since they were issued."""
    asked = {_name(day): now - day * ONE_DAY for day in _BOUNDS}
    row = connection.execute(_by_age(scope.shape), asked | scope.named).one()
    return {age: number or 0 for age, number in zip(AGES, row, strict=True)}


_BOUNDS = {age.first for age in AGES} | {age.last + 1 for age in AGES if age.last is not None}
"""Days that the ages begin and end with, counted back from now."""


@lru_cache(MOST_REACHES)
def _by_age(shape: Scope) -> Select[Any]:
    sums = [func.sum(case((_aged(age), 1), else_=0)) for age in AGES]
    return select(*sums).where(shape.within(findings), OPEN)


def _aged(age: Age) -> ColumnElement[bool]:
    old_enough = findings.c.issued_at <= _ago(age.first)
    return old_enough if age.last is None else and_(old_enough, findings.c.issued_at > _ago(age.last + 1))


def _ago(days: int) -> BindParameter[datetime]:
    return bindparam(_name(days), type_=findings.c.issued_at.type)


def _name(days: int) -> str:
    return f"ago_{days}"


def promises(connection: Connection, scope: Scope, now: datetime) -> dict[Kept, int]:
    """Give what became of the promises of all attempts at an aware instant; see `figures.kept`."""
    row = connection.execute(_promises(scope.shape), {"now": now, **scope.named}).one()
    return {each: number or 0 for each, number in zip(Kept, row, strict=True)}


@lru_cache(MOST_REACHES)
def _promises(shape: Scope) -> Select[Any]:
    sums = [func.sum(case((condition, 1), else_=0)) for condition in kept_as(_NOW).values()]
    return select(*sums).where(shape.within(attempts))
