"""Zero tolerance: raised on suspicion, decided within a day, contained in hours."""

from datetime import timedelta
from typing import Any

import pytest

from remediation.facts import AlarmDecided, AuthorityNotified, Contained
from remediation.orders import CheckEffectiveness, Contain, DecideAlarm, NotifyAuthority, Supersede
from remediation.policy import Policy, Windows
from remediation.words import Alarm, FindingId, Lateness, PersonId, Role, Severity, Stage
from tests.rules.cast import (
    AMINA,
    BAO,
    CHLOE,
    DINA,
    MONDAY,
    NOTE,
    OUTSIDER,
    PHOTO,
    SYSTEM,
    TOMAS,
    Story,
    a_case,
    a_confirmed_alarm,
)

CONFIRM: dict[str, Any] = {"confirmed": True, "reason": NOTE}
CANCEL: dict[str, Any] = {"confirmed": False, "severity": Severity.MINOR, "reason": NOTE}


def test_a_duty_officer_owes_a_decision_within_a_day() -> None:
    story = a_case("zero_tolerance")
    owed = story.owed("confirm_alarm")
    assert owed is not None
    assert (owed.owner, owed.lateness) == (Role.DUTY_OFFICER, Lateness.STAFF)
    assert (owed.since, owed.due, owed.urgent) == (MONDAY, MONDAY + timedelta(hours=24), True)
    assert story.owes == {"confirm_alarm"}


def test_a_confirmed_alarm_is_told_to_the_factory_whose_hours_count_from_then() -> None:
    story = a_case("zero_tolerance")
    story.later(hours=5)
    facts = story.order(DINA, DecideAlarm, **CONFIRM)
    assert facts == (
        AlarmDecided(alarm=Alarm.CONFIRMED, severity=Severity.ZERO_TOLERANCE, reason=NOTE, first_told=True),
    )
    finding = story.finding
    assert (finding.alarm, finding.factory_told_at, finding.restricted) == (Alarm.CONFIRMED, story.now, False)
    assert finding.review_by == story.now + timedelta(hours=72)
    assert story.owes == {"notify_authority", "review", "commit", "contain"}
    contain, notify = story.owed("contain"), story.owed("notify_authority")
    assert contain is not None
    assert notify is not None
    assert (contain.since, contain.due) == (story.now, story.now + timedelta(hours=24))
    assert (contain.owner, contain.lateness) == (Role.MANAGER, Lateness.NO_PROGRESS)
    assert (notify.since, notify.due) == (MONDAY, MONDAY + timedelta(hours=48))
    assert (notify.owner, notify.lateness) == (Role.DUTY_OFFICER, Lateness.STAFF)


def test_a_factory_that_knew_keeps_its_hours() -> None:
    story = a_case("zero_tolerance", factory_told=True)
    assert story.owes == {"confirm_alarm", "review", "commit", "contain"}
    story.later(hours=5)
    (fact,) = story.order(DINA, DecideAlarm, **CONFIRM)
    assert isinstance(fact, AlarmDecided)
    assert not fact.first_told
    assert story.finding.review_by == MONDAY + timedelta(hours=72)
    assert story.finding.factory_told_at == MONDAY
    contain = story.owed("contain")
    assert contain is not None
    assert contain.due == MONDAY + timedelta(hours=24)


def test_a_cancelled_alarm_leaves_the_severity_that_stands() -> None:
    story = a_case("zero_tolerance")
    story.later(hours=5)
    facts = story.order(DINA, DecideAlarm, **CANCEL)
    assert facts == (
        AlarmDecided(alarm=Alarm.CANCELLED, severity=Severity.MINOR, reason=NOTE, first_told=True),
    )
    finding = story.finding
    assert (finding.alarm, finding.severity, finding.restricted) == (Alarm.CANCELLED, Severity.MINOR, False)
    assert story.owes == {"review", "commit"}
    assert story.due_day("review") == story.day(30)


def test_a_cancelled_alarm_of_which_the_factory_knew_counts_from_its_issue() -> None:
    story = a_case("zero_tolerance", factory_told=True)
    story.later(days=2)
    story.order(DINA, DecideAlarm, **CANCEL)
    assert story.due_day("review") == story.day(28)
    assert story.finding.dates_set_at == story.now


@pytest.mark.parametrize("person", [AMINA, BAO, CHLOE, TOMAS, OUTSIDER])
def test_nobody_but_a_duty_officer_decides_an_alarm(person: PersonId) -> None:
    story = a_case("zero_tolerance", factory_told=True)
    assert story.refused(person, DecideAlarm, **CONFIRM) == "not_your_role"


def test_who_raised_the_alarm_does_not_decide_it() -> None:
    story = a_case("zero_tolerance")
    assert story.refused(CHLOE, DecideAlarm, acting=Role.DUTY_OFFICER, **CONFIRM) == "not_independent"


@pytest.mark.parametrize("severity", [None, Severity.ZERO_TOLERANCE])
def test_a_cancelled_alarm_names_another_severity(severity: Severity | None) -> None:
    story = a_case("zero_tolerance")
    without = CANCEL | {"severity": severity}
    assert story.refused(DINA, DecideAlarm, **without) == "reason_required.severity"


def test_an_alarm_is_decided_once_and_only_where_one_was_raised() -> None:
    assert a_confirmed_alarm().refused(DINA, DecideAlarm, **CONFIRM) == "not_at_this_stage"
    assert a_case().refused(DINA, DecideAlarm, **CONFIRM) == "not_at_this_stage"


def test_the_authority_is_notified_once_of_a_confirmed_alarm() -> None:
    assert a_case("zero_tolerance").refused(DINA, NotifyAuthority, note=NOTE) == "not_at_this_stage"
    story = a_confirmed_alarm()
    assert story.refused(CHLOE, NotifyAuthority, note=NOTE) == "not_your_role"
    assert story.order(DINA, NotifyAuthority, note=NOTE) == (AuthorityNotified(note=NOTE),)
    assert "notify_authority" not in story.owes
    assert story.refused(DINA, NotifyAuthority, note=NOTE) == "already_done"


def test_some_countries_have_no_authority_to_notify() -> None:
    story = a_case("zero_tolerance", policy=Policy(windows=Windows(notify_authority=None)))
    story.order(DINA, DecideAlarm, **CONFIRM)
    assert "notify_authority" not in story.owes


def test_the_manager_shows_containment_with_evidence() -> None:
    story = a_confirmed_alarm()
    assert story.refused(AMINA, Contain, evidence=PHOTO) == "not_your_role"
    assert story.refused(BAO, Contain, evidence=()) == "evidence_required.evidence"
    assert story.order(BAO, Contain, evidence=PHOTO) == (Contained(evidence=PHOTO),)
    assert story.finding.contained
    assert "contain" not in story.owes
    assert story.refused(BAO, Contain, evidence=PHOTO) == "already_done"


def test_only_zero_tolerance_asks_for_containment() -> None:
    assert a_case().refused(BAO, Contain, evidence=PHOTO) == "not_at_this_stage"


def a_verified_alarm() -> Story:
    story = a_confirmed_alarm()
    story.commit(story.action(days=10)).fix()
    story.verify()
    return story


def test_a_verified_fix_ends_the_wait_for_containment() -> None:
    story = a_verified_alarm()
    assert story.stage() is Stage.CLOSED
    assert story.owes == {"notify_authority", "check_effectiveness"}
    assert story.refused(BAO, Contain, evidence=PHOTO) == "not_at_this_stage"


def test_containment_runs_beside_the_normal_path() -> None:
    story = a_confirmed_alarm()
    story.commit(story.action(days=10))
    assert story.owes == {"notify_authority", "contain", "action:a1"}
    story.fix()
    assert story.owes == {"notify_authority", "contain", "verify"}
    story.order(BAO, Contain, evidence=PHOTO)


def test_the_duty_to_notify_never_starts_anew_within_a_life() -> None:
    story = a_verified_alarm()
    notify = story.owed("notify_authority")
    story.later(days=3)
    level = {notice.obligation: notice.level for notice in story.finding.notices}
    assert level["notify_authority"] == 2
    story.order(CHLOE, CheckEffectiveness, held=False, on=story.day(), evidence=PHOTO)
    assert story.owed("notify_authority") == notify
    assert story.later(hours=1) == ()


def test_an_undecided_alarm_can_be_superseded() -> None:
    story = a_case("zero_tolerance")
    story.order(SYSTEM, Supersede, successor=FindingId("f2"))
    assert story.refused(DINA, DecideAlarm, **CONFIRM) == "not_at_this_stage"
