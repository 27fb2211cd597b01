"""What holds at every step of a random walk, and how its orders are given and its time passes."""

from collections import Counter
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant

from remediation import facts
from remediation.calendar import Calendar
from remediation.case import Case
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.forecast import MOST_NOTICES, Planned, forecast
from remediation.ledger import Entry, first_broken
from remediation.letters import letters_for
from remediation.notices import next_wake, notice_of
from remediation.obligations import obligations
from remediation.orders import Order, Seat
from remediation.policy import Policy
from remediation.possible import CANDIDATES, possible
from remediation.refusals import Refusal
from remediation.rules import Stamp, apply, begin
from remediation.summary import summary
from remediation.waiting import waits
from remediation.words import BEFORE_COMMITMENT, CommandId, PersonId, Role, Severity, Stage
from tests.rules.auditor import Auditor
from tests.rules.cast import ACTING, MONDAY, Story, a_case, an_issue, fact_of
from tests.rules.wild import CALENDARS, COMMITTEES, POLICIES


class Watched(RuleBasedStateMachine):
    """A finding that an auditor and a second fold follow, whoever gives it orders."""

    story: Story
    auditor: Auditor
    refolded: Finding
    commands = 0

    @initialize(
        severity=st.sampled_from(Severity),
        policy=st.sampled_from(POLICIES),
        calendar=st.sampled_from(CALENDARS),
        hour=st.integers(min_value=0, max_value=23),
        told=st.booleans(),
        seats=st.sampled_from(COMMITTEES),
        by_interview=st.booleans(),
    )
    def issue(
        self,
        severity: Severity,
        policy: Policy,
        calendar: Calendar,
        hour: int,
        told: bool,  # noqa: FBT001
        seats: tuple[Seat, ...],
        by_interview: bool,  # noqa: FBT001
    ) -> None:
        at = MONDAY + timedelta(hours=hour)
        fields: dict[str, Any] = {"factory_told": told, "seats": seats, "proof_by_interview": by_interview}
        self.story = a_case(severity, policy=policy, calendar=calendar, at=at, **fields)
        self.auditor = Auditor(calendar, policy.quorum, policy.tell_factory_when_raised)
        self.refolded = begin(an_issue(severity, **fields), policy, calendar, at)
        self._audit(0)

    @invariant()
    def an_independent_fold_gives_the_same_finding(self) -> None:
        assert self.refolded == self.story.finding

    @invariant()
    def what_is_owed_is_well_formed(self) -> None:
        finding, owed = self.story.finding, obligations(self.story.finding)
        assert len({each.key for each in owed}) == len(owed)
        assert all(each.since <= self.story.now and each.due.tzinfo is not None for each in owed)
        waiting = waits(finding)
        assert {each.obligation for each in waiting} - {""} <= {each.key for each in owed}
        assert len({(each.what, each.obligation, each.role, each.person) for each in waiting}) == len(waiting)
        row = summary(self.story.case)
        assert row.next_due == min((each.due for each in owed), default=None)
        assert row.level == max((notice_of(finding, each).level for each in owed), default=0)

    @invariant()
    def after_the_end_nothing_is_owed(self) -> None:
        assert self.auditor.ended is self.story.finding.ended
        if self.story.finding.ended:
            assert obligations(self.story.finding) == ()
            assert next_wake(self.story.finding) is None

    @invariant()
    def promises_stay_promised(self) -> None:
        promised = {action.id: action.due for action in self.story.finding.actions}
        assert promised.keys() == self.auditor.promises.keys()
        assert all(each.days > 0 for each in self.story.finding.standstills)
        for action in self.story.finding.actions:
            assert action.original_due == self.auditor.original[action.id]
            assert action.due - timedelta(days=action.put_off) >= self.auditor.promises[action.id]
            assert action.due >= self.auditor.promises[action.id] or action.since is not None

    @invariant()
    def closed_means_verified(self) -> None:
        if self.story.finding.path is Stage.CLOSED:
            assert self.auditor.fix_accepted

    @invariant()
    def who_has_quorum_has_a_commitment(self) -> None:
        proposal = self.story.finding.proposal
        open_ = proposal is not None and self.story.finding.path in BEFORE_COMMITMENT and not proposal.failed
        if not open_ or (self.auditor.no_action and not self.auditor.approved):
            return
        overtaken = any(each.due < self.story.day() for each in self.auditor.proposed)
        beyond = self.story.finding.fix_by is not None and any(
            self.story.finding.calendar.end_of(each.due) > self.story.finding.fix_by
            for each in self.auditor.proposed
        )
        assert not self.auditor.has_quorum() or overtaken or beyond

    def teardown(self) -> None:
        if hasattr(self, "story"):
            assert first_broken(self.story.entries) is None

    def _order(
        self, kind: type[Order], person: PersonId, acting: Role | None, fields: dict[str, Any]
    ) -> None:
        self.commands += 1
        order = kind(id=CommandId(f"w{self.commands}"), by=person, acting=acting or ACTING[person], **fields)
        before = self.story.case
        offered = self._offered(order)
        try:
            case, entries = before.obey(order, self.story.now)
        except Refusal:
            return
        assert offered, "what is accepted was offered"
        assert before.obey(order, self.story.now) == (case, entries), "the same gives the same"
        assert any(entry.command == order.id for entry in entries), "what is obeyed has an effect"
        assert all(entry.by == person for entry in entries if entry.command == order.id)
        self._went_on(case, entries)

    def _offered(self, order: Order) -> bool:
        """Tell whether a page would offer this verb to who gives the order, in the role they act in."""
        if type(order) not in CANDIDATES:
            return True
        timely, _ = self.story.case.keep_time(self.story.now)
        shown = possible(type(order), timely.finding, order.by, (order.acting,), self.story.now)
        return shown.refusal is None

    def _went_on(self, case: Case, entries: tuple[Entry, ...]) -> None:
        seen = len(self.story.entries)
        self.story.case = case
        self.story.entries += entries
        self._one_reminder_each(tuple(fact_of(entry) for entry in entries))
        self._audit(seen)

    def _time_passes(self, span: timedelta) -> None:
        """Sleep and wake as the workflow does; what was foretold is what comes."""
        seen, until = len(self.story.entries), self.story.now + span
        self.story.keep_time()
        caught_up = len(self.story.entries)
        foretold = forecast(self.story.case, until)
        self.story.later(seconds=span.total_seconds())
        really = [
            Planned(entry.at, fact_of(entry), letter, self.story.finding)
            for entry in self.story.entries[caught_up:]
            for letter in letters_for(fact_of(entry), entry.seq)
        ]
        assert list(foretold) == really[:MOST_NOTICES]
        self._audit(seen)
        self._everything_is_taken()

    def _everything_is_taken(self) -> None:
        finding, now = self.story.finding, self.story.now
        wake = next_wake(finding)
        assert wake is None or wake > now, "the clock moves on"
        for owed in obligations(finding):
            self.auditor.no_step_is_missing(owed, notice_of(finding, owed).level, now)

    def _audit(self, seen: int) -> None:
        for entry in self.story.entries[seen:]:
            fact = fact_of(entry)
            self.auditor.read(entry, fact)
            if entry.seq > 1:
                self.refolded = apply(fact, self.refolded, Stamp(entry.at, entry.by))

    @staticmethod
    def _one_reminder_each(batch: tuple[Fact, ...]) -> None:
        counted = Counter(fact.obligation for fact in batch if isinstance(fact, facts.Reminded))
        assert all(number == 1 for number in counted.values()), "missed reminders are one"
