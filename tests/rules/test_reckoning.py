"""Where each date is counted from, who owes it, and that what is not running is not reckoned."""

from dataclasses import replace

import pytest

from remediation.finding import Finding
from remediation.moves import FIX
from remediation.orders import CloseMediation, DecideDispute, Dispute
from remediation.policy import Policy
from remediation.reckoning import anew, dates, of_the_ladder, span_of
from remediation.words import DisputeOutcome, Duty, Role, Severity
from tests.rules.cast import BAO, CHLOE, DHAKA, NOTE, TOMAS, Story, a_case
from tests.rules.situations import SITUATIONS


def found(situation: str) -> Finding:
    return SITUATIONS[situation]().finding


def a_decided_dispute() -> Story:
    story = a_case()
    story.order(BAO, Dispute, reason=NOTE)
    story.later(days=4)
    story.order(TOMAS, DecideDispute, outcome=DisputeOutcome.UPHELD, reason=NOTE)
    return story


def test_a_dispute_stops_what_is_counted_from_the_issue_and_nothing_else() -> None:
    story = a_case()
    story.order(BAO, Dispute, reason=NOTE)
    stopped = {key for key, each in dates(story.finding).items() if each.stopped is not None}
    assert stopped == {Duty.REVIEW, Duty.COMMIT, FIX}
    assert Duty.DECIDE_DISPUTE in dates(story.finding)


def test_a_decided_dispute_stops_nothing_and_is_not_decided_again() -> None:
    finding = a_decided_dispute().finding
    assert finding.disputed_at is not None
    assert all(each.stopped is None for each in dates(finding).values())
    assert Duty.DECIDE_DISPUTE not in dates(finding)
    assert anew(finding, finding.calendar, finding.policy).dispute_decide_by == finding.dispute_decide_by


def test_only_a_request_is_owed_by_whoever_decides_it() -> None:
    owners = {key: each.owner for key, each in dates(found("waiting for an extension")).items()}
    assert owners.pop(Duty.DECIDE_EXTENSION) is Role.ADVISOR
    assert owners.pop(FIX) is None
    assert Role.ADVISOR not in owners.values()


@pytest.mark.parametrize(
    ("duty", "term"), [(Duty.VERIFY, "verify"), (Duty.CHECK_EFFECTIVENESS, "effectiveness")]
)
def test_a_fix_is_checked_in_the_time_of_the_severity_it_was_reported_at(duty: Duty, term: str) -> None:
    finding = found("reported")
    assert finding.fix is not None
    graver = replace(finding, severity=Severity.MINOR, fix=replace(finding.fix, graded=Severity.CRITICAL))
    ungraded = replace(finding, severity=Severity.MINOR, fix=None)
    assert span_of(graver, duty) == getattr(Policy().terms[Severity.CRITICAL], term)
    assert span_of(ungraded, duty) == getattr(Policy().terms[Severity.MINOR], term)


def test_a_date_that_runs_no_more_is_not_set_again() -> None:
    for situation in ("issued", "committed", "reported", "closed", "sustained", "deadlocked"):
        finding = found(situation)
        after = anew(finding, finding.calendar, finding.policy)
        assert {key: each.due for key, each in dates(after).items()} == {
            key: each.due for key, each in dates(finding).items()
        }, situation
        assert after == replace(finding, held=()), situation


def test_nobody_checks_again_what_was_sustained() -> None:
    assert Duty.CHECK_EFFECTIVENESS in dates(found("closed"))
    assert Duty.CHECK_EFFECTIVENESS not in dates(found("sustained"))


def test_after_a_mediation_none_is_due() -> None:
    story = SITUATIONS["deadlocked"]()
    assert Duty.MEDIATE in dates(story.finding)
    story.order(CHLOE, CloseMediation, reason=NOTE)
    assert story.finding.deadlocked_at is not None
    assert anew(story.finding, DHAKA, Policy()).mediate_by is None


def test_what_the_decision_panel_is_asked_waits_for_no_recovery() -> None:
    asked = {owed.duty for owed, _ in of_the_ladder(found("decision due"), found("decision due"))}
    assert asked == {Duty.DECIDE_CONSEQUENCE, Duty.RECOVERY_PLAN}
