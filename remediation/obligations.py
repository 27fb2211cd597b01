"""What somebody owes on a finding right now, and by when. Derived from the state, never stored."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache

from remediation.finding import Action, Finding
from remediation.itself import MOST_KEPT, Itself
from remediation.standstills import put_off
from remediation.watched import Watched
from remediation.words import (
    BEFORE_COMMITMENT,
    ActionId,
    Alarm,
    Duty,
    Lateness,
    PersonId,
    Role,
    Stage,
)

AFTER_REPORT = frozenset({Stage.FIX_REPORTED, Stage.VERIFYING})
RECKONED = frozenset(
    {
        Duty.CONFIRM_ALARM,
        Duty.NOTIFY_AUTHORITY,
        Duty.CONTAIN,
        Duty.ACTION,
        Duty.PROGRESS_REVIEW,
        Duty.REPORT_FIX,
    }
)
"""Duties whose date is reckoned anew each time, and kept nowhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obligation:
    """One thing owed: from `since` on, and late from `due` on (both aware instants).

    `key` names it within its finding. `person` is set where a named person owes it, else `owner`'s
    holders do. `urgent` obligations are watched round the clock by exact hours.
    """

    key: str
    duty: Duty
    owner: Role
    since: datetime
    due: datetime
    lateness: Lateness
    person: PersonId | None = None
    urgent: bool = False
    climbs: bool = True
    """Whether its lateness climbs a ladder of its own."""
    by_plan: bool = True
    """Whether a recovery plan is owed for it once it has climbed."""

    @property
    def stands_still(self) -> bool:
        """Whether a suspension stops its clock: it does for the factory's work, but not for containment."""
        return self.lateness is not Lateness.STAFF and self.duty is not Duty.CONTAIN


def obligations(watched: Watched) -> tuple[Obligation, ...]:
    """Give everything owed on a finding or gathering now; nothing once its life is over."""
    return _obligations(Itself(watched))


# One decision asks a dozen times what is owed on one and the same state, which never changes.
@lru_cache(MOST_KEPT)
def _obligations(itself: Itself[Watched]) -> tuple[Obligation, ...]:
    watched = itself.known
    owed = _of_a_finding(watched) if isinstance(watched, Finding) else watched.owed()
    if not owed or not watched.notices:
        return owed
    return (*owed, *(more for each in owed for more in _of_the_ladder(watched, each)))


def _of_a_finding(finding: Finding) -> tuple[Obligation, ...]:
    return () if finding.ended else _of_the_matter(finding)


def _of_the_matter(finding: Finding) -> tuple[Obligation, ...]:
    path = finding.path
    every = (
        *_of_the_alarm(finding),
        *_of_the_committee(finding, path),
        *_of_the_factory(finding, path),
        *_of_the_staff(finding),
        *_of_the_verifier(finding, path),
    )
    return tuple(_standing(finding, owed) for owed in every) if finding.held else every


def _standing(finding: Finding, owed: Obligation) -> Obligation:
    """Give an obligation by the date at which it stands, where a re-projection left it there."""
    held = finding.held_at(owed.key, owed.since)
    if held is None or owed.duty not in RECKONED:
        return owed  # what is kept as an instant says where it stands
    return replace(owed, due=finding.calendar.later(owed.due, finding.calendar.gap(held.due, held.reckoned)))


def action_key(action: ActionId) -> str:
    """Give the key of an action's obligation."""
    return f"{Duty.ACTION}:{action}"


def recovery_key(obligation: str) -> str:
    """Give the key of the recovery plan that is owed for an obligation."""
    return f"{Duty.RECOVERY_PLAN}:{obligation}"


def recovery_decision_key(obligation: str) -> str:
    """Give the key of the decision on the recovery plan that was filed for an obligation."""
    return f"{Duty.DECIDE_RECOVERY_PLAN}:{obligation}"


def decision_key(obligation: str) -> str:
    """Give the key of what the decision panel owes about an obligation."""
    return f"{Duty.DECIDE_CONSEQUENCE}:{obligation}"


def _of_the_alarm(finding: Finding) -> Iterator[Obligation]:
    raised = finding.alarm_raised_at
    if raised is None or finding.alarm is Alarm.CANCELLED:
        return
    windows = finding.policy.windows
    due = finding.calendar.due
    if finding.alarm is Alarm.RAISED:
        by = due(raised, windows.confirm_alarm)
        yield _owed(finding, Duty.CONFIRM_ALARM, Role.DUTY_OFFICER, raised, by, Lateness.STAFF)
        return
    if windows.notify_authority is not None and not finding.authority_notified:
        by = due(raised, windows.notify_authority)
        yield _owed(finding, Duty.NOTIFY_AUTHORITY, Role.DUTY_OFFICER, raised, by, Lateness.STAFF)


def _of_the_committee(finding: Finding, path: Stage) -> Iterator[Obligation]:
    if finding.restricted or path not in BEFORE_COMMITMENT:
        return
    since = finding.dates_set_at or finding.attempt_began
    late = Lateness.NO_COOPERATION
    if path is Stage.ISSUED:
        yield _owed(finding, Duty.REVIEW, Role.MANAGER, since, finding.review_by, late)
    yield _owed(finding, Duty.COMMIT, Role.MANAGER, since, finding.commit_by, late)


def _of_the_factory(finding: Finding, path: Stage) -> Iterator[Obligation]:
    told, contain = finding.factory_told_at, finding.terms.contain
    if contain and told and not finding.contained and path is not Stage.CLOSED:
        # The clock starts when the factory is told: nobody can contain what they do not know of.
        since = max(told, finding.attempt_began)
        by = finding.calendar.due(since, contain)
        yield _owed(finding, Duty.CONTAIN, Role.MANAGER, since, by, Lateness.NO_PROGRESS)
    if path is not Stage.COMMITTED or finding.committed_at is None:
        return
    waiting = [action for action in finding.actions if not action.done]
    for action in waiting:
        yield _owed_action(finding, action, action.since or finding.committed_at)
    seen = finding.last_progress or finding.committed_at
    if not waiting:
        # While an action is open it is the action that is late; then the report is awaited.
        yield _owed_report(finding, seen)
    elif finding.terms.progress_review is not None:
        # Any progress that is recorded counts as the review: the factory has shown where it stands.
        by = put_off(finding, seen, finding.calendar.due(seen, finding.terms.progress_review))
        yield _owed(finding, Duty.PROGRESS_REVIEW, Role.MANAGER, seen, by, Lateness.NO_PROGRESS)


def _of_the_staff(finding: Finding) -> Iterator[Obligation]:
    late = Lateness.STAFF
    if finding.stage is Stage.DISPUTED and finding.disputed_at and finding.dispute_decide_by:
        by = finding.dispute_decide_by
        yield _owed(finding, Duty.DECIDE_DISPUTE, Role.TEAM_LEADER, finding.disputed_at, by, late)
    if finding.mediate_by and finding.deadlocked_at:
        yield _owed(finding, Duty.MEDIATE, Role.ADVISOR, finding.deadlocked_at, finding.mediate_by, late)
    asked = finding.extension
    if asked is not None and asked.decider and asked.cosigned_at and asked.decide_by:
        yield _owed(finding, Duty.DECIDE_EXTENSION, asked.decider, asked.cosigned_at, asked.decide_by, late)
    stop = finding.suspension
    if stop is not None:
        yield _owed(finding, Duty.DECIDE_SUSPENSION, Role.TEAM_LEADER, stop.asked_at, stop.decide_by, late)


def _of_the_verifier(finding: Finding, path: Stage) -> Iterator[Obligation]:
    fix, late = finding.fix, Lateness.STAFF
    if fix is None:
        return
    if path in AFTER_REPORT:
        since, by = fix.reported_at, fix.verify_by
        yield _owed(finding, Duty.VERIFY, Role.ADVISOR, since, by, late, person=fix.verifier)
    elif fix.verified_at and fix.effectiveness_by:
        since, by = fix.verified_at, fix.effectiveness_by
        yield _owed(finding, Duty.CHECK_EFFECTIVENESS, Role.ADVISOR, since, by, late)


def _of_the_ladder(watched: Watched, late: Obligation) -> Iterator[Obligation]:
    """Give what the ladder itself asks of people about something late."""
    notice = watched.notice(late.key, late.due)
    plan, decision = notice.recovery, notice.decision
    if plan is not None and plan.filed_at and plan.decide_by:
        yield _owed(
            watched,
            Duty.DECIDE_RECOVERY_PLAN,
            Role.TEAM_LEADER,
            plan.filed_at,
            plan.decide_by,
            Lateness.STAFF,
            key=recovery_decision_key(late.key),
        )
    elif plan is not None:
        key, by = recovery_key(late.key), put_off(watched, plan.since, plan.by)
        owed = _owed(
            watched, Duty.RECOVERY_PLAN, Role.MANAGER, plan.since, by, Lateness.NO_COOPERATION, key=key
        )
        # What the plan is about climbs already: a ladder for its plan would tell the same people twice.
        yield replace(owed, climbs=False)
    if decision is not None and not decision.taken:
        yield _owed(
            watched,
            Duty.DECIDE_CONSEQUENCE,
            Role.DECISION_PANEL,
            decision.since,
            decision.by,
            Lateness.STAFF,
            key=decision_key(late.key),
        )


def _owed_action(finding: Finding, action: Action, since: datetime) -> Obligation:
    return _owed(
        finding,
        Duty.ACTION,
        Role.ACTION_OWNER,
        since,
        finding.calendar.end_of(action.due),
        Lateness.NO_PROGRESS,
        person=action.owner,
        key=action_key(action.id),
    )


def _owed_report(finding: Finding, done_at: datetime) -> Obligation:
    promised = [finding.calendar.end_of(action.due) for action in finding.actions]
    window = put_off(finding, done_at, finding.calendar.due(done_at, finding.policy.windows.report_fix))
    # The last action done late must not make its report late at once.
    by = max([window, *promised])
    return _owed(finding, Duty.REPORT_FIX, Role.MANAGER, done_at, by, Lateness.NO_PROGRESS)


def _owed(  # noqa: PLR0913 - one line for each obligation above is worth six arguments
    watched: Watched,
    duty: Duty,
    owner: Role,
    since: datetime,
    due: datetime,
    lateness: Lateness,
    *,
    person: PersonId | None = None,
    key: str = "",
) -> Obligation:
    return Obligation(
        key=key or duty.value,
        duty=duty,
        owner=owner,
        since=since,
        due=due,
        lateness=lateness,
        person=person,
        urgent=watched.urgent,
    )
