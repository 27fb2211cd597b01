"""What waits for whom: all that is owed, and the answers that others wait for."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from remediation.obligations import obligations
from remediation.orders import (
    Acknowledge,
    ApproveNoAction,
    ConcurWithFix,
    CosignExtension,
    DecideConsequence,
    ObjectToFix,
    Order,
    Propose,
    Refuse,
    RequestExtension,
    Sign,
)
from remediation.policy import Policy
from remediation.possible import possible
from remediation.waiting import Ask, Wait, otherwise, waits
from remediation.words import ActionId, Consequence, Duty, PersonId, Role, Severity
from tests.rules.cast import (
    ACTING,
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    DHAKA,
    FIRST,
    NOTE,
    PLAN,
    RUTH,
    SECOND,
    Story,
    a_case,
)
from tests.rules.situations import SITUATIONS

ANSWERS: dict[Ask, type[Order]] = {
    Ask.PROPOSE: Propose,
    Ask.SIGN: Sign,
    Ask.ACCEPT_NO_ACTION: ApproveNoAction,
    Ask.COSIGN: CosignExtension,
    Ask.ANSWER_REPORT: ConcurWithFix,
    Ask.ACKNOWLEDGE: Acknowledge,
}
STAFF = {Role.ADVISOR: CHLOE}


def asked(story: Story, what: Ask) -> set[PersonId | Role | None]:
    return {each.person or each.role for each in waits(story.finding) if each.what is what}


def the(story: Story, what: Ask | Duty) -> Wait:
    return next(each for each in waits(story.finding) if each.what is what)


@pytest.mark.parametrize("situation", SITUATIONS)
def test_all_that_is_owed_waits_for_who_owes_it(situation: str) -> None:
    finding = SITUATIONS[situation]().finding
    owed = [each for each in waits(finding) if isinstance(each.what, Duty)]
    assert [(each.what, each.due, each.obligation) for each in owed] == [
        (each.duty, each.due, each.key) for each in obligations(finding)
    ]
    assert all((each.person is None) is (each.role is not None) for each in waits(finding))


@pytest.mark.parametrize("situation", SITUATIONS)
def test_whoever_is_asked_can_answer(situation: str) -> None:
    story = SITUATIONS[situation]()
    for wait in waits(story.finding):
        if not isinstance(wait.what, Ask):
            continue
        person = wait.person or STAFF.get(wait.role or Role.SYSTEM)
        if person is not None:
            shown = possible(ANSWERS[wait.what], story.finding, person, (ACTING[person],), story.now)
            assert shown.refusal is None, wait


def test_every_member_is_asked_to_propose_and_then_to_sign() -> None:
    story = a_case()
    assert asked(story, Ask.PROPOSE) == {AMINA, ASHA, BAO, BINH}
    assert the(story, Ask.PROPOSE).due == story.finding.review_by
    story.propose()
    assert asked(story, Ask.PROPOSE) == set()
    assert asked(story, Ask.SIGN) == {AMINA, ASHA, BAO, BINH}
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BINH, Refuse, revision=PLAN, reason=NOTE)
    assert asked(story, Ask.SIGN) == {ASHA, BAO}
    story.order(BAO, Refuse, revision=PLAN, reason=NOTE)
    assert asked(story, Ask.SIGN) == set()
    assert asked(story, Ask.PROPOSE) == {AMINA, ASHA, BAO, BINH}
    assert the(story, Ask.PROPOSE).due == story.finding.commit_by


def test_nobody_of_the_factory_is_asked_about_what_is_kept_from_them() -> None:
    story = a_case("zero_tolerance")
    assert {each.role for each in waits(story.finding)} == {Role.DUTY_OFFICER}


def test_the_advisor_is_asked_where_nothing_shall_be_done() -> None:
    story = a_case()
    story.propose(actions=(), no_action_reason=NOTE)
    assert asked(story, Ask.ACCEPT_NO_ACTION) == {Role.ADVISOR}
    story.order(CHLOE, ApproveNoAction, revision=PLAN, reason=NOTE)
    assert asked(story, Ask.ACCEPT_NO_ACTION) == set()


def test_the_other_side_is_asked_to_join_a_request_before_the_date() -> None:
    story = a_case().commit(story_action := a_case().action())
    ask = {"until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST,), **ask)
    assert asked(story, Ask.COSIGN) == {BAO, BINH}
    assert the(story, Ask.COSIGN).due == story.finding.calendar.end_of(story_action.due)
    story.order(BAO, CosignExtension)
    assert asked(story, Ask.COSIGN) == set()


@pytest.mark.parametrize("answer", [ConcurWithFix, ObjectToFix])
def test_workers_are_asked_about_the_fix_until_one_of_them_answers(answer: type[Order]) -> None:
    story = a_case().commit().fix()
    assert asked(story, Ask.ANSWER_REPORT) == {AMINA, ASHA}
    story.order(ASHA, answer, **({"reason": NOTE} if answer is ObjectToFix else {}))
    assert asked(story, Ask.ANSWER_REPORT) == set()


def test_staff_are_asked_to_acknowledge_the_step_they_were_told_of() -> None:
    story = a_case()
    story.later(days=23)
    assert asked(story, Ask.ACKNOWLEDGE) == {Role.ADVISOR}
    wait = the(story, Ask.ACKNOWLEDGE)
    assert wait.obligation == Duty.REVIEW
    story.order(CHLOE, Acknowledge, obligation=Duty.REVIEW)
    assert asked(story, Ask.ACKNOWLEDGE) == set()


def test_after_the_panels_decision_staff_who_are_told_of_it_are_asked_to_acknowledge_it() -> None:
    *below, top = Policy().ladder
    told = replace(top, told=(Role.DECISION_PANEL, Role.PROGRAMME_MANAGER))
    story = a_case(policy=Policy(version="told", ladder=(*below, told)))
    story.later(days=21 + 91)
    story.order(
        RUTH, DecideConsequence, obligation=Duty.REVIEW, consequence=Consequence.PUBLICATION, reason=NOTE
    )
    (wait,) = (
        each
        for each in waits(story.finding)
        if each.what is Ask.ACKNOWLEDGE and each.obligation == Duty.REVIEW
    )
    assert (wait.role, wait.due) == (Role.PROGRAMME_MANAGER, DHAKA.end_of(story.day(3)))


def test_the_first_level_and_the_staffs_own_lateness_ask_for_nothing_to_be_seen() -> None:
    story = a_case().commit()
    story.later(days=62)
    assert asked(story, Ask.ACKNOWLEDGE) == set()
    late = a_case().commit().fix()
    late.later(days=60)
    assert asked(late, Ask.ACKNOWLEDGE) == set()


def test_what_happens_otherwise_is_the_next_step_of_the_ladder() -> None:
    story = a_case()
    wait = the(story, Duty.REVIEW)
    step = otherwise(story.finding, wait)
    assert step is not None
    assert (step.level, step.told) == (2, (Role.ADVISOR,))
    assert step.at > wait.due
    story.later(days=400)
    last = otherwise(story.finding, the(story, Duty.REVIEW))
    assert last is None or last.at > story.now
    fixed = a_case().commit().fix()
    assert otherwise(fixed.finding, the(fixed, Ask.ANSWER_REPORT)) is None


def test_an_ask_says_by_when_it_waits_and_what_becomes_late() -> None:
    def waiting(story: Story, what: Ask) -> set[tuple[datetime, str]]:
        return {(each.due, each.obligation) for each in waits(story.finding) if each.what is what}

    story = a_case()
    review, commit = story.finding.review_by, story.finding.commit_by
    assert waiting(story, Ask.PROPOSE) == {(review, Duty.REVIEW)}
    story.propose(actions=(), no_action_reason=NOTE)
    assert waiting(story, Ask.SIGN) == waiting(story, Ask.ACCEPT_NO_ACTION) == {(commit, Duty.COMMIT)}
    for person in (BAO, BINH):
        story.order(person, Refuse, revision=PLAN, reason=NOTE)
    assert waiting(story, Ask.PROPOSE) == {(commit, Duty.COMMIT)}
    reported = a_case().commit().fix()
    assert waiting(reported, Ask.ANSWER_REPORT) == {(DHAKA.end_of(reported.day(7)), "")}
    seen = a_case()
    seen.later(days=22)
    assert waiting(seen, Ask.ACKNOWLEDGE) == {(DHAKA.end_of(seen.day(3)), Duty.REVIEW)}


def test_a_request_about_several_actions_waits_until_the_first_of_their_days() -> None:
    story = a_case()
    story.commit(story.action(FIRST, days=30), story.action(SECOND, days=20), story.action("a3", days=10))
    first = DHAKA.end_of(story.day(20))
    ask = {"until": story.day(35), "reason": NOTE, "interim_protection": NOTE}
    story.order(AMINA, RequestExtension, actions=(FIRST, SECOND), **ask)
    assert (the(story, Ask.COSIGN).due, the(story, Ask.COSIGN).obligation) == (first, "")


def test_once_a_fix_is_verified_workers_are_asked_no_more() -> None:
    story = a_case().commit().fix()
    story.verify()
    assert asked(story, Ask.ANSWER_REPORT) == set()


def test_asks_stand_beside_promises_by_their_own_instants() -> None:
    story = a_case("major").commit()
    assert story.finding.severity is Severity.MAJOR
    action = story.finding.action(ActionId(FIRST))
    assert action is not None
    wait = the(story, Duty.ACTION)
    assert (wait.person, wait.role) == (BAO, None)
    assert wait.due - timedelta(seconds=1) < story.finding.calendar.end_of(action.due)
