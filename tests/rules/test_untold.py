"""What the factory is not told of a finding that it may see."""

from datetime import timedelta

import pytest

from remediation.fact import Fact
from remediation.facts import AcknowledgementLapsed, AlarmDecided, AuthorityNotified, Contained
from remediation.untold import untold
from remediation.words import Alarm, Duty, NoteId, Severity
from storage.codec import fact_of
from tests.storage.builders import MONDAY, a_life

LATER = MONDAY + timedelta(days=1)


def decided(alarm: Alarm, *, first_told: bool) -> AlarmDecided:
    return AlarmDecided(alarm=alarm, severity=Severity.MAJOR, reason=NoteId("n"), first_told=first_told)


def lapsed(duty: Duty) -> AcknowledgementLapsed:
    return AcknowledgementLapsed(obligation="o", duty=duty, due=MONDAY, level=2, scheduled=MONDAY)


@pytest.mark.parametrize(
    ("fact", "hidden"),
    [
        (Contained(evidence=()), False),
        (AuthorityNotified(note=NoteId("n")), True),
        (decided(Alarm.CONFIRMED, first_told=True), False),
        (decided(Alarm.CANCELLED, first_told=True), True),
        (decided(Alarm.CANCELLED, first_told=False), False),
    ],
)
def test_once_told_the_factory_hears_all_but_the_alarms_own_matters(fact: Fact, *, hidden: bool) -> None:
    assert untold(fact, LATER, MONDAY) is hidden
    assert untold(fact, LATER, None)
    assert untold(fact, MONDAY, LATER)


def test_the_issue_is_never_hidden() -> None:
    [entry] = a_life().entries
    assert not untold(fact_of(entry.kind, entry.body), MONDAY, None)


def test_what_the_clock_brings_about_the_alarm_is_the_staffs_own() -> None:
    assert untold(lapsed(Duty.CONFIRM_ALARM), LATER, MONDAY)
    assert not untold(lapsed(Duty.REVIEW), LATER, MONDAY)
