"""Repeats as found when an assessment came in, and what people said to them; crosswalks of question ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Index,
    Integer,
    String,
    Table,
    bindparam,
    func,
    select,
    update,
)

from remediation.permissions import Reach
from remediation.repeats import Basis, Standing, Then
from remediation.words import FactoryId, FindingId, PersonId, PlanId, ProgrammeId
from storage.columns import Instant
from storage.findings import seen
from storage.statements import Stored, add_new
from storage.tables import findings, metadata

repeats = Table(
    "repeats",
    metadata,
    Column("finding", String, primary_key=True),
    Column("former", String, nullable=False, index=True),
    Column("programme", String, nullable=False),
    Column("factory", String, nullable=False),
    Column("plan", String, nullable=False),
    Column("basis", String, nullable=False),
    Column("crosswalk", Integer, nullable=False),
    Column("standing", String, nullable=False),
    Column("followed", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Instant),
    CheckConstraint("basis IN ('question', 'crosswalk', 'point')", name="basis"),
    CheckConstraint("standing IN ('certain', 'proposed', 'confirmed', 'rejected')", name="standing"),
)
"""Findings and the former ones that they repeat, or may. `crosswalk` is the version used; 0 for none.
`followed` is what became of the former, and empty as long as nobody has said; then `by` and `at` are, too."""
Index("ix_repeats_plan_finding", repeats.c.plan, repeats.c.finding)

crosswalks = Table(
    "crosswalks",
    metadata,
    Column("programme", String, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("old", String, primary_key=True),
    Column("new", String, nullable=False),
    Column("loaded_at", Instant, nullable=False),
)
"""The ids that a programme's questions had before, by version: each holds the whole crosswalk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """A finding, the former one that it repeats or may, and what was said to it at an aware instant."""

    finding: FindingId
    former: FindingId
    programme: ProgrammeId
    factory: FactoryId
    plan: PlanId
    basis: Basis
    crosswalk: int = 0
    standing: Standing
    followed: Then | None = None
    by: PersonId | None = None
    at: datetime | None = None

    @property
    def waits(self) -> bool:
        """Whether nobody has decided it yet."""
        return self.followed is None and self.standing is not Standing.REJECTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Crosswalk:
    """A programme's crosswalk: the new id of a question by its old one. Version 0 is empty."""

    version: int = 0
    questions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Undecided:
    """How many of a plan's findings may repeat former ones, and nobody has said what becomes of them."""

    plan: PlanId
    factory: FactoryId
    count: int


def keep(connection: Connection, found: Sequence[Repeat]) -> None:
    """Store repeats as they were found; those that are stored already stay as they are."""
    if found:
        add_new(connection, repeats, [_row(each) for each in found])


def find(connection: Connection, finding: str) -> Repeat | None:
    """Give what a finding repeats, or may; None where nothing was found."""
    row = connection.execute(_OF_FINDING, {"finding": finding}).one_or_none()
    return _repeat(row) if row else None


def of_plan(connection: Connection, plan: str) -> tuple[Repeat, ...]:
    """Give the repeats among a plan's findings, by finding."""
    return tuple(map(_repeat, connection.execute(_OF_PLAN, {"plan": plan})))


def later(connection: Connection, former: str) -> tuple[Repeat, ...]:
    """Give the repeats of a finding that are certain or confirmed, by finding."""
    return tuple(map(_repeat, connection.execute(_LATER, {"former": former})))


def undecided(connection: Connection, visible: Reach, restricted: Reach, most: int) -> tuple[Undecided, ...]:
    """Give the plans within reach in which repeats wait to be decided, at most so many, by plan.

    `restricted` is the reach over findings that factories must not see.
    """
    asked = (
        select(repeats.c.plan, repeats.c.factory, func.count())
        .join(findings, findings.c.id == repeats.c.finding)
        .where(_OPEN, seen(visible, restricted))
        .group_by(repeats.c.plan, repeats.c.factory)
        .order_by(repeats.c.plan)
        .limit(most)
    )
    return tuple(
        Undecided(plan=PlanId(plan), factory=FactoryId(factory), count=count)
        for plan, factory, count in connection.execute(asked)
    )


_OPEN = (repeats.c.followed == "") & (repeats.c.standing != Standing.REJECTED.value)
_OF_FINDING = select(repeats).where(repeats.c.finding == bindparam("finding"))
_OF_PLAN = select(repeats).where(repeats.c.plan == bindparam("plan")).order_by(repeats.c.finding)
_LATER = (
    select(repeats)
    .where(repeats.c.former == bindparam("former"))
    .where(repeats.c.standing.in_([Standing.CERTAIN.value, Standing.CONFIRMED.value]))
    .order_by(repeats.c.finding)
)


def decide(  # noqa: PLR0913 - what was said, by whom and when
    connection: Connection,
    finding: str,
    standing: Standing,
    followed: Then | None,
    by: PersonId,
    at: datetime,
) -> bool:
    """Keep what somebody decided at an aware instant; give False where it was decided before."""
    said = {"standing": standing.value, "followed": followed.value if followed else "", "by": by, "at": at}
    changed = connection.execute(update(repeats).where(repeats.c.finding == finding, _OPEN).values(said))
    return changed.rowcount > 0


def load(connection: Connection, programme: str, questions: Mapping[str, str], at: datetime) -> int:
    """Store a programme's crosswalk in place of the one before, and give its version.

    One that says the same keeps its version. `questions` gives the new id by the old; there is at least one.
    """
    before = crosswalk(connection, programme)
    if dict(before.questions) == dict(questions):
        return before.version
    version = before.version + 1
    rows = [
        {"programme": programme, "version": version, "old": old, "new": new, "loaded_at": at}
        for old, new in sorted(questions.items())
    ]
    add_new(connection, crosswalks, rows)
    return version


def crosswalk(connection: Connection, programme: str) -> Crosswalk:
    """Give a programme's latest crosswalk."""
    its = crosswalks.c.programme == programme
    version = connection.execute(select(func.max(crosswalks.c.version)).where(its)).scalar_one() or 0
    rows = connection.execute(select(crosswalks).where(its, crosswalks.c.version == version))
    return Crosswalk(version=version, questions={row.old: row.new for row in rows})


def _row(given: Repeat) -> dict[str, object]:
    return {
        "finding": given.finding,
        "former": given.former,
        "programme": given.programme,
        "factory": given.factory,
        "plan": given.plan,
        "basis": given.basis.value,
        "crosswalk": given.crosswalk,
        "standing": given.standing.value,
        "followed": given.followed.value if given.followed else "",
        "by": given.by or "",
        "at": given.at,
    }


def _repeat(row: Stored) -> Repeat:
    return Repeat(
        finding=FindingId(row.finding),
        former=FindingId(row.former),
        programme=ProgrammeId(row.programme),
        factory=FactoryId(row.factory),
        plan=PlanId(row.plan),
        basis=Basis(row.basis),
        crosswalk=row.crosswalk,
        standing=Standing(row.standing),
        followed=Then(row.followed) if row.followed else None,
        by=PersonId(row.by) if row.by else None,
        at=row.at,
    )
