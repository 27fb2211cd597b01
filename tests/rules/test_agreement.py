"""The committee agrees: revisions, signatures bound to the text, quorum, and the commitment."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from remediation.facts import (
    Committed,
    LaterDateAllowed,
    NoActionApproved,
    ProposalFailed,
    Proposed,
    Refused,
    Signed,
)
from remediation.finding import Action
from remediation.orders import (
    AllowLaterDate,
    ApproveNoAction,
    DecideDispute,
    Dispute,
    Propose,
    Refuse,
    Sign,
)
from remediation.policy import Policy, Quorum
from remediation.words import Digest, DisputeOutcome, PersonId, Severity, Side, SignatureMethod, Stage
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
    FIRST,
    NOTE,
    OUTSIDER,
    PLAN,
    SEATS,
    TOMAS,
    Story,
    a_case,
)

BETTER = Digest("plan-2")


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
    amend(story, Severity.MAJOR)
    story.propose(actions=(story.action(days=90),))


def test_it_commits_when_both_sides_have_signed() -> None:
    story = a_case()
    story.propose()
    (signed,) = story.order(AMINA, Sign, revision=PLAN)
    assert signed == Signed(
        revision=PLAN, person=AMINA, side=Side.WORKER, method=SignatureMethod.OWN_DEVICE, witness=None
    )
    assert story.stage() is Stage.UNDER_REVIEW
    story.later(hours=1)
    _, committed = story.order(BAO, Sign, revision=PLAN, method=SignatureMethod.SHARED_DEVICE)
    due = story.day(60)
    assert committed == Committed(
        revision=PLAN,
        author=AMINA,
        actions=(story.action(),),
        agreed=True,
        signatures=(AMINA, BAO),
    )
    finding = story.finding
    assert story.stage() is Stage.COMMITTED
    assert finding.actions == (Action(id=FIRST, owner=BAO, due=due, original_due=due),)
    assert (finding.proposal, finding.agreed, finding.committed_at) == (None, True, story.now)
    assert finding.fixers == (AMINA, BAO)
    assert story.owes == {"action:a1"}


def test_one_side_alone_never_commits() -> None:
    story = a_case()
    story.propose()
    story.order(BAO, Sign, revision=PLAN)
    story.order(BINH, Sign, revision=PLAN)
    assert story.stage() is Stage.UNDER_REVIEW


def test_a_signature_holds_for_the_text_that_was_read() -> None:
    story = a_case()
    story.propose()
    story.propose(BAO, BETTER)
    assert story.refused(AMINA, Sign, revision=PLAN) == "revision_outdated.revision"
    assert story.refused(AMINA, Refuse, revision=PLAN, reason=NOTE) == "revision_outdated.revision"


def test_there_must_be_a_proposal_to_vote_on() -> None:
    story = a_case()
    assert story.refused(AMINA, Sign, revision=PLAN) == "proposal_missing"
    assert story.refused(AMINA, Refuse, revision=PLAN, reason=NOTE) == "proposal_missing"
    assert story.refused(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE) == "proposal_missing"


def test_only_members_vote() -> None:
    story = a_case()
    story.propose()
    assert story.refused(CHLOE, Sign, revision=PLAN) == "not_a_member"
    assert story.refused(OUTSIDER, Refuse, revision=PLAN, reason=NOTE) == "not_a_member"


def test_nobody_votes_the_same_twice() -> None:
    story = a_case()
    story.propose()
    story.order(ASHA, Sign, revision=PLAN)
    assert story.refused(ASHA, Sign, revision=PLAN) == "already_done"
    story.order(ASHA, Refuse, revision=PLAN, reason=NOTE)
    assert story.refused(ASHA, Refuse, revision=PLAN, reason=NOTE) == "already_done"


def test_a_member_may_change_a_vote_until_the_commitment() -> None:
    story = a_case()
    story.propose()
    story.order(AMINA, Sign, revision=PLAN)
    story.order(ASHA, Refuse, revision=PLAN, reason=NOTE)
    story.order(ASHA, Sign, revision=PLAN)
    proposal = story.finding.proposal
    assert proposal is not None
    assert (proposal.signed, proposal.refused) == ((AMINA, ASHA), ())
    story.order(AMINA, Refuse, revision=PLAN, reason=NOTE)
    proposal = story.finding.proposal
    assert proposal is not None
    assert (proposal.signed, proposal.refused) == ((ASHA,), (AMINA,))


def test_a_refusal_tells_the_author_why() -> None:
    story = a_case(seats=(AMINAS_SEAT, replace(ASHAS_SEAT, elected=True), BAOS_SEAT, BINHS_SEAT))
    story.propose(BINH)
    facts = story.order(AMINA, Refuse, revision=PLAN, reason=NOTE)
    assert facts == (
        Refused(
            revision=PLAN,
            person=AMINA,
            side=Side.WORKER,
            reason=NOTE,
            author=BINH,
            author_side=Side.MANAGEMENT,
        ),
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


def test_a_signature_on_paper_names_the_advisor_who_witnessed_it() -> None:
    story = a_case()
    story.propose()
    paper = {"revision": PLAN, "method": SignatureMethod.PAPER}
    for witness in (None, AMINA, BAO):
        assert story.refused(AMINA, Sign, witness=witness, **paper) == "not_independent.witness"
    (fact,) = story.order(AMINA, Sign, witness=CHLOE, **paper)
    assert isinstance(fact, Signed)
    assert (fact.method, fact.witness) == (SignatureMethod.PAPER, CHLOE)


def test_a_proposal_whose_date_has_passed_is_not_signed_any_more() -> None:
    story = a_case()
    story.propose(actions=(story.action(days=3),))
    story.order(AMINA, Sign, revision=PLAN)
    story.later(days=4)
    assert story.refused(BAO, Sign, revision=PLAN) == "date_in_the_past.due"
    assert story.refused(AMINA, Sign, revision=PLAN) == "already_done"
    story.order(BAO, Refuse, revision=PLAN, reason=NOTE)


def test_to_take_no_action_needs_both_sides_and_the_advisor() -> None:
    story = a_case()
    story.propose(actions=(), no_action_reason=NOTE)
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    assert story.stage() is Stage.UNDER_REVIEW
    approved, committed = story.order(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE)
    assert approved == NoActionApproved(revision=PLAN, reason=NOTE)
    assert isinstance(committed, Committed)
    assert story.finding.actions == ()
    assert story.due_day("report_fix") == story.day(7)


def test_the_advisor_may_accept_that_nothing_is_done_before_the_sides_sign() -> None:
    story = a_case()
    story.propose(actions=(), no_action_reason=NOTE)
    facts = story.order(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE)
    assert len(facts) == 1
    assert story.refused(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE) == "already_done"
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    assert story.stage() is Stage.COMMITTED


def test_who_may_accept_that_nothing_is_done_and_of_what() -> None:
    story = a_case()
    story.propose()
    assert story.refused(BAO, ApproveNoAction, revision=PLAN, reason=NOTE) == "not_your_role"
    assert story.refused(TOMAS, ApproveNoAction, revision=PLAN, reason=NOTE) == "not_your_role"
    refused = story.refused(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE)
    assert refused == "not_at_this_stage.revision"


@pytest.mark.parametrize("order", ["propose", "sign", "refuse", "approve", "later date"])
def test_what_is_agreed_is_not_voted_on_again(order: str) -> None:
    story = a_case().commit()
    assert _vote(story, order) == "not_at_this_stage"


def amend(story: Story, severity: Severity) -> None:
    """Let a dispute change the severity."""
    story.order(AMINA, Dispute, reason=NOTE)
    amended = {"outcome": DisputeOutcome.PARTLY, "severity": severity, "reason": NOTE}
    story.order(TOMAS, DecideDispute, **amended)


def _vote(story: Story, order: str) -> str:
    until = story.day(100)
    return {
        "propose": lambda: story.refused(AMINA, Propose, revision=PLAN, actions=(story.action(),)),
        "sign": lambda: story.refused(AMINA, Sign, revision=PLAN),
        "refuse": lambda: story.refused(AMINA, Refuse, revision=PLAN, reason=NOTE),
        "approve": lambda: story.refused(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE),
        "later date": lambda: story.refused(CHLOE, AllowLaterDate, until=until, reason=NOTE),
    }[order]()


def test_a_severity_amended_meanwhile_binds_the_signatures_too() -> None:
    story = a_case("minor")
    story.propose(actions=(story.action(days=120),))
    amend(story, Severity.MAJOR)
    assert story.refused(AMINA, Sign, revision=PLAN) == "date_beyond_policy.due"


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
