"""Proposals: who makes them, what they must say, and how late their dates may be."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from remediation.facts import LaterDateAllowed, Proposed
from remediation.orders import AllowLaterDate, Propose, Refuse, Sign
from remediation.words import PersonId, Severity, Stage
from tests.rules.cast import AMINA, ASHA, BAO, BETTER, BINH, CHLOE, NOTE, OUTSIDER, PLAN, a_case
from tests.rules.situations import amended


def test_any_member_proposes_and_all_members_are_asked_to_sign() -> None:
    story = a_case()
    (fact,) = story.propose(ASHA)
    assert fact == Proposed(
        revision=PLAN,
        number=1,
        author=ASHA,
        actions=(story.action(),),
        no_action=False,
        signers=(AMINA, ASHA, BAO, BINH),
        management_signers=(BAO, BINH),
    )
    assert story.stage() is Stage.UNDER_REVIEW
    assert story.owes == {"commit"}


def test_an_edit_is_a_new_revision_and_voids_earlier_signatures() -> None:
    story = a_case()
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    (fact,) = story.propose(BAO, BETTER)
    assert isinstance(fact, Proposed)
    assert fact.number == 2
    proposal = story.finding.proposal
    assert proposal is not None
    assert (proposal.revision, proposal.author, proposal.signed) == (BETTER, BAO, ())
    assert story.stage() is Stage.UNDER_REVIEW


def test_only_members_propose() -> None:
    story = a_case()
    for person in (CHLOE, OUTSIDER):
        assert story.refused(person, Propose, revision=PLAN, actions=(story.action(),)) == "not_a_member"


def test_the_same_words_are_not_proposed_twice_while_they_can_pass() -> None:
    story = a_case()
    story.propose()
    assert story.refused(BAO, Propose, revision=PLAN, actions=(story.action(),)) == "same_as_before.revision"


def test_refused_words_may_be_proposed_again() -> None:
    story = a_case()
    story.propose()
    story.order(AMINA, Refuse, revision=PLAN, reason=NOTE)
    story.propose()
    assert story.finding.revisions == 2


def test_a_proposal_needs_actions_or_the_reason_for_none() -> None:
    story = a_case()
    assert story.refused(AMINA, Propose, revision=PLAN, actions=()) == "actions_invalid.actions"
    both = {"actions": (story.action(),), "no_action_reason": NOTE}
    assert story.refused(AMINA, Propose, revision=PLAN, **both) == "actions_invalid.actions"


def test_actions_have_ids_of_their_own_and_are_not_too_many() -> None:
    story = a_case()
    twice = (story.action("a"), story.action("a"))
    assert story.refused(AMINA, Propose, revision=PLAN, actions=twice) == "actions_invalid.actions"
    many = tuple(story.action(f"a{number}") for number in range(21))
    assert story.refused(AMINA, Propose, revision=PLAN, actions=many) == "actions_invalid.actions"
    story.propose(actions=many[:20])


@pytest.mark.parametrize(("name", "owner"), [("", BAO), ("a2", PersonId(""))])
def test_every_action_has_an_id_and_a_named_owner(name: str, owner: PersonId) -> None:
    story = a_case()
    actions = (story.action("a1"), story.action(name, owner=owner))
    assert story.refused(AMINA, Propose, revision=PLAN, actions=actions) == "actions_invalid.owner"


def test_a_promise_may_be_for_today_but_not_for_yesterday() -> None:
    story = a_case()
    yesterday = (story.action("a1"), story.action("a2", days=-1))
    assert story.refused(AMINA, Propose, revision=PLAN, actions=yesterday) == "date_in_the_past.due"
    story.propose(actions=(story.action(days=0),))


def test_it_refuses_a_date_beyond_ninety_days_for_a_major_finding() -> None:
    story = a_case()
    late = (story.action(days=91),)
    assert story.refused(AMINA, Propose, revision=PLAN, actions=late) == "date_beyond_policy.due"
    story.propose(actions=(story.action(days=90),))


@pytest.mark.parametrize(
    ("severity", "days"), [("critical", 60), ("major", 90), ("minor", 180), ("collaborative", 3653)]
)
def test_the_last_day_of_a_promise_follows_the_severity(severity: str, days: int) -> None:
    story = a_case(severity)
    late = (story.action(days=days + 1),)
    assert story.refused(AMINA, Propose, revision=PLAN, actions=late) == "date_beyond_policy.due"
    story.propose(actions=(story.action(days=days),))


def test_a_date_at_the_end_of_time_is_a_slip_of_the_pen() -> None:
    story = a_case("collaborative")
    actions = (replace(story.action(), due=date.max),)
    assert story.refused(AMINA, Propose, revision=PLAN, actions=actions) == "date_beyond_policy.due"


def test_the_advisor_allows_a_later_date() -> None:
    story = a_case()
    (fact,) = story.order(CHLOE, AllowLaterDate, until=story.day(120), reason=NOTE)
    assert fact == LaterDateAllowed(until=story.day(120), reason=NOTE)
    story.propose(actions=(story.action(days=120),))
    late = (story.action(days=121),)
    assert story.refused(AMINA, Propose, revision=BETTER, actions=late) == "date_beyond_policy.due"


def test_only_the_advisor_allows_a_later_date_and_only_a_later_one() -> None:
    story = a_case()
    later = {"until": story.day(91), "reason": NOTE}
    assert story.refused(BAO, AllowLaterDate, **later) == "not_your_role"
    assert story.refused(CHLOE, AllowLaterDate, until=story.day(90), reason=NOTE) == "same_as_before.until"
    assert story.refused(CHLOE, AllowLaterDate, until=story.day(-1), reason=NOTE) == "date_in_the_past.until"
    far = {"until": date.max, "reason": NOTE}
    assert story.refused(CHLOE, AllowLaterDate, **far) == "date_beyond_policy.until"
    free = a_case("collaborative")
    assert free.refused(CHLOE, AllowLaterDate, **later) == "same_as_before.until"
    story.order(CHLOE, AllowLaterDate, **later)
    assert story.refused(CHLOE, AllowLaterDate, **later) == "same_as_before.until"


def test_a_later_date_that_the_policy_has_overtaken_takes_nothing_away() -> None:
    story = a_case("critical")
    story.order(CHLOE, AllowLaterDate, until=story.day(61), reason=NOTE)
    amended(story, Severity.MAJOR)
    story.propose(actions=(story.action(days=90),))


def test_dates_are_the_factorys_local_days() -> None:
    story = a_case()
    story.later(hours=14.5)
    assert story.now.date() == date(2026, 3, 2), "in London it is still Monday"
    assert story.day() == date(2026, 3, 3)
    monday = (replace(story.action(), due=date(2026, 3, 2)),)
    assert story.refused(AMINA, Propose, revision=PLAN, actions=monday) == "date_in_the_past.due"
    story.commit(replace(story.action(), due=date(2026, 3, 3)))
    owed = story.owed("action:a1")
    assert owed is not None
    assert owed.due - story.now == timedelta(hours=23.5)
