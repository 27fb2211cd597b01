"""A factory's level: kept in the transaction that changes it, and never lost between two."""

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import Engine, event, update

from remediation import orders
from remediation.recording import Recording
from remediation.roll_up import Weight, weight
from remediation.summary import summary
from remediation.words import CommandId, FactoryId, Role, Severity
from storage.database import reading, writing
from storage.factory_levels import astray, counted, history, latest, mend
from storage.recording import record
from storage.tables import findings
from tests.storage.builders import (
    BAO,
    MONDAY,
    REVISION,
    Life,
    a_life,
    a_recording,
    an_action,
    recordings,
)

LOTUS = FactoryId("lotus")
A_DAY = timedelta(days=1)


def kept(engine: Engine, *given: Recording) -> list[tuple[Weight, str, datetime]]:
    with writing(engine) as connection:
        record(connection, given)
    with reading(engine) as connection:
        return [(each.weight, each.finding, each.at) for each in history(connection, [LOTUS]).get(LOTUS, ())]


def ignored(life: Life, days: int) -> Life:
    """Nobody reviews, so that the finding climbs."""
    for day in range(days):
        life = life.keep_time(MONDAY + day * A_DAY)
    return life


def proposed(life: Life, at: datetime) -> Life:
    actions = (an_action(20, at=at),)
    propose = orders.Propose(
        id=CommandId("c1"), by=BAO, acting=Role.MANAGEMENT_MEMBER, revision=REVISION, actions=actions
    )
    return life.obey(propose, at)


def then(before: Life, after: Life) -> Recording:
    """The recording of what happened between two states, as a workflow gives it."""
    return replace(a_recording(after, len(before.entries)), was=weight(summary(before.case)))


def statements(engine: Engine) -> list[str]:
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *given: seen.append(given[2]))
    return seen


def test_it_rises_and_falls_with_its_findings_each_time_with_the_cause(engine: Engine) -> None:
    early, late = a_life("f1"), ignored(a_life("f1"), 30)
    level = summary(late.case).level
    assert level >= 2
    assert kept(engine, a_recording(early)) == []
    climbed = late.entries[-1].at
    rose = kept(engine, then(early, late))
    assert rose[-1][:2] == (Weight(level, level), "f1")
    assert rose[-1][2] <= climbed
    answered = proposed(late, climbed + A_DAY)
    fell = kept(engine, then(late, answered))
    assert fell[:-1] == rose
    assert fell[-1] == (Weight(*(summary(answered.case).level,) * 2), "f1", climbed + A_DAY)


def test_a_lower_finding_changes_nothing(engine: Engine) -> None:
    high = ignored(a_life("f1"), 80)
    before = kept(engine, a_recording(high))
    low = ignored(a_life("f2"), 24)
    assert 0 < summary(low.case).level < summary(high.case).level
    assert kept(engine, a_recording(low)) == before


def test_what_the_factory_is_not_told_is_counted_apart(engine: Engine) -> None:
    alarm = a_life("f1", severity=Severity.ZERO_TOLERANCE, factory_told=False)
    for hour in range(100):
        alarm = alarm.keep_time(MONDAY + timedelta(hours=hour))
    rows = kept(engine, a_recording(alarm))
    assert rows[-1][0] == Weight(summary(alarm.case).level, 0)
    both = kept(engine, a_recording(ignored(a_life("f2"), 30)))
    assert both[-1][0].known > 0


def test_recording_again_adds_nothing(engine: Engine) -> None:
    recording = a_recording(ignored(a_life(), 30))
    once = kept(engine, recording)
    assert kept(engine, recording, recording) == once


def test_what_was_committed_and_forgotten_is_counted_when_it_comes_again_with_more(engine: Engine) -> None:
    early, late = a_life(), ignored(a_life(), 30)
    kept(engine, then(early, late))
    # The workflow has forgotten that it climbed: what it says of before is what stands after.
    answered = proposed(late, late.entries[-1].at + A_DAY)
    forgotten = replace(then(early, answered), was=weight(summary(answered.case)))
    assert kept(engine, forgotten)[-1][0].level == summary(answered.case).level


def test_a_recording_that_changes_no_level_costs_no_statement_more(engine: Engine) -> None:
    first = a_life()
    kept(engine, a_recording(first))
    seen = statements(engine)
    record_alone = then(first, proposed(first, MONDAY + A_DAY))
    with writing(engine) as connection:
        record(connection, [record_alone, *recordings(a_life(f"g{number}") for number in range(5))])
    assert not [each for each in seen if "factory_levels" in each or "advisory" in each]


def test_of_two_that_change_one_factory_at_once_neither_is_lost(engine: Engine) -> None:
    early = [a_life("f1"), a_life("f2", at=MONDAY + 7 * A_DAY)]
    late = [ignored(life, 30) for life in early]
    kept(engine, *(a_recording(life) for life in early))
    start, errors = Barrier(2), list[BaseException]()

    def commit(number: int) -> None:
        try:
            start.wait(10)
            with writing(engine) as connection:
                record(connection, [then(early[number], late[number])])
        except BaseException as error:  # noqa: BLE001 - shown by the test
            errors.append(error)

    threads = [Thread(target=commit, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    with reading(engine) as connection:
        assert astray(connection) == ()
        assert latest(connection, [LOTUS])[LOTUS].weight == counted(connection, LOTUS)


@pytest.mark.parametrize("stage", ["withdrawn", "issued"])
def test_a_level_that_is_astray_is_found_and_counted_anew(engine: Engine, stage: str) -> None:
    kept(engine, a_recording(ignored(a_life(), 30)))
    with writing(engine) as connection:
        connection.execute(update(findings).values(stage=stage, level=1))
    with writing(engine) as connection:
        assert astray(connection) == (LOTUS,)
        mend(connection, LOTUS)
        mend(connection, FactoryId("nowhere"))
    with reading(engine) as connection:
        assert astray(connection) == ()
        assert latest(connection)[LOTUS].weight.level == (1 if stage == "issued" else 0)
