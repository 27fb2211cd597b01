"""A major finding from issued to sustained on the real server: each notice at its hour, each letter once."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio.testing import WorkflowEnvironment

from remediation.facts import DecisionDue, Escalated, Reminded
from remediation.orders import Acknowledge, CheckEffectiveness, RecordProgress, ReportFixed
from remediation.words import Duty, Verdict
from storage.codec import fact_of
from storage.database import reading, writing
from storage.ledger import entries
from storage.tables import letters
from tests.life.scenarios import FIRST, NOTE, PHOTO, commit, fix, verify
from tests.life.stage import BAO, CHLOE, DHAKA, Life, Stage, a_stage
from tests.service.stage import LOTUS, PROGRAMME, cast

NINE = time(9)
LADDER = {1: 1, 2: 7, 4: 45, 5: 90}
"""Days overdue at which a level is reached (domain.md section 6); people are asked to decide on the last."""
ACKNOWLEDGED, HELD = 8, 5
"""Days overdue when level 2 is acknowledged, and for how many working days; then nothing was done."""


@dataclass(frozen=True)
class Notice:
    """A reminder (level 0) or a step of the ladder, at the factory's wall clock."""

    level: int
    at: datetime


@pytest.fixture
async def stage(skipping: WorkflowEnvironment, tmp_path: Path) -> AsyncIterator[Stage]:
    async with a_stage(skipping, tmp_path) as stage:
        with writing(stage.database) as connection:
            cast(connection)
        yield stage


async def test_a_major_finding_lives_from_issued_to_sustained(stage: Stage) -> None:
    life = await stage.begin(factory=LOTUS, programme=PROGRAMME)
    promised = life.day(40)
    await commit(life, days=40)
    committed = DHAKA.today(life.now)
    await life.later(days=40 + ACKNOWLEDGED)
    await life.order(CHLOE, Acknowledge, obligation=f"{Duty.ACTION}:{FIRST}")
    await life.later(days=95 - ACKNOWLEDGED)
    assert notices(life, FIRST) == expected(committed, promised, DHAKA.today(life.now))
    assert_every_letter_once(stage)

    await life.order(BAO, RecordProgress, action=FIRST, percent=100, evidence=PHOTO, slip_reason=NOTE)
    await life.order(BAO, ReportFixed, evidence=PHOTO)
    await verify(life, Verdict.FAIL)
    assert (life.row().stage, life.row().attempt) == ("under_review", 2)
    await commit(life, days=30)
    await fix(life)
    await verify(life)
    await life.later(days=89)
    told = life.ledger().count("escalated")
    await life.order(CHLOE, CheckEffectiveness, held=True, on=life.day(0), evidence=PHOTO)
    assert life.row().stage == "sustained"
    assert life.ledger().count("escalated") == told == 4, "the fifth level is for people"
    assert life.ledger().count("decision_due") == 1
    assert_every_letter_once(stage)


def notices(life: Life, action: str) -> list[Notice]:
    """Give what the ledger says was sent about an action, by the factory's wall clock."""
    with reading(life.database) as connection:
        story = entries(connection, life.finding)
    told = []
    for entry in story:
        fact = fact_of(entry.kind, entry.body)
        if isinstance(fact, Reminded | Escalated | DecisionDue) and fact.duty is Duty.ACTION:
            assert fact.obligation == f"{Duty.ACTION}:{action}"
            level = 0 if isinstance(fact, Reminded) else fact.level
            assert entry.at - fact.scheduled < timedelta(minutes=1), "every notice is recorded at its hour"
            told.append(Notice(level, DHAKA.local(fact.scheduled)))
    return sorted(told, key=lambda notice: (notice.at, notice.level))


def expected(committed: date, due: date, until: date) -> list[Notice]:
    """Count the mornings by hand: reminders earlier off Fridays, the ladder later off Fridays."""
    weekly = range(7, (until - due).days + 7, 7)
    days = [
        *(due - timedelta(days=before) for before in (14, 7, 1, 0)),
        *(due + timedelta(days=n) for n in weekly),
    ]
    reminders = {day - timedelta(days=day.isoweekday() == 5) for day in days}
    sent = [Notice(0, datetime.combine(day, NINE)) for day in reminders if committed < day <= until]
    steps = {level: due + timedelta(days=late) for level, late in LADDER.items()}
    steps[3] = days_of_work(due + timedelta(days=ACKNOWLEDGED), HELD) + timedelta(days=1)
    for level, day in steps.items():
        sent.append(Notice(level, datetime.combine(day + timedelta(days=day.isoweekday() == 5), NINE)))
    return sorted(sent, key=lambda notice: (notice.at, notice.level))


def days_of_work(day: date, count: int) -> date:
    """Give the day so many working days on, Fridays left out."""
    while count:
        day += timedelta(days=1)
        count -= day.isoweekday() != 5
    return day


def assert_every_letter_once(stage: Stage) -> None:
    key = (letters.c.finding, letters.c.obligation, letters.c.step, letters.c.recipient, letters.c.due)
    with reading(stage.database) as connection:
        owed = Counter(tuple(row) for row in connection.execute(select(*key)))
    assert owed
    assert set(owed.values()) == {1}
