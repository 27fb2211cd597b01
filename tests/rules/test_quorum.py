"""The quorum: who has to sign, and when a revision can no longer pass."""

from dataclasses import replace

import pytest

from remediation.facts import ProposalFailed
from remediation.orders import Refuse, Sign
from remediation.policy import Policy, Quorum
from remediation.words import Side, Stage
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    ASHA,
    ASHAS_SEAT,
    BAO,
    BAOS_SEAT,
    BINH,
    BINHS_SEAT,
    NOTE,
    PLAN,
    SEATS,
    a_case,
)


def test_it_recognises_at_once_that_a_revision_can_no_longer_pass() -> None:
    story = a_case()
    story.propose()
    facts = story.order(BAO, Refuse, revision=PLAN, reason=NOTE)
    assert len(facts) == 1, "Binh could still sign"
    _, failed = story.order(BINH, Refuse, revision=PLAN, reason=NOTE)
    assert failed == ProposalFailed(revision=PLAN, side=Side.MANAGEMENT)
    assert story.refused(AMINA, Sign, revision=PLAN) == "proposal_missing"
    assert story.stage() is Stage.UNDER_REVIEW


def test_nothing_passes_without_the_only_elected_worker() -> None:
    story = a_case()
    story.propose()
    _, failed = story.order(AMINA, Refuse, revision=PLAN, reason=NOTE)
    assert failed == ProposalFailed(revision=PLAN, side=Side.WORKER)


def test_an_elected_worker_must_be_among_the_signatures() -> None:
    story = a_case()
    story.propose()
    story.order(BAO, Sign, revision=PLAN)
    story.order(ASHA, Sign, revision=PLAN)
    assert story.stage() is Stage.UNDER_REVIEW
    story.order(AMINA, Sign, revision=PLAN)
    assert story.stage() is Stage.COMMITTED


@pytest.mark.parametrize(
    ("quorum", "seats"),
    [
        (Quorum(elected_worker=False), SEATS),
        (Quorum(), (replace(AMINAS_SEAT, elected=False), ASHAS_SEAT, BAOS_SEAT)),
        (Quorum(), (AMINAS_SEAT, replace(ASHAS_SEAT, elected=True), replace(BAOS_SEAT, elected=True))),
    ],
)
def test_any_worker_signs_where_none_is_elected_or_the_policy_asks_for_none(
    quorum: Quorum, seats: tuple[object, ...]
) -> None:
    story = a_case(policy=Policy(quorum=quorum), seats=seats)
    story.propose()
    story.order(ASHA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    assert story.stage() is Stage.COMMITTED


@pytest.mark.parametrize(
    ("quorum", "seats", "needed"),
    [
        (Quorum(), 0, 1),
        (Quorum(), 9, 1),
        (Quorum(percent=51), 4, 3),
        (Quorum(percent=51), 5, 3),
        (Quorum(percent=50), 4, 2),
        (Quorum(at_least=2, percent=67), 3, 3),
        (Quorum(at_least=2, percent=66), 3, 2),
        (Quorum(at_least=3, percent=10), 4, 3),
        (Quorum(percent=100), 4, 4),
    ],
)
def test_the_quorum_is_the_larger_of_a_count_and_a_share(quorum: Quorum, seats: int, needed: int) -> None:
    assert quorum.needed(seats) == needed


def test_more_than_half_of_each_side_can_be_asked_for() -> None:
    story = a_case(policy=Policy(quorum=Quorum(percent=51)))
    story.propose()
    for person in (AMINA, BAO, BINH):
        story.order(person, Sign, revision=PLAN)
    assert story.stage() is Stage.UNDER_REVIEW
    story.order(ASHA, Sign, revision=PLAN)
    assert story.stage() is Stage.COMMITTED


def test_a_share_that_refusals_have_put_out_of_reach_fails() -> None:
    story = a_case(policy=Policy(quorum=Quorum(percent=51)))
    story.propose()
    _, failed = story.order(BINH, Refuse, revision=PLAN, reason=NOTE)
    assert failed == ProposalFailed(revision=PLAN, side=Side.MANAGEMENT)


def test_the_first_signature_shows_that_a_side_without_members_cannot_agree() -> None:
    story = a_case(seats=(BAOS_SEAT, BINHS_SEAT))
    story.propose(BAO)
    _, failed = story.order(BAO, Sign, revision=PLAN)
    assert failed == ProposalFailed(revision=PLAN, side=Side.WORKER)
