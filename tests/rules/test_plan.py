"""The improvement plan's rules: due, late, filed, reported on by the calendar, complete."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Self

import pytest
from pydantic import TypeAdapter

from remediation import facts
from remediation.facts import DecisionDue, Escalated, Fact, Reminded, kind
from remediation.gatherings import case as table
from remediation.gatherings import letters, plan
from remediation.gatherings.case import GatheringCase, begin, first_entry, open_gathering
from remediation.gatherings.gathering import Gathering, Kind, gathering_id, kind_of, own_id
from remediation.gatherings.plan import (
    CompletePlan,
    FilePlan,
    Plan,
    PlanFiled,
    ProgressReported,
    ReportProgress,
    Tally,
    next_period,
    plan_opened,
)
from remediation.gatherings.summary import summary
from remediation.ledger import Entry, first_broken
from remediation.notices import next_wake
from remediation.obligations import obligations
from remediation.orders import Acknowledge, DecideConsequence, Order, Snooze
from remediation.policy import Plans, Policy
from remediation.refusals import AlreadyDone, NotAtThisStage, NotYourRole
from remediation.waiting import Ask, otherwise, waits_of
from remediation.watched import Watched
from remediation.words import (
    CommandId,
    Consequence,
    Duty,
    FactoryId,
    LetterKind,
    NoteId,
    PersonId,
    PlanId,
    PlanStage,
    ProgrammeId,
    Role,
    Stage,
    subject_of,
)
from tests.rules.cast import ACTING, AMINA, BAO, CHLOE, DHAKA, MONDAY, OUTSIDER, RESTFUL, RUTH, SYSTEM

OPEN = Tally(stages={Stage.COMMITTED: 2, Stage.SUSTAINED: 1}, overdue=1)
ENDED = Tally(stages={Stage.SUSTAINED: 2, Stage.SUPERSEDED: 1})
NOTE = NoteId("note")


def a_plan(*, released: date | None = None, policy: Policy | None = None, at: datetime = MONDAY) -> Plan:
    """Give the plan of Amina's and Bao's factory, opened by Chloé."""
    by = policy or Policy()
    opened = plan_opened(
        PlanId("p-1"),
        ProgrammeId("better"),
        FactoryId("dhaka"),
        "a-1",
        released,
        by.version,
        DHAKA.version,
    )
    state = begin(opened, by, DHAKA, at, CHLOE)
    assert isinstance(state, Plan)
    return state


@dataclass
class PlanStory:
    """A plan as it unfolds."""

    case: GatheringCase
    now: datetime = MONDAY
    entries: list[Entry] = field(default_factory=list)
    orders: int = 0

    def later(self, **span: float) -> Self:
        """Let time pass, the clock striking whenever it is due."""
        until = self.now + timedelta(**span)
        while (wake := next_wake(self.case.state)) is not None and wake <= until:
            self.now = max(self.now, wake)
            self._after(self.case.keep_time(self.now))
        self.now = until
        return self

    def order(self, person: PersonId, kind: type[Order], **fields: Any) -> Self:  # noqa: ANN401
        self.orders += 1
        given = {"id": CommandId(f"c{self.orders}"), "by": person, "acting": ACTING[person], **fields}
        self._after(self.case.obey(kind(**given), self.now))
        return self

    def _after(self, done: tuple[GatheringCase, tuple[Entry, ...]]) -> None:
        self.case, entries = done
        self.entries += entries

    @property
    def kinds(self) -> list[str]:
        return [entry.kind for entry in self.entries]


def plan_of(story: PlanStory) -> Plan:
    assert isinstance(story.case.state, Plan)
    return story.case.state


def a_story(**told: Any) -> PlanStory:  # noqa: ANN401
    state = a_plan(**told)
    case, entry = open_gathering(state.opened, state.policy, state.calendar, MONDAY, CHLOE)
    return PlanStory(case, entries=[entry])


def test_every_fact_has_an_effect_and_every_verb_a_rule() -> None:
    assert set(plan.EFFECTS) <= set(table.KINDS.values())
    assert all(effect.__name__ == kind(fact) for fact, effect in plan.EFFECTS.items())
    assert set(table.verbs(Kind.PLAN)) == {
        "file_plan",
        "report_progress",
        "complete_plan",
        "acknowledge",
        "snooze",
        "decide_consequence",
    }


def test_an_id_tells_what_it_is_about() -> None:
    plan_id = gathering_id(Kind.PLAN, "p-1")
    assert (plan_id, kind_of(plan_id), own_id(plan_id)) == ("plan:p-1", Kind.PLAN, "p-1")
    assert own_id("plan:p:1") == "p:1"
    assert kind_of("f-1") is None
    assert kind_of("no-such-kind:f-1") is None
    assert (subject_of("plan:p-1"), subject_of("f-1")) == ("plan:p-1", "f-1")
    with pytest.raises(ValueError, match="a finding's id"):
        table.rules_of("f-1")


def test_what_a_kind_must_say_of_itself() -> None:
    bare = Gathering(policy=Policy(), calendar=DHAKA, opened_at=MONDAY, opened_by=CHLOE)
    assert (bare.looks_at, bare.owed(), bare.restricted, bare.urgent) == (None, (), False, False)
    for unsaid in ("opening", "stage"):
        with pytest.raises(NotImplementedError):
            getattr(bare, unsaid)
    with pytest.raises(NotImplementedError):
        _ = Watched(policy=Policy(), calendar=DHAKA).ended


def test_it_is_due_thirty_days_after_the_report() -> None:
    assert a_plan(released=date(2026, 3, 1)).file_by == DHAKA.end_of(date(2026, 3, 31))
    assert a_plan().file_by == DHAKA.end_of(date(2026, 4, 1))


def test_a_report_of_long_ago_makes_no_plan_late_at_once() -> None:
    assert a_plan(released=date(2025, 1, 1)).file_by == DHAKA.end_of(date(2026, 4, 1))


def test_the_committee_is_reminded_before_the_day() -> None:
    story = a_story(released=date(2026, 3, 2)).later(days=29)
    assert story.kinds == ["plan_opened", "reminded", "reminded", "reminded"]
    owed = obligations(story.case.state)
    assert [(each.duty, each.owner) for each in owed] == [(Duty.FILE_PLAN, Role.MANAGER)]


def test_a_missing_plan_goes_straight_to_level_two_and_on_when_nobody_answers() -> None:
    story = a_story().later(days=31)
    assert [entry.kind for entry in story.entries if entry.kind == "escalated"] == ["escalated"]
    assert summary(story.case).level == 2
    assert summary(story.later(days=5).case).level == 3


def test_it_owes_no_recovery_plan_however_far_it_climbs() -> None:
    story = a_story().later(days=90)
    assert summary(story.case).level == 4
    assert {each.duty for each in obligations(story.case.state)} == {Duty.FILE_PLAN}


def test_the_decision_panel_is_asked_at_the_top_and_decides() -> None:
    story = a_story().later(days=130)
    assert {each.duty for each in obligations(story.case.state)} == {Duty.FILE_PLAN, Duty.DECIDE_CONSEQUENCE}
    story.order(
        RUTH, DecideConsequence, obligation="file_plan", consequence=Consequence.REFERRAL, reason=NOTE
    )
    assert summary(story.case).level == 5


def test_an_acknowledged_plan_waits_for_its_own_day() -> None:
    story = a_story().later(days=31).order(CHLOE, Acknowledge, obligation="file_plan")
    story.order(CHLOE, Snooze, obligation="file_plan", days=3, reason=NOTE)
    assert summary(story.later(days=4).case).level == 2
    assert "acknowledgement_ending" in story.later(days=3).kinds


def test_filing_ends_the_reminders_and_the_ladder() -> None:
    story = a_story().later(days=35).order(AMINA, FilePlan)
    filed = facts_of(story, "plan_filed")[0]
    assert filed == PlanFiled(by_commitments=False, days_late=5)
    assert (story.case.state.stage, obligations(story.case.state), next_wake(story.case.state)) == (
        PlanStage.FILED,
        (),
        None,
    )


def test_it_counts_as_filed_by_its_commitments() -> None:
    story = a_story().later(days=3).order(SYSTEM, FilePlan)
    assert facts_of(story, "plan_filed") == [PlanFiled(by_commitments=True, days_late=0)]


def test_it_is_filed_once_and_not_by_outsiders() -> None:
    story = a_story().order(BAO, FilePlan)
    with pytest.raises(AlreadyDone):
        story.order(AMINA, FilePlan)
    with pytest.raises(NotYourRole):
        a_story().order(OUTSIDER, FilePlan)


@pytest.mark.parametrize(
    ("day", "months", "first"),
    [
        (date(2026, 3, 2), 1, date(2026, 4, 1)),
        (date(2026, 12, 31), 1, date(2027, 1, 1)),
        (date(2026, 3, 2), 3, date(2026, 4, 1)),
        (date(2026, 4, 1), 3, date(2026, 7, 1)),
        (date(2026, 11, 5), 12, date(2027, 1, 1)),
        (date(2026, 11, 5), 6, date(2027, 1, 1)),
    ],
)
def test_periods_are_those_of_the_calendar(day: date, months: int, first: date) -> None:
    assert next_period(day, months) == first


@pytest.mark.parametrize("months", [1, 2, 3, 4, 6, 12])
@pytest.mark.parametrize("ahead", range(0, 720, 45))
def test_a_period_begins_after_any_day_and_within_its_length(months: int, ahead: int) -> None:
    day = date(2026, 1, 1) + timedelta(days=ahead)
    first = next_period(day, months)
    assert first.day == 1
    assert day < first <= date(day.year + 1, 12, 31)


def test_a_report_comes_on_the_first_working_morning_of_the_next_period() -> None:
    state = replace(a_plan(), calendar=replace(RESTFUL, holidays=(date(2026, 4, 1),)))
    assert state.looks_at == DHAKA.instant(date(2026, 4, 2), Policy().reminders.at)


def test_a_report_keeps_its_numbers_and_the_next_is_ahead() -> None:
    story = a_story().later(days=31).order(SYSTEM, ReportProgress, number=1, tally=OPEN)
    assert facts_of(story, "progress_reported") == [
        ProgressReported(number=1, on=date(2026, 4, 1), tally=OPEN)
    ]
    assert (OPEN.findings, OPEN.ended) == (3, 1)
    assert plan_of(story).report_on == date(2026, 5, 1)


def test_reports_that_an_outage_missed_are_one() -> None:
    story = a_story().later(days=100).order(SYSTEM, ReportProgress, number=1, tally=OPEN)
    assert plan_of(story).report_on == date(2026, 7, 1)


def test_a_report_is_issued_once_in_time_and_by_nobody_but_the_system() -> None:
    story = a_story()
    with pytest.raises(NotAtThisStage):
        story.order(SYSTEM, ReportProgress, number=1, tally=OPEN)
    story.later(days=31)
    with pytest.raises(NotYourRole):
        story.order(BAO, ReportProgress, number=1, tally=OPEN)
    story.order(SYSTEM, ReportProgress, number=1, tally=OPEN)
    with pytest.raises(AlreadyDone):
        story.order(SYSTEM, ReportProgress, number=1, tally=OPEN)


def test_it_completes_when_all_its_findings_have_ended() -> None:
    story = a_story().order(BAO, FilePlan)
    with pytest.raises(NotAtThisStage):
        story.order(SYSTEM, CompletePlan, tally=OPEN)
    story.order(SYSTEM, CompletePlan, tally=ENDED)
    state = story.case.state
    assert (state.stage, state.ended, state.looks_at) == (PlanStage.COMPLETED, True, None)
    with pytest.raises(NotAtThisStage, match="Its life is over"):
        story.order(BAO, FilePlan)


def test_a_policy_may_give_other_days() -> None:
    own = Policy(version="own", plans=Plans(file=Policy().windows.mediate, report_months=3))
    state = a_plan(policy=own)
    assert state.file_by == DHAKA.end_of(date(2026, 3, 16))
    assert state.report_on == date(2026, 4, 1)


def test_its_ledger_is_one_chain_that_begins_with_its_opening() -> None:
    story = a_story().later(days=40).order(BAO, FilePlan)
    assert first_broken(story.entries) is None
    assert story.entries[0] == first_entry(story.case.state)
    assert story.case.keep_time(story.now) == (story.case, ())


def test_what_waits_on_it_and_what_happens_otherwise() -> None:
    state = a_story().later(days=31).case.state
    waits = waits_of(state)
    assert [(each.what, each.role) for each in waits] == [
        (Duty.FILE_PLAN, Role.MANAGER),
        (Ask.ACKNOWLEDGE, Role.ADVISOR),
    ]
    after = otherwise(state, waits[0])
    assert after is not None
    assert after.level == 3


def test_who_is_written_to() -> None:
    story = a_story().later(days=130).order(BAO, FilePlan)
    story.order(SYSTEM, ReportProgress, number=1, tally=OPEN).order(SYSTEM, CompletePlan, tally=ENDED)
    told = {
        (order.kind, order.role)
        for entry in story.entries
        for order in letters.letters_for(read(entry), entry.seq)
    }
    factory = {Role.MANAGER, Role.WORKER_CO_CHAIR, Role.MANAGEMENT_CO_CHAIR}
    assert {role for letter, role in told if letter is LetterKind.PLAN_DUE} == factory
    assert {role for letter, role in told if letter is LetterKind.PLAN_OVERDUE} == {
        Role.ADVISOR,
        Role.TEAM_LEADER,
        Role.TOP_MANAGEMENT,
        Role.PROGRAMME_MANAGER,
        Role.BUYER,
        Role.DECISION_PANEL,
    }
    for each in (LetterKind.PLAN_FILED, LetterKind.PROGRESS_REPORT, LetterKind.PLAN_COMPLETED):
        assert {role for letter, role in told if letter is each} == {*factory, Role.ADVISOR}


def read(entry: Entry) -> Fact:
    """Read a fact back as storage does."""
    fact: Fact = TypeAdapter(table.KINDS[entry.kind]).validate_json(entry.body)
    return fact


def facts_of(story: PlanStory, name: str) -> list[Fact]:
    return [read(entry) for entry in story.entries if entry.kind == name]


def test_facts_of_the_clock_are_those_of_findings() -> None:
    assert {Reminded, Escalated, DecisionDue} <= set(plan.EFFECTS)
    assert not set(facts.KINDS) & {"plan_opened", "plan_filed", "progress_reported", "plan_completed"}
    assert MONDAY.tzinfo is UTC
