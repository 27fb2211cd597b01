"""Assessments as imported, and the subjects of their findings: what was asked and found, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from remediation.words import FactoryId, FindingId, PersonId, PlanId, ProgrammeId, Severity
from storage.places import assessments, subjects
from storage.statements import Stored, add_new, save

_KEYS_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """An imported file: `file` is the SHA-256 of its bytes, `released` the local day of the report."""

    id: str
    programme: ProgrammeId
    file: str
    name: str
    by: PersonId
    imported_at: datetime
    released: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a finding is about, and what it is issued with.

    `cluster` and `point` are ids of the catalogue; dates are local days.
    """

    finding: FindingId
    assessment: str
    plan: PlanId
    factory: FactoryId
    severity: Severity
    cycle: str
    assessed_on: date | None
    cluster: str
    point: str
    question: str
    question_text: str
    statement: str = ""
    evidence: str = ""
    suggested_deadline: date | None = None
    proof_by_interview: bool = False
    repeat_of: FindingId | None = None


def add_assessment(connection: Connection, assessment: Assessment) -> Assessment:
    """Store an assessment, and give it as it stands: for a file imported before, the earlier one."""
    add_new(connection, assessments, [_plain(assessment)])
    same_file = (assessments.c.programme == assessment.programme) & (assessments.c.file == assessment.file)
    return _assessment(connection.execute(select(assessments).where(same_file)).one())


def assessment(connection: Connection, assessment: str) -> Assessment | None:
    """Give an assessment by id, or None."""
    row = connection.execute(select(assessments).where(assessments.c.id == assessment)).one_or_none()
    return _assessment(row) if row else None


def assessments_of(connection: Connection, programme: str) -> tuple[Assessment, ...]:
    """Give a programme's assessments, the latest import first."""
    query = select(assessments).where(assessments.c.programme == programme)
    rows = connection.execute(query.order_by(assessments.c.imported_at.desc(), assessments.c.id))
    return tuple(_assessment(row) for row in rows)


def add_subjects(connection: Connection, given: Sequence[Subject]) -> None:
    """Store subjects of findings that have none yet; the others stay as they are."""
    add_new(connection, subjects, [_plain(subject) for subject in given])


def amend_subjects(connection: Connection, given: Sequence[Subject]) -> None:
    """Store subjects, in place of those that the findings have."""
    save(connection, subjects, [_plain(subject) for subject in given])


def find_subjects(connection: Connection, findings: Iterable[str]) -> dict[FindingId, Subject]:
    """Give the subjects of these findings; a finding without one is left out."""
    ids = sorted(set(findings))
    parts = (ids[start : start + _KEYS_AT_ONCE] for start in range(0, len(ids), _KEYS_AT_ONCE))
    rows = (row for part in parts for row in connection.execute(_SUBJECTS, {"ids": part}))
    return {FindingId(row.finding): _subject(row) for row in rows}


_SUBJECTS = select(subjects).where(subjects.c.finding.in_(bindparam("ids", expanding=True)))


def subjects_of(connection: Connection, assessment: str) -> tuple[Subject, ...]:
    """Give the subjects that an assessment brought or last amended, by finding."""
    query = select(subjects).where(subjects.c.assessment == assessment).order_by(subjects.c.finding)
    return tuple(_subject(row) for row in connection.execute(query))


def subjects_of_plan(connection: Connection, plan: str) -> tuple[Subject, ...]:
    """Give the subjects of a plan's findings, by finding."""
    query = select(subjects).where(subjects.c.plan == plan).order_by(subjects.c.finding)
    return tuple(_subject(row) for row in connection.execute(query))


def of_factory(connection: Connection, factory: str) -> tuple[Subject, ...]:
    """Give all that a factory was found non-compliant on, the latest cycle first."""
    query = select(subjects).where(subjects.c.factory == factory)
    rows = connection.execute(query.order_by(subjects.c.cycle.desc(), subjects.c.finding))
    return tuple(_subject(row) for row in rows)


def _plain(given: Assessment | Subject) -> dict[str, Any]:
    return {field.name: getattr(given, field.name) for field in fields(given)}


def _assessment(row: Stored) -> Assessment:
    return Assessment(**row._mapping)  # noqa: SLF001 - a public name in spite of its looks


def _subject(row: Stored) -> Subject:
    stored = row._mapping  # noqa: SLF001 - a public name in spite of its looks
    return Subject(**{**stored, "severity": Severity(row.severity)})
