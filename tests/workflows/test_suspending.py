"""A suspension on the real server: two people stop the clock, nothing is sent, and it ends by itself."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from remediation.facts import Escalated, Resumed, Suspended
from remediation.ledger import Entry
from remediation.obligations import action_key, obligations
from remediation.orders import CountersignSuspension, DeclineSuspension, EndSuspension, Suspend
from remediation.policy import Policy
from remediation.words import SuspensionCause
from service.engine import OrderRefusedError
from storage import findings
from storage.codec import fact_of
from storage.database import reading, writing
from storage.ledger import entries
from storage.letters import of_finding
from storage.versions import keep_calendar, keep_policy
from tests.life.scenarios import FIRST, NOTE, commit
from tests.life.stage import CHLOE, DHAKA, TOMAS, Life, a_stage
from tests.life.stage import Stage as Theatre
from tests.temporal_server import skipping_environment
from workflows.finding import FindingWorkflow

SOON = timedelta(minutes=5)
"""How far the stage's clock may run beside the finding's."""
FLOOD = {"cause": SuspensionCause.FLOOD, "reason": NOTE}


@pytest.fixture(scope="module")
async def theatre(
    skipping: WorkflowEnvironment, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Theatre]:
    async with a_stage(skipping, tmp_path_factory.mktemp("stage")) as stage:
        with writing(stage.database) as connection:
            keep_policy(connection, Policy())
            keep_calendar(connection, DHAKA)
        yield stage


def story(life: Life) -> tuple[Entry, ...]:
    with reading(life.database) as connection:
        return entries(connection, life.finding)


def due(life: Life) -> datetime:
    """Give by when the promised action is owed, as SQL knows it."""
    with reading(life.database) as connection:
        case = findings.case(connection, life.finding)
    assert case is not None
    return next(each.due for each in obligations(case.finding) if each.key == action_key(FIRST))


def letters(life: Life) -> int:
    with reading(life.database) as connection:
        return len(of_finding(connection, life.finding))


async def wakes_at(life: Life) -> datetime:
    """Give the instant for which the workflow has set its alarm clock."""
    head = await life.handle.query(FindingWorkflow.head)
    assert head.wakes_at is not None
    return head.wakes_at


async def suspend(life: Life, days: int) -> Suspended:
    """Let Chloé ask and Tomas countersign. Gives what was announced."""
    await life.order(CHLOE, Suspend, until=life.day(days), **FLOOD)
    await life.order(TOMAS, CountersignSuspension)
    announced = fact_of(story(life)[-1].kind, story(life)[-1].body)
    assert isinstance(announced, Suspended)
    return announced


async def test_nothing_is_sent_meanwhile_and_the_dates_are_as_announced(theatre: Theatre) -> None:
    life = await theatre.begin()
    await commit(life, days=20)
    promised = due(life)
    announced = await suspend(life, 11)
    assert due(life) == promised + timedelta(days=12) == promised + timedelta(days=announced.days)
    hour = await wakes_at(life)
    over = DHAKA.working_day_on_or_after(announced.last + timedelta(days=1))
    assert DHAKA.local(hour) == datetime.combine(over, datetime.min.time()) + timedelta(hours=9)
    told = letters(life)
    await life.later(days=11)
    assert (life.ledger()[-1], letters(life)) == ("suspended", told)
    await life.later(days=3)
    resumed = next(each for each in story(life) if each.kind == "resumed")
    assert hour <= resumed.at <= hour + SOON, "it wakes by itself, at its hour"
    fact = fact_of(resumed.kind, resumed.body)
    assert isinstance(fact, Resumed)
    assert (fact.first, fact.last, fact.scheduled) == (announced.first, announced.last, hour)
    assert due(life) == promised + timedelta(days=12)
    await life.later(days=21)
    first = next(each for each in story(life) if each.kind == "escalated")
    late = fact_of(first.kind, first.body)
    assert isinstance(late, Escalated)
    assert late.due == promised + timedelta(days=12)


async def test_what_is_late_climbs_no_further_until_it_is_over(theatre: Theatre) -> None:
    life = await theatre.begin()
    await commit(life, days=1)
    await life.later(days=4)
    climbed = life.ledger().count("escalated")
    assert climbed == 1
    await suspend(life, 29)
    await life.later(days=28)
    assert life.ledger().count("escalated") == climbed
    await life.later(days=4 + 4)
    levels = [fact_of(each.kind, each.body) for each in story(life) if each.kind == "escalated"]
    assert [fact.level for fact in levels if isinstance(fact, Escalated)] == [1, 2]


async def test_ended_early_it_is_over_the_next_working_morning(theatre: Theatre) -> None:
    life = await theatre.begin()
    await commit(life, days=20)
    promised = due(life)
    await suspend(life, 30)
    await life.later(days=3)
    await life.order(CHLOE, EndSuspension, reason=NOTE)
    assert due(life) == promised + timedelta(days=4)
    await life.later(days=3)
    assert life.ledger()[-1] == "resumed"


async def test_one_person_alone_stops_nothing(theatre: Theatre) -> None:
    life = await theatre.begin()
    await commit(life, days=20)
    promised = due(life)
    await life.order(CHLOE, Suspend, until=life.day(5), **FLOOD)
    with pytest.raises(OrderRefusedError) as refused:
        await life.order(CHLOE, CountersignSuspension)
    assert refused.value.code == "not_your_role"
    await life.order(TOMAS, DeclineSuspension, reason=NOTE)
    assert due(life) == promised
    assert await wakes_at(life) > life.now


async def test_it_lasts_through_a_new_run(tmp_path: Path) -> None:
    low = {"limit.historyCount.suggestContinueAsNew": "30"}
    async with skipping_environment(dynamic_config=low) as server, a_stage(server, tmp_path) as stage:
        life = await stage.begin()
        await commit(life, days=20)
        first_run = (await life.handle.describe()).run_id
        for _ in range(4):
            await life.order(CHLOE, Suspend, until=life.day(11), **FLOOD)
        await life.order(TOMAS, CountersignSuspension)
        await life.later(days=14)
        assert life.ledger()[-1] == "resumed"
        assert (await life.handle.describe()).run_id != first_run
