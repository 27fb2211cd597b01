"""Calendars and policies that findings come under, and how a move is previewed and confirmed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from remediation.calendar import Calendar, Offset
from remediation.facts import Reprojected
from remediation.moves import Move
from remediation.orders import Reproject
from remediation.policy import Policy, Windows
from remediation.reckoning import dates
from remediation.rules.reprojection import Projection, project
from remediation.spans import Span, Unit
from remediation.words import Severity
from tests.rules.cast import DHAKA, NOTE, PETRA, Story

FRIDAYS_OFF = replace(DHAKA, version="fridays-off", rest_days=(5,))
INDEPENDENCE_DAY = date(2026, 3, 26)
WITH_HOLIDAY = replace(FRIDAYS_OFF, version="with-holiday", holidays=(INDEPENDENCE_DAY,))
KARACHI = Calendar("karachi-1", "Asia/Karachi", (Offset(datetime(2020, 1, 1, tzinfo=UTC), 300),), (5,))


def working_days(**fields: Any) -> Policy:  # noqa: ANN401 - any terms
    """Give the default policy with other terms for major findings."""
    usual = Policy()
    return replace(
        usual,
        version="other",
        terms=usual.terms | {Severity.MAJOR: replace(usual.terms[Severity.MAJOR], **fields)},
    )


IN_WORKING_DAYS = working_days(review=Span(15, Unit.WORKING_DAYS), commit=Span(25, Unit.WORKING_DAYS))


def shown(story: Story, calendar: Calendar | None = None, policy: Policy | None = None) -> Projection:
    finding = story.finding
    return project(finding, calendar or finding.calendar, policy or finding.policy, story.now)


def moved(moves: Iterable[Move]) -> dict[str, tuple[date | None, date | None]]:
    return {move.key: (move.old_day, move.new_day) for move in moves}


def standing(story: Story) -> dict[str, datetime]:
    return {key: dated.due for key, dated in dates(story.finding).items()}


def confirm(story: Story, calendar: Calendar | None = None, policy: Policy | None = None) -> Reprojected:
    """Let Petra confirm what is shown now."""
    seen = shown(story, calendar, policy)
    given = {"calendar": calendar, "policy": policy, "reason": NOTE, "seen": seen.digest}
    fact, *_ = story.order(PETRA, Reproject, **given)
    assert isinstance(fact, Reprojected)
    assert (fact.moves, fact.held) == (seen.moves, seen.held)
    return fact


LONGER = replace(
    Policy(),
    version="longer",
    windows=Windows(
        decide_dispute=Span(20),
        mediate=Span(20),
        objection=Span(10),
        report_fix=Span(9),
        confirm_alarm=Span(2),
    ),
    extensions=replace(Policy().extensions, decide=Span(9)),
    terms={
        severity: replace(terms, verify=Span(40), effectiveness=Span(120), progress_review=Span(70))
        for severity, terms in Policy().terms.items()
    },
)


def happened(story: Story) -> list[tuple[datetime, Any]]:
    return [(entry.at, fact) for entry, fact in zip(story.entries, story.facts, strict=True)]
