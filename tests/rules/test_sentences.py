"""What people read when an order is refused for its stage or their role."""

import pytest

from remediation import orders
from remediation.orders import Order
from remediation.policy import Policy
from remediation.refusals import Refusal
from remediation.words import PersonId
from tests.rules.cast import AMINA, BAO, CHLOE, DINA, NOTE, OUTSIDER, TOMAS
from tests.rules.orders import an_order
from tests.rules.situations import SITUATIONS

ONLY: dict[type[Order], tuple[str, str]] = {
    orders.Amend: ("issued", "Only the programme's staff can correct a finding."),
    orders.Supersede: ("issued", "Only the programme's staff can carry a finding on in the next cycle."),
    orders.LinkRepeat: ("issued", "Only the programme's staff can link a finding to another cycle's."),
    orders.Cease: (
        "issued",
        "Only the programme's staff can end a finding because its factory closed or left.",
    ),
    orders.Reseat: ("issued", "Only the programme's staff can seat a committee."),
    orders.Reproject: (
        "issued",
        "Only the programme's staff can let dates follow another calendar or policy.",
    ),
    orders.DecideDispute: ("disputed", "Only the team leader can decide a dispute."),
    orders.Reopen: ("ceased", "Only the team leader can reopen a finding."),
    orders.ApproveNoAction: ("under review", "Only the advisor can accept that nothing is done."),
    orders.AllowLaterDate: ("under review", "Only the advisor can allow a later date."),
    orders.CloseMediation: ("deadlocked", "Only the advisor can close a mediation."),
    orders.DecideExtension: ("waiting for an extension", "Only the advisor can decide this extension."),
    orders.Suspend: ("committed", "Only the advisor can ask for a suspension."),
    orders.CountersignSuspension: (
        "waiting for a suspension",
        "Only the team leader can countersign a suspension.",
    ),
    orders.DeclineSuspension: (
        "waiting for a suspension",
        "Only the team leader can decline a suspension.",
    ),
    orders.EndSuspension: ("suspended", "Only the advisor or team leader can end a suspension."),
    orders.ReportFixed: ("done", "Only the manager can report a fix."),
    orders.Contain: ("alarm confirmed", "Only the manager can show containment."),
    orders.DecideAlarm: ("hidden", "Only the duty officer can decide an alarm."),
    orders.NotifyAuthority: ("alarm confirmed", "Only the duty officer can notify the authority."),
    orders.BookVerification: ("reported", "Only the advisor or team leader can book a verification."),
    orders.Verify: ("reported", "Only the advisor or team leader can verify a fix."),
    orders.CheckEffectiveness: (
        "closed",
        "Only the advisor or team leader can check whether a fix held.",
    ),
    orders.Acknowledge: (
        "late",
        "Only the advisor, team leader or programme manager can acknowledge an escalation.",
    ),
    orders.Snooze: (
        "late",
        "Only the advisor, team leader or programme manager can put a step of the ladder off.",
    ),
    orders.FileRecoveryPlan: ("recovery plan owed", "Only the manager can file a recovery plan."),
    orders.AcceptRecoveryPlan: ("recovery plan filed", "Only the team leader can accept a recovery plan."),
    orders.ReturnRecoveryPlan: ("recovery plan filed", "Only the team leader can return a recovery plan."),
    orders.DecideConsequence: (
        "decision due",
        "Only the decision panel can decide what follows at the top of the ladder.",
    ),
    orders.RecordProgress: (
        "committed",
        "Progress is recorded by the action's owner or the factory's manager.",
    ),
    orders.FileInterimPlan: ("deadlocked", "An interim plan is filed by management."),
    orders.Dispute: (
        "issued",
        "A finding is disputed by a committee member or the factory's manager.",
    ),
    orders.Propose: ("issued", "Only a member of the factory's committee can do this."),
}

PROPOSAL = "To work on a proposal, the finding must be issued or under review; it is {}."
TOO_SOON: list[tuple[type[Order], PersonId, str, str]] = [
    (orders.Propose, AMINA, "committed", PROPOSAL.format("committed")),
    (orders.Sign, AMINA, "disputed", PROPOSAL.format("disputed")),
    (orders.Refuse, AMINA, "reported", PROPOSAL.format("fix reported")),
    (
        orders.Amend,
        CHLOE,
        "under review",
        "To correct a finding, the finding must be issued; it is under review.",
    ),
    (
        orders.Dispute,
        AMINA,
        "committed",
        "To dispute a finding, the finding must be issued or under review; it is committed.",
    ),
    (
        orders.DeclareDeadlock,
        AMINA,
        "issued",
        "To declare a deadlock, the finding must be under review; it is issued.",
    ),
    (
        orders.FileInterimPlan,
        BAO,
        "issued",
        "To file an interim plan, the finding must be under review; it is issued.",
    ),
    (
        orders.RecordProgress,
        BAO,
        "verifying",
        "To record progress, the finding must be committed; it is verifying.",
    ),
    (
        orders.RequestExtension,
        AMINA,
        "closed",
        "To ask for an extension, the finding must be committed; it is closed.",
    ),
    (
        orders.CosignExtension,
        AMINA,
        "closed",
        "To join a request for an extension, the finding must be committed; it is closed.",
    ),
    (
        orders.ReportFixed,
        BAO,
        "issued",
        "To report a fix, the finding must be committed; it is issued.",
    ),
    (
        orders.Suspend,
        CHLOE,
        "reported",
        "To suspend a finding, the finding must be issued, under review or committed; it is fix reported.",
    ),
    (
        orders.NotifyAuthority,
        DINA,
        "withdrawn",
        "The finding is withdrawn: its life is over. A team leader can reopen it.",
    ),
    (orders.Reopen, TOMAS, "closed", "Only a finding whose life is over can be reopened."),
    (orders.ObjectToFix, BAO, "reported", "Only a worker member of the committee can do this."),
    (
        orders.RequestExtension,
        AMINA,
        "done",
        "Name at least one open action of the commitment, and none that is done.",
    ),
]


def sentence(kind: type[Order], person: PersonId, situation: str) -> str:
    with pytest.raises(Refusal) as refused:
        SITUATIONS[situation]().order(person, kind, **an_order(kind))
    return str(refused.value)


@pytest.mark.parametrize("kind", ONLY)
def test_who_may_not_is_told_who_may(kind: type[Order]) -> None:
    situation, expected = ONLY[kind]
    assert sentence(kind, OUTSIDER, situation) == expected


@pytest.mark.parametrize(("kind", "person", "situation", "expected"), TOO_SOON)
def test_who_comes_at_the_wrong_time_is_told_when(
    kind: type[Order], person: PersonId, situation: str, expected: str
) -> None:
    assert sentence(kind, person, situation) == expected


def test_who_does_not_keep_the_policy_is_told_who_does() -> None:
    with pytest.raises(Refusal) as refused:
        SITUATIONS["issued"]().order(CHLOE, orders.Reproject, policy=Policy(version="other"), reason=NOTE)
    assert str(refused.value) == (
        "Only the programme manager, operator or system can let a finding follow another policy."
    )


def test_who_signs_what_was_refused_is_told_to_propose_anew() -> None:
    story = SITUATIONS["under review"]()
    story.order(AMINA, orders.Refuse, **an_order(orders.Refuse))
    with pytest.raises(Refusal) as refused:
        story.order(BAO, orders.Sign, **an_order(orders.Sign))
    assert str(refused.value) == "This revision was refused by too many of one side. Propose a new one."
