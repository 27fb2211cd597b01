"""What a page offers: found out by the rules themselves, at every stage and for every verb."""

import pytest

from remediation.orders import (
    VERBS,
    AcceptRecoveryPlan,
    Acknowledge,
    Amend,
    BookVerification,
    DecideConsequence,
    DecideExtension,
    FileRecoveryPlan,
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
from remediation.possible import CANDIDATES, possible
from remediation.words import PersonId, Role
from tests.rules.cast import ACTING, AMINA, BAO, CHLOE, OUTSIDER, RUTH, TOMAS, a_case
from tests.rules.orders import an_order
from tests.rules.situations import SITUATIONS, waiting_for_an_extension


def offered(situation: str, person: PersonId, kind: type[Order], *roles: Role) -> str:
    """Give `yes`, or the code of the refusal."""
    story = SITUATIONS[situation]()
    shown = possible(kind, story.finding, person, roles or (ACTING[person],), story.now)
    return shown.refusal.code if shown.refusal else "yes"


def test_every_verb_of_a_finding_can_be_asked_about() -> None:
    assert set(VERBS.values()) - {Reseat, Reproject} == set(CANDIDATES)


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
