"""Attempts as figures count them, derived from a finding's states."""

from remediation.attempts import Attempt, attempt_of, attempts
from remediation.facts import Issued
from remediation.orders import ConcurWithFix, DecideAlarm, ObjectToFix, RemainingAction, RequestExtension
from remediation.rules import Stamp, apply, begin
from remediation.words import Severity, Stage, Verdict
from tests.rules.cast import AMINA, DINA, FIRST, MONDAY, NOTE, SECOND, Story, a_case, fact_of
from tests.rules.situations import ceased, sustained


def all_of(story: Story) -> tuple[Attempt, ...]:
    """Fold the story's ledger, and give its attempts."""
    first, *rest = story.entries
    issue = fact_of(first)
    assert isinstance(issue, Issued)
    state = begin(issue, story.finding.policy, story.finding.calendar, first.at)
    states = [(first.at, state)]
    for entry in rest:
        state = apply(fact_of(entry), state, Stamp(entry.at, entry.by))
        states.append((entry.at, state))
    return attempts(states)


def test_a_new_finding_has_an_attempt_without_a_promise() -> None:
    story = a_case(factory_told=True)
    assert attempt_of(story.finding, story.now) == Attempt(
        number=1,
        severity=Severity.MAJOR,
        restricted=False,
        began_on=story.day(),
        commit_by=story.day(30),
        committed_on=None,
        agreed=True,
        promised_for=None,
        first_promised_for=None,
        late_from=None,
        reported_on=None,
        objected=False,
        closed_on=None,
        ended_on=None,
        ending=None,
    )


def test_an_attempt_begins_with_the_issue_though_the_factory_is_told_a_day_later() -> None:
    story = a_case("zero_tolerance")
    issued = story.day()
    story.later(days=1)
    story.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    assert story.finding.calendar.today(story.finding.attempt_began) == story.day()
    assert attempt_of(story.finding, story.now).began_on == issued


def test_the_last_action_is_what_is_promised() -> None:
    story = a_case()
    story.later(days=2)
    story.commit(story.action(FIRST, days=40), story.action(SECOND, days=20))
    found = attempt_of(story.finding, story.now)
    assert found.committed_on == story.day()
    assert found.promised_for == found.first_promised_for == story.day(40)
    assert found.late_from == story.finding.calendar.end_of(story.day(40))


def test_the_day_first_promised_stays_when_a_later_one_holds() -> None:
    story = a_case().commit()
    first = story.day(60)
    story.fix()
    story.order(AMINA, ConcurWithFix)
    story.later(days=1)
    later = story.day(80)
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=later),))
    found = attempt_of(story.finding, story.now)
    assert (found.promised_for, found.first_promised_for) == (later, first)
    assert found.reported_on is None


def test_a_report_and_an_objection_are_on_the_attempt() -> None:
    story = a_case().commit().fix()
    story.order(AMINA, ObjectToFix, reason=NOTE)
    found = attempt_of(story.finding, story.now)
    assert (found.reported_on, found.objected, found.closed_on) == (story.day(), True, None)


def test_a_failed_fix_keeps_its_attempt_and_begins_the_next() -> None:
    story = a_case().commit().fix()
    story.later(days=9)
    story.verify(Verdict.FAIL)
    first, second = all_of(story)
    assert (first.number, first.reported_on, first.closed_on) == (1, MONDAY.date(), None)
    assert (first.reopened_on, second.number, second.began_on) == (story.day(), 2, story.day())
    story.later(days=3)
    story.commit()
    first, second = all_of(story)
    assert first.reopened_on == story.day(-3), "reopened once, whatever comes later"
    assert second.committed_on == story.day()


def test_an_end_is_on_the_attempt() -> None:
    for story, ending in ((sustained(), Stage.SUSTAINED), (ceased(), Stage.CEASED)):
        found = attempt_of(story.finding, story.now)
        assert (found.ending, found.ended_on) == (ending, story.day())
        assert all_of(story) == (found,)
    assert attempt_of(sustained().finding, MONDAY).closed_on is not None


def test_asking_for_a_later_date_moves_no_promise() -> None:
    story = a_case().commit()
    before = attempt_of(story.finding, story.now)
    asked = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
    assert attempt_of(story.finding, story.now) == before
