"""What was counted a moment ago is given again only while nothing was recorded, and for a minute or two."""

from datetime import UTC, datetime, timedelta

from fastapi import BackgroundTasks
from sqlalchemy import Engine

from remediation.words import FactoryId, PlanId, ProgrammeId
from service.counted import Counted
from storage import trends
from storage.codec import recording_of
from storage.database import reading, writing
from storage.figures import Scope
from storage.findings import EVERYWHERE
from storage.recording import record
from storage.trends import FactoryFigures
from storage.versions import keep_calendar, keep_policy
from tests.pasts import Past, a_past
from tests.rules.cast import RESTFUL

NOW = datetime(2026, 11, 23, 4, 0, 5, tzinfo=UTC)
WHOLE = Scope(EVERYWHERE, EVERYWHERE)


def _past(seed: int) -> Past:
    bd, lotus, plan = ProgrammeId("bd"), FactoryId("x1"), PlanId("plan")
    return a_past(seed, NOW, calendar=RESTFUL, programme=bd, factory=lotus, plan=plan)


def _recorded(engine: Engine, past: Past) -> None:
    with writing(engine) as connection:
        keep_calendar(connection, RESTFUL)
        keep_policy(connection, past.finding.policy)
        record(connection, [recording_of(past.case, tuple(past.entries))])


def _given(
    engine: Engine, counted: Counted, now: datetime = NOW, *, after: BackgroundTasks | None = None
) -> tuple[FactoryFigures, ...]:
    with reading(engine) as connection:
        return counted.of(connection, trends.by_factory, WHOLE, now, after or BackgroundTasks())


def test_is_given_again_within_the_minute_while_nothing_changes(cast: Engine) -> None:
    _recorded(cast, _past(1))
    counted, after = Counted(), BackgroundTasks()
    first = _given(cast, counted)
    assert _given(cast, counted, NOW + timedelta(seconds=50), after=after) is first
    assert after.tasks == []


async def test_a_minute_later_nobody_waits_and_the_next_reader_is_given_a_new_count(cast: Engine) -> None:
    _recorded(cast, _past(1))
    counted, after, later = Counted(), BackgroundTasks(), NOW + timedelta(minutes=1)
    first = _given(cast, counted)
    assert _given(cast, counted, later, after=after) is first
    await after()
    second = _given(cast, counted, later)
    assert second == first
    assert second is not first


def test_whoever_comes_later_than_that_waits_for_the_count(cast: Engine) -> None:
    _recorded(cast, _past(1))
    counted, after = Counted(), BackgroundTasks()
    first = _given(cast, counted)
    assert _given(cast, counted, NOW + timedelta(minutes=2), after=after) is not first
    assert after.tasks == []


async def test_what_is_recorded_meanwhile_is_counted_with_the_rest(cast: Engine) -> None:
    _recorded(cast, _past(1))
    counted, after, later = Counted(), BackgroundTasks(), NOW + timedelta(minutes=1)
    _given(cast, counted)
    assert _given(cast, counted, later, after=after)[0].findings == 1
    _recorded(cast, _past(2))
    await after()
    assert _given(cast, counted, later)[0].findings == 2


def test_is_counted_anew_as_soon_as_something_is_recorded(cast: Engine) -> None:
    counted = Counted()
    _recorded(cast, _past(1))
    assert _given(cast, counted)[0].findings == 1
    _recorded(cast, _past(2))
    assert _given(cast, counted)[0].findings == 2


def test_keeps_so_many_results_and_then_begins_again(cast: Engine) -> None:
    _recorded(cast, _past(1))
    counted = Counted(most=3)
    first = _given(cast, counted)
    with reading(cast) as connection:
        for plan in "abc":
            narrowed = Scope(EVERYWHERE, EVERYWHERE, plan=plan)
            counted.of(connection, trends.by_factory, narrowed, NOW, BackgroundTasks())
    assert _given(cast, counted) == first
    assert _given(cast, counted) is not first
