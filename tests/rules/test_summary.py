"""The row that lists show of a case."""

from remediation.orders import Cease
from remediation.summary import Summary, summary
from remediation.words import Duty, Severity, Stage
from tests.rules.cast import CHLOE, FIRST, MONDAY, NOTE, SECOND, TOMAS, a_case


def test_a_row_says_where_a_finding_stands_and_what_is_owed_next() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=40), story.action(SECOND, days=20))
    due = story.owed("action:a2")
    assert due is not None
    assert summary(story.case) == Summary(
        finding=story.finding.id,
        programme=story.finding.programme,
        factory=story.finding.factory,
        plan=story.finding.plan,
        point="emergency_preparedness",
        question="q1",
        severity=Severity.MAJOR,
        stage=Stage.COMMITTED,
        attempt=1,
        seq=5,
        digest=story.entries[-1].digest,
        level=0,
        restricted=False,
        issued_at=MONDAY,
        next_due=due.due,
        next_due_day=story.day(20),
        next_duty=Duty.ACTION,
        assessor=CHLOE,
    )


def test_a_late_row_shows_its_level() -> None:
    story = a_case()
    story.later(days=22)
    row = summary(story.case)
    assert (row.level, row.next_duty) == (2, Duty.REVIEW)
    assert row.next_due is not None
    assert row.next_due <= story.now


def test_a_hidden_row_says_so() -> None:
    row = summary(a_case("zero_tolerance").case)
    assert (row.restricted, row.next_duty) == (True, Duty.CONFIRM_ALARM)


def test_a_row_of_which_nothing_is_owed_is_at_no_level() -> None:
    story = a_case("minor")
    story.commit(story.action(days=10))
    story.later(days=30)
    assert summary(story.case).level == 3
    story.fix()
    story.verify()
    assert story.finding.notices
    row = summary(story.case)
    assert (row.level, row.next_due) == (0, None)


def test_after_the_end_nothing_is_next() -> None:
    story = a_case()
    story.later(days=22)
    story.order(TOMAS, Cease, reason=NOTE)
    row = summary(story.case)
    assert (row.next_due, row.next_due_day, row.next_duty, row.level) == (None, None, None, 0)
