"""Findings with pasts of their own: they went their ways by the rules, some well and some badly."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from remediation.calendar import Calendar
from remediation.case import Case, open_case
from remediation.ledger import Entry
from remediation.orders import (
    BookVerification,
    CheckEffectiveness,
    ConcurWithFix,
    CosignExtension,
    DecideAlarm,
    DecideExtension,
    Dispute,
    ObjectToFix,
    RemainingAction,
    RequestExtension,
    Suspend,
)
from remediation.policy import Policy
from remediation.recording import Recording
from remediation.refusals import Refusal
from remediation.words import CommandId, FindingId, Modality, Severity, Stage, SuspensionCause, Verdict
from storage.codec import recording_of
from storage.columns import NEVER
from tests.rules.cast import (
    AMINA,
    ASHA,
    BAO,
    CHLOE,
    DINA,
    ERIK,
    FIRST,
    NOTE,
    PHOTO,
    SECOND,
    Story,
    an_issue,
)

ENOUGH = 40
"""So many steps lead to an end, or far enough."""


@dataclass
class Past(Story):
    """A story that keeps each of its recordings, as the workflow makes them; it ends at `until`."""

    chance: Random = field(default_factory=Random)
    until: datetime = NEVER
    recordings: list[Recording] = field(default_factory=list)

    def _went_on(self, step: tuple[Case, tuple[Entry, ...]], command: CommandId | None) -> tuple[Any, ...]:
        followed = super()._went_on(step, command)
        if step[1]:
            self.recordings.append(recording_of(*step))
        return followed

    def waits(self, first: int, last: int) -> None:
        """Let some days pass, but not beyond the end."""
        span = timedelta(days=self.chance.randint(first, last), hours=self.chance.randint(0, 20))
        self.later(seconds=max(min(span, self.until - self.now).total_seconds(), 0))

    def over(self) -> bool:
        return self.now >= self.until or self.finding.ended

    def maybe(self, percent: int) -> bool:
        return self.chance.randrange(100) < percent


def a_past(seed: int, until: datetime, *, calendar: Calendar, days: int = 420, **issued: Any) -> Past:  # noqa: ANN401
    """Give a finding issued within so many days before an aware instant, and all that came of it."""
    chance = Random(seed)  # noqa: S311 - the same pasts every time
    severity = chance.choices(list(Severity), weights=(4, 16, 40, 34, 6))[0]
    at = until - timedelta(days=chance.randint(0, days), hours=chance.randint(0, 20))
    finding = FindingId(issued.pop("finding", f"f-{seed:06}"))
    told = severity is not Severity.ZERO_TOLERANCE
    issue = an_issue(severity, finding=finding, calendar=calendar.version, factory_told=told, **issued)
    case, entry = open_case(issue, Policy(), calendar, at, CHLOE)
    past = Past(case, at, [entry], chance=chance, until=until, recordings=[recording_of(case, (entry,))])
    for _ in range(ENOUGH):
        if past.over():
            break
        _goes_on(past)
    past.keep_time()
    return past


def pasts(count: int, until: datetime, **given: Any) -> Iterator[Past]:  # noqa: ANN401
    """Give so many of them, the same every time."""
    return (a_past(seed, until, **given) for seed in range(count))


def _goes_on(past: Past) -> None:
    step = _STEPS.get(past.finding.path, _waits)
    try:
        step(past)
    except Refusal:
        past.waits(3, 15)


def _issued(past: Past) -> None:
    if past.finding.restricted:
        past.waits(0, 1)
        past.order(DINA, DecideAlarm, confirmed=past.maybe(80), reason=NOTE)
        return
    past.waits(2, 28)
    if past.maybe(4):
        past.order(AMINA, Dispute, reason=NOTE)
    elif past.maybe(85):
        _promise(past)


def _promise(past: Past) -> None:
    fix_by, calendar = past.finding.fix_by, past.finding.calendar
    last = (calendar.last_day(fix_by) - past.day()).days if fix_by else 90
    days = max(last - past.chance.randint(0, 20), 1)
    past.commit(past.action(FIRST, days=days), past.action(SECOND, days=max(days // 2, 1)))


def _committed(past: Past) -> None:
    past.waits(5, 60)
    if past.over():
        return
    if past.maybe(8):
        asked = {"until": past.day(30), "reason": NOTE, "interim_protection": NOTE}
        past.order(AMINA, RequestExtension, actions=(FIRST,), **asked)
        past.order(BAO, CosignExtension)
        if past.maybe(60):
            past.order(CHLOE, DecideExtension, granted=True, reason=NOTE)
    elif past.maybe(4):
        past.order(CHLOE, Suspend, cause=SuspensionCause.FLOOD, until=past.day(20), reason=NOTE)
    elif past.maybe(30):
        past.do(FIRST)
    elif past.maybe(60):
        past.fix()


def _reported(past: Past) -> None:
    past.waits(1, 12)
    if past.maybe(10):
        past.order(ASHA, ObjectToFix, reason=NOTE)
    elif past.maybe(30):
        past.order(AMINA, ConcurWithFix)
    past.waits(1, 6)
    past.order(CHLOE, BookVerification, verifier=ERIK, modality=Modality.ON_SITE, on=past.day(5))


def _verifying(past: Past) -> None:
    past.waits(2, 14)
    verdict = past.chance.choices(list(Verdict), weights=(80, 10, 10))[0]
    remaining = (RemainingAction(id=FIRST, due=past.day(20)),) if verdict is Verdict.PARTIAL else ()
    past.verify(verdict, remaining=remaining)


def _closed(past: Past) -> None:
    past.waits(60, 120)
    if not past.over():
        held = past.maybe(90)
        past.order(ERIK, CheckEffectiveness, held=held, on=past.day(), evidence=PHOTO)


def _waits(past: Past) -> None:
    past.waits(5, 30)


_STEPS: dict[Stage, Callable[[Past], None]] = {
    Stage.ISSUED: _issued,
    Stage.UNDER_REVIEW: _issued,
    Stage.COMMITTED: _committed,
    Stage.FIX_REPORTED: _reported,
    Stage.VERIFYING: _verifying,
    Stage.CLOSED: _closed,
}
