"""What a page offers: found out by the rules themselves, at every stage and for every verb."""

from dataclasses import replace

import pytest

from remediation import orders
from remediation.gatherings.case import VERBS as GATHERING_VERBS
from remediation.gatherings.meeting import orders as meetings
from remediation.gatherings.plan import FilePlan
from remediation.orders import (
    VERBS,
    AcceptRecoveryPlan,
    Acknowledge,
    Amend,
    BookVerification,
    DecideConsequence,
    DecideExtension,
    FileRecoveryPlan,
    LinkRepeat,
    Order,
    Propose,
    RecordProgress,
    ReportFixed,
    Reproject,
    RequestExtension,
    Reseat,
    ReturnRecoveryPlan,
    Sign,
    Snooze,
)
from remediation.permissions import Action
from remediation.possible import CANDIDATES, OF_GATHERINGS, possible
from remediation.words import PersonId, Role
from tests.rules.cast import (
    ACTING,
    AMINA,
    BAO,
    CHLOE,
    DINA,
    FIRST,
    MONDAY,
    NOTE,
    OUTSIDER,
    RUTH,
    SEATS,
    SECOND,
    SYSTEM,
    TOMAS,
    a_case,
)
from tests.rules.meeting import MeetingStory, a_meeting, a_minuted_meeting, a_recorded_sheet
from tests.rules.orders import an_order
from tests.rules.situations import SITUATIONS, waiting_for_an_extension
from tests.rules.test_plan import a_plan


def offered(situation: str, person: PersonId, kind: type[Order], *roles: Role) -> str:
    """Give `yes`, or the code of the refusal."""
    story = SITUATIONS[situation]()
    shown = possible(kind, story.finding, person, roles or (ACTING[person],), story.now)
    return shown.refusal.code if shown.refusal else "yes"


def test_every_verb_of_a_finding_can_be_asked_about() -> None:
    assert set(VERBS.values()) - {LinkRepeat, Reseat, Reproject} == set(CANDIDATES)


def test_every_verb_that_people_give_on_a_gathering_can_be_asked_about() -> None:
    given = {order for name, order in GATHERING_VERBS.items() if name in set(Action)}
    assert given <= {*CANDIDATES, *OF_GATHERINGS}
    assert OF_GATHERINGS.keys() <= given


def test_a_plan_can_be_filed_once() -> None:
    plan = a_plan()
    filed = replace(plan, filed_at=MONDAY)
    said = [possible(FilePlan, each, BAO, (Role.MANAGER,), MONDAY) for each in (plan, filed)]
    assert [each.refusal.code if each.refusal else "yes" for each in said] == ["yes", "already_done"]


@pytest.mark.parametrize("situation", SITUATIONS)
@pytest.mark.parametrize("kind", CANDIDATES)
def test_whoever_is_refused_a_plausible_order_is_told_why_or_may_give_another(
    situation: str, kind: type[Order]
) -> None:
    story = SITUATIONS[situation]()
    for person, acting in ACTING.items():
        shown = possible(kind, story.finding, person, (acting,), story.now)
        assert (shown.kind, shown.acting) == (kind, acting)
        before = len(story.entries)
        if shown.refusal is not None:
            assert story.refused(person, kind, **an_order(kind))
        assert len(story.entries) == before, "asking changes nothing"


@pytest.mark.parametrize(
    ("situation", "person", "kind", "answer"),
    [
        ("issued", AMINA, Propose, "yes"),
        ("issued", OUTSIDER, Propose, "not_a_member"),
        ("issued", AMINA, Sign, "proposal_missing"),
        ("issued", CHLOE, Amend, "yes"),
        ("under review", BAO, Sign, "yes"),
        ("under review", AMINA, Sign, "already_done"),
        ("committed", BAO, RecordProgress, "yes"),
        ("committed", AMINA, RecordProgress, "not_your_role"),
        ("committed", AMINA, RequestExtension, "yes"),
        ("committed", BAO, ReportFixed, "actions_not_done"),
        ("issued", AMINA, RequestExtension, "not_at_this_stage"),
        ("issued", BAO, RecordProgress, "not_at_this_stage"),
        ("done", BAO, ReportFixed, "yes"),
        ("done", BAO, RecordProgress, "already_done"),
        ("reported", CHLOE, BookVerification, "yes"),
        ("late", CHLOE, Acknowledge, "yes"),
        ("issued", CHLOE, Acknowledge, "not_at_this_stage"),
        ("sustained", CHLOE, Acknowledge, "not_at_this_stage"),
        ("late", CHLOE, Snooze, "yes"),
        ("issued", CHLOE, Snooze, "not_at_this_stage"),
        ("committed", BAO, FileRecoveryPlan, "not_at_this_stage"),
        ("recovery plan owed", BAO, FileRecoveryPlan, "yes"),
        ("recovery plan owed", TOMAS, AcceptRecoveryPlan, "not_at_this_stage"),
        ("recovery plan filed", TOMAS, AcceptRecoveryPlan, "yes"),
        ("recovery plan filed", TOMAS, ReturnRecoveryPlan, "yes"),
        ("recovery plan filed", RUTH, DecideConsequence, "not_at_this_stage"),
        ("decision due", RUTH, DecideConsequence, "yes"),
    ],
)
def test_the_rules_own_answer_is_given(
    situation: str, person: PersonId, kind: type[Order], answer: str
) -> None:
    assert offered(situation, person, kind) == answer


def test_a_critical_finding_can_be_corrected_to_another_severity() -> None:
    story = a_case("critical")
    assert possible(Amend, story.finding, CHLOE, (Role.ADVISOR,), story.now).refusal is None


def test_of_several_roles_the_one_that_may_is_taken() -> None:
    story = waiting_for_an_extension()
    both = (Role.TEAM_LEADER, Role.ADVISOR)
    assert possible(DecideExtension, story.finding, TOMAS, both, story.now).acting is Role.ADVISOR
    late = SITUATIONS["issued"]()
    refused = possible(DecideExtension, late.finding, TOMAS, both, late.now)
    assert (refused.acting, refused.refusal is None) == (Role.TEAM_LEADER, False)


OFFERED: dict[type[Order], tuple[str, PersonId]] = {
    orders.Amend: ("issued", CHLOE),
    orders.Dispute: ("issued", BAO),
    orders.DecideDispute: ("disputed", TOMAS),
    orders.Propose: ("under review", BAO),
    orders.Sign: ("under review", BAO),
    orders.Refuse: ("under review", BAO),
    orders.AllowLaterDate: ("issued", CHLOE),
    orders.DeclareDeadlock: ("under review", BAO),
    orders.CloseMediation: ("deadlocked", CHLOE),
    orders.FileInterimPlan: ("deadlocked", BAO),
    orders.RecordProgress: ("committed", BAO),
    orders.RequestExtension: ("committed", AMINA),
    orders.DecideExtension: ("waiting for an extension", CHLOE),
    orders.Suspend: ("committed", CHLOE),
    orders.CountersignSuspension: ("waiting for a suspension", TOMAS),
    orders.DeclineSuspension: ("waiting for a suspension", TOMAS),
    orders.EndSuspension: ("suspended", CHLOE),
    orders.ReportFixed: ("done", BAO),
    orders.ObjectToFix: ("reported", AMINA),
    orders.ConcurWithFix: ("reported", AMINA),
    orders.TakeBack: ("reported", BAO),
    orders.BookVerification: ("reported", CHLOE),
    orders.Verify: ("reported", CHLOE),
    orders.CheckEffectiveness: ("closed", CHLOE),
    orders.Reopen: ("sustained", TOMAS),
    orders.Supersede: ("issued", SYSTEM),
    orders.Cease: ("issued", TOMAS),
    orders.DecideAlarm: ("hidden", DINA),
    orders.NotifyAuthority: ("alarm confirmed", DINA),
    orders.Contain: ("alarm confirmed", BAO),
    orders.Acknowledge: ("late", CHLOE),
    orders.Snooze: ("late", CHLOE),
    orders.FileRecoveryPlan: ("recovery plan owed", BAO),
    orders.AcceptRecoveryPlan: ("recovery plan filed", TOMAS),
    orders.ReturnRecoveryPlan: ("recovery plan filed", TOMAS),
    orders.DecideConsequence: ("decision due", RUTH),
}
"""Somebody to whom each verb is offered, and when."""


@pytest.mark.parametrize("kind", OFFERED)
def test_each_verb_is_offered_to_who_may_give_it_when_it_is_time(kind: type[Order]) -> None:
    situation, person = OFFERED[kind]
    story = SITUATIONS[situation]()
    if kind is orders.CheckEffectiveness:
        story.later(days=1)
    assert possible(kind, story.finding, person, (ACTING[person],), story.now).refusal is None


def test_two_verbs_more_are_offered_once_somebody_has_asked_for_them() -> None:
    assert {orders.ApproveNoAction, orders.CosignExtension} == set(CANDIDATES) - set(OFFERED)
    story = a_case()
    story.propose(actions=(), no_action_reason=NOTE)
    assert possible(orders.ApproveNoAction, story.finding, CHLOE, (Role.ADVISOR,), story.now).refusal is None
    story = a_case().commit()
    asked = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
    joined = possible(orders.CosignExtension, story.finding, BAO, (Role.MANAGER,), story.now)
    assert joined.refusal is None


def test_what_is_offered_names_the_actions_and_the_late_things_that_it_is_about() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=20), story.action(SECOND, days=30)).do(FIRST)
    progress = possible(RecordProgress, story.finding, BAO, (Role.MANAGER,), story.now)
    assert [fields["action"] for fields in progress.taken] == [SECOND]
    later = possible(RequestExtension, story.finding, AMINA, (Role.WORKER_CO_CHAIR,), story.now)
    assert [(fields["actions"], fields["until"]) for fields in later.taken] == [((SECOND,), story.day(31))]
    story.later(days=38)
    seen = possible(Acknowledge, story.finding, CHLOE, (Role.ADVISOR,), story.now)
    assert [fields["obligation"] for fields in seen.taken] == [f"action:{SECOND}"]
    refused = possible(Acknowledge, story.finding, BAO, (Role.MANAGER,), story.now)
    assert refused.taken == ()


IN_A_MEETING: dict[type[Order], tuple[PersonId, MeetingStory]] = {
    meetings.SetAgenda: (BAO, a_meeting()),
    meetings.MoveMeeting: (BAO, a_meeting()),
    meetings.CancelMeeting: (CHLOE, a_meeting()),
    meetings.BeginMeeting: (AMINA, a_meeting().later(days=10)),
    meetings.RecordAttendance: (CHLOE, a_meeting().begin()),
    meetings.VoteTogether: (AMINA, a_meeting().begin(*(seat.person for seat in SEATS))),
    meetings.EndMeeting: (CHLOE, a_meeting().begin()),
    meetings.CorrectMinutes: (CHLOE, a_minuted_meeting()),
    meetings.SignMinutes: (AMINA, a_minuted_meeting()),
    meetings.PrintSheet: (CHLOE, a_meeting()),
    meetings.RecordPaper: (BAO, a_meeting().print_sheet().begin(*(seat.person for seat in SEATS))),
    meetings.WitnessPaper: (CHLOE, a_recorded_sheet()),
    meetings.DeclinePaper: (CHLOE, a_recorded_sheet()),
}
"""Somebody to whom each verb of a meeting is offered, and when."""


@pytest.mark.parametrize("kind", IN_A_MEETING)
def test_each_verb_of_a_meeting_is_offered_when_it_is_time(kind: type[Order]) -> None:
    person, story = IN_A_MEETING[kind]
    assert possible(kind, story.meeting, person, (ACTING[person],), story.now).refusal is None
    over = a_minuted_meeting().sign(AMINA).sign(BAO)
    assert possible(kind, over.meeting, person, (ACTING[person],), over.now).refusal is not None
