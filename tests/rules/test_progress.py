"""Owners show how far their actions are; lateness needs its reason."""

import pytest

from remediation.facts import ProgressRecorded
from remediation.orders import Attached, RecordProgress
from remediation.words import Digest, EvidenceId, NoteId, PersonId, Role, Stage
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    FILE,
    FIRST,
    NOTE,
    OUTSIDER,
    PHOTO,
    SECOND,
    Story,
    a_case,
)


def two_actions() -> Story:
    story = a_case()
    return story.commit(story.action(FIRST, owner=ASHA), story.action(SECOND, days=20))


def test_the_owner_moves_an_action_on() -> None:
    story = two_actions()
    story.later(days=1)
    facts = story.order(ASHA, RecordProgress, action=FIRST, percent=40, note=NOTE, evidence=PHOTO)
    assert facts == (ProgressRecorded(action=FIRST, percent=40, note=NOTE, evidence=PHOTO, slip_reason=None),)
    first, second = story.finding.actions
    assert (first.percent, second.percent, story.finding.last_progress) == (40, 0, story.now)


def test_the_manager_records_for_anybody_and_others_for_nobody() -> None:
    story = two_actions()
    story.order(BAO, RecordProgress, action=FIRST, percent=10)
    for person in (AMINA, BINH, CHLOE, OUTSIDER):
        assert story.refused(person, RecordProgress, action=FIRST, percent=20) == "not_your_role"


def test_done_needs_evidence() -> None:
    story = two_actions()
    bare = {"action": SECOND, "percent": 100}
    assert story.refused(BAO, RecordProgress, **bare) == "evidence_required.evidence"
    story.order(BAO, RecordProgress, evidence=PHOTO, **bare)
    assert story.finding.actions[1].done
    assert story.owes == {"action:a1"}


def test_nobody_looks_through_fifty_one_photographs() -> None:
    story = two_actions()
    photos = tuple(NoteId(f"photo-{number}") for number in range(51))
    many = {"action": SECOND, "percent": 50}
    assert story.refused(BAO, RecordProgress, evidence=photos, **many) == "field_invalid.evidence"
    story.order(BAO, RecordProgress, evidence=photos[:50], **many)


def test_a_file_alone_shows_that_an_action_is_done_or_moves_on() -> None:
    story = two_actions()
    story.order(BAO, RecordProgress, action=FIRST, percent=0, files=FILE)
    story.order(BAO, RecordProgress, action=SECOND, percent=100, files=FILE)
    assert story.finding.actions[1].done


def test_a_file_is_named_once_and_fifty_at_most() -> None:
    story = two_actions()
    many = tuple(Attached(id=EvidenceId(f"e-{number}"), digest=Digest("d" * 64)) for number in range(51))
    given = {"action": SECOND, "percent": 50}
    words = tuple(NoteId(f"photo-{number}") for number in range(50))
    assert story.refused(BAO, RecordProgress, evidence=words, files=many, **given) == "field_invalid.files"
    for files in (FILE * 2, many):
        assert story.refused(BAO, RecordProgress, files=files, **given) == "field_invalid.files"
    story.order(BAO, RecordProgress, files=many[:50], **given)


@pytest.mark.parametrize("percent", [-1, 101, 10**9])
def test_a_percentage_lies_between_nothing_and_all(percent: int) -> None:
    story = two_actions()
    given = {"action": SECOND, "percent": percent, "evidence": PHOTO}
    assert story.refused(BAO, RecordProgress, **given) == "field_invalid.percent"


def test_an_action_may_fall_back_to_nothing() -> None:
    story = two_actions()
    story.order(BAO, RecordProgress, action=SECOND, percent=99)
    story.order(BAO, RecordProgress, action=SECOND, percent=0)
    assert story.finding.actions[1].percent == 0


def test_the_same_percentage_needs_something_new_to_say() -> None:
    story = two_actions()
    same = {"action": SECOND, "percent": 0}
    assert story.refused(BAO, RecordProgress, **same) == "same_as_before.percent"
    for news in ({"note": NOTE}, {"evidence": PHOTO}, {"slip_reason": NOTE}):
        story.order(BAO, RecordProgress, **same, **news)


def test_what_is_done_is_done() -> None:
    story = two_actions().do(SECOND)
    again = {"action": SECOND, "percent": 50}
    assert story.refused(BAO, RecordProgress, **again) == "already_done.action"


def test_an_action_must_be_of_the_commitment() -> None:
    story = two_actions()
    assert story.refused(BAO, RecordProgress, action="a9", percent=5) == "unknown_action.action"


def test_lateness_needs_its_reason() -> None:
    story = two_actions()
    story.later(days=20, hours=14, microseconds=-1)
    story.order(BAO, RecordProgress, action=SECOND, percent=50)
    story.later(microseconds=1)
    late = {"action": SECOND, "percent": 60}
    assert story.refused(BAO, RecordProgress, **late) == "reason_required.slip_reason"
    (fact,) = story.order(BAO, RecordProgress, slip_reason=NOTE, **late)
    assert isinstance(fact, ProgressRecorded)
    assert fact.slip_reason == NOTE


@pytest.mark.parametrize("stage", [Stage.ISSUED, Stage.UNDER_REVIEW, Stage.FIX_REPORTED])
def test_progress_belongs_to_a_commitment(stage: Stage) -> None:
    story = a_case()
    if stage is not Stage.ISSUED:
        story.propose()
    if stage is Stage.FIX_REPORTED:
        story = a_case().commit().fix()
    assert story.refused(BAO, RecordProgress, action=FIRST, percent=10) == "not_at_this_stage"


def test_an_owner_needs_no_seat() -> None:
    story = a_case()
    foreman = PersonId("foreman")
    story.commit(story.action(owner=foreman))
    story.order(foreman, RecordProgress, acting=Role.ACTION_OWNER, action=FIRST, percent=30)
