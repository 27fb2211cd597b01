"""The default numbers are those of the field: docs/policy.md and the tables of the lifecycle."""

from datetime import time

import pytest

from remediation.policy import Policy, Terms
from remediation.spans import Span
from remediation.words import Role, Severity


def span(text: str) -> Span | None:
    return Span.parse(text) if text else None


@pytest.mark.parametrize(
    ("severity", "contain", "review", "commit", "fix", "verify", "effectiveness"),
    [
        ("zero_tolerance", "24h", "72h", "7d", "30d", "7d", "90d"),
        ("critical", "", "14d", "30d", "60d", "14d", "90d"),
        ("major", "", "21d", "30d", "90d", "30d", "90d"),
        ("minor", "", "30d", "30d", "180d", "30d", ""),
        ("collaborative", "", "30d", "60d", "", "30d", ""),
    ],
)
def test_each_severity_has_its_days(
    severity: str, contain: str, review: str, commit: str, fix: str, verify: str, effectiveness: str
) -> None:
    terms = Policy().terms[Severity(severity)]
    assert (terms.contain, terms.review, terms.commit) == (span(contain), span(review), span(commit))
    assert (terms.fix, terms.verify, terms.effectiveness) == (span(fix), span(verify), span(effectiveness))
    assert terms.on_site is (severity in {"zero_tolerance", "collaborative"})
    assert terms.progress_review == (span("90d") if severity == "collaborative" else None)


@pytest.mark.parametrize(
    ("level", "after", "urgent", "told"),
    [
        (1, "1d", "4h", {"action_owner", "manager", "worker_co_chair", "management_co_chair"}),
        (2, "7d", "24h", {"advisor"}),
        (3, "21d", "72h", {"team_leader", "top_management"}),
        (4, "45d", "168h", {"programme_manager", "buyer"}),
        (5, "90d", "336h", {"decision_panel"}),
    ],
)
def test_the_ladder_has_five_levels(level: int, after: str, urgent: str, told: set[str]) -> None:
    rung = Policy().ladder[level - 1]
    assert (rung.level, rung.after, rung.urgent_after) == (level, span(after), span(urgent))
    assert set(rung.told) == {Role(role) for role in told}
    assert len(Policy().ladder) == 5


def test_the_programmes_own_lateness_climbs_within_the_programme() -> None:
    first, second = Policy().staff_ladder
    assert (first.level, first.after, first.urgent_after) == (1, span("1d"), span("4h"))
    assert (second.level, second.after, second.urgent_after) == (2, span("7d"), span("24h"))
    assert (first.told, second.told) == ((Role.TEAM_LEADER,), (Role.PROGRAMME_MANAGER,))


def test_reminders_come_at_nine_before_and_weekly_after() -> None:
    assert (Policy().reminders.before, Policy().reminders.every) == ((14, 7, 1, 0), 7)
    assert Policy().reminders.at == time(9)


def test_windows_limits_and_quorum() -> None:
    windows = Policy().windows
    assert (str(windows.dispute), str(windows.decide_dispute), str(windows.mediate)) == ("14d", "14d", "14d")
    assert (str(windows.objection), str(windows.report_fix), str(windows.acknowledge)) == ("7d", "7d", "3wd")
    assert (str(windows.confirm_alarm), str(windows.notify_authority)) == ("24h", "48h")
    limits = Policy().extensions
    assert (limits.count, limits.percent, str(limits.decide)) == (2, 50, "5wd")
    still = Policy().suspensions
    assert (still.days, still.total, str(still.decide)) == (60, 120, "5wd")
    quorum = Policy().quorum
    assert (quorum.at_least, quorum.percent, quorum.elected_worker) == (1, 0, True)
    assert (Policy().version, Policy().tell_factory_when_raised) == ("default-1", False)


def test_terms_are_data_that_a_programme_may_write() -> None:
    assert Terms(None, Span(1), Span(2), None, Span(3), None) == Terms(
        None, Span(1), Span(2), None, Span(3), None, on_site=False, progress_review=None
    )
