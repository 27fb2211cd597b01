"""What waits for whom on a finding: all that is owed, and the answers that somebody else waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from remediation.finding import Finding, Fix
from remediation.ladder import STRAIGHT_TO, ladder_ahead
from remediation.notices import notice_of
from remediation.obligations import AFTER_REPORT, Obligation, obligations
from remediation.watched import Watched
from remediation.words import BEFORE_COMMITMENT, Duty, Lateness, PersonId, Role, Side, Stage


class Ask(StrEnum):
    """What somebody is asked for without owing it: nobody is late, but others wait."""

    PROPOSE = "propose"
    SIGN = "sign"
    ACCEPT_NO_ACTION = "accept_no_action"
    COSIGN = "cosign"
    ANSWER_REPORT = "answer_report"
    ACKNOWLEDGE = "acknowledge"


LAPSES = frozenset({Ask.ANSWER_REPORT, Ask.COSIGN})
"""Asks that are over once their instant has passed: nothing waits any more, though nothing was said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One thing that waits by an aware instant, for a person or else for the holders of a role.

    `obligation` is the key of what becomes late if nothing happens; empty where nothing does.
    """

    what: Duty | Ask
    due: datetime
    role: Role | None = None
    person: PersonId | None = None
    obligation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Otherwise:
    """What happens if nobody acts: the next step of the ladder, at an aware instant, and who is told."""

    at: datetime
    level: int
    told: tuple[Role, ...]


def waits(finding: Finding) -> tuple[Wait, ...]:
    """Give everything that waits on a finding, for whom and by when; nothing once its life is over."""
    owed = obligations(finding)
    return (
        *(_owed(each) for each in owed),
        *_of_the_table(finding),
        *_of_the_extension(finding),
        *_of_the_report(finding),
        *(wait for each in owed for wait in _of_the_ladder(finding, each)),
    )


def waits_of(watched: Watched) -> tuple[Wait, ...]:
    """Give everything that waits on a finding or gathering."""
    if isinstance(watched, Finding):
        return waits(watched)
    owed = obligations(watched)
    return (
        *(_owed(each) for each in owed),
        *(wait for each in owed for wait in _of_the_ladder(watched, each)),
    )


def otherwise(watched: Watched, wait: Wait) -> Otherwise | None:
    """Give what happens if nobody acts; None where nothing more does."""
    owed = next((each for each in obligations(watched) if each.key == wait.obligation), None)
    step = next(iter(ladder_ahead(watched, owed)), None) if owed else None
    return Otherwise(at=step.at, level=step.rung.level, told=step.rung.told) if step else None


def _owed(owed: Obligation) -> Wait:
    role = owed.owner if owed.person is None else None
    return Wait(what=owed.duty, due=owed.due, role=role, person=owed.person, obligation=owed.key)


def _of_the_table(finding: Finding) -> Iterator[Wait]:
    """Ask members to propose, or to sign what is on the table; the advisor where nothing shall be done."""
    if finding.restricted or finding.path not in BEFORE_COMMITMENT:
        return
    proposal, issued = finding.proposal, finding.path is Stage.ISSUED
    if proposal is None or proposal.failed:
        due, duty = (finding.review_by, Duty.REVIEW) if issued else (finding.commit_by, Duty.COMMIT)
        members = tuple(seat.person for seat in finding.seats)
        yield from _each(Ask.PROPOSE, due, members, duty)
        return
    voted = {*proposal.signed, *proposal.refused}
    members = tuple(seat.person for seat in finding.seats if seat.person not in voted)
    yield from _each(Ask.SIGN, finding.commit_by, members, Duty.COMMIT)
    if proposal.no_action and not proposal.no_action_approved:
        due = finding.commit_by
        yield Wait(what=Ask.ACCEPT_NO_ACTION, due=due, role=Role.ADVISOR, obligation=Duty.COMMIT)


def _of_the_extension(finding: Finding) -> Iterator[Wait]:
    asked = finding.extension
    if asked is None or asked.decider is not None:
        return
    named = [action for action in finding.actions if action.id in asked.actions]
    due = min(finding.calendar.end_of(action.due) for action in named)
    yield from _each(Ask.COSIGN, due, finding.side(asked.asked_by.other))


def _of_the_report(finding: Finding) -> Iterator[Wait]:
    fix = finding.fix
    if fix is not None and finding.path in AFTER_REPORT and not _answered(fix):
        yield from _each(Ask.ANSWER_REPORT, fix.objections_until, finding.side(Side.WORKER))


def _answered(fix: Fix) -> bool:
    return fix.objected or fix.concurred


def _of_the_ladder(watched: Watched, owed: Obligation) -> Iterator[Wait]:
    """Ask the staff who were told of the last step to say that they have seen it."""
    notice = notice_of(watched, owed)
    if notice.level < STRAIGHT_TO or notice.acknowledged or notice.escalated_at is None:
        return
    if owed.lateness is Lateness.STAFF:
        return
    due = watched.calendar.due(notice.escalated_at, watched.policy.windows.acknowledge)
    for role in _told(watched, notice.level):
        yield Wait(what=Ask.ACKNOWLEDGE, due=due, role=role, obligation=owed.key)


def _told(watched: Watched, level: int) -> tuple[Role, ...]:
    staff = (Role.ADVISOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER)
    told = {role for rung in watched.policy.ladder if rung.level == level for role in rung.told}
    return tuple(role for role in staff if role in told)


def _each(what: Ask, due: datetime, people: tuple[PersonId, ...], obligation: str = "") -> Iterator[Wait]:
    return (Wait(what=what, due=due, person=person, obligation=obligation) for person in people)
