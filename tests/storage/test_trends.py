"""A programme's figures by month, point and factory are those counted by hand, on both databases."""

from collections import Counter
from datetime import UTC, date, datetime

from sqlalchemy import Engine, delete

from remediation.attempts import Attempt, attempts
from remediation.figures import kept
from remediation.words import ENDINGS, Stage
from storage import tables, trends
from storage.attempts import keep_attempts
from storage.database import reading, writing
from storage.figures import Scope
from storage.findings import EVERYWHERE
from storage.ledger import steps
from storage.trends import Step
from tests.pasts import Past
from tests.storage.pasts import pasts_on_record

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
SINCE = date(2025, 12, 1)
SCOPE = Scope(EVERYWHERE, EVERYWHERE, programme="bd")


def on_record(engine: Engine) -> tuple[list[Past], list[Attempt]]:
    told = pasts_on_record(engine, NOW, range(200, 230))
    with writing(engine) as connection:
        connection.execute(delete(tables.attempts))
        for each in told:
            keep_attempts(connection, each.recordings)
    with reading(engine) as connection:
        stories = [steps(connection, each.finding.id) for each in told]
    folded = (attempts((entry.at, state) for entry, state in story) for story in stories)
    return told, [each for found in folded for each in found]


def taken(attempt: Attempt) -> dict[Step, date | None]:
    return {
        Step.ISSUED: attempt.began_on if attempt.number == 1 else None,
        Step.COMMITTED: attempt.committed_on,
        Step.CLOSED: attempt.closed_on,
        Step.REOPENED: attempt.reopened_on,
        Step.SUSTAINED: attempt.ended_on if attempt.ending is Stage.SUSTAINED else None,
    }


def test_a_programme_is_counted_as_by_hand(cast: Engine) -> None:
    told, tried = on_record(cast)
    by_month = Counter(
        (step, day.replace(day=1))
        for each in tried
        for step, day in taken(each).items()
        if day is not None and day >= SINCE
    )
    promised = Counter(
        (each.promised_for.replace(day=1), kept(each, NOW))
        for each in tried
        if each.promised_for is not None and each.promised_for >= SINCE
    )
    closed = [(each.closed_on - each.began_on).days for each in tried if each.closed_on]
    known = [
        each for each in tried if each.closed_on and (each.ending is Stage.SUSTAINED or each.reopened_on)
    ]
    with reading(cast) as connection:
        months = trends.by_month(connection, SCOPE, SINCE)
        promises = trends.promises_by_month(connection, SCOPE, SINCE, NOW)
        points = trends.by_point(connection, SCOPE)
        held = trends.held(connection, SCOPE)
        factories = trends.by_factory(connection, SCOPE, NOW)
        of_factories = dict(trends.promises_by_factory(connection, SCOPE, NOW))
    assert months == dict(by_month)
    for month, counted in promises.items():
        assert counted == {each: promised[month, each] for each in counted}
    (point,) = points
    assert (point.issued, point.closed, point.days) == (
        len(told),
        len(closed),
        round(sum(closed) / len(closed)),
    )
    assert point.reopened == sum(each.reopened_on is not None for each in tried)
    assert held == (sum(each.reopened_on is None for each in known), len(known))
    open_ = Counter(each.finding.factory for each in told if each.stage() not in ENDINGS)
    assert {each.factory: each.open for each in factories} == dict(open_)
    assert sum(sum(each.values()) for each in of_factories.values()) == sum(
        kept(each, NOW) is not None for each in tried
    )
