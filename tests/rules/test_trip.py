"""Building a trip: in which order factories and findings are offered; and who hears of a booking."""

from datetime import date, timedelta

from remediation import facts
from remediation.gatherings.visit.agenda import visit_gathering
from remediation.gatherings.visit.choosing import Candidate, stops
from remediation.letters import letters_for
from remediation.words import Check, FactoryId, FindingId, Modality, Severity
from tests.rules.cast import ERIK, MONDAY


def due(
    finding: str,
    factory: str,
    days: int,
    *,
    severity: Severity = Severity.MAJOR,
    check: Check = Check.FIX,
    region: str = "BD",
    since: date | None = None,
) -> Candidate:
    """Give what is due so many days from Monday."""
    return Candidate(
        finding=FindingId(finding),
        factory=FactoryId(factory),
        region=region,
        severity=severity,
        check=check,
        due=MONDAY + timedelta(days=days),
        since=since,
    )


def test_what_is_late_comes_first_then_the_gravest_then_objections_then_the_soonest_due() -> None:
    (stop,) = stops(
        [
            due("soon", "a", 2),
            due("objected", "a", 9, check=Check.OBJECTION),
            due("critical", "a", 9, severity=Severity.CRITICAL),
            due("late", "a", 0, severity=Severity.MINOR),
            due("old", "a", 5, since=date(2026, 1, 1)),
            due("new", "a", 5, since=date(2026, 2, 1)),
        ],
        MONDAY,
    )
    order = [each.finding for each in stop.candidates]
    assert order == ["late", "critical", "objected", "soon", "old", "new"]


def test_factories_of_one_region_follow_each_other_the_most_urgent_region_first() -> None:
    shown = stops(
        [
            due("1", "dhaka-calm", 20),
            due("2", "hanoi", 5, region="VN"),
            due("3", "dhaka-late", -3),
            due("4", "hanoi", 1, region="VN"),
            due("5", "dhaka-soon", 9),
        ],
        MONDAY,
    )
    assert [(each.factory, each.region) for each in shown] == [
        ("dhaka-late", "BD"),
        ("dhaka-soon", "BD"),
        ("dhaka-calm", "BD"),
        ("hanoi", "VN"),
    ]


def test_one_letter_tells_of_a_whole_visit_not_one_a_finding() -> None:
    booked = facts.VerificationBooked(verifier=ERIK, modality=Modality.ON_SITE, on=date(2026, 3, 6))
    assert letters_for(booked, 9)
    part = facts.VerificationBooked(
        verifier=ERIK, modality=Modality.ON_SITE, on=date(2026, 3, 6), visit=visit_gathering("v-1")
    )
    assert letters_for(part, 9) == ()
