"""The auditor's books on reminders and the ladder: what comes when, in which order, and how it is answered.

It shares the calendar with the rules, and none of their decisions.
"""

from collections import defaultdict
from dataclasses import KW_ONLY, dataclass, field
from datetime import date, datetime, time, timedelta

from remediation import facts
from remediation.calendar import Calendar
from remediation.ledger import Entry
from remediation.obligations import Obligation
from remediation.spans import Span, Unit
from remediation.words import FACTORY_ROLES, Duty, Lateness, Role, Severity

MORNING = time(9)
LADDER = {1: (1, 4), 2: (7, 24), 3: (21, 72), 4: (45, 168), 5: (90, 336)}
"""Level: days late; hours late under zero tolerance."""
TOP = 5
"""The level that people decide on."""
LEVELS = {
    Lateness.NO_PROGRESS: [1, 2, 3, 4, 5],
    Lateness.NO_COOPERATION: [2, 3, 4, 5],
    Lateness.STAFF: [1, 2],
}
OF_THE_FACTORY = {
    *(Duty.REVIEW, Duty.COMMIT, Duty.ACTION, Duty.PROGRESS_REVIEW, Duty.REPORT_FIX),
    Duty.RECOVERY_PLAN,
}
"""What a suspension stops."""
ONE_DAY = timedelta(days=1)
OrdersKey = tuple[str, datetime]


@dataclass
class LadderAuditor:
    """Books on what is late, and objections as failed assertions."""

    calendar: Calendar
    _: KW_ONLY
    morning: time = MORNING
    severity: Severity = Severity.MAJOR
    fix_accepted: bool = False
    ended: bool = False
    climbed: dict[OrdersKey, list[int]] = field(default_factory=lambda: defaultdict(list))
    told_level_two: dict[OrdersKey, datetime] = field(default_factory=dict)
    seen_until: dict[OrdersKey, tuple[datetime, datetime]] = field(default_factory=dict)
    """Since when an acknowledgement counts, and until when, but for suspensions."""
    lapsed: set[OrdersKey] = field(default_factory=set)
    """Whose acknowledgement has run out: what is done afterwards renews nothing."""
    put_off: dict[OrdersKey, datetime] = field(default_factory=dict)
    floor: dict[OrdersKey, int] = field(default_factory=dict)
    counted_from: dict[OrdersKey, tuple[datetime, datetime]] = field(default_factory=dict)
    """When a recovery plan was accepted, and the end of its last day, but for suspensions."""
    asked: dict[OrdersKey, bool] = field(default_factory=dict)
    """What the decision panel was asked, and whether it has answered."""
    latest: dict[str, OrdersKey] = field(default_factory=dict)
    """What has climbed last under an obligation's name."""
    plans: dict[OrdersKey, date | None] = field(default_factory=dict)
    """The recovery plans that are owed, and until when those run that are filed."""
    still: dict[date, datetime] = field(default_factory=dict)
    """Each suspended day, with the instant at which its suspension began."""
    stands_still: bool = False

    def _reminded(self, fact: facts.Reminded, entry: Entry) -> None:
        assert not self.ended
        assert fact.scheduled <= entry.at, "no reminder comes early"
        assert self.calendar.local(fact.scheduled).time() == self.morning
        assert self.calendar.is_working_day(self.calendar.today(fact.scheduled))
        self._runs(fact.duty, fact.owner, fact.scheduled)
        late = self._days_late(fact.due, self.calendar.today(entry.at), paused=self._pauses(fact.duty))
        assert fact.days_left == -late

    def _escalated(self, fact: facts.Escalated, entry: Entry) -> None:
        key = (fact.obligation, fact.due)
        assert fact.lateness is Lateness.STAFF or fact.level < TOP, "only people take the last step"
        self._climbs(fact, entry)
        self.seen_until.pop(key, None)
        self.put_off.pop(key, None)
        if fact.level == 2:
            self.told_level_two[key] = entry.at
        if fact.recovery_plan_by is not None:
            assert fact.level >= 3
            assert key not in self.plans, "one recovery plan at a time"
            self.plans[key] = None

    def _decision_due(self, fact: facts.DecisionDue, entry: Entry) -> None:
        assert (fact.obligation, fact.due) not in self.asked, "the panel is asked once"
        assert (fact.level, fact.told) == (TOP, (Role.DECISION_PANEL,))
        self._climbs(fact, entry)
        self.climbed[fact.obligation, fact.due].pop()
        self.asked[fact.obligation, fact.due] = False

    def _consequence_decided(self, fact: facts.ConsequenceDecided, entry: Entry) -> None:
        assert self.asked[fact.obligation, fact.due] is False, "what was asked is decided once"
        assert entry.by != "system", "people decide"
        self.asked[fact.obligation, fact.due] = True
        self.seen_until.pop((fact.obligation, fact.due), None)

    def _climbs(self, fact: facts.Escalated | facts.DecisionDue, entry: Entry) -> None:
        assert not self.ended
        assert not self.fix_accepted or fact.lateness is Lateness.STAFF, "no escalation after acceptance"
        assert fact.due < fact.scheduled <= entry.at, "no step comes early"
        self._runs(fact.duty, fact.owner, fact.scheduled)
        late = self._days_late(fact.due, self.calendar.today(entry.at), paused=self._pauses(fact.duty))
        assert fact.days_late == late
        self._not_before_its_day(fact)
        self.latest[fact.obligation] = (fact.obligation, fact.due)
        climbed = self.climbed[fact.obligation, fact.due]
        climbed.append(fact.level)
        way = self._way(fact.lateness, (fact.obligation, fact.due))
        assert climbed == way[: len(climbed)], "steps come in order, none is skipped"

    def _way(self, lateness: Lateness, key: OrdersKey) -> list[int]:
        return [level for level in LEVELS[lateness] if level > self.floor.get(key, 0)]

    @staticmethod
    def _pauses(duty: Duty) -> bool:
        return duty in OF_THE_FACTORY

    def _runs(self, duty: Duty, owner: Role, scheduled: datetime) -> None:
        assert (owner in FACTORY_ROLES) is (duty in OF_THE_FACTORY or duty is Duty.CONTAIN)
        if self._pauses(duty):
            day = self.calendar.today(scheduled)
            began = self.still.get(day)
            assert began is None or scheduled <= began, "nothing is sent while the clock stands still"

    def _days_late(self, due: datetime, today: date, *, paused: bool) -> int:
        """Count day by day, without the suspended ones."""
        day, days = self.calendar.last_day(due), 0
        if today <= day:
            return (today - day).days
        while day < today:
            day += ONE_DAY
            days += not (paused and day in self.still)
        return days

    def _acknowledged(self, fact: facts.Acknowledged, entry: Entry) -> None:
        assert (fact.until is None) is (self.severity is Severity.ZERO_TOLERANCE)
        if fact.until is not None:
            key = self.latest[fact.obligation]
            self.seen_until[key] = entry.at, self.calendar.due(entry.at, Span(5, Unit.WORKING_DAYS))
            self.lapsed.discard(key)
            assert fact.until == self.seen_until[key][1]

    def _acknowledgement_ending(self, fact: facts.AcknowledgementEnding, entry: Entry) -> None:
        assert fact.until == self._moved(*self.seen_until[fact.obligation, fact.due], fact.obligation)
        day = self.calendar.working_day_on_or_before(self.calendar.last_day(fact.until))
        assert fact.scheduled == self._opens(day) <= entry.at

    def _acknowledgement_lapsed(self, fact: facts.AcknowledgementLapsed, entry: Entry) -> None:
        until = self._moved(*self.seen_until[fact.obligation, fact.due], fact.obligation)
        assert until <= fact.scheduled <= entry.at, "an acknowledgement holds for its time"
        assert self.calendar.local(fact.scheduled).time() == self.morning
        self.lapsed.add((fact.obligation, fact.due))

    def _renewed(self, obligation: str, at: datetime) -> None:
        for key in self.seen_until:
            if key[0] == obligation and key not in self.lapsed:
                self.seen_until[key] = at, self.calendar.due(at, Span(5, Unit.WORKING_DAYS))

    def _progress_recorded(self, fact: facts.ProgressRecorded, entry: Entry) -> None:
        self._renewed(f"action:{fact.action}", entry.at)

    def _snoozed(self, fact: facts.Snoozed, _: Entry) -> None:
        key = self.latest[fact.obligation]
        assert self.severity is not Severity.ZERO_TOLERANCE, "zero tolerance is never put off"
        assert key not in self.put_off, "once a level"
        assert 1 <= fact.days <= 5
        assert self.calendar.is_working_day(self.calendar.today(fact.until))
        self.put_off[key] = fact.until

    def _recovery_plan_filed(self, fact: facts.RecoveryPlanFiled, entry: Entry) -> None:
        assert self.plans[self.latest[fact.obligation]] is None, "a plan is filed where one is owed"
        self.plans[self.latest[fact.obligation]] = fact.until
        self._renewed(fact.obligation, entry.at)

    def _recovery_plan_returned(self, fact: facts.RecoveryPlanReturned, _: Entry) -> None:
        assert self.plans[self.latest[fact.obligation]] is not None
        self.plans[self.latest[fact.obligation]] = None

    def _recovery_plan_accepted(self, fact: facts.RecoveryPlanAccepted, entry: Entry) -> None:
        assert self.plans[self.latest[fact.obligation]] == fact.until >= self.calendar.today(entry.at)

    def _deescalated(self, fact: facts.Deescalated, entry: Entry) -> None:
        assert fact.level == fact.was - 1, "one level at a time"
        key = (fact.obligation, fact.due)
        if fact.plan_until is not None:
            assert self.plans.pop(key) == fact.plan_until
            self.counted_from[key] = entry.at, self.calendar.end_of(fact.plan_until)
        self.floor[key], self.climbed[key], self.latest[fact.obligation] = fact.level, [], key
        for books in (self.seen_until, self.put_off, self.asked):
            books.pop(key, None)

    def _not_before_its_day(self, fact: facts.Escalated | facts.DecisionDue) -> None:
        key = (fact.obligation, fact.due)
        usual = self._usual(fact.lateness, fact.level, key)
        put_off = self._put_off(key, usual)
        assert key not in self.put_off or fact.scheduled >= put_off, "what is put off waits"
        if fact.scheduled == max(usual, put_off):
            return
        assert fact.level == 3, "only level three may come early"
        window = self.calendar.due(self.told_level_two[key], Span(3, Unit.WORKING_DAYS))
        if key in self.seen_until:
            window = self._moved(*self.seen_until[key], fact.obligation)
        assert window <= fact.scheduled < max(usual, put_off)

    def _usual(self, lateness: Lateness, level: int, key: OrdersKey) -> datetime:
        """Give the day of a level: wherever the way begins, it begins on the first rung's day."""
        entry = self._way(lateness, key)[0]
        start = self._moved(*self.counted_from[key], key[0]) if key in self.counted_from else key[1]
        return self._step(start, 1 if level == entry else level, paused=self._pauses(_duty(key[0])))

    def _put_off(self, key: OrdersKey, otherwise: datetime) -> datetime:
        until = self.put_off.get(key)
        if until is None:
            return otherwise
        return self._awake(self.calendar.today(until), paused=self._pauses(_duty(key[0])))

    def _moved(self, since: datetime, end: datetime, obligation: str) -> datetime:
        """Move an end by each day, from `since` on, of the suspensions that began before it."""
        if not self._pauses(_duty(obligation)):
            return end
        for day in sorted(self.still):
            if day >= self.calendar.today(since) and end > self.still[day]:
                end = self.calendar.end_of(self.calendar.last_day(end) + ONE_DAY)
        return end

    def _step(self, due: datetime, level: int, *, paused: bool) -> datetime:
        days, hours = LADDER[level]
        if self.severity is Severity.ZERO_TOLERANCE:
            return due + timedelta(hours=hours)
        day = self.calendar.last_day(due)
        while days:
            day += ONE_DAY
            days -= not (paused and day in self.still)
        return self._awake(day, paused=paused)

    def _awake(self, day: date, *, paused: bool) -> datetime:
        while not self.calendar.is_working_day(day) or (paused and day in self.still):
            day += ONE_DAY
        return self._opens(day)

    def _opens(self, day: date) -> datetime:
        return self.calendar.instant(day, self.morning)

    def no_step_is_missing(self, owed: Obligation, level: int, now: datetime) -> None:
        """Object if what is owed has been late for longer than its level on the ladder says."""
        key = (owed.key, owed.due)
        if not owed.climbs or self._put_off(key, now) > now:
            return
        for rung in self._way(owed.lateness, key):
            if self._usual(owed.lateness, rung, key) <= now:
                taken = key in self.asked if rung == TOP else level >= rung
                assert taken, f"{owed.key} has been late for longer"


def _duty(obligation: str) -> Duty:
    return Duty(obligation.partition(":")[0])
