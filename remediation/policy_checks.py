"""Whether a policy's numbers make sense together: dates in order, ladders that climb, limits in bounds."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from types import MappingProxyType

from remediation.policy import Policy, Rung, Terms
from remediation.spans import Span, Unit

HOURS_OF = MappingProxyType({Unit.HOURS: 1.0, Unit.DAYS: 24.0, Unit.WORKING_DAYS: 24 * 7 / 5})
"""For comparing only: five working days are taken as a week."""

LIMITS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "quorum.at_least": (1, 50),
        "quorum.percent": (0, 100),
        "extensions.count": (0, 10),
        "extensions.percent": (0, 100),
        "suspensions.days": (0, 365),
        "suspensions.total": (0, 730),
        "reminders.every": (1, 365),
        "escalation.snooze": (0, 20),
        "escalation.recovery_level": (1, 20),
        "escalation.decision_level": (2, 20),
        "plans.report_months": (1, 12),
        "meetings.percent": (0, 100),
        "meetings.every_months": (1, 12),
    }
)
FARTHEST_REMINDER = 365
MONTHS = 12
MOST_REMINDERS = 20
FEWEST_RUNGS = MappingProxyType({"ladder": 2, "staff_ladder": 1})
"""A missing review or commitment enters the factory's ladder at level 2, so that level must be there."""

VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and the key of the policy file that says it."""

    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.key}: {self.reason}"


def contradictions(policy: Policy) -> Iterator[Fault]:
    """Give every way in which a policy's values cannot stand together."""
    yield from _version(policy)
    for severity, terms in policy.terms.items():
        yield from _terms(f"terms.{severity}", terms)
    yield from _limits(policy)
    yield from _reminders(policy.reminders.before)
    yield from _ladder("ladder", policy.ladder)
    yield from _ladder("staff_ladder", policy.staff_ladder)
    yield from _people_at_the_ladder(policy)


def _version(policy: Policy) -> Iterator[Fault]:
    if not VERSION.fullmatch(policy.version):
        reason = f"{policy.version!r} is not a version; use up to 64 letters, digits, full stops and hyphens"
        yield Fault("version", reason)
    elif policy.version == Policy().version and policy != Policy():
        yield Fault(
            "version", f"{policy.version!r} names the default policy; give this one a name of its own"
        )


def _terms(key: str, terms: Terms) -> Iterator[Fault]:
    steps = [(name, getattr(terms, name)) for name in ("contain", "review", "commit", "fix")]
    dated = [(name, span) for name, span in steps if span is not None]
    for (earlier, first), (later, second) in pairwise(dated):
        if _hours(first) > _hours(second):
            yield Fault(
                f"{key}.{later}", f"{second} comes before {earlier} ({first}); make it as long or longer"
            )
    if terms.fix is None and terms.progress_review is None:
        reason = "must be set where fix is none, or nobody would ever look at the progress"
        yield Fault(f"{key}.progress_review", reason)


def _hours(span: Span) -> float:
    return span.amount * HOURS_OF[span.unit]


def _limits(policy: Policy) -> Iterator[Fault]:
    for key, (least, most) in LIMITS.items():
        value = attrgetter(key)(policy)
        if not least <= value <= most:
            yield Fault(key, f"{value} is out of bounds; choose {least} to {most}")
    if policy.plans.report_months in range(1, MONTHS) and MONTHS % policy.plans.report_months:
        reason = f"{policy.plans.report_months} months do not fill a year; choose 1, 2, 3, 4, 6 or 12"
        yield Fault("plans.report_months", reason)
    if policy.suspensions.days > policy.suspensions.total:
        reason = f"{policy.suspensions.total} is less than days ({policy.suspensions.days}); make it as long"
        yield Fault("suspensions.total", f"{reason} or longer")


def _reminders(before: Sequence[int]) -> Iterator[Fault]:
    if len(before) > MOST_REMINDERS or len(set(before)) < len(before):
        yield Fault("reminders.before", f"name at most {MOST_REMINDERS} days, each once")
    if any(not 0 <= days <= FARTHEST_REMINDER for days in before):
        yield Fault(
            "reminders.before", f"each must lie between 0 and {FARTHEST_REMINDER} days before the date"
        )


def _ladder(key: str, rungs: Sequence[Rung]) -> Iterator[Fault]:
    levels = [rung.level for rung in rungs]
    if levels != list(range(1, len(rungs) + 1)) or len(rungs) < FEWEST_RUNGS[key]:
        reason = f"levels are {levels}; number them 1, 2, 3 … in order, at least {FEWEST_RUNGS[key]} of them"
        yield Fault(f"{key}.level", reason)
    for rung in rungs:
        if rung.after.unit is Unit.HOURS:
            yield Fault(
                f"{key}.after", f"level {rung.level} has {rung.after}; use days (d) or working days (wd)"
            )
        if len(set(rung.told)) < len(rung.told):
            yield Fault(f"{key}.told", f"level {rung.level} names a role twice; name each once")
    for name in ("after", "urgent_after"):
        for lower, upper in pairwise(rungs):
            below, above = getattr(lower, name), getattr(upper, name)
            if _hours(below) >= _hours(above):
                reason = f"level {upper.level} ({above}) must come later than level {lower.level} ({below})"
                yield Fault(f"{key}.{name}", reason)


def _people_at_the_ladder(policy: Policy) -> Iterator[Fault]:
    rule, top = policy.escalation, max((rung.level for rung in policy.ladder), default=0)
    if top > rule.decision_level:
        reason = f"people decide on level {rule.decision_level}, so it must be the last; the ladder has {top}"
        yield Fault("escalation.decision_level", reason)
    if rule.recovery_level >= rule.decision_level:
        reason = f"{rule.recovery_level} must lie below level {rule.decision_level}, which people decide on"
        yield Fault("escalation.recovery_level", reason)
    held = policy.windows.acknowledgement
    if held.unit is not Unit.WORKING_DAYS:
        yield Fault("windows.acknowledgement", f"{held} is not a number of working days; write it as 5wd")
