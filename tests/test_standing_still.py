"""Whether a letter about a suspension, or held up by one, is still worth sending when it leaves."""

from activities.mailroom.relevance import RELEVANT, why_not
from remediation.facts import Fact, Reminded
from remediation.letters import letters_for
from remediation.orders import (
    CountersignSuspension,
    DeclineSuspension,
    EndSuspension,
    Suspend,
)
from remediation.words import FindingId, LetterKind, SuspensionCause
from storage.letters import Letter, LetterState
from tests.rules.cast import CHLOE, NOTE, SYSTEM, TOMAS, Story, a_case


def asked(story: Story, days: int = 9) -> Letter:
    fields = {"cause": SuspensionCause.FLOOD, "until": story.day(days), "reason": NOTE}
    return letter(story.order(CHLOE, Suspend, **fields), story)


def suspended(story: Story, days: int = 9) -> Letter:
    asked(story, days)
    return letter(story.order(TOMAS, CountersignSuspension), story)


def letter(facts: tuple[Fact, ...], story: Story) -> Letter:
    """Give the first letter that the last of these facts calls for."""
    order = letters_for(facts[-1], story.case.seq)[0]
    return Letter(
        id=1,
        finding=FindingId("f1"),
        kind=order.kind,
        role=order.role,
        person=order.person,
        obligation=order.obligation,
        step=order.step,
        due=order.due,
        gathered=order.gathered,
        seq=story.case.seq,
        fact=facts[-1],
        by=SYSTEM,
        at=story.now,
        not_before=story.now,
        state=LetterState.WAITING,
        reason="",
    )


def test_the_team_leader_is_asked_only_while_the_request_waits() -> None:
    story = a_case()
    request = asked(story)
    assert why_not(request, story.finding) == RELEVANT
    asked(story, 3)
    assert why_not(request, story.finding) == "already_decided", "another request has replaced it"
    story.order(TOMAS, DeclineSuspension, reason=NOTE)
    assert why_not(request, story.finding) == "already_decided"


def test_that_the_clock_stands_still_is_told_while_it_does() -> None:
    story = a_case()
    stopped = suspended(story)
    assert why_not(stopped, story.finding) == RELEVANT
    story.later(days=2)
    ended = letter(story.order(CHLOE, EndSuspension, reason=NOTE), story)
    assert why_not(stopped, story.finding) == "already_over", "another last day holds"
    assert why_not(ended, story.finding) == RELEVANT
    story.later(days=2)
    assert why_not(ended, story.finding) == "already_over"


def test_that_it_runs_again_is_told_while_it_does_and_something_is_owed() -> None:
    story = a_case().commit()
    suspended(story, 1)
    resumed = letter(story.later(days=2), story)
    assert resumed.kind is LetterKind.RESUMED
    assert why_not(resumed, story.finding) == RELEVANT
    suspended(story, 5)
    assert why_not(resumed, story.finding) == "suspended_again"
    story.fix()
    assert why_not(resumed, story.finding) == "no_longer_due"


def test_a_reminder_that_waited_is_not_sent_into_a_suspension() -> None:
    story = a_case()
    facts = tuple(fact for fact in story.later(days=22) if isinstance(fact, Reminded))
    late = tuple(fact for fact in facts if fact.obligation == "review")
    reminder = letter(late, story)
    assert why_not(reminder, story.finding) == RELEVANT
    suspended(story)
    assert why_not(reminder, story.finding) == "suspended"
