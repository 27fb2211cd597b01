"""What lists and pages need to know of a gathering: the row that SQL keeps up to date."""

from dataclasses import dataclass
from datetime import date, datetime

from remediation.gatherings.case import GatheringCase
from remediation.gatherings.gathering import Kind, kind_of, own_id
from remediation.ledger import Entry
from remediation.notices import level_of
from remediation.obligations import obligations
from remediation.waiting import Wait
from remediation.words import Duty, FactoryId, GatheringId, ProgrammeId


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringSummary:
    """A gathering in one row. `own` is its id without its kind; the rest is as in a finding's `Summary`."""

    gathering: GatheringId
    kind: Kind
    own: str
    programme: ProgrammeId
    factory: FactoryId
    stage: str
    ended: bool
    seq: int
    digest: str
    level: int
    restricted: bool
    opened_at: datetime
    next_due: datetime | None
    next_due_day: date | None
    next_duty: Duty | None
    looks_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GatheringRecording:
    """A gathering's new entries, in order, and what it looks like after them; as a `Recording`."""

    entries: tuple[Entry, ...]
    summary: GatheringSummary
    state: str
    policy: str
    calendar: str
    waits: tuple[Wait, ...] = ()


def summary(case: GatheringCase) -> GatheringSummary:
    """Give the row of a gathering."""
    state = case.state
    owed = obligations(state)
    soonest = min(owed, key=lambda each: each.due, default=None)
    return GatheringSummary(
        gathering=state.id,
        kind=kind_of(state.id) or Kind.PLAN,
        own=own_id(state.id),
        programme=state.programme,
        factory=state.factory,
        stage=state.stage.value,
        ended=state.ended,
        seq=case.seq,
        digest=case.digest,
        level=level_of(state, owed),
        restricted=state.restricted,
        opened_at=state.opened_at,
        next_due=soonest.due if soonest else None,
        next_due_day=state.calendar.last_day(soonest.due) if soonest else None,
        next_duty=soonest.duty if soonest else None,
        looks_at=state.looks_at,
    )
