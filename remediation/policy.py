"""The policy: every number the lifecycle uses, as versioned data with the programme's defaults.

The defaults are those of docs/policy.md. `policy_file.py` reads a programme's own numbers. A finding
keeps the policy it was issued under.
"""

from dataclasses import dataclass, field
from datetime import time

from remediation.spans import Span, Unit
from remediation.words import Role, Severity

HOURS, WORKING_DAYS = Unit.HOURS, Unit.WORKING_DAYS


@dataclass(frozen=True, slots=True)
class Terms:
    """How long one severity has. None means that no date is set."""

    contain: Span | None
    review: Span
    commit: Span
    fix: Span | None
    verify: Span
    effectiveness: Span | None
    on_site: bool = False
    progress_review: Span | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """One level of the ladder: when it is reached after a missed date, and who is told."""

    level: int
    after: Span
    urgent_after: Span
    told: tuple[Role, ...]


@dataclass(frozen=True, slots=True)
class Quorum:
    """Signatures that a proposal needs of each side: the larger of a count and a percentage of its seats."""

    at_least: int = 1
    percent: int = 0
    elected_worker: bool = True
    """One of the worker signatures must come from an elected member, where there is one."""

    def needed(self, seats: int) -> int:
        """Give the number of signatures a side with so many seats must give."""
        return max(self.at_least, -(-seats * self.percent // 100))


@dataclass(frozen=True, slots=True)
class ExtensionLimits:
    """How often and how far a promised date may move, and how soon that is decided."""

    count: int = 2
    percent: int = 50
    decide: Span = field(default_factory=lambda: Span(5, WORKING_DAYS))


@dataclass(frozen=True, slots=True)
class SuspensionLimits:
    """For how many days the clock may stand still, at a time and in all, and how soon that is decided."""

    days: int = 60
    total: int = 120
    decide: Span = field(default_factory=lambda: Span(5, WORKING_DAYS))


@dataclass(frozen=True, slots=True)
class Escalation:
    """What people may and must do at the levels of the factory's ladder."""

    snooze: int = 5
    """By how many working days the next step may be put off, once a level."""
    recovery_level: int = 3
    """From this level on the manager owes a recovery plan."""
    decision_level: int = 5
    """The level that people decide on: the clock only asks for their decision."""


@dataclass(frozen=True, slots=True)
class Plans:
    """When an improvement plan is due after its assessment's report, and how often it is reported on."""

    file: Span = field(default_factory=lambda: Span(30))
    report_months: int = 1
    """Each so many calendar months, from January on: 1 is monthly, 3 quarterly."""


@dataclass(frozen=True, slots=True)
class Meetings:
    """Who must be there for a committee meeting to decide, and when its minutes and the next one are due."""

    percent: int = 50
    """More than so many percent of each side's seats must be present."""
    elected_worker: bool = True
    """An elected worker member must be present, where the committee has one."""
    sign_minutes: Span = field(default_factory=lambda: Span(7))
    every_months: int = 1
    """How many months after a meeting the next one is proposed."""

    def needed(self, seats: int) -> int:
        """Give how many members of a side with so many seats must be present."""
        return min(seats, seats * self.percent // 100 + 1)


@dataclass(frozen=True, slots=True)
class Visits:
    """By when a verification visit that has begun is ended with its report."""

    report: Span = field(default_factory=lambda: Span(7))


@dataclass(frozen=True, slots=True)
class Windows:
    """Times that are the same for every severity."""

    dispute: Span = field(default_factory=lambda: Span(14))
    decide_dispute: Span = field(default_factory=lambda: Span(14))
    mediate: Span = field(default_factory=lambda: Span(14))
    objection: Span = field(default_factory=lambda: Span(7))
    report_fix: Span = field(default_factory=lambda: Span(7))
    acknowledge: Span = field(default_factory=lambda: Span(3, WORKING_DAYS))
    confirm_alarm: Span = field(default_factory=lambda: Span(24, HOURS))
    notify_authority: Span | None = field(default_factory=lambda: Span(48, HOURS))
    acknowledgement: Span = field(default_factory=lambda: Span(5, WORKING_DAYS))
    recovery_plan: Span = field(default_factory=lambda: Span(14))
    decide_recovery_plan: Span = field(default_factory=lambda: Span(5, WORKING_DAYS))
    decide_consequence: Span = field(default_factory=lambda: Span(14))


@dataclass(frozen=True, slots=True)
class Reminders:
    """Days before a due day on which its owner is reminded, and how often after it."""

    before: tuple[int, ...] = (14, 7, 1, 0)
    every: int = 7
    at: time = time(9)


def _default_terms() -> dict[Severity, Terms]:
    d = Span
    return {
        Severity.ZERO_TOLERANCE: Terms(d(24, HOURS), d(72, HOURS), d(7), d(30), d(7), d(90), on_site=True),
        Severity.CRITICAL: Terms(None, d(14), d(30), d(60), d(14), d(90)),
        Severity.MAJOR: Terms(None, d(21), d(30), d(90), d(30), d(90)),
        Severity.MINOR: Terms(None, d(30), d(30), d(180), d(30), None),
        Severity.COLLABORATIVE: Terms(
            None, d(30), d(60), None, d(30), None, on_site=True, progress_review=d(90)
        ),
    }


def _default_ladder() -> tuple[Rung, ...]:
    return (
        Rung(
            1,
            Span(1),
            Span(4, HOURS),
            (Role.ACTION_OWNER, Role.MANAGER, Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR),
        ),
        Rung(2, Span(7), Span(24, HOURS), (Role.ADVISOR,)),
        Rung(3, Span(21), Span(72, HOURS), (Role.TEAM_LEADER, Role.TOP_MANAGEMENT)),
        Rung(4, Span(45), Span(7 * 24, HOURS), (Role.PROGRAMME_MANAGER, Role.BUYER)),
        Rung(5, Span(90), Span(14 * 24, HOURS), (Role.DECISION_PANEL,)),
    )


def _default_staff_ladder() -> tuple[Rung, ...]:
    return (
        Rung(1, Span(1), Span(4, HOURS), (Role.TEAM_LEADER,)),
        Rung(2, Span(7), Span(24, HOURS), (Role.PROGRAMME_MANAGER,)),
    )


@dataclass(frozen=True, slots=True)
class Policy:
    """A programme's numbers under one version name."""

    version: str = "default-1"
    terms: dict[Severity, Terms] = field(default_factory=_default_terms)
    reminders: Reminders = field(default_factory=Reminders)
    ladder: tuple[Rung, ...] = field(default_factory=_default_ladder)
    staff_ladder: tuple[Rung, ...] = field(default_factory=_default_staff_ladder)
    quorum: Quorum = field(default_factory=Quorum)
    extensions: ExtensionLimits = field(default_factory=ExtensionLimits)
    suspensions: SuspensionLimits = field(default_factory=SuspensionLimits)
    windows: Windows = field(default_factory=Windows)
    escalation: Escalation = field(default_factory=Escalation)
    plans: Plans = field(default_factory=Plans)
    meetings: Meetings = field(default_factory=Meetings)
    visits: Visits = field(default_factory=Visits)
    tell_factory_when_raised: bool = False
    """Whether the factory learns of a zero-tolerance alarm at once or when it is confirmed."""
