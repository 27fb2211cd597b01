"""Where each date of a finding is counted from, how long, and where it is kept: to reckon it anew."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from remediation.calendar import Calendar
from remediation.finding import Finding, Fix
from remediation.moves import COUNTED_FROM_ITS_ISSUE, FIX, OBJECTIONS
from remediation.obligations import AFTER_REPORT, RECKONED, Obligation, obligations
from remediation.policy import Policy, Terms
from remediation.spans import Span
from remediation.standstills import put_off
from remediation.words import BEFORE_COMMITMENT, Duty, Role, Stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A date of a finding: counted from `since` on, and missed from `due` on (both aware instants).

    `stopped` is when its clock stopped, while it stands still. One that is not `open` limits nobody.
    """

    key: str
    since: datetime
    due: datetime
    duty: Duty | None
    owner: Role | None = None
    stopped: datetime | None = None
    open: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """A date that the state keeps as an instant: where, and from when on it counts, if it does."""

    duty: Duty | None
    owner: Role | None
    since: Callable[[Finding], datetime | None]
    read: Callable[[Finding], datetime | None]
    write: Callable[[Finding, Any], Finding]


def dates(finding: Finding) -> dict[str, Dated]:
    """Give all dates of a finding by their keys: what is owed, what waits for a dispute, and what limits."""
    reckoned = [
        Dated(key=owed.key, since=owed.since, due=owed.due, duty=owed.duty, owner=owed.owner)
        for owed in obligations(finding)
        if owed.duty in RECKONED
    ]
    kept = [_dated(finding, key, since, due) for key in KEPT for since, due in _kept(finding, key)]
    return {each.key: each for each in (*reckoned, *kept)}


def of_the_ladder(finding: Finding, after: Finding) -> Iterator[tuple[Obligation, datetime]]:
    """Give what the ladder has asked of people by a date, each with where it would be reckoned to now.

    Such a date belongs to a step that was taken: it stands.
    """
    for owed in obligations(finding):
        span = span_of(after, owed.duty) if owed.duty in _OF_THE_LADDER else None
        if span is not None:
            due = after.calendar.due(owed.since, span)
            moved = put_off(after, owed.since, due) if owed.duty is Duty.RECOVERY_PLAN else due
            yield owed, moved


_OF_THE_LADDER = frozenset({Duty.RECOVERY_PLAN, Duty.DECIDE_RECOVERY_PLAN, Duty.DECIDE_CONSEQUENCE})


def anew(finding: Finding, calendar: Calendar, policy: Policy) -> Finding:
    """Give a finding with each date reckoned again from where it was counted from, whatever comes of it.

    Days that were added since, such as a dispute's, are added again.
    """
    after = replace(finding, calendar=calendar, policy=policy, held=())
    for key, kept in KEPT.items():
        since = kept.since(finding)
        if since is not None:
            after = kept.write(after, _again(key, since, finding, after))
    return after


def span_of(finding: Finding, key: str) -> Span | None:
    """Give the time that the policy gives for a date; None for a promised day, or where it gives none."""
    rule = _SPANS.get(key)
    return rule(finding) if rule else None


def _kept(finding: Finding, key: str) -> list[tuple[datetime, datetime]]:
    since, due = KEPT[key].since(finding), KEPT[key].read(finding)
    return [(since, due)] if since and due else []


def _dated(finding: Finding, key: str, since: datetime, due: datetime) -> Dated:
    kept = KEPT[key]
    waits = key in COUNTED_FROM_ITS_ISSUE and finding.path is Stage.DISPUTED
    asked = finding.extension
    return Dated(
        key=key,
        since=since,
        due=due,
        duty=kept.duty,
        owner=asked.decider if key == Duty.DECIDE_EXTENSION and asked else kept.owner,
        stopped=finding.disputed_at if waits else None,
        open=key != FIX or _awaits_promises(finding),
    )


def _again(key: str, since: datetime, before: Finding, after: Finding) -> datetime | None:
    span, stood, given = span_of(after, key), KEPT[key].read(before), span_of(before, key)
    if span is None:
        return None
    due = after.calendar.due(since, span)
    if stood is None or given is None:
        days = before.days_added if key in COUNTED_FROM_ITS_ISSUE else 0
        return after.calendar.later(due, timedelta(days=days))
    return after.calendar.later(due, _added(key, since, stood, given, before))


def _added(key: str, since: datetime, stood: datetime, given: Span, finding: Finding) -> timedelta:
    """Give what was added to a date after it was counted, such as the days that a dispute took."""
    calendar = finding.calendar
    usual, held = calendar.due(since, given), finding.held_at(key, since)
    if held is None:
        return calendar.gap(stood, usual)
    return calendar.gap(held.reckoned, held.base) + calendar.gap(stood, held.due)


def _awaits_promises(finding: Finding) -> bool:
    interim = finding.path is Stage.COMMITTED and not finding.agreed
    return not finding.restricted and (interim or _on_its_way(finding) in BEFORE_COMMITMENT)


def _on_its_way(finding: Finding) -> Stage:
    """Give where the finding stands, or will stand again when its dispute is decided."""
    return finding.stage_before_dispute or finding.stage


def _from_its_issue(*stages: Stage) -> Callable[[Finding], datetime | None]:
    def since(finding: Finding) -> datetime | None:
        # The factory's days begin when it is told of the finding.
        waits = not finding.restricted and _on_its_way(finding) in stages
        return finding.attempt_began if waits else None

    return since


def _of_the_fix(read: Callable[[Fix], datetime | None]) -> Callable[[Finding], datetime | None]:
    return lambda finding: read(finding.fix) if finding.fix else None


def _to_the_fix(field: str) -> Callable[[Finding, Any], Finding]:
    def write(finding: Finding, due: datetime) -> Finding:
        assert finding.fix is not None  # noqa: S101 - only a reported fix has dates
        changed: dict[str, Any] = {field: due}
        return replace(finding, fix=replace(finding.fix, **changed))

    return write


def _to(field: str) -> Callable[[Finding, Any], Finding]:
    return lambda finding, due: replace(finding, **{field: due})


def _disputed(finding: Finding) -> datetime | None:
    return finding.disputed_at if finding.stage is Stage.DISPUTED else None


def _mediated(finding: Finding) -> datetime | None:
    return finding.deadlocked_at if finding.mediate_by else None


def _asked(finding: Finding) -> datetime | None:
    return finding.extension.cosigned_at if finding.extension else None


def _decide_by(finding: Finding) -> datetime | None:
    return finding.extension.decide_by if finding.extension else None


def _to_the_request(finding: Finding, due: datetime) -> Finding:
    assert finding.extension is not None  # noqa: S101 - only a request waits for its decision
    return replace(finding, extension=replace(finding.extension, decide_by=due))


def _to_the_suspension(finding: Finding, due: datetime) -> Finding:
    assert finding.suspension is not None  # noqa: S101 - only a request waits for its decision
    return replace(finding, suspension=replace(finding.suspension, decide_by=due))


def _reported(finding: Finding) -> datetime | None:
    return finding.fix.reported_at if finding.fix and finding.path in AFTER_REPORT else None


def _open_to_objections(finding: Finding) -> datetime | None:
    heard = finding.fix is None or finding.fix.objected or finding.fix.concurred
    return None if heard else _reported(finding)


def _verified(finding: Finding) -> datetime | None:
    return finding.fix.verified_at if finding.fix and finding.path is Stage.CLOSED else None


KEPT: dict[str, Kept] = {
    Duty.REVIEW: Kept(
        Duty.REVIEW,
        Role.MANAGER,
        _from_its_issue(Stage.ISSUED),
        lambda finding: finding.review_by,
        _to("review_by"),
    ),
    Duty.COMMIT: Kept(
        Duty.COMMIT,
        Role.MANAGER,
        _from_its_issue(*BEFORE_COMMITMENT),
        lambda finding: finding.commit_by,
        _to("commit_by"),
    ),
    FIX: Kept(
        None, None, lambda finding: finding.attempt_began, lambda finding: finding.fix_by, _to("fix_by")
    ),
    Duty.DECIDE_DISPUTE: Kept(
        Duty.DECIDE_DISPUTE,
        Role.TEAM_LEADER,
        _disputed,
        lambda finding: finding.dispute_decide_by,
        _to("dispute_decide_by"),
    ),
    Duty.DECIDE_SUSPENSION: Kept(
        Duty.DECIDE_SUSPENSION,
        Role.TEAM_LEADER,
        lambda finding: finding.suspension.asked_at if finding.suspension else None,
        lambda finding: finding.suspension.decide_by if finding.suspension else None,
        _to_the_suspension,
    ),
    Duty.MEDIATE: Kept(
        Duty.MEDIATE, Role.ADVISOR, _mediated, lambda finding: finding.mediate_by, _to("mediate_by")
    ),
    Duty.DECIDE_EXTENSION: Kept(Duty.DECIDE_EXTENSION, None, _asked, _decide_by, _to_the_request),
    OBJECTIONS: Kept(
        None,
        None,
        _open_to_objections,
        _of_the_fix(lambda fix: fix.objections_until),
        _to_the_fix("objections_until"),
    ),
    Duty.VERIFY: Kept(
        Duty.VERIFY, Role.ADVISOR, _reported, _of_the_fix(lambda fix: fix.verify_by), _to_the_fix("verify_by")
    ),
    Duty.CHECK_EFFECTIVENESS: Kept(
        Duty.CHECK_EFFECTIVENESS,
        Role.ADVISOR,
        _verified,
        _of_the_fix(lambda fix: fix.effectiveness_by),
        _to_the_fix("effectiveness_by"),
    ),
}
"""Dates that the state keeps; all others are reckoned when they are asked for."""


def _graded(finding: Finding) -> Terms:
    severity = finding.fix.graded if finding.fix else None
    return finding.policy.terms[severity or finding.severity]


_SPANS: dict[str, Callable[[Finding], Span | None]] = {
    Duty.REVIEW: lambda finding: finding.terms.review,
    Duty.COMMIT: lambda finding: finding.terms.commit,
    FIX: lambda finding: finding.terms.fix,
    Duty.CONTAIN: lambda finding: finding.terms.contain,
    Duty.PROGRESS_REVIEW: lambda finding: finding.terms.progress_review,
    Duty.CONFIRM_ALARM: lambda finding: finding.policy.windows.confirm_alarm,
    Duty.NOTIFY_AUTHORITY: lambda finding: finding.policy.windows.notify_authority,
    Duty.DECIDE_DISPUTE: lambda finding: finding.policy.windows.decide_dispute,
    Duty.MEDIATE: lambda finding: finding.policy.windows.mediate,
    Duty.DECIDE_SUSPENSION: lambda finding: finding.policy.suspensions.decide,
    Duty.DECIDE_EXTENSION: lambda finding: finding.policy.extensions.decide,
    Duty.RECOVERY_PLAN: lambda finding: finding.policy.windows.recovery_plan,
    Duty.DECIDE_RECOVERY_PLAN: lambda finding: finding.policy.windows.decide_recovery_plan,
    Duty.DECIDE_CONSEQUENCE: lambda finding: finding.policy.windows.decide_consequence,
    Duty.REPORT_FIX: lambda finding: finding.policy.windows.report_fix,
    OBJECTIONS: lambda finding: finding.policy.windows.objection,
    Duty.VERIFY: lambda finding: _graded(finding).verify,
    Duty.CHECK_EFFECTIVENESS: lambda finding: _graded(finding).effectiveness,
}
