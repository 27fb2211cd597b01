"""Attempts as figures count them: on which local days a finding's steps were taken, and by which owed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from remediation.finding import Finding
from remediation.words import Severity, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One way from review to verification. Days are the factory's own; None is what has not happened.

    `promised_for` is the last day of all its actions, as it stands now; `first_promised_for` as first
    promised. `late_from` is the aware instant at which the former is over.
    """

    number: int
    severity: Severity
    restricted: bool
    began_on: date
    commit_by: date
    committed_on: date | None
    agreed: bool
    promised_for: date | None
    first_promised_for: date | None
    late_from: datetime | None
    reported_on: date | None
    objected: bool
    closed_on: date | None
    ended_on: date | None
    ending: Stage | None
    reopened_on: date | None = None
    """When the next attempt took its place."""


def attempt_of(finding: Finding, at: datetime) -> Attempt:
    """Give the attempt that a finding is in after what happened at an aware instant."""
    today, fix = finding.calendar.today, finding.fix
    began = finding.issued_at if finding.attempt == 1 else finding.attempt_began
    promised = max((each.due for each in finding.actions), default=None)
    return Attempt(
        number=finding.attempt,
        severity=finding.severity,
        restricted=finding.restricted,
        began_on=today(began),
        commit_by=finding.calendar.last_day(finding.commit_by),
        committed_on=today(finding.committed_at) if finding.committed_at else None,
        agreed=finding.agreed,
        promised_for=promised,
        first_promised_for=max((each.original_due for each in finding.actions), default=None),
        late_from=finding.calendar.end_of(promised) if promised else None,
        reported_on=today(fix.reported_at) if fix else None,
        objected=fix is not None and fix.objected,
        closed_on=fix.verified_on if fix else None,
        ended_on=today(at) if finding.ended else None,
        ending=finding.stage if finding.ended else None,
    )


def attempts(story: Iterable[tuple[datetime, Finding]]) -> tuple[Attempt, ...]:
    """Give all attempts of a finding, from its states in order, each with the instant that led to it."""
    known: dict[int, Attempt] = {}
    for at, finding in story:
        before = known.get(finding.attempt - 1)
        if before is not None and before.reopened_on is None:
            known[before.number] = replace(before, reopened_on=finding.calendar.today(at))
        known[finding.attempt] = attempt_of(finding, at)
    return tuple(known.values())
