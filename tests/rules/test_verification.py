"""Somebody independent looks at the fix, and later whether it held."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from remediation.facts import EffectivenessChecked, Ended, Reopened, VerificationBooked, Verified
from remediation.orders import (
    BookVerification,
    CheckEffectiveness,
    ConcurWithFix,
    ObjectToFix,
    Propose,
    RemainingAction,
    Reseat,
    Sign,
    Verify,
)
from remediation.words import (
    ActionId,
    Digest,
    FindingId,
    GatheringId,
    Modality,
    PersonId,
    Role,
    Severity,
    Side,
    Stage,
    Verdict,
)
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    BAO,
    BINH,
    BINHS_SEAT,
    CHLOE,
    DINA,
    ERIK,
    FIRST,
    NOTE,
    OUTSIDER,
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

DESK: dict[str, Any] = {"verdict": Verdict.PASS, "modality": Modality.DESKTOP, "evidence": PHOTO}
VISIT: dict[str, Any] = {"verdict": Verdict.PASS, "modality": Modality.ON_SITE, "evidence": PHOTO}


def a_reported_fix(severity: str = "major", **fields: Any) -> Story:  # noqa: ANN401
    story = a_case(severity, **fields)
    return story.commit(story.action(FIRST), story.action(SECOND, days=50)).fix()


def test_a_verification_is_booked_with_somebody_independent() -> None:
    story = a_reported_fix()
    (fact,) = story.order(CHLOE, BookVerification, verifier=ERIK, modality=Modality.ON_SITE, on=story.day())
    assert fact == VerificationBooked(verifier=ERIK, modality=Modality.ON_SITE, on=story.day())
    assert story.stage() is Stage.VERIFYING
    owed = story.owed("verify")
    assert owed is not None
    assert owed.person == ERIK


def test_a_booking_for_a_visit_names_the_visit() -> None:
    story = a_reported_fix()
    booked = {"verifier": ERIK, "modality": Modality.ON_SITE, "on": story.day(3)}
    (fact,) = story.order(CHLOE, BookVerification, visit=GatheringId("visit:v-1"), **booked)
    assert isinstance(fact, VerificationBooked)
    assert fact.visit == "visit:v-1"


def test_a_booking_may_change_until_somebody_has_looked() -> None:
    story = a_reported_fix()
    for verifier in (ERIK, TOMAS):
        story.order(TOMAS, BookVerification, verifier=verifier, modality=Modality.DESKTOP, on=story.day(3))
    assert story.finding.fix is not None
    assert (story.finding.fix.verifier, story.finding.fix.modality) == (TOMAS, Modality.DESKTOP)


def test_what_a_booking_needs() -> None:
    story = a_reported_fix()
    usual = {"verifier": ERIK, "modality": Modality.ON_SITE, "on": story.day(3)}
    assert story.refused(BAO, BookVerification, **usual) == "not_your_role"
    assert story.refused(CHLOE, BookVerification, **usual | {"verifier": BINH}) == "not_independent.verifier"
    yesterday = usual | {"on": story.day(-1)}
    assert story.refused(CHLOE, BookVerification, **yesterday) == "date_in_the_past.on"
    assert story.refused(CHLOE, BookVerification, **usual | {"on": date.max}) == "date_beyond_policy.on"
    assert a_case().refused(CHLOE, BookVerification, **usual) == "not_at_this_stage"
    by_interview = a_reported_fix(proof_by_interview=True)
    at_desk = usual | {"modality": Modality.DESKTOP}
    assert by_interview.refused(CHLOE, BookVerification, **at_desk) == "on_site_required.modality"


def test_a_pass_closes_the_finding_and_dates_the_effectiveness_check() -> None:
    story = a_reported_fix()
    story.later(days=3)
    (fact,) = story.order(ERIK, Verify, note=NOTE, **VISIT)
    by = story.finding.calendar.end_of(story.day(90))
    assert fact == Verified(
        verdict=Verdict.PASS,
        modality=Modality.ON_SITE,
        verifier=ERIK,
        evidence=PHOTO,
        note=NOTE,
        remaining=(),
        effectiveness_by=by,
    )
    finding = story.finding
    assert story.stage() is Stage.CLOSED
    assert finding.fix is not None
    assert (finding.fix.verified_on, finding.fix.verified_at) == (story.day(), story.now)
    assert (finding.fix.verifier, finding.fix.modality) == (ERIK, Modality.ON_SITE)
    assert story.owes == {"check_effectiveness"}
    owed = story.owed("check_effectiveness")
    assert owed is not None
    assert (owed.due, owed.since) == (by, story.now)


@pytest.mark.parametrize("severity", ["minor", "collaborative"])
def test_some_fixes_are_proven_by_the_next_assessment(severity: str) -> None:
    story = a_reported_fix(severity)
    story.order(ERIK, Verify, **VISIT)
    assert story.stage() is Stage.CLOSED
    assert story.owes == set()


@pytest.mark.parametrize("person", [AMINA, BAO, BINH])
def test_no_member_and_no_reporter_verifies_whatever_role_they_act_in(person: PersonId) -> None:
    story = a_reported_fix()
    assert story.refused(person, Verify, **VISIT) in {"not_your_role", "not_independent"}
    assert story.refused(person, Verify, acting=Role.ADVISOR, **VISIT) == "not_independent"


def test_an_author_who_left_the_committee_does_not_verify() -> None:
    story = a_case()
    story.propose(BINH)
    story.order(AMINA, Sign, revision=PLAN)
    story.order(BAO, Sign, revision=PLAN)
    story.fix()
    story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT,))
    assert story.refused(BINH, Verify, acting=Role.ADVISOR, **VISIT) == "not_independent"


def test_who_owned_an_action_of_an_earlier_attempt_does_not_verify_the_next() -> None:
    story = a_case()
    story.commit(story.action(owner=ERIK)).fix()
    story.order(TOMAS, Verify, **VISIT | {"verdict": Verdict.FAIL})
    story.commit(revision=Digest("plan-2")).fix()
    assert story.refused(ERIK, Verify, **VISIT) == "not_independent"


@pytest.mark.parametrize("person", [DINA, OUTSIDER])
def test_only_advisors_and_team_leaders_verify(person: PersonId) -> None:
    assert a_reported_fix().refused(person, Verify, **VISIT) == "not_your_role"


def test_who_assessed_may_verify() -> None:
    a_reported_fix().order(CHLOE, Verify, **VISIT)


def test_a_verification_needs_evidence_and_a_reported_fix() -> None:
    bare = VISIT | {"evidence": ()}
    assert a_reported_fix().refused(ERIK, Verify, **bare) == "evidence_required.evidence"
    assert a_case().commit().refused(ERIK, Verify, **VISIT) == "not_at_this_stage"
    assert a_closed_case().refused(ERIK, Verify, **VISIT) == "not_at_this_stage"


def a_reported_alarm() -> Story:
    story = a_confirmed_alarm()
    return story.commit(story.action(days=10)).fix()


@pytest.mark.parametrize(
    "situation",
    [
        lambda: a_reported_fix(repeat_of=FindingId("f0")),
        lambda: a_reported_fix(proof_by_interview=True),
        lambda: a_reported_fix("collaborative"),
        a_reported_alarm,
    ],
    ids=["repeat", "proof by interview", "collaborative", "zero tolerance"],
)
def test_some_fixes_must_be_seen_on_site(situation: Callable[[], Story]) -> None:
    story = situation()
    story.order(AMINA, ConcurWithFix)
    assert story.refused(ERIK, Verify, **DESK) == "on_site_required.modality"
    story.order(ERIK, Verify, **VISIT)


def test_an_objection_forces_a_visit() -> None:
    story = a_reported_fix()
    story.order(AMINA, ObjectToFix, reason=NOTE)
    story.later(days=10)
    assert story.refused(ERIK, Verify, **DESK) == "on_site_required.modality"


def test_a_desk_waits_for_the_workers_and_a_visit_hears_them() -> None:
    story = a_reported_fix("minor")
    assert story.refused(ERIK, Verify, **DESK) == "too_early"
    Story(story.case, story.now).order(ERIK, Verify, **VISIT)
    concurred = Story(story.case, story.now)
    concurred.order(AMINA, ConcurWithFix)
    concurred.order(ERIK, Verify, **DESK)
    story.later(days=7, hours=14, microseconds=-1)
    assert story.refused(ERIK, Verify, **DESK) == "too_early"
    story.later(microseconds=1)
    story.order(ERIK, Verify, **DESK)


def test_a_partial_verdict_leaves_only_the_remaining_actions() -> None:
    story = a_reported_fix()
    story.later(days=5)
    remaining = (RemainingAction(id=SECOND, due=story.day(30)),)
    (fact,) = story.verify(Verdict.PARTIAL, remaining=remaining)
    assert isinstance(fact, Verified)
    assert (fact.remaining, fact.effectiveness_by) == (remaining, None)
    first, second = story.finding.actions
    assert first.done
    assert (second.percent, second.due, second.since) == (0, story.day(30), story.now)
    assert second.original_due == story.day(45)
    assert story.stage() is Stage.COMMITTED
    assert (story.finding.fix, story.finding.attempt) == (None, 1)
    assert story.owes == {"action:a2"}


def test_what_was_done_late_and_then_found_undone_is_late_no_more() -> None:
    story = a_case().commit(a_case().action(days=5))
    story.later(days=7)
    story.fix()
    assert story.finding.actions[0].level == 1
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(30)),))
    assert story.finding.actions[0].level == 0


def test_a_partial_verdict_counts_as_progress_seen() -> None:
    story = a_reported_fix("collaborative")
    story.later(days=20)
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=SECOND, due=story.day(200)),))
    assert story.due_day("progress_review") == story.day(90)


def test_a_partial_verdict_and_only_that_lists_what_remains() -> None:
    story = a_reported_fix()
    some = (RemainingAction(id=FIRST, due=story.day(5)),)
    for verdict, remaining in ((Verdict.PARTIAL, ()), (Verdict.PASS, some), (Verdict.FAIL, some)):
        given = VISIT | {"verdict": verdict, "remaining": remaining}
        assert story.refused(ERIK, Verify, **given) == "field_invalid.remaining"


@pytest.mark.parametrize(
    ("name", "days", "code"),
    [
        ("a9", 5, "unknown_action"),
        (FIRST, 0, "date_in_the_past"),
        (FIRST, -1, "date_in_the_past"),
        (FIRST, 91, "date_beyond_policy"),
    ],
)
def test_what_remains_has_a_date_ahead_within_another_time_for_a_fix(name: str, days: int, code: str) -> None:
    story = a_reported_fix()
    remaining = (RemainingAction(id=ActionId(name), due=story.day(days)),)
    given = VISIT | {"verdict": Verdict.PARTIAL, "remaining": remaining}
    assert story.refused(ERIK, Verify, **given) == f"{code}.remaining"


def test_what_remains_may_take_as_long_again() -> None:
    for severity, days in (("major", 90), ("collaborative", 3653)):
        story = a_reported_fix(severity)
        story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=FIRST, due=story.day(days)),))
        assert story.due_day("action:a1") == story.day(days)


def test_what_remains_is_listed_once() -> None:
    story = a_reported_fix()
    twice = (RemainingAction(id=FIRST, due=story.day(5)), RemainingAction(id=FIRST, due=story.day(6)))
    given = VISIT | {"verdict": Verdict.PARTIAL, "remaining": twice}
    assert story.refused(ERIK, Verify, **given) == "field_invalid.remaining"


def test_a_second_report_gives_workers_a_second_say() -> None:
    story = a_reported_fix()
    story.order(AMINA, ObjectToFix, reason=NOTE)
    story.verify(Verdict.PARTIAL, remaining=(RemainingAction(id=SECOND, due=story.day(10)),))
    story.fix()
    story.order(AMINA, ObjectToFix, reason=NOTE)


def test_a_failed_verification_reopens_the_finding_as_a_new_attempt() -> None:
    story = a_reported_fix()
    story.later(days=5)
    before = list(story.entries)
    verified, reopened = story.verify(Verdict.FAIL)
    assert isinstance(verified, Verified)
    assert reopened == Reopened(attempt=2, severity=Severity.MAJOR, cause="verification", reason=None)
    finding = story.finding
    assert (story.stage(), finding.attempt, finding.attempt_began) == (Stage.UNDER_REVIEW, 2, story.now)
    assert (finding.actions, finding.fix, finding.committed_at) == ((), None, None)
    assert finding.fixers == (AMINA, BAO)
    assert story.owes == {"commit"}
    assert story.due_day("commit") == story.day(30)
    assert story.entries[: len(before)] == before, "earlier attempts are kept whole"


def checked(story: Story, *, held: bool, days: int = 0) -> dict[str, Any]:
    return {"held": held, "on": story.day(days), "evidence": PHOTO}


def test_a_fix_that_held_is_sustained() -> None:
    story = a_closed_case()
    story.later(days=90)
    facts = story.order(CHLOE, CheckEffectiveness, note=NOTE, **checked(story, held=True))
    assert facts == (
        EffectivenessChecked(held=True, on=story.day(), evidence=PHOTO, note=NOTE),
        Ended(stage=Stage.SUSTAINED),
    )
    assert story.stage() is Stage.SUSTAINED
    assert story.owes == set()


@pytest.mark.parametrize(
    ("severity", "next_severity"),
    [("minor", "major"), ("major", "critical"), ("critical", "critical"), ("collaborative", "minor")],
)
def test_a_fix_that_did_not_hold_reopens_one_severity_up(severity: str, next_severity: str) -> None:
    story = a_closed_case(severity)
    story.later(days=30)
    _, reopened = story.order(CHLOE, CheckEffectiveness, **checked(story, held=False))
    up = Severity(next_severity)
    assert reopened == Reopened(attempt=2, severity=up, cause="effectiveness", reason=None)
    assert (story.finding.severity, story.stage()) == (up, Stage.UNDER_REVIEW)
    assert story.finding.alarm is None


def test_zero_tolerance_that_did_not_hold_stays_zero_tolerance() -> None:
    story = a_confirmed_alarm()
    story.commit(story.action(days=10)).fix()
    story.verify()
    story.later(days=30)
    story.order(CHLOE, CheckEffectiveness, **checked(story, held=False))
    assert story.finding.severity is Severity.ZERO_TOLERANCE
    assert "contain" in story.owes


def test_the_check_is_dated_after_the_verification_and_not_ahead() -> None:
    story = a_closed_case()
    assert story.refused(CHLOE, CheckEffectiveness, **checked(story, held=True)) == "too_early.on"
    story.later(days=1)
    early = checked(story, held=True, days=-1)
    assert story.refused(CHLOE, CheckEffectiveness, **early) == "too_early.on"
    ahead = checked(story, held=True, days=1)
    assert story.refused(CHLOE, CheckEffectiveness, **ahead) == "field_invalid.on"
    story.order(CHLOE, CheckEffectiveness, **checked(story, held=True))


def test_the_check_is_never_blank_and_never_by_the_factory() -> None:
    story = a_closed_case()
    story.later(days=5)
    blank = checked(story, held=True) | {"evidence": ()}
    assert story.refused(CHLOE, CheckEffectiveness, **blank) == "evidence_required.evidence"
    good = checked(story, held=True)
    assert story.refused(BAO, CheckEffectiveness, **good) == "not_your_role"
    assert story.refused(BAO, CheckEffectiveness, acting=Role.ADVISOR, **good) == "not_independent"


def test_only_a_closed_finding_is_checked() -> None:
    story = a_reported_fix()
    assert story.refused(CHLOE, CheckEffectiveness, **checked(story, held=True)) == "not_at_this_stage"


def test_an_advisor_with_a_seat_is_no_verifier() -> None:
    story = a_reported_fix()
    story.order(SYSTEM, Reseat, seats=(AMINAS_SEAT, BINHS_SEAT, _seat(ERIK)))
    assert story.refused(ERIK, Verify, **VISIT) == "not_independent"
    plan = {"revision": PLAN, "actions": (story.action(),)}
    assert story.refused(ERIK, Propose, **plan) == "not_at_this_stage"


def _seat(person: PersonId) -> Any:  # noqa: ANN401
    return type(AMINAS_SEAT)(person=person, side=Side.MANAGEMENT)
