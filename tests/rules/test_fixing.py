"""The manager reports the fix; workers may object or concur."""

import pytest

from remediation.facts import FixConcurred, FixObjected, FixReported
from remediation.orders import (
    BookVerification,
    CheckEffectiveness,
    ConcurWithFix,
    Contain,
    ObjectToFix,
    Order,
    RecordProgress,
    ReportFixed,
    Verify,
)
from remediation.words import Modality, PersonId, Role, Stage, Verdict
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    ERIK,
    FILE,
    FIRST,
    NOTE,
    OUTSIDER,
    PHOTO,
    SECOND,
    Story,
    a_case,
)
from tests.rules.orders import an_order
from tests.rules.situations import SITUATIONS


def a_reported_fix() -> Story:
    return a_case().commit().fix()


def test_an_objection_may_come_with_photos() -> None:
    story = a_case().commit().fix()
    (fact,) = story.order(AMINA, ObjectToFix, reason=NOTE, files=FILE)
    assert isinstance(fact, FixObjected)
    assert fact.files == FILE


def test_the_manager_reports_the_fix_when_every_action_is_done() -> None:
    story = a_case().commit().do()
    story.later(days=2)
    (fact,) = story.order(BAO, ReportFixed, evidence=PHOTO, note=NOTE)
    calendar = story.finding.calendar
    assert fact == FixReported(
        reporter=BAO,
        evidence=PHOTO,
        note=NOTE,
        objections_until=calendar.end_of(story.day(7)),
        verify_by=calendar.end_of(story.day(30)),
    )
    assert story.stage() is Stage.FIX_REPORTED
    assert story.owes == {"verify"}
    assert story.due_day("verify") == story.day(30)


def test_who_only_reported_the_fix_does_not_verify_it() -> None:
    story = a_case().commit().do()
    story.order(ERIK, ReportFixed, acting=Role.MANAGER, evidence=PHOTO)
    assert story.finding.fix is not None
    assert (story.finding.fix.reporter, story.finding.fix.reported_at) == (ERIK, story.now)
    visit = {"verdict": Verdict.PASS, "modality": Modality.ON_SITE, "evidence": PHOTO}
    assert story.refused(ERIK, Verify, **visit) == "not_independent"


def test_a_report_names_what_is_not_done_yet() -> None:
    story = a_case()
    story.commit(story.action(FIRST), story.action(SECOND)).do(FIRST)
    assert story.refused(BAO, ReportFixed, evidence=PHOTO) == "actions_not_done"


@pytest.mark.parametrize("person", [AMINA, BINH, CHLOE, OUTSIDER])
def test_nobody_but_the_manager_reports_a_fix(person: str) -> None:
    story = a_case().commit().do()
    assert story.refused(person, ReportFixed, evidence=PHOTO) == "not_your_role"  # type: ignore[arg-type]


def test_a_report_needs_evidence_and_a_commitment() -> None:
    assert a_case().commit().do().refused(BAO, ReportFixed, evidence=()) == "evidence_required.evidence"
    assert a_case().refused(BAO, ReportFixed, evidence=PHOTO) == "not_at_this_stage"
    assert a_reported_fix().refused(BAO, ReportFixed, evidence=PHOTO) == "not_at_this_stage"


def test_a_file_is_evidence_and_bound_to_its_digest() -> None:
    story = a_case().commit().do()
    (fact,) = story.order(BAO, ReportFixed, files=FILE)
    assert isinstance(fact, FixReported)
    assert (fact.evidence, fact.files) == ((), FILE)


@pytest.mark.parametrize(
    ("situation", "person", "kind"),
    [
        ("committed", BAO, RecordProgress),
        ("alarm confirmed", BAO, Contain),
        ("reported", ERIK, Verify),
        ("closed", ERIK, CheckEffectiveness),
    ],
)
def test_files_are_kept_with_whatever_they_show(situation: str, person: PersonId, kind: type[Order]) -> None:
    story = SITUATIONS[situation]()
    story.later(days=50)
    shown = an_order(kind) | {"files": FILE}
    fact, *_ = story.order(person, kind, **shown)
    assert fact.files == FILE  # type: ignore[attr-defined]


def test_the_report_is_owed_a_week_after_the_last_action_is_done() -> None:
    story = a_case()
    story.commit(story.action(days=5))
    story.later(days=20)
    story.do()
    assert story.owes == {"report_fix"}
    assert story.due_day("report_fix") == story.day(7)
    owed = story.owed("report_fix")
    assert owed is not None
    assert owed.since == story.now


def test_a_report_is_not_owed_before_the_last_promise_runs_out() -> None:
    story = a_case()
    story.commit(story.action(days=50)).do()
    assert story.due_day("report_fix") == story.day(50)


def test_a_worker_member_objects_within_seven_days() -> None:
    story = a_reported_fix()
    story.later(days=7)
    (fact,) = story.order(ASHA, ObjectToFix, reason=NOTE)
    assert fact == FixObjected(person=ASHA, reason=NOTE)
    assert story.finding.must_be_seen_on_site
    assert story.refused(AMINA, ObjectToFix, reason=NOTE) == "already_done"


def test_the_window_for_objections_closes_at_midnight_in_the_factory() -> None:
    story = a_reported_fix()
    story.later(days=7, hours=14, microseconds=-1)
    Story(story.case, story.now).order(ASHA, ObjectToFix, reason=NOTE)
    story.later(microseconds=1)
    assert story.refused(ASHA, ObjectToFix, reason=NOTE) == "too_late"


def test_an_objection_after_seven_days_is_too_late() -> None:
    story = a_reported_fix()
    story.later(days=8)
    assert story.refused(ASHA, ObjectToFix, reason=NOTE) == "too_late"


@pytest.mark.parametrize("person", [BAO, BINH, CHLOE, OUTSIDER])
def test_only_worker_members_object_and_concur(person: str) -> None:
    story = a_reported_fix()
    assert story.refused(person, ObjectToFix, reason=NOTE) == "not_a_member"  # type: ignore[arg-type]
    assert story.refused(person, ConcurWithFix) == "not_a_member"  # type: ignore[arg-type]


def test_a_worker_member_concurs_once() -> None:
    story = a_reported_fix()
    assert story.order(AMINA, ConcurWithFix) == (FixConcurred(person=AMINA),)
    assert story.refused(ASHA, ConcurWithFix) == "already_done"
    assert story.finding.fix is not None
    assert story.finding.fix.concurred


def test_another_worker_may_object_to_what_one_has_concurred_with_but_not_the_reverse() -> None:
    story = a_reported_fix()
    story.order(AMINA, ConcurWithFix)
    story.order(ASHA, ObjectToFix, reason=NOTE)
    assert story.refused(AMINA, ConcurWithFix) == "already_done"
    story = a_reported_fix()
    story.order(ASHA, ObjectToFix, reason=NOTE)
    assert story.refused(AMINA, ConcurWithFix) == "already_done"


@pytest.mark.parametrize("situation", ["issued", "committed", "closed"])
def test_there_must_be_a_reported_fix_to_answer(situation: str) -> None:
    story = SITUATIONS[situation]()
    assert story.refused(AMINA, ObjectToFix, reason=NOTE) == "not_at_this_stage"
    assert story.refused(AMINA, ConcurWithFix) == "not_at_this_stage"


def booked(story: Story, modality: Modality) -> Story:
    story.order(CHLOE, BookVerification, verifier=ERIK, modality=modality, on=story.day(3))
    assert story.stage() is Stage.VERIFYING
    return story


def test_an_objection_undoes_what_was_booked_for_the_desk() -> None:
    story = booked(a_reported_fix(), Modality.DESKTOP)
    story.order(AMINA, ObjectToFix, reason=NOTE)
    assert story.stage() is Stage.FIX_REPORTED
    assert story.finding.fix is not None
    assert (story.finding.fix.verifier, story.finding.fix.modality) == (None, None)
    assert story.finding.fix.objected


def test_an_objection_leaves_a_booked_visit_as_it_is() -> None:
    story = booked(a_reported_fix(), Modality.ON_SITE)
    story.order(AMINA, ObjectToFix, reason=NOTE)
    assert story.stage() is Stage.VERIFYING
    assert story.finding.fix is not None
    assert story.finding.fix.verifier == ERIK
