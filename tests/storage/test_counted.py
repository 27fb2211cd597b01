"""What was counted a moment ago is given again only while nothing was recorded, and for a minute."""

from datetime import UTC, datetime, timedelta

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


def _given(engine: Engine, counted: Counted, now: datetime = NOW) -> tuple[FactoryFigures, ...]:
    with reading(engine) as connection:
        return counted.of(connection, trends.by_factory, WHOLE, now)


def test_is_given_again_within_the_minute_while_nothing_changes(cast: Engine) -> None:
    _recorded(cast, _past(1))
    counted = Counted()
    first = _given(cast, counted)
    assert _given(cast, counted, NOW + timedelta(seconds=50)) is first
    assert _given(cast, counted, NOW + timedelta(minutes=1)) is not first


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
    for minute in range(1, 4):
        _given(cast, counted, NOW + timedelta(minutes=minute))
    assert _given(cast, counted) == first
    assert _given(cast, counted) is not first
