"""The committee's seats change while its findings are open."""

from dataclasses import replace

import pytest

from remediation.facts import Committed, ProposalFailed, Refused, Reseated
from remediation.orders import DecideDispute, Dispute, Refuse, Reseat, Seat, Sign
from remediation.policy import Policy, Quorum
from remediation.words import DisputeOutcome, PersonId, Role, Side, Stage
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    ASHA,
    ASHAS_SEAT,
    BAO,
    BAOS_SEAT,
    BINH,
    BINHS_SEAT,
    CHLOE,
    NOTE,
    OUTSIDER,
    PLAN,
    SEATS,
    SYSTEM,
    TOMAS,
    Story,
    a_case,
)

EVERYBODY = Policy(quorum=Quorum(percent=100))


def signed(story: Story) -> tuple[PersonId, ...]:
    assert story.finding.proposal is not None
    return story.finding.proposal.signed


def test_new_seats_replace_the_old() -> None:
    story = a_case()
    facts = story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, BAOS_SEAT))
    assert facts == (Reseated(seats=(AMINAS_SEAT, BAOS_SEAT)),)
    assert story.finding.seats == (AMINAS_SEAT, BAOS_SEAT)


@pytest.mark.parametrize(
    "role", [Role.ADVISOR, Role.TEAM_LEADER, Role.PROGRAMME_MANAGER, Role.OPERATOR, Role.SYSTEM]
)
def test_the_programme_seats_a_committee(role: Role) -> None:
    a_case().order(CHLOE, Reseat, acting=role, seats=(AMINAS_SEAT,))


@pytest.mark.parametrize("person", [AMINA, BAO, BINH, OUTSIDER])
def test_no_side_and_no_outsider_seats_the_committee(person: PersonId) -> None:
    assert a_case().refused(person, Reseat, seats=(BINHS_SEAT,)) == "not_your_role"


def test_nobody_holds_two_seats() -> None:
    story = a_case()
    twice = (*SEATS, replace(AMINAS_SEAT, side=Side.MANAGEMENT))
    assert story.refused(SYSTEM, Reseat, seats=twice) == "field_invalid.seats"


def test_a_committee_is_not_a_crowd() -> None:
    story = a_case()
    crowd = tuple(Seat(person=PersonId(f"p{number}"), side=Side.WORKER) for number in range(101))
    assert story.refused(SYSTEM, Reseat, seats=crowd) == "field_invalid.seats"
    story.order(SYSTEM, Reseat, seats=crowd[:100])


def test_the_same_seats_are_no_change() -> None:
    assert a_case().refused(SYSTEM, Reseat, seats=SEATS) == "same_as_before.seats"


def test_votes_of_those_who_leave_are_void_and_others_stand() -> None:
    story = a_case(policy=EVERYBODY)
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    story.order(SYSTEM, Reseat, seats=(ASHAS_SEAT, BAOS_SEAT, BINHS_SEAT))
    assert signed(story) == (BAO,)
    story.order(SYSTEM, Reseat, seats=SEATS)
    assert signed(story) == (BAO,), "who comes back votes again"


def test_who_changes_sides_votes_again() -> None:
    story = a_case(policy=EVERYBODY)
    story.propose()
    story.order(ASHA, Sign, revision=PLAN)
    story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, replace(ASHAS_SEAT, side=Side.MANAGEMENT), BAOS_SEAT))
    assert signed(story) == ()


def test_refusals_of_those_who_leave_count_no_more() -> None:
    story = a_case()
    story.propose()
    story.order(BAO, Refuse, revision=PLAN, reason=NOTE)
    story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, ASHAS_SEAT, BINHS_SEAT))
    assert story.finding.proposal is not None
    assert story.finding.proposal.refused == ()


def test_the_rule_commits_when_only_those_who_left_had_not_signed() -> None:
    story = a_case(policy=EVERYBODY)
    story.propose()
    for person in (AMINA, BAO, BINH):
        story.order(person, Sign, revision=PLAN)
    _, committed = story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, BAOS_SEAT, BINHS_SEAT))
    assert isinstance(committed, Committed)
    assert committed.signatures == (AMINA, BAO, BINH)
    assert story.stage() is Stage.COMMITTED


def test_a_proposal_whose_date_has_passed_is_not_committed_by_new_seats() -> None:
    story = a_case(policy=EVERYBODY)
    story.propose(actions=(story.action(days=1),))
    for person in (AMINA, BAO, BINH):
        story.order(person, Sign, revision=PLAN)
    story.later(days=2)
    facts = story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, BAOS_SEAT, BINHS_SEAT))
    assert len(facts) == 1


def test_what_new_seats_could_not_commit_in_time_no_vote_commits_later() -> None:
    elected = replace(ASHAS_SEAT, elected=True)
    plain = replace(AMINAS_SEAT, elected=False)
    story = a_case(seats=(plain, elected, BAOS_SEAT))
    story.propose(actions=(story.action(days=1),))
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    story.later(days=2)
    assert len(story.order(SYSTEM, Reseat, seats=(plain, BAOS_SEAT, BINHS_SEAT))) == 1
    assert len(story.order(BINH, Refuse, revision=PLAN, reason=NOTE)) == 1


def test_an_author_who_has_left_is_told_in_the_seat_they_wrote_from() -> None:
    story = a_case()
    story.propose(BINH)
    story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, ASHAS_SEAT, BAOS_SEAT))
    refused, *_ = story.order(ASHA, Refuse, revision=PLAN, reason=NOTE)
    assert isinstance(refused, Refused)
    assert (refused.author, refused.author_side) == (BINH, Side.MANAGEMENT)


def test_it_recognises_that_the_willing_have_left() -> None:
    story = a_case()
    story.propose()
    story.order(BINH, Refuse, revision=PLAN, reason=NOTE)
    _, failed = story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, BINHS_SEAT))
    assert failed == ProposalFailed(revision=PLAN, side=Side.MANAGEMENT)


def test_a_failed_proposal_stays_failed_whoever_joins() -> None:
    story = a_case(seats=(AMINAS_SEAT, BAOS_SEAT))
    story.propose()
    story.order(BAO, Refuse, revision=PLAN, reason=NOTE)
    facts = story.order(SYSTEM, Reseat, seats=SEATS)
    assert len(facts) == 1
    assert story.refused(BINH, Sign, revision=PLAN) == "proposal_missing"


def test_seats_that_change_during_a_dispute_count_when_it_is_decided() -> None:
    story = a_case(policy=EVERYBODY)
    story.propose()
    for person in (AMINA, BAO, BINH):
        story.order(person, Sign, revision=PLAN)
    story.order(AMINA, Dispute, reason=NOTE)
    facts = story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, BAOS_SEAT, BINHS_SEAT))
    assert len(facts) == 1, "nothing is committed while the finding is contested"
    rejected = {"outcome": DisputeOutcome.REJECTED, "reason": NOTE}
    _, committed = story.order(TOMAS, DecideDispute, **rejected)
    assert isinstance(committed, Committed)


def test_a_commitment_outlives_the_members_who_made_it() -> None:
    story = a_case().commit()
    story.order(SYSTEM, Reseat, seats=(ASHAS_SEAT, BINHS_SEAT))
    assert story.stage() is Stage.COMMITTED
    assert len(story.finding.actions) == 1
