"""Random walks: people of the cast give orders, sensible and wild, while time jumps; an auditor watches."""

import os
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from remediation import facts, orders
from remediation.calendar import Calendar, Offset
from remediation.case import Case
from remediation.facts import Fact
from remediation.finding import Finding
from remediation.forecast import MOST_NOTICES, Planned, forecast
from remediation.ledger import Entry, first_broken
from remediation.letters import letters_for
from remediation.notices import next_wake, notice_of
from remediation.obligations import AFTER_REPORT, obligations
from remediation.orders import VERBS, Order, Seat
from remediation.policy import Policy, Quorum, Terms, Windows
from remediation.possible import CANDIDATES, possible
from remediation.reckoning import dates
from remediation.refusals import Refusal
from remediation.rules import Stamp, apply, begin
from remediation.rules.reprojection import project
from remediation.spans import Span, Unit
from remediation.summary import summary
from remediation.waiting import waits
from remediation.words import (
    BEFORE_COMMITMENT,
    ActionId,
    ActionKind,
    Alarm,
    CommandId,
    Consequence,
    Digest,
    DisputeOutcome,
    FindingId,
    Modality,
    NoteId,
    PersonId,
    Role,
    Severity,
    Side,
    SignatureMethod,
    Stage,
    SuspensionCause,
    Verdict,
)
from tests.rules.auditor import Auditor
from tests.rules.cast import (
    ACTING,
    AMINA,
    AMINAS_SEAT,
    ASHA,
    ASHAS_SEAT,
    BAO,
    BAOS_SEAT,
    BINH,
    BINHS_SEAT,
    CHLOE,
    DHAKA,
    DINA,
    ERIK,
    MONDAY,
    NOTE,
    PETRA,
    PHOTO,
    RESTFUL,
    RUTH,
    SEATS,
    SYSTEM,
    TOMAS,
    Story,
    a_case,
    an_issue,
    fact_of,
)

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def in_working_days(terms: Terms) -> Terms:
    return replace(
        terms,
        review=Span(10, Unit.WORKING_DAYS),
        commit=Span(15, Unit.WORKING_DAYS),
        fix=Span(40, Unit.WORKING_DAYS),
        verify=Span(8, Unit.WORKING_DAYS),
    )


CAIRO = Calendar(
    "cairo-1",
    "Africa/Cairo",
    (
        Offset(datetime(2025, 10, 30, 21, tzinfo=UTC), 120),
        Offset(datetime(2026, 4, 23, 22, tzinfo=UTC), 180),
        Offset(datetime(2026, 10, 29, 21, tzinfo=UTC), 120),
    ),
    (5, 6),
)
CALENDARS = (DHAKA, RESTFUL, CAIRO)
POLICIES = (
    Policy(),
    Policy(version="half", quorum=Quorum(percent=51)),
    Policy(version="all", quorum=Quorum(percent=100, elected_worker=False)),
    Policy(version="open", tell_factory_when_raised=True),
)
EIDS = replace(RESTFUL, version="dhaka-3", holidays=tuple(date(2026, 3, day) for day in range(16, 27)))
WORKING_WEEKS = Policy(
    version="working-weeks",
    terms={severity: in_working_days(terms) for severity, terms in Policy().terms.items()},
    windows=Windows(mediate=Span(10, Unit.WORKING_DAYS), notify_authority=None, report_fix=Span(3)),
)
LOOSE = Policy(
    version="loose",
    terms={
        severity: replace(
            terms, contain=Span(12, Unit.HOURS), fix=None, progress_review=Span(5), effectiveness=Span(30)
        )
        for severity, terms in Policy().terms.items()
    },
)
OTHERS = (WORKING_WEEKS, LOOSE)
"""What findings may come under, and are not issued under."""
COMMITTEES = (
    SEATS,
    (AMINAS_SEAT, BAOS_SEAT),
    (replace(ASHAS_SEAT, elected=True), AMINAS_SEAT, BINHS_SEAT),
    (AMINAS_SEAT, ASHAS_SEAT),
    (replace(ASHAS_SEAT, side=Side.MANAGEMENT), AMINAS_SEAT, BAOS_SEAT),
    (BAOS_SEAT, BINHS_SEAT, Seat(person=ERIK, side=Side.WORKER)),
)
REVISIONS = tuple(Digest(f"r{number}") for number in range(4))
NAMES = tuple(ActionId(f"a{number}") for number in range(3))
WITH_NOTE = {orders.Amend, orders.NotifyAuthority, orders.FileRecoveryPlan}
PEOPLE = st.sampled_from(tuple(ACTING))
MEMBERS = (AMINA, ASHA, BAO, BINH)
WHO: dict[type[Order], tuple[PersonId, ...]] = {
    orders.Amend: (CHLOE, SYSTEM),
    orders.DecideDispute: (TOMAS,),
    orders.ApproveNoAction: (CHLOE,),
    orders.AllowLaterDate: (CHLOE,),
    orders.CloseMediation: (CHLOE,),
    orders.RecordProgress: (BAO, ASHA),
    orders.DecideExtension: (CHLOE, TOMAS, PETRA),
    orders.Suspend: (CHLOE, ERIK),
    orders.CountersignSuspension: (TOMAS,),
    orders.DeclineSuspension: (TOMAS,),
    orders.EndSuspension: (CHLOE, TOMAS),
    orders.ReportFixed: (BAO,),
    orders.BookVerification: (CHLOE, TOMAS),
    orders.Verify: (CHLOE, ERIK, TOMAS),
    orders.CheckEffectiveness: (CHLOE,),
    orders.Reopen: (TOMAS,),
    orders.Supersede: (SYSTEM,),
    orders.Cease: (TOMAS,),
    orders.DecideAlarm: (DINA,),
    orders.NotifyAuthority: (DINA,),
    orders.Contain: (BAO,),
    orders.Acknowledge: (CHLOE,),
    orders.Snooze: (CHLOE, TOMAS),
    orders.FileRecoveryPlan: (BAO,),
    orders.AcceptRecoveryPlan: (TOMAS,),
    orders.ReturnRecoveryPlan: (TOMAS,),
    orders.DecideConsequence: (RUTH,),
    orders.Reseat: (SYSTEM,),
    orders.Reproject: (PETRA, SYSTEM),
}
"""Who usually gives an order; the committee's members where nobody is named."""
SPANS = st.one_of(
    st.integers(min_value=1, max_value=60 * 24).map(lambda minutes: timedelta(minutes=minutes)),
    st.integers(min_value=1, max_value=24 * 10).map(lambda hours: timedelta(hours=hours)),
    st.integers(min_value=1, max_value=100).map(lambda days: timedelta(days=days)),
)
DAYS = st.integers(min_value=-3, max_value=200)
NOTES = st.sampled_from((None, NOTE))
EVIDENCE = st.sampled_from(((), PHOTO, tuple(NoteId(f"n{number}") for number in range(51))))


def _stands(finding: Finding, key: str) -> datetime | None:
    known = dates(finding).get(key)
    return known.due if known else None


class Walk(RuleBasedStateMachine):
    """A finding's life in which anybody may do anything at any time."""

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

    @rule(span=SPANS)
    def time_passes(self, span: timedelta) -> None:
        self._time_passes(span)

    @rule(span=SPANS, person_first=st.booleans())
    def an_outage(self, span: timedelta, person_first: bool) -> None:  # noqa: FBT001
        """Nobody wakes up for a while; then the clock catches up, or a person comes first."""
        if person_first:
            self.story.now += span
            return
        seen = len(self.story.entries)
        self._one_reminder_each(self.story.outage(seconds=span.total_seconds()))
        self._audit(seen)
        self._everything_is_taken()

    @rule(data=st.data())
    def somebody_orders_something(self, data: st.DataObject) -> None:
        kind = data.draw(st.sampled_from(tuple(VERBS.values())), label="verb")
        person = data.draw(st.one_of(st.sampled_from(WHO.get(kind, MEMBERS)), PEOPLE), label="person")
        acting = data.draw(st.sampled_from((ACTING[person],) * 5 + tuple(Role)), label="acting")
        fields = {name: data.draw(value, label=name) for name, value in self._wild(kind).items()}
        self._order(kind, person, acting, fields)

    @rule(data=st.data())
    @precondition(lambda self: self.story.finding.proposal is not None)
    def somebody_votes(self, data: st.DataObject) -> None:
        assert self.story.finding.proposal is not None
        kind = data.draw(st.sampled_from((orders.Sign, orders.Sign, orders.Refuse)), label="vote")
        person = data.draw(st.sampled_from(MEMBERS), label="person")
        vote = {"revision": self.story.finding.proposal.revision}
        self._order(kind, person, None, vote | ({"reason": NOTE} if kind is orders.Refuse else {}))

    @rule(days=st.integers(min_value=0, max_value=30), data=st.data(), until=st.integers(2, 9))
    @precondition(lambda self: self.story.finding.path in BEFORE_COMMITMENT and self.story.finding.seats)
    def the_committee_agrees(self, days: int, data: st.DataObject, until: int) -> None:
        people = data.draw(st.permutations([seat.person for seat in self.story.finding.seats]))
        revision = Digest(f"plan-{self.commands}")
        actions = tuple(self.story.action(name, days=days + each) for each, name in enumerate(NAMES[:2]))
        self._order(orders.Propose, people[0], None, {"revision": revision, "actions": actions})
        for person in people[:until]:
            self._order(orders.Sign, person, None, {"revision": revision})

    @rule(all_of_them=st.booleans())
    @precondition(lambda self: self.story.finding.path is Stage.COMMITTED)
    def the_factory_fixes(self, all_of_them: bool) -> None:  # noqa: FBT001
        for action in self.story.finding.actions[0 if all_of_them else 1 :]:
            done = {"action": action.id, "percent": 100, "evidence": PHOTO, "slip_reason": NOTE}
            self._order(orders.RecordProgress, BAO, None, done)
        self._order(orders.ReportFixed, BAO, None, {"evidence": PHOTO})

    @rule(verdict=st.sampled_from(Verdict), days=st.integers(min_value=1, max_value=40))
    @precondition(lambda self: self.story.finding.path in AFTER_REPORT)
    def somebody_looks(self, verdict: Verdict, days: int) -> None:
        some = tuple(
            orders.RemainingAction(id=action.id, due=self.story.day(days))
            for action in self.story.finding.actions[:1]
        )
        found = {"verdict": verdict, "modality": Modality.ON_SITE, "evidence": PHOTO}
        remaining = some if verdict is Verdict.PARTIAL else ()
        self._order(orders.Verify, CHLOE, None, found | {"remaining": remaining})

    @rule(held=st.booleans())
    @precondition(lambda self: self.story.finding.path is Stage.CLOSED)
    def the_fix_proves_itself(self, held: bool) -> None:  # noqa: FBT001
        self._time_passes(timedelta(days=30))
        checked = {"held": held, "on": self.story.day(), "evidence": PHOTO}
        self._order(orders.CheckEffectiveness, CHLOE, None, checked)

    @rule(days=st.integers(min_value=1, max_value=10))
    @precondition(lambda self: self.story.finding.path is Stage.COMMITTED)
    def a_later_date_is_asked_for_and_granted(self, days: int) -> None:
        for action in [each for each in self.story.finding.actions if not each.done][:1]:
            until = action.due + timedelta(days=days)
            asked = {"actions": (action.id,), "until": until, "reason": NOTE, "interim_protection": NOTE}
            self._order(orders.RequestExtension, AMINA, None, asked)
            self._order(orders.CosignExtension, BAO, None, {})
            for person in (CHLOE, TOMAS, PETRA):
                self._order(orders.DecideExtension, person, None, {"granted": True, "reason": NOTE})

    @rule(days=st.integers(min_value=0, max_value=70), cause=st.sampled_from(SuspensionCause))
    @precondition(lambda self: self.story.stage() in {*BEFORE_COMMITMENT, Stage.COMMITTED})
    def the_clock_is_stopped(self, days: int, cause: SuspensionCause) -> None:
        asked = {"cause": cause, "until": self.story.day(days), "reason": NOTE}
        self._order(orders.Suspend, CHLOE, None, asked)
        self._order(orders.CountersignSuspension, TOMAS, None, {})

    @rule(span=SPANS)
    @precondition(lambda self: self.story.finding.resumes_at is not None)
    def it_runs_again_early(self, span: timedelta) -> None:
        self._time_passes(span)
        self._order(orders.EndSuspension, CHLOE, None, {"reason": NOTE})

    @rule(confirmed=st.sampled_from((True, True, False)))
    @precondition(lambda self: self.story.finding.alarm is Alarm.RAISED)
    def the_duty_officer_decides(self, confirmed: bool) -> None:  # noqa: FBT001
        decision = {"confirmed": confirmed, "severity": Severity.MAJOR, "reason": NOTE}
        self._order(orders.DecideAlarm, DINA, None, decision)

    @rule(days=st.integers(min_value=0, max_value=30))
    @precondition(lambda self: self.story.finding.path is Stage.UNDER_REVIEW)
    def the_sides_cannot_agree(self, days: int) -> None:
        self._order(orders.DeclareDeadlock, BAO, None, {"reason": NOTE})
        plan = {"revision": Digest("interim"), "actions": (self.story.action(NAMES[0], days=days),)}
        self._order(orders.FileInterimPlan, BAO, None, plan)

    @rule(person=st.sampled_from((AMINA, BAO)))
    @precondition(lambda self: self.story.stage() in BEFORE_COMMITMENT)
    def the_finding_is_contested(self, person: PersonId) -> None:
        self._order(orders.Dispute, person, None, {"reason": NOTE})

    @rule(outcome=st.sampled_from(DisputeOutcome), severity=st.sampled_from(Severity))
    @precondition(lambda self: self.story.stage() is Stage.DISPUTED)
    def the_team_leader_decides(self, outcome: DisputeOutcome, severity: Severity) -> None:
        decision = {"outcome": outcome, "reason": NOTE, "severity": severity}
        self._order(orders.DecideDispute, TOMAS, None, decision)

    @rule(days=st.integers(min_value=1, max_value=5), later=st.integers(min_value=1, max_value=12))
    @precondition(lambda self: any(each.level for each in self.story.finding.notices))
    def the_advisor_has_seen_it(self, days: int, later: int) -> None:
        notice = max(self.story.finding.notices, key=lambda each: each.level)
        self._order(orders.Acknowledge, CHLOE, None, {"obligation": notice.obligation})
        wait = {"obligation": notice.obligation, "days": days, "reason": NOTE}
        if days > 2:
            self._order(orders.Snooze, CHLOE, None, wait)
        self._time_passes(timedelta(days=later))

    @rule(days=st.integers(min_value=1, max_value=30), good=st.sampled_from((True, True, False)))
    @precondition(lambda self: any(each.recovery for each in self.story.finding.notices))
    def the_manager_files_a_recovery_plan(self, days: int, good: bool) -> None:  # noqa: FBT001
        notice = next(each for each in self.story.finding.notices if each.recovery)
        about = {"obligation": notice.obligation}
        plan = about | {"note": NOTE, "until": self.story.day(days)}
        self._order(orders.FileRecoveryPlan, BAO, None, plan)
        decision = orders.AcceptRecoveryPlan if good else orders.ReturnRecoveryPlan
        self._order(decision, TOMAS, None, about | {"reason": NOTE})
        self._time_passes(timedelta(days=days + 3))

    @rule(consequence=st.sampled_from(Consequence))
    @precondition(lambda self: self.story.finding.path is Stage.COMMITTED)
    def nothing_is_done_until_the_panel_decides(self, consequence: Consequence) -> None:
        self._time_passes(timedelta(days=100))
        for notice in [each for each in self.story.finding.notices if each.decision]:
            decided = {"obligation": notice.obligation, "consequence": consequence, "reason": NOTE}
            self._order(orders.DecideConsequence, RUTH, None, decided)

    @rule()
    @precondition(lambda self: self.story.finding.ended)
    def the_team_leader_reopens(self) -> None:
        self._order(orders.Reopen, TOMAS, None, {"reason": NOTE})

    @rule(
        calendar=st.sampled_from((None, EIDS, *CALENDARS)), policy=st.sampled_from((None, *POLICIES, *OTHERS))
    )
    @precondition(lambda self: not self.story.finding.ended)
    def the_days_change(self, calendar: Calendar | None, policy: Policy | None) -> None:
        """Dates move as was foretold, once, and a second time nothing moves. A factory stays where it is."""
        if calendar is not None and calendar.zone != self.story.finding.calendar.zone:
            calendar = None
        before, now = self.story.case.keep_time(self.story.now)[0].finding, self.story.now
        foretold = project(before, calendar or before.calendar, policy or before.policy, now)
        changed = {"calendar": calendar, "policy": policy, "reason": NOTE, "seen": foretold.digest}
        self._order(orders.Reproject, PETRA, None, changed)
        after = self.story.finding
        again = project(after, after.calendar, after.policy, now)
        assert again.moves == ()
        assert all(
            _stands(after, move.key) == move.new or after.fix is not before.fix for move in foretold.moves
        )

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

    def _wild(self, kind: type[Order]) -> dict[str, st.SearchStrategy[Any]]:
        """Give strategies for an order's fields: mostly near what the finding knows, sometimes nonsense."""
        finding = self.story.finding
        day = DAYS.map(self.story.day)
        known = [finding.proposal.revision] if finding.proposal else []
        revision = st.sampled_from((*known, *known, *REVISIONS))
        action = st.sampled_from((*(each.id for each in finding.actions), *NAMES))
        planned = st.builds(
            orders.PlannedAction,
            id=st.sampled_from(NAMES),
            kind=st.sampled_from(ActionKind),
            owner=st.sampled_from((BAO, ASHA, ERIK)),
            due=day,
        )
        remaining = st.builds(orders.RemainingAction, id=action, due=day)
        owed = st.sampled_from((*(each.key for each in obligations(finding)), "nothing"))
        by_name: dict[str, st.SearchStrategy[Any]] = {
            "reason": st.just(NOTE),
            "note": st.just(NOTE) if kind in WITH_NOTE else NOTES,
            "interim_protection": st.just(NOTE),
            "severity": st.sampled_from(Severity),
            "outcome": st.sampled_from(DisputeOutcome),
            "revision": revision,
            "actions": st.lists(planned, max_size=3).map(tuple),
            "no_action_reason": NOTES,
            "method": st.sampled_from(SignatureMethod),
            "witness": st.one_of(st.none(), PEOPLE),
            "until": day,
            "action": action,
            "percent": st.sampled_from((0, 50, 100, 101)),
            "evidence": EVIDENCE,
            "slip_reason": NOTES,
            "granted": st.booleans(),
            "verifier": PEOPLE,
            "modality": st.sampled_from(Modality),
            "on": day,
            "verdict": st.sampled_from(Verdict),
            "remaining": st.lists(remaining, max_size=2).map(tuple),
            "held": st.booleans(),
            "successor": st.sampled_from((FindingId("f1"), FindingId("f2"))),
            "confirmed": st.booleans(),
            "obligation": owed,
            "days": st.integers(min_value=0, max_value=6),
            "consequence": st.sampled_from(Consequence),
            "seats": st.sampled_from(COMMITTEES),
            "cause": st.sampled_from(SuspensionCause),
            "calendar": st.sampled_from((None, finding.calendar)),
            "policy": st.sampled_from((None, *POLICIES, *OTHERS)),
            "seen": st.none(),
        }
        if kind is orders.RequestExtension:
            by_name["actions"] = st.lists(action, max_size=3).map(tuple)
        names = set(kind.__dataclass_fields__) - set(Order.__dataclass_fields__)
        return {name: by_name[name] for name in sorted(names)}


TestWalk = pytest.mark.timeout(1800)(Walk.TestCase)
TestWalk.settings = settings(
    max_examples=1000 if THOROUGH else 120,
    stateful_step_count=80 if THOROUGH else 40,
    deadline=None,
    derandomize=not THOROUGH,
    database=None,
    suppress_health_check=list(HealthCheck),
)
