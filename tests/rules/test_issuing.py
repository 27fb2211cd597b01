"""A finding is issued, and corrected while nobody has acted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from remediation.facts import Amended, Reminded
from remediation.orders import Amend, Dispute, Propose
from remediation.policy import Policy
from remediation.words import Alarm, FindingId, Role, Severity, Stage
from tests.rules.cast import (
    AMINA,
    AMINAS_SEAT,
    BAO,
    BAOS_SEAT,
    BINHS_SEAT,
    CHLOE,
    MONDAY,
    NOTE,
    OUTSIDER,
    SYSTEM,
    a_case,
    a_confirmed_alarm,
)


@pytest.mark.parametrize(
    ("severity", "review", "commit", "fix"),
    [
        ("critical", date(2026, 3, 16), date(2026, 4, 1), date(2026, 5, 1)),
        ("major", date(2026, 3, 23), date(2026, 4, 1), date(2026, 5, 31)),
        ("minor", date(2026, 4, 1), date(2026, 4, 1), date(2026, 8, 29)),
        ("collaborative", date(2026, 4, 1), date(2026, 5, 1), None),
    ],
)
def test_each_severity_dates_its_review_commitment_and_fix_from_its_issue(
    severity: str, review: date, commit: date, fix: date | None
) -> None:
    story = a_case(severity)
    finding, last_day = story.finding, story.finding.calendar.last_day
    assert story.stage() is Stage.ISSUED
    assert (story.due_day("review"), story.due_day("commit")) == (review, commit)
    assert (last_day(finding.fix_by) if finding.fix_by else None) == fix
    assert not finding.restricted


def test_a_finding_keeps_all_that_it_was_issued_with() -> None:
    story = a_case(repeat_of=FindingId("f0"), proof_by_interview=True)
    finding = story.finding
    assert (finding.id, finding.programme, finding.factory, finding.plan) == ("f1", "p1", "x1", "plan1")
    assert (finding.point, finding.question, finding.assessor) == ("emergency_preparedness", "q1", CHLOE)
    assert (finding.repeat_of, finding.proof_by_interview) == ("f0", True)
    assert (finding.issued_at, finding.attempt_began, finding.attempt) == (MONDAY, MONDAY, 1)
    assert (finding.policy.version, finding.calendar.version) == ("default-1", "dhaka-1")
    assert (finding.alarm, finding.alarm_raised_at) == (None, None)


def test_zero_tolerance_is_counted_in_hours_and_kept_from_the_factory() -> None:
    finding = a_case("zero_tolerance").finding
    assert finding.review_by == MONDAY + timedelta(hours=72)
    assert (finding.alarm, finding.alarm_raised_at, finding.restricted) == (Alarm.RAISED, MONDAY, True)


def test_a_factory_can_be_told_of_an_alarm_when_it_is_raised() -> None:
    finding = a_case("zero_tolerance", factory_told=True).finding
    assert (finding.factory_told_at, finding.restricted) == (MONDAY, False)


def test_nobody_is_issued_two_seats() -> None:
    second = replace(BINHS_SEAT, person=AMINA)
    assert a_case(seats=(AMINAS_SEAT, BAOS_SEAT, second)).finding.seats == (AMINAS_SEAT, BAOS_SEAT)


def test_a_corrected_assessment_amends_what_nobody_has_acted_on() -> None:
    story = a_case("minor")
    story.later(days=3)
    facts = story.order(SYSTEM, Amend, severity=Severity.CRITICAL, note=NOTE)
    assert facts == (Amended(severity=Severity.CRITICAL, note=NOTE),)
    assert story.finding.severity is Severity.CRITICAL
    assert story.due_day("review") == story.day(14)
    assert story.finding.attempt_began == story.now
    assert story.finding.alarm is None
    assert not story.finding.restricted


def test_a_finding_amended_to_a_severity_without_a_date_has_none() -> None:
    story = a_case()
    story.order(CHLOE, Amend, severity=Severity.COLLABORATIVE, note=NOTE)
    assert story.finding.fix_by is None


def test_an_amended_finding_is_not_reminded_of_mornings_before_the_correction() -> None:
    story = a_case("minor")
    story.later(days=20)
    story.order(CHLOE, Amend, severity=Severity.CRITICAL, note=NOTE)
    steps = [fact.step for fact in story.later(days=7) if isinstance(fact, Reminded)]
    assert steps == ["T-7"]


def test_it_amends_only_what_is_still_issued() -> None:
    story = a_case()
    story.propose()
    assert story.refused(CHLOE, Amend, severity=Severity.MINOR, note=NOTE) == "not_at_this_stage"


def test_the_factory_does_not_amend_its_own_finding() -> None:
    story = a_case()
    assert story.refused(BAO, Amend, severity=Severity.MINOR, note=NOTE) == "not_your_role"
    assert story.refused(OUTSIDER, Amend, severity=Severity.MINOR, note=NOTE) == "not_your_role"


def test_an_amendment_changes_something() -> None:
    assert a_case().refused(CHLOE, Amend, severity=Severity.MAJOR, note=NOTE) == "same_as_before.severity"


def test_an_alarm_is_not_amended_away() -> None:
    for story in (a_case("zero_tolerance"), a_confirmed_alarm()):
        assert story.refused(CHLOE, Amend, severity=Severity.MINOR, note=NOTE) == "not_your_role.severity"


def test_an_amendment_to_zero_tolerance_raises_an_alarm_and_hides_the_finding() -> None:
    story = a_case()
    story.later(days=5)
    (fact,) = story.order(CHLOE, Amend, severity=Severity.ZERO_TOLERANCE, note=NOTE)
    assert fact == Amended(severity=Severity.ZERO_TOLERANCE, note=NOTE, withheld=True)
    finding = story.finding
    assert (finding.alarm, finding.alarm_raised_at, finding.restricted) == (Alarm.RAISED, story.now, True)
    assert story.owes == {"confirm_alarm"}


def test_a_protocol_that_tells_at_once_keeps_an_amended_finding_open() -> None:
    story = a_case(policy=Policy(tell_factory_when_raised=True))
    (fact,) = story.order(CHLOE, Amend, severity=Severity.ZERO_TOLERANCE, note=NOTE)
    assert fact == Amended(severity=Severity.ZERO_TOLERANCE, note=NOTE, withheld=False)
    assert story.finding.factory_told_at == MONDAY


def test_the_factory_can_do_nothing_about_what_is_kept_from_it() -> None:
    story = a_case("zero_tolerance")
    assert story.refused(AMINA, Dispute, reason=NOTE) == "not_at_this_stage"
    plan = {"revision": "r", "actions": (story.action(),)}
    assert story.refused(AMINA, Propose, acting=Role.ADVISOR, **plan) == "not_at_this_stage"
    assert story.refused(OUTSIDER, Dispute, acting=Role.MANAGER, reason=NOTE) == "not_at_this_stage"
