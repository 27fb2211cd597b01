"""Figures as the database counts them are those counted by hand from the ledger: on both databases."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, delete, update

from remediation.attempts import attempts
from remediation.figures import ageing, kept
from remediation.permissions import Reach
from remediation.words import ENDINGS, FactoryId, FindingId, PlanId, ProgrammeId
from service.reconciling.mending import rebuild_row
from storage import figures, tables
from storage.attempts import keep_attempts, kept_attempts
from storage.codec import recording_of
from storage.database import reading, writing
from storage.figures import Scope
from storage.findings import EVERYWHERE
from storage.ledger import astray, steps
from storage.recording import record
from storage.versions import keep_calendar, keep_policy
from tests.pasts import Past, a_past
from tests.rules.cast import RESTFUL

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
COUNT = 32
FACTORIES = Reach(factories=frozenset({"x1"}))


@pytest.fixture(scope="module")
def told() -> tuple[Past, ...]:
    """Many findings of two factories, of which half belong to a plan each."""
    return tuple(_past(seed) for seed in range(COUNT))


def _past(seed: int) -> Past:
    place: dict[str, Any] = {"factory": FactoryId(f"x{seed % 2}"), "plan": PlanId(f"plan-{seed % 4}")}
    return a_past(seed, NOW, calendar=RESTFUL, programme=ProgrammeId("bd"), **place)


@pytest.fixture
def recorded(cast: Engine, told: tuple[Past, ...]) -> Engine:
    """A database that holds all of them, and their attempts as they were written step by step."""
    with writing(cast) as connection:
        keep_calendar(connection, RESTFUL)
        keep_policy(connection, told[0].finding.policy)
        record(connection, [recording_of(each.case, tuple(each.entries)) for each in told])
        connection.execute(delete(tables.attempts))
        for past in told:
            keep_attempts(connection, past.recordings)
    return cast


def by_hand(engine: Engine, pasts: Sequence[Past]) -> Counter[object]:
    with reading(engine) as connection:
        stories = [
            [(entry.at, state) for entry, state in steps(connection, each.finding.id)] for each in pasts
        ]
    return Counter(kept(attempt, NOW) for story in stories for attempt in attempts(story))


def test_rows_written_step_by_step_are_what_the_ledger_adds_up_to(recorded: Engine) -> None:
    with reading(recorded) as connection:
        assert astray(connection) == ()


@pytest.mark.parametrize("plan", [None, "plan-1"])
def test_promises_are_counted_as_by_hand(recorded: Engine, told: tuple[Past, ...], plan: str | None) -> None:
    chosen = [each for each in told if plan in {None, each.finding.plan}]
    with reading(recorded) as connection:
        found = figures.promises(connection, Scope(EVERYWHERE, EVERYWHERE, plan=plan), NOW)
    expected = by_hand(recorded, chosen)
    assert found == {each: expected[each] for each in found}
    assert sum(found.values()) > len(chosen) // 2


def test_ages_are_counted_as_by_hand(recorded: Engine, told: tuple[Past, ...]) -> None:
    open_ = [each.finding for each in told if each.stage() not in ENDINGS]
    with reading(recorded) as connection:
        found = figures.by_age(connection, Scope(EVERYWHERE, EVERYWHERE), NOW)
    assert found == ageing((NOW - each.issued_at) // timedelta(days=1) for each in open_)


def test_only_what_may_be_seen_is_counted(recorded: Engine, told: tuple[Past, ...]) -> None:
    seen = [each for each in told if each.finding.factory == "x1" and not each.finding.restricted]
    scope = Scope(FACTORIES, Reach())
    with reading(recorded) as connection:
        ages = figures.by_age(connection, scope, NOW)
        clusters = figures.by_cluster(connection, scope, NOW)
        promises = figures.promises(connection, scope, NOW)
    assert sum(ages.values()) == sum(each.stage() not in ENDINGS for each in seen)
    assert sum(sum(each.stages.values()) for each in clusters.values()) == len(seen)
    expected = by_hand(recorded, seen)
    assert promises == {each: expected[each] for each in promises}


def test_nothing_is_counted_of_nothing(cast: Engine) -> None:
    with reading(cast) as connection:
        scope = Scope(EVERYWHERE, EVERYWHERE, plan="none")
        assert set(figures.promises(connection, scope, NOW).values()) == {0}
        assert set(figures.by_age(connection, scope, NOW).values()) == {0}
        assert figures.by_cluster(connection, scope, NOW) == {}


def test_attempts_that_went_astray_are_found_and_made_anew(recorded: Engine, told: tuple[Past, ...]) -> None:
    past = next(each for each in told if each.finding.attempt > 1)
    finding = FindingId(past.finding.id)
    with writing(recorded) as connection:
        before = kept_attempts(connection, [finding])
        wrong = tables.attempts.c.finding == finding
        connection.execute(update(tables.attempts).where(wrong).values(reopened_on=None, reported_on=None))
    with writing(recorded) as connection:
        assert astray(connection, [finding]) == (finding,)
        rebuild_row(connection, finding)
    with reading(recorded) as connection:
        assert kept_attempts(connection, [finding]) == before
        assert astray(connection, [finding]) == ()
