"""What every gathering has: a ledger that says who did what by which order, and one row for lists."""

from datetime import date, timedelta

import pytest

from remediation.gatherings import plan
from remediation.gatherings.gathering import Kind
from remediation.gatherings.plan import CompletePlan, FilePlan, ReportProgress, plan_gathering, report_due
from remediation.gatherings.summary import GatheringSummary, summary
from remediation.obligations import obligations
from remediation.orders import Order
from remediation.refusals import Refusal
from remediation.words import (
    CommandId,
    Duty,
    FactoryId,
    GatheringId,
    PersonId,
    PlanId,
    PlanStage,
    ProgrammeId,
    Role,
)
from tests.rules.cast import AMINA, BAO, CHLOE, DHAKA, MONDAY, OUTSIDER, SYSTEM
from tests.rules.test_plan import ENDED, OPEN, a_plan, a_story, plan_of

WHO_FILES = (
    "Only the manager, worker co chair, management co chair, worker member, management member or system "
    "can file the improvement plan."
)


def test_each_entry_says_whose_it_is_by_whom_and_by_which_order() -> None:
    story = a_story().later(days=31).order(AMINA, FilePlan)
    told = [(each.finding, each.kind, each.by, each.command) for each in story.entries]
    assert told[0] == ("plan:p-1", "plan_opened", CHLOE, None)
    assert ("plan:p-1", "escalated", SYSTEM, None) in told
    assert told[-1] == ("plan:p-1", "plan_filed", AMINA, "c1")
    assert {kind for _, kind, by, _ in told if by == SYSTEM} == {"reminded", "escalated"}


def test_its_state_knows_who_opened_it_and_when() -> None:
    state = a_plan()
    assert (state.opened_by, state.opened_at, state.id) == (CHLOE, MONDAY, "plan:p-1")
    assert plan_gathering(PlanId("p-1")) == "plan:p-1"


def test_its_row_says_where_it_stands() -> None:
    story = a_story().later(days=31)
    last = story.entries[-1]
    assert summary(story.case) == GatheringSummary(
        gathering=GatheringId("plan:p-1"),
        kind=Kind.PLAN,
        own="p-1",
        programme=ProgrammeId("better"),
        factory=FactoryId("dhaka"),
        stage="awaited",
        ended=False,
        seq=len(story.entries),
        digest=last.digest,
        level=2,
        restricted=False,
        opened_at=MONDAY,
        next_due=DHAKA.end_of(date(2026, 4, 1)),
        next_due_day=date(2026, 4, 1),
        next_duty=Duty.FILE_PLAN,
        looks_at=report_due(plan_of(story)),
    )


def test_its_row_names_what_is_due_soonest() -> None:
    state = a_story().later(days=130).case
    assert len(obligations(state.state)) == 2
    assert summary(state).next_due == min(each.due for each in obligations(state.state))


def test_the_row_of_a_complete_plan_says_that_nothing_comes_any_more() -> None:
    story = a_story().later(days=31).order(BAO, FilePlan).order(SYSTEM, CompletePlan, tally=ENDED)
    row = summary(story.case)
    assert (row.stage, row.ended, row.level) == (PlanStage.COMPLETED, True, 0)
    assert (row.next_due, row.next_due_day, row.next_duty, row.looks_at) == (None, None, None, None)


@pytest.mark.parametrize("last", [FilePlan, CompletePlan])
def test_what_was_sent_is_forgotten_with_what_it_was_about(last: type[Order]) -> None:
    story = a_story().later(days=35)
    assert story.case.state.notices
    told = {"tally": ENDED} if last is CompletePlan else {}
    assert story.order(SYSTEM, last, **told).case.state.notices == ()


def test_a_report_that_would_be_late_this_instant_counts_from_now() -> None:
    ends = a_plan(released=date(2026, 3, 1)).file_by
    assert a_plan(released=date(2026, 3, 1), at=ends - timedelta(seconds=1)).file_by == ends
    assert a_plan(released=date(2026, 3, 1), at=ends).file_by == DHAKA.end_of(date(2026, 5, 1))


def test_a_report_is_due_from_its_morning_on() -> None:
    state = a_plan()
    order = ReportProgress(id=CommandId("c"), by=SYSTEM, acting=Role.SYSTEM, number=1, tally=OPEN)
    assert plan.report_progress(order, state, report_due(state))


@pytest.mark.parametrize(
    ("person", "verb", "told", "sentence"),
    [
        (
            OUTSIDER,
            FilePlan,
            {},
            WHO_FILES,
        ),
        (BAO, ReportProgress, {"number": 1, "tally": OPEN}, "Only the system can issue a progress report."),
        (BAO, CompletePlan, {"tally": ENDED}, "Only the system can complete the improvement plan."),
        (SYSTEM, ReportProgress, {"number": 0, "tally": OPEN}, "This progress report is issued already."),
        (
            SYSTEM,
            ReportProgress,
            {"number": 1, "tally": OPEN},
            "The period of this progress report has not ended yet.",
        ),
        (SYSTEM, CompletePlan, {"tally": OPEN}, "The plan has findings that have not ended."),
    ],
)
def test_what_people_read_when_an_order_is_refused(
    person: PersonId, verb: type[Order], told: dict[str, object], sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        a_story().order(person, verb, **told)
    assert str(refused.value) == sentence


def test_a_plan_is_filed_once() -> None:
    with pytest.raises(Refusal) as refused:
        a_story().order(BAO, FilePlan).order(AMINA, FilePlan)
    assert str(refused.value) == "The improvement plan is filed already."
