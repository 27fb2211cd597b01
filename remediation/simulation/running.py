"""One finding run ahead: the clock keeps time, people follow the script, and every letter is noted."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime

from remediation.calendar import Calendar
from remediation.facts import DecisionDue, Escalated, Fact, Issued, Scheduled
from remediation.finding import Finding
from remediation.letters import LetterOrder, letters_for
from remediation.notices import next_wake
from remediation.obligations import Obligation, obligations
from remediation.policy import Policy
from remediation.refusals import Refusal
from remediation.rules import Stamp, apply, begin, decide
from remediation.rules.escalation import keep_time
from remediation.simulation.script import Assumptions, done_at, orders_for
from remediation.words import SYSTEM, Duty, FactoryId, FindingId, PersonId, PlanId


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """A finding as it stands at the beginning, after `seq` ledger entries.

    `fresh` is the fact of its issue where the simulation issues it, so that its letters are counted too.
    """

    finding: Finding
    seq: int
    fresh: Issued | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A letter that would be owed at an instant (aware), `local` on the factory's clock."""

    at: datetime
    local: datetime
    finding: FindingId
    factory: FactoryId
    plan: PlanId
    letter: LetterOrder
    duty: Duty | None
    level: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """Something owed that the script could not do, and the code of why: it stays undone."""

    finding: FindingId
    obligation: str
    at: datetime
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What would happen to a finding: its letters and facts in order, and how it stands in the end."""

    start: Finding
    finding: Finding
    facts: tuple[tuple[datetime, Fact], ...]
    told: tuple[Told, ...]
    stuck: tuple[Stuck, ...]


def simulate(start: Start, assumptions: Assumptions, since: datetime, until: datetime) -> Course:
    """Run a finding ahead from `since` to `until` (aware instants, both included)."""
    run = _Run(start, assumptions, since)
    while run.goes_on(until):
        pass
    return Course(
        start=start.finding,
        finding=run.finding,
        facts=tuple(run.facts),
        told=tuple(run.told),
        stuck=tuple(run.stuck),
    )


def simulate_all(
    starts: Iterable[Start], assumptions: Assumptions, since: datetime, until: datetime
) -> tuple[Course, ...]:
    """Run many findings ahead, in their order. Those that stand alike in everything are run once."""
    known: dict[Hashable, Course] = {}
    courses: list[Course] = []
    for start in starts:
        key = _likeness(start)
        if key not in known:
            known[key] = simulate(start, assumptions, since, until)
        courses.append(_of(start.finding, known[key]))
    return tuple(courses)


def refolded(story: Sequence[tuple[datetime, PersonId, Fact]], policy: Policy, calendar: Calendar) -> Finding:
    """Give the state that a finding's facts add up to under a policy, as if it had been issued under it.

    Dates that facts carry stand as they were recorded. Raises ValueError where the first is not its issue.
    """
    (at, _, issued), *rest = story
    if not isinstance(issued, Issued):
        message = "a finding's story begins with its issue"
        raise ValueError(message)  # noqa: TRY004 - the story is wrong, not its type
    finding = begin(replace(issued, policy=policy.version), policy, calendar, at)
    for when, by, fact in rest:
        finding = apply(fact, finding, Stamp(when, by))
    return finding


_NAMES = frozenset({"id", "programme", "factory", "plan", "point", "question"})
"""What tells findings apart that stand alike: no rule looks at it."""
_STANDING = tuple(each.name for each in fields(Finding) if each.name not in {*_NAMES, "policy", "calendar"})


def _likeness(start: Start) -> Hashable:
    finding = start.finding
    versions = finding.policy.version, finding.calendar.version
    standing = tuple(getattr(finding, name) for name in _STANDING)
    return (start.seq, start.fresh is None, versions, standing)


def _of(finding: Finding, course: Course) -> Course:
    """Give a like finding's course as this one's. Its facts are the same but for the fact of its issue."""
    if course.start is finding:
        return course
    names = {name: getattr(finding, name) for name in _NAMES}
    whose = {name: names[name] for name in ("factory", "plan")} | {"finding": finding.id}
    return replace(
        course,
        start=finding,
        finding=replace(course.finding, **names),
        told=tuple(replace(each, **whose) for each in course.told),
        stuck=tuple(replace(each, finding=finding.id) for each in course.stuck),
    )


class _Run:
    """A simulation on its way. It decides by `decide`, `keep_time` and `apply`, and by nothing else."""

    def __init__(self, start: Start, assumptions: Assumptions, now: datetime) -> None:
        self.finding = start.finding
        self.facts: list[tuple[datetime, Fact]] = []
        self.told: list[Told] = []
        self.stuck: list[Stuck] = []
        self._given_up: set[tuple[str, datetime]] = set()
        self._assumptions = assumptions
        self._seq = start.seq
        self._now = now
        self._owed = obligations(self.finding)
        if start.fresh is not None:
            self._note(start.fresh, start.seq)

    def goes_on(self, until: datetime) -> bool:
        """Do what comes next, and tell whether anything did by `until`."""
        wake, scene = next_wake(self.finding), self._next_scene()
        coming = [at for at in (wake, scene[0] if scene else None) if at is not None]
        at = max(self._now, min(coming, default=until))
        if not coming or at > until:
            return False
        self._now = at
        self._happen(keep_time(self.finding, at), SYSTEM)
        # What comes due at the very same instant comes first.
        if scene is not None and (wake is None or scene[0] < wake):
            self._meet(scene[1])
        return True

    def _next_scene(self) -> tuple[datetime, Obligation] | None:
        owed = [each for each in self._owed if (each.key, each.due) not in self._given_up]
        scenes = [(done_at(each, self.finding, self._assumptions), each) for each in owed]
        coming = [(at, each) for at, each in scenes if at is not None]
        return min(coming, key=lambda scene: scene[0], default=None)

    def _meet(self, owed: Obligation) -> None:
        """Give the orders that meet a duty, until it is met; what cannot be met is given up."""
        code = "not_enough"
        try:
            for order in orders_for(owed, self.finding, self._now):
                if self._still(owed):
                    self._happen(decide(order, self.finding, self._now), order.by)
        except Refusal as refused:
            code = refused.code
        if self._still(owed):
            self._given_up.add((owed.key, owed.due))
            stuck = Stuck(finding=self.finding.id, obligation=owed.key, at=self._now, code=code)
            self.stuck.append(stuck)

    def _still(self, owed: Obligation) -> bool:
        return any((each.key, each.due) == (owed.key, owed.due) for each in self._owed)

    def _happen(self, facts: Sequence[Fact], by: PersonId) -> None:
        for fact in facts:
            self._seq += 1
            self.finding = apply(fact, self.finding, Stamp(self._now, by))
            self._note(fact, self._seq)
        if facts:
            self._owed = obligations(self.finding)

    def _note(self, fact: Fact, seq: int) -> None:
        self.facts.append((self._now, fact))
        self.told += [self._told(letter, fact) for letter in letters_for(fact, seq)]

    def _told(self, letter: LetterOrder, fact: Fact) -> Told:
        notice = fact if isinstance(fact, Scheduled) else None
        return Told(
            at=self._now,
            local=self.finding.calendar.local(self._now),
            finding=self.finding.id,
            factory=self.finding.factory,
            plan=self.finding.plan,
            letter=letter,
            duty=notice.duty if notice else None,
            level=notice.level if isinstance(notice, Escalated | DecisionDue) else None,
        )
