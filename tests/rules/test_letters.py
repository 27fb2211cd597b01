"""Which letters a fact calls for, and to whom."""

from typing import Any

import pytest

from remediation import facts
from remediation.letters import LetterOrder, letters_for
from remediation.orders import (
    Amend,
    BookVerification,
    Cease,
    CheckEffectiveness,
    CloseMediation,
    Contain,
    CosignExtension,
    DecideAlarm,
    DecideDispute,
    DecideExtension,
    DeclareDeadlock,
    Dispute,
    FileInterimPlan,
    ObjectToFix,
    Refuse,
    Reopen,
    RequestExtension,
    Sign,
    Supersede,
)
from remediation.policy import Policy
from remediation.words import (
    FACTORY_ROLES,
    DisputeOutcome,
    FindingId,
    LetterKind,
    Modality,
    Role,
    Severity,
    Verdict,
)
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    DINA,
    ERIK,
    FIRST,
    NOTE,
    PHOTO,
    PLAN,
    SECOND,
    SYSTEM,
    TOMAS,
    Story,
    a_case,
    a_closed_case,
    a_confirmed_alarm,
)

FACTORY = {"manager", "worker_co_chair", "management_co_chair"}
CO_CHAIRS = {"worker_co_chair", "management_co_chair"}


def letters(*what: facts.Fact) -> tuple[LetterOrder, ...]:
    return tuple(letter for fact in what for letter in letters_for(fact, 1))


def sent(*what: facts.Fact) -> dict[str, set[str]]:
    """Give the kinds of letters that facts call for, and the slots each goes to."""
    kinds: dict[str, set[str]] = {}
    for letter in letters(*what):
        kinds.setdefault(letter.kind, set()).add(letter.recipient)
    return kinds


def last(story: Story) -> dict[str, set[str]]:
    return sent(story.facts[-1])


def test_a_new_finding_reaches_the_factory_and_the_advisor_with_the_mornings_others() -> None:
    story = a_case()
    assert last(story) == {"new_finding": FACTORY | {"advisor"}}
    assert all(letter.gathered for letter in letters(story.facts[0]))


def test_an_alarm_reaches_staff_at_once_and_the_factory_only_when_protocol_allows() -> None:
    staff = {"duty_officer", "advisor", "team_leader"}
    assert last(a_case("zero_tolerance")) == {"alarm_raised": staff}
    told = a_case("zero_tolerance", factory_told=True)
    assert last(told) == {"alarm_raised": staff | FACTORY}
    assert not any(letter.gathered for letter in letters(told.facts[0]))


def test_an_amendment_is_told_and_an_alarm_it_raises_is_not() -> None:
    story = a_case()
    assert sent(*story.order(CHLOE, Amend, severity=Severity.MINOR, note=NOTE)) == {
        "finding_amended": FACTORY
    }
    assert all(letter.gathered for letter in letters(story.facts[-1]))
    alarm = {"severity": Severity.ZERO_TOLERANCE, "note": NOTE}
    staff = {"duty_officer", "advisor", "team_leader"}
    assert sent(*story.order(CHLOE, Amend, **alarm)) == {"alarm_raised": staff}
    open_protocol = a_case(policy=Policy(tell_factory_when_raised=True))
    assert sent(*open_protocol.order(CHLOE, Amend, **alarm)) == {"alarm_raised": staff | FACTORY}


def test_a_dispute_reaches_who_decides_and_the_decision_who_disputed() -> None:
    story = a_case()
    raised = story.order(AMINA, Dispute, reason=NOTE)
    assert sent(*raised) == {"dispute_raised": {"team_leader", "advisor"}}
    decided = story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.UPHELD, reason=NOTE)
    assert sent(*decided) == {"dispute_decided": FACTORY | {"advisor"}}, (
        "one letter, not one more for the end"
    )


def test_every_member_is_asked_to_sign_in_the_seat_they_hold() -> None:
    story = a_case()
    assert sent(*story.propose()) == {
        "sign_proposal": {
            "worker_member:amina",
            "worker_member:asha",
            "management_member:bao",
            "management_member:binh",
        }
    }


def test_only_the_author_hears_of_a_refusal_and_both_sides_of_a_failure() -> None:
    story = a_case()
    story.propose(BINH)
    refused, failed = story.order(AMINA, Refuse, revision=PLAN, reason=NOTE)
    assert sent(refused) == {"proposal_refused": {"management_member:binh"}}
    assert sent(failed) == {"proposal_failed": CO_CHAIRS | {"advisor"}}
    story.propose(ASHA)
    refused, *_ = story.order(BAO, Refuse, revision=PLAN, reason=NOTE)
    assert sent(refused) == {"proposal_refused": {"worker_member:asha"}}


def test_a_commitment_reaches_each_owner_once() -> None:
    story = a_case()
    actions = (story.action(FIRST, owner=ASHA), story.action(SECOND, owner=ASHA))
    story.commit(*actions)
    assert last(story) == {"committed": FACTORY | {"advisor", "action_owner:asha"}}
    assert len(letters(story.facts[-1])) == 5


def test_a_deadlock_and_an_interim_plan_are_told_as_what_they_are() -> None:
    story = a_case()
    story.propose()
    deadlock = story.order(AMINA, DeclareDeadlock, reason=NOTE)
    assert sent(*deadlock) == {"deadlock": CO_CHAIRS | {"advisor"}}
    interim = story.order(BAO, FileInterimPlan, revision=PLAN, actions=(story.action(),))
    assert sent(*interim) == {"interim_plan": FACTORY | {"advisor", "action_owner:bao"}}


def test_a_reminder_reaches_who_owes_and_waits_for_the_morning() -> None:
    story = a_case().commit()
    (fact,) = story.later(days=46)
    (letter,) = letters(fact)
    assert isinstance(fact, facts.Reminded)
    assert letter == LetterOrder(
        kind=LetterKind.REMINDER,
        role=Role.ACTION_OWNER,
        person=BAO,
        obligation="action:a1",
        step="T-14",
        due=fact.due,
        gathered=True,
    )


def test_a_step_of_the_ladder_reaches_each_role_at_once() -> None:
    story = a_case().commit(a_case().action(days=10))
    first, *_ = (fact for fact in story.later(days=11) if isinstance(fact, facts.Escalated))
    assert sent(first) == {"overdue": FACTORY | {"action_owner:bao"}}
    assert {(letter.obligation, letter.step, letter.due) for letter in letters(first)} == {
        ("action:a1", "L1", first.due)
    }
    assert not any(letter.gathered for letter in letters(first))


def test_where_no_person_owns_what_is_late_the_roles_are_told() -> None:
    story = a_case().commit().do()
    first, *_ = (fact for fact in story.later(days=61) if isinstance(fact, facts.Escalated))
    assert first.person is None
    assert sent(first) == {"overdue": FACTORY}


def test_each_side_is_asked_to_join_the_other_and_the_decider_to_decide() -> None:
    story = a_case().commit()
    asked = {"actions": (FIRST,), "until": story.day(70), "reason": NOTE, "interim_protection": NOTE}
    assert sent(*story.order(AMINA, RequestExtension, **asked)) == {
        "extension_cosign": {"management_co_chair"}
    }
    assert sent(*story.order(BAO, RequestExtension, **asked)) == {"extension_cosign": {"worker_co_chair"}}
    assert sent(*story.order(AMINA, CosignExtension)) == {"extension_asked": {"advisor"}}
    decided = story.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    assert sent(*decided) == {"extension_decided": FACTORY}


def test_a_report_reaches_the_workers_and_an_objection_no_manager() -> None:
    story = a_case().commit().fix()
    assert last(story) == {"fix_reported": {"worker_co_chair", "advisor"}}
    assert sent(*story.order(AMINA, ObjectToFix, reason=NOTE)) == {"objection": {"advisor"}}


def test_a_visit_may_be_unannounced_and_a_desk_check_is_not() -> None:
    story = a_case().commit().fix()
    booking: dict[str, Any] = {"verifier": ERIK, "on": story.day(2)}
    visit = story.order(CHLOE, BookVerification, modality=Modality.ON_SITE, **booking)
    assert sent(*visit) == {"verification_booked": {"advisor:erik"}}
    desk = story.order(CHLOE, BookVerification, modality=Modality.DESKTOP, **booking)
    assert sent(*desk) == {"verification_booked": FACTORY | {"advisor:erik"}}


def test_an_outcome_reaches_the_factory_and_the_advisor() -> None:
    everybody = FACTORY | {"advisor"}
    story = a_case().commit().fix()
    assert sent(*story.verify(Verdict.FAIL)) == {
        "verification_outcome": everybody,
        "reopened": everybody,
    }
    story = a_case().commit().fix()
    assert sent(*story.verify()) == {"closed": everybody}


@pytest.mark.parametrize(("held", "kind"), [(True, "sustained"), (False, "reopened")])
def test_whether_a_fix_held_is_told_once(held: bool, kind: str) -> None:  # noqa: FBT001
    story = a_closed_case()
    story.later(days=5)
    facts_ = story.order(CHLOE, CheckEffectiveness, held=held, on=story.day(), evidence=PHOTO)
    assert sent(*facts_) == {kind: FACTORY | {"advisor"}}


def test_an_end_and_a_reopening_are_told() -> None:
    story = a_case()
    assert sent(*story.order(TOMAS, Cease, reason=NOTE)) == {"ended": FACTORY | {"advisor"}}
    assert sent(*story.order(TOMAS, Reopen, reason=NOTE)) == {"reopened": FACTORY | {"advisor"}}


def test_a_confirmed_alarm_is_told_and_so_is_a_cancelled_one_where_the_factory_knew() -> None:
    told = {"alarm_decided": FACTORY | {"advisor", "team_leader"}}
    assert last(a_confirmed_alarm()) == told
    story = a_case("zero_tolerance", factory_told=True)
    cancelled = story.order(DINA, DecideAlarm, confirmed=False, severity=Severity.MINOR, reason=NOTE)
    assert sent(*cancelled) == told


def test_the_factory_never_hears_of_a_suspicion_that_came_to_nothing() -> None:
    story = a_case("zero_tolerance")
    cancelled = story.order(DINA, DecideAlarm, confirmed=False, severity=Severity.MINOR, reason=NOTE)
    assert sent(*cancelled) == {"alarm_decided": {"advisor", "team_leader"}, "new_finding": FACTORY}
    assert {letter.gathered for letter in letters(*cancelled) if letter.kind == "new_finding"} == {True}


def test_no_letter_about_a_hidden_finding_goes_to_the_factory() -> None:
    story = a_case("zero_tolerance")
    story.later(days=30)
    story.order(TOMAS, Cease, reason=NOTE)
    story.order(TOMAS, Reopen, reason=NOTE)
    story.later(days=30)
    story.order(SYSTEM, Supersede, successor=FindingId("f2"))
    roles = {letter.role for letter in letters(*story.facts)}
    assert roles
    assert roles.isdisjoint(FACTORY_ROLES)


def test_the_advisor_alone_hears_of_the_end_of_what_was_kept_from_the_factory() -> None:
    story = a_case("zero_tolerance")
    assert sent(*story.order(TOMAS, Cease, reason=NOTE)) == {"ended": {"advisor"}}
    assert sent(*story.order(TOMAS, Reopen, reason=NOTE)) == {"reopened": {"advisor"}}


def test_containment_is_told_to_who_watches_over_it() -> None:
    story = a_confirmed_alarm()
    assert sent(*story.order(BAO, Contain, evidence=PHOTO)) == {"contained": {"duty_officer", "advisor"}}


def test_votes_progress_and_books_call_for_no_letter() -> None:
    story = a_case()
    story.propose()
    assert sent(*story.order(ASHA, Sign, revision=PLAN)) == {}
    story.order(AMINA, DeclareDeadlock, reason=NOTE)
    assert sent(*story.order(CHLOE, CloseMediation, reason=NOTE)) == {}


def test_letters_about_one_fact_differ_from_those_about_the_next() -> None:
    story = a_case()
    (first, *_), (second, *_) = (letters_for(story.facts[0], seq) for seq in (1, 2))
    assert (first.obligation, first.step, first.due) == ("issued", "#1", None)
    assert second.step == "#2"
