"""From a non-compliant row to a finding, or to complaints about each of its cells."""

import re
from dataclasses import dataclass
from datetime import date

from remediation.assessment.agreement import occasion
from remediation.assessment.columns import Column
from remediation.assessment.findings import AssessedFinding
from remediation.assessment.ids import finding_id, plan_id
from remediation.assessment.row import Row
from remediation.assessment.severities import SeverityTable
from remediation.assessment.values import read_date, read_severity, read_yes
from remediation.catalogue import CLUSTERS, POINT_BY_ID, Cluster, Point, cluster_of, find_cluster, find_point
from remediation.countries import country_code
from remediation.matching import did_you_mean
from remediation.words import ProgrammeId, Severity

FACTORY_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
"""Factory codes stand in addresses of pages, hence no spaces or slashes."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a file is read by: for which programme, up to which local day, with which severities."""

    programme: ProgrammeId
    latest: date
    severities: SeverityTable


def draft(row: Row, terms: Terms) -> AssessedFinding | None:
    """Give the finding of a non-compliant row; None where a cell is at fault, which `row.bad` then tells."""
    factory, question = _factory(row), row.needed(Column.QUESTION)
    cycle, assessed_on = _when(row, terms.latest)
    point = row.read(Column.POINT, _point)
    cluster = _cluster(row, point)
    severity = _severity(row, question, point, terms.severities)
    read_country(row)
    row.text(Column.FACTORY_NAME)
    texts = {name: row.text(column) for name, column in _TEXTS.items()}
    by_interview = row.read(Column.BY_INTERVIEW, read_yes)
    deadline = _deadline(row, assessed_on)
    if row.bad or point is None or cluster is None or severity is None:
        return None
    when = occasion(row)
    return AssessedFinding(
        row=row.number,
        finding=finding_id(terms.programme, factory, when, question),
        plan=plan_id(terms.programme, factory, when),
        factory=factory,
        assessment=when,
        cycle=cycle,
        assessed_on=assessed_on,
        cluster=cluster.id,
        point=point.id,
        question=question,
        severity=severity,
        proof_by_interview=bool(by_interview),
        suggested_deadline=deadline,
        **texts,
    )


_TEXTS = {
    "question_text": Column.QUESTION_TEXT,
    "statement": Column.STATEMENT,
    "evidence": Column.EVIDENCE,
}


def read_country(row: Row) -> str | None:
    """Give a row's country as ISO 3166-1 alpha-2; None where it has none or an unknown one."""
    return row.read(Column.COUNTRY, _country) if row.cell(Column.COUNTRY) else None


def _country(text: str) -> str:
    code = country_code(text)
    if code is None:
        message = "is not a country known by name; write its two-letter ISO 3166 code, such as BD or KH"
        raise ValueError(message)
    return code


def _factory(row: Row) -> str:
    code = row.needed(Column.FACTORY)
    if code and not FACTORY_CODE.fullmatch(code):
        row.refuse(
            Column.FACTORY, "is not a code; use letters, digits, full stops, hyphens and underscores only"
        )
    return code


def _when(row: Row, latest: date) -> tuple[str, date | None]:
    """Give cycle and date. With a gap among its cycles, one assessment would become two plans."""
    cycle = ""
    if row.has(Column.CYCLE):
        cycle = row.needed(Column.CYCLE, "each row needs its cycle, or the whole column must go")
    elif not row.cell(Column.DATE):
        row.refuse(Column.DATE, "is empty; a file without cycles needs the date in each row")
    return cycle, _date(row, Column.DATE, latest)


def _date(row: Row, column: Column, latest: date = date.max) -> date | None:
    when = row.read(column, read_date) if row.cell(column) else None
    if when is not None and when > latest:
        row.refuse(column, "lies in the future; check day, month and year")
    return when


def _deadline(row: Row, assessed_on: date | None) -> date | None:
    deadline = _date(row, Column.SUGGESTED_DEADLINE)
    if deadline and assessed_on and deadline < assessed_on:
        row.refuse(Column.SUGGESTED_DEADLINE, "lies before the assessment; check day, month and year")
    return deadline


def _point(text: str) -> Point:
    point = find_point(text)
    if point is None:
        names = (known.name for known in POINT_BY_ID.values())
        message = (
            f"is not a compliance point; {did_you_mean(text, names)}" if text else "is empty; name the point"
        )
        raise ValueError(message)
    return point


def _cluster(row: Row, point: Point | None) -> Cluster | None:
    """Give the point's cluster, and complain where the row names another."""
    own = cluster_of(point.id) if point else None
    named = row.read(Column.CLUSTER, _named_cluster) if row.cell(Column.CLUSTER) else own
    if point and own and named and named is not own:
        row.refuse(Column.CLUSTER, f"is not the cluster of {point.name!r}; that is {own.name!r}")
    return own


def _named_cluster(text: str) -> Cluster:
    cluster = find_cluster(text)
    if cluster is None:
        message = f"is not a cluster; {did_you_mean(text, (known.name for known in CLUSTERS))}"
        raise ValueError(message)
    return cluster


def _severity(row: Row, question: str, point: Point | None, table: SeverityTable) -> Severity | None:
    if row.cell(Column.SEVERITY):
        return row.read(Column.SEVERITY, read_severity)
    return table.severity(question, point) if point else None
