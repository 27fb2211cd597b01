"""The committee agrees: signatures bound to the text, and the commitment."""

from dataclasses import replace

import pytest

from remediation.facts import Committed, NoActionApproved, Refused, Signed
from remediation.finding import Action
from remediation.orders import AllowLaterDate, ApproveNoAction, Propose, Refuse, Sign
from remediation.words import Severity, Side, SignatureMethod, Stage
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    ASHA,
    ASHAS_SEAT,
    BAO,
    BAOS_SEAT,
    BETTER,
    BINH,
    BINHS_SEAT,
    CHLOE,
    FIRST,
    NOTE,
    OUTSIDER,
    PLAN,
    TOMAS,
    Story,
    a_case,
)
from tests.rules.situations import amended


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
    amended(story, Severity.MAJOR)
    assert story.refused(AMINA, Sign, revision=PLAN) == "date_beyond_policy.due"
