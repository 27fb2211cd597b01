"""Random walks: people of the cast give orders, sensible and wild, while time jumps; an auditor watches."""

import os
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from remediation import orders
from remediation.calendar import Calendar
from remediation.finding import Finding
from remediation.obligations import AFTER_REPORT
from remediation.orders import VERBS
from remediation.policy import Policy
from remediation.reckoning import dates
from remediation.rules.reprojection import project
from remediation.words import (
    BEFORE_COMMITMENT,
    Alarm,
    Consequence,
    Digest,
    DisputeOutcome,
    Modality,
    PersonId,
    Role,
    Severity,
    Stage,
    Statement,
    SuspensionCause,
    Verdict,
)
from tests.rules.cast import ACTING, AMINA, BAO, CHLOE, DINA, NOTE, PETRA, PHOTO, RUTH, TOMAS
from tests.rules.watched import Watched
from tests.rules.wild import CALENDARS, EIDS, MEMBERS, NAMES, OTHERS, PEOPLE, POLICIES, SPANS, WHO, fields_of

THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "thorough"


def _stands(finding: Finding, key: str) -> datetime | None:
    known = dates(finding).get(key)
    return known.due if known else None


class Walk(Watched):
    """A finding's life in which anybody may do anything at any time."""

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
        fields = {name: data.draw(value, label=name) for name, value in fields_of(kind, self.story).items()}
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

    @rule(what=st.sampled_from(Statement))
    def what_was_said_is_taken_back(self, what: Statement) -> None:
        for person in (*MEMBERS, CHLOE):
            self._order(orders.TakeBack, person, None, {"what": what})

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


TestWalk = pytest.mark.timeout(1800)(Walk.TestCase)
TestWalk.settings = settings(
    max_examples=1000 if THOROUGH else 120,
    stateful_step_count=80 if THOROUGH else 40,
    deadline=None,
    derandomize=not THOROUGH,
    database=None,
    suppress_health_check=list(HealthCheck),
)
