"""The end of a finding's life, and what may come after."""

from dataclasses import replace
from typing import Any

import pytest

from remediation.facts import Ended, Reopened, RepeatLinked
from remediation.orders import (
    VERBS,
    AllowLaterDate,
    Cease,
    Contain,
    CosignExtension,
    DecideAlarm,
    DecideExtension,
    DeclareDeadlock,
    Dispute,
    FileInterimPlan,
    LinkRepeat,
    Order,
    RecordProgress,
    Reopen,
    RequestExtension,
    Sign,
    Supersede,
)
from remediation.words import Alarm, Digest, FindingId, PersonId, Role, Severity, Stage
from tests.rules.cast import (
    AMINA,
    BAO,
    BINH,
    CHLOE,
    DINA,
    MONDAY,
    NOTE,
    OUTSIDER,
    PETRA,
    PHOTO,
    PLAN,
    SYSTEM,
    TOMAS,
    Story,
    a_case,
    a_closed_case,
    a_confirmed_alarm,
)
from tests.rules.orders import an_order
from tests.rules.situations import SITUATIONS

NEXT = FindingId("f2")


def test_the_next_cycles_finding_carries_on() -> None:
    story = a_case()
    facts = story.order(SYSTEM, Supersede, successor=NEXT)
    assert facts == (Ended(stage=Stage.SUPERSEDED, successor=NEXT),)
    assert (story.stage(), story.finding.successor) == (Stage.SUPERSEDED, NEXT)


def test_a_repeat_is_linked_once_and_is_verified_on_site() -> None:
    story = a_case()
    assert not story.finding.must_be_seen_on_site
    assert story.order(SYSTEM, LinkRepeat, other=NEXT, earlier=True) == (
        RepeatLinked(other=NEXT, earlier=True),
    )
    assert (story.finding.repeat_of, story.finding.must_be_seen_on_site) == (NEXT, True)
    assert story.refused(SYSTEM, LinkRepeat, other="f3", earlier=True) == "already_done"


def test_a_finding_that_carries_on_is_verified_on_site_too() -> None:
    story = a_case()
    story.order(CHLOE, LinkRepeat, other=NEXT, earlier=False)
    assert (story.finding.found_again, story.finding.must_be_seen_on_site) == ((NEXT,), True)
    assert story.refused(CHLOE, LinkRepeat, other=NEXT, earlier=False) == "already_done"
    story.order(CHLOE, LinkRepeat, other=FindingId("f3"), earlier=False)
    assert story.finding.found_again == (NEXT, "f3")


@pytest.mark.parametrize("other", ["f1", ""])
def test_a_finding_does_not_repeat_itself(other: str) -> None:
    assert a_case().refused(SYSTEM, LinkRepeat, other=other, earlier=True) == "field_invalid.other"


@pytest.mark.parametrize("successor", ["f1", ""])
def test_a_finding_does_not_succeed_itself(successor: str) -> None:
    assert a_case().refused(SYSTEM, Supersede, successor=successor) == "field_invalid.successor"


def test_a_finding_ceases_with_its_factory() -> None:
    story = a_case().commit()
    assert story.order(TOMAS, Cease, reason=NOTE) == (Ended(stage=Stage.CEASED, reason=NOTE),)
    assert story.stage() is Stage.CEASED


@pytest.mark.parametrize("person", [AMINA, BAO, BINH, OUTSIDER])
def test_the_factory_ends_no_finding_of_its_own(person: PersonId) -> None:
    story = a_closed_case()
    assert story.refused(person, Supersede, successor=NEXT) == "not_your_role"
    assert story.refused(person, Cease, reason=NOTE) == "not_your_role"


@pytest.mark.parametrize(
    "situation", ["issued", "deadlocked", "waiting for an extension", "reported", "closed", "contested alarm"]
)
def test_nothing_is_owed_or_pending_after_the_end(situation: str) -> None:
    story = SITUATIONS[situation]()
    story.later(days=200)
    assert story.finding.notices
    story.order(TOMAS, Cease, reason=NOTE)
    finding = story.finding
    assert finding.ended
    assert (story.owes, finding.notices) == (set(), ())
    assert (finding.proposal, finding.extension, finding.mediate_by) == (None, None, None)
    assert story.later(days=400) == ()


@pytest.mark.parametrize("verb", [kind for kind in VERBS.values() if kind is not Reopen])
def test_nothing_but_a_reopening_happens_after_the_end(verb: type[Order]) -> None:
    story = a_case()
    story.order(TOMAS, Cease, reason=NOTE)
    for person in (AMINA, BAO, CHLOE, TOMAS, DINA, SYSTEM):
        assert story.refused(person, verb, **an_order(verb)) == "not_at_this_stage"


def reopened(story: Story) -> Story:
    story.later(days=10)
    story.order(TOMAS, Reopen, reason=NOTE)
    return story


def test_the_team_leader_reopens_with_a_new_attempt() -> None:
    story = a_case().commit()
    story.order(TOMAS, Supersede, successor=NEXT)
    story.later(days=10)
    assert story.refused(CHLOE, Reopen, reason=NOTE) == "not_your_role"
    facts = story.order(TOMAS, Reopen, reason=NOTE)
    assert facts == (Reopened(attempt=2, severity=Severity.MAJOR, cause="after_end", reason=NOTE),)
    finding = story.finding
    assert (story.stage(), finding.attempt, finding.successor) == (Stage.UNDER_REVIEW, 2, None)
    assert story.owes == {"commit"}
    assert story.due_day("commit") == story.day(30)
    assert finding.actions == ()


def test_only_what_has_ended_is_reopened() -> None:
    assert a_closed_case().refused(TOMAS, Reopen, reason=NOTE) == "not_at_this_stage"


def test_a_new_attempt_starts_with_fresh_notices_and_a_clean_table() -> None:
    story = a_case()
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    story.later(days=60)
    story.order(TOMAS, Cease, reason=NOTE)
    reopened(story)
    assert (story.finding.proposal, story.finding.notices) == (None, ())
    kinds = [type(fact).__name__ for fact in story.later(days=31)]
    assert kinds == ["Reminded"] * 4 + ["Escalated"]


def test_a_new_attempt_keeps_nothing_of_the_last_but_who_may_not_verify_it() -> None:
    story = a_case("zero_tolerance", factory_told=True)
    story.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    story.order(CHLOE, AllowLaterDate, until=story.day(50), reason=NOTE)
    story.propose(actions=(story.action(days=20),))
    story.order(AMINA, DeclareDeadlock, reason=NOTE)
    story.order(BAO, FileInterimPlan, revision=PLAN, actions=(story.action(days=20),))
    for until, granted in ((22, True), (24, False)):
        asked = {"actions": ("a1",), "until": story.day(until), "reason": NOTE, "interim_protection": NOTE}
        story.order(AMINA, RequestExtension, **asked)
        story.order(BAO, CosignExtension)
        if granted:
            story.order(PETRA, DecideExtension, granted=True, reason=NOTE)
    story.order(BAO, Contain, evidence=PHOTO)
    story.order(BAO, RecordProgress, action="a1", percent=5)
    story.later(days=10)
    story.propose(revision=Digest("plan-2"), actions=(story.action(days=5),))
    story.order(TOMAS, Cease, reason=NOTE)
    reopened(story)
    fresh = a_case("zero_tolerance", factory_told=True, at=story.now).finding
    assert story.finding == replace(
        fresh,
        stage=Stage.UNDER_REVIEW,
        attempt=2,
        issued_at=MONDAY,
        factory_told_at=MONDAY,
        alarm=Alarm.CONFIRMED,
        revisions=2,
        fixers=(BAO,),
    )


def test_a_dispute_that_an_end_cut_short_leaves_no_trace_on_the_way() -> None:
    story = a_case()
    story.order(AMINA, Dispute, reason=NOTE)
    story.order(TOMAS, Cease, reason=NOTE)
    assert story.finding.stage_before_dispute is None
    reopened(story)
    assert story.owes == {"commit"}


def test_an_alarm_that_ended_undecided_has_its_hours_anew_and_stays_hidden() -> None:
    story = a_case("zero_tolerance")
    story.order(TOMAS, Cease, reason=NOTE)
    assert story.facts[-1] == Ended(stage=Stage.CEASED, reason=NOTE, withheld=True)
    story.later(days=10)
    facts = story.order(TOMAS, Reopen, reason=NOTE)
    assert facts == (
        Reopened(attempt=2, severity=Severity.ZERO_TOLERANCE, cause="after_end", reason=NOTE, withheld=True),
    )
    assert (story.finding.alarm, story.finding.alarm_raised_at) == (Alarm.RAISED, story.now)
    assert story.owes == {"confirm_alarm"}
    story.order(DINA, DecideAlarm, confirmed=True, reason=NOTE)
    assert story.owes == {"commit", "contain", "notify_authority"}


def test_a_hidden_finding_that_is_superseded_tells_the_factory_nothing() -> None:
    story = a_case("zero_tolerance")
    (fact,) = story.order(SYSTEM, Supersede, successor=NEXT)
    assert fact == Ended(stage=Stage.SUPERSEDED, successor=NEXT, withheld=True)


def test_an_alarm_that_was_decided_is_not_raised_again_by_an_end() -> None:
    story = a_confirmed_alarm()
    raised = story.finding.alarm_raised_at
    assert raised == MONDAY
    story.order(TOMAS, Cease, reason=NOTE)
    reopened(story)
    assert story.finding.alarm is Alarm.CONFIRMED
    assert story.finding.alarm_raised_at == story.now, "what is still owed about it counts from now"


def test_staff_of_every_kind_may_end_a_finding() -> None:
    for role in (Role.ADVISOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER, Role.OPERATOR, Role.SYSTEM):
        fields: dict[str, Any] = {"acting": role, "reason": NOTE}
        a_case().order(CHLOE, Cease, **fields)
