"""Scenario: everything is down for three days, over a thousand steps come due, and then all comes back.

The findings stand in SQL as they stood three days ago. Some of them have a timer at the server that rings
while it is away. A bare workflow with such a timer shows what the server itself needs for that.
"""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

from sqlalchemy import func, select
from temporalio import workflow
from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from remediation.facts import Reminded
from remediation.words import FindingId
from service.engine import Engine
from service.reconciling import temporal
from storage.database import reading, writing
from storage.tables import ledger
from tests.life.processes import VICTIMS, WORKER, until_told
from tests.nemesis.checks import Looked, check_all
from tests.nemesis.evidence import Evidence, Witness, connected, gather_evidence
from tests.nemesis.journal import Journal
from tests.nemesis.morning import SURE
from tests.nemesis.past import Past, Place, a_place, promised, put_on_record, settle
from tests.nemesis.resting import Rest
from tests.nemesis.world import World, a_world

THREE_DAYS = timedelta(days=3)
DOWN = timedelta(days=3, minutes=4)
"""From just after the morning three days ago until now."""
STEPS_EACH = 3
RING_AFTER = timedelta(seconds=45)
QUEUE = "bare"
NOT_HERE = frozenset({"3, 10", "4", "5", "14"})
"""Invariants that need a witness, or that are about mail, which still leaves after the last step."""
LIMIT = 60.0
LOOK_AGAIN = 0.1


@workflow.defn(name="alarm")
class Alarm:
    """The least that can be late: one timer."""

    @workflow.run
    async def run(self, seconds: float) -> None:
        """Ring once."""
        await workflow.sleep(seconds)


@dataclass(frozen=True)
class Size:
    """How many findings were asleep, and how many had a timer that rang in the outage."""

    asleep: int = 280
    ringing: int = 200

    @property
    def steps(self) -> int:
        """Steps of the ladder that come due."""
        return self.asleep * STEPS_EACH + self.ringing


@dataclass
class Outage:
    """What a run of the scenario did and found."""

    steps: int
    issued_in: float
    """Seconds from recovery until every step stood in SQL."""
    floor: float
    """Seconds from the server's recovery until the same number of bare timers had rung."""
    taken: int
    reminders_missed: int
    reminders_sent: int
    twice: int
    looked: list[Looked]

    @property
    def told(self) -> Iterator[tuple[str, object]]:
        """What the report says."""
        yield "steps that came due in three days", self.steps
        yield "steps issued", self.taken
        yield "seconds from recovery until the last stood in SQL", f"{self.issued_in:.1f}"
        yield "seconds that as many bare timers took in the same run", f"{self.floor:.1f}"
        yield (
            "reminders missed, and what they collapsed into",
            f"{self.reminders_missed}, {self.reminders_sent}",
        )
        yield "anything twice", self.twice

    @property
    def failures(self) -> list[str]:
        """Everything that must not be."""
        wrong = [f"[{each.number}] {one}" for each in self.looked for one in each.objections]
        if self.taken != self.steps:
            wrong.append(f"{self.taken} steps taken of {self.steps}")
        if self.issued_in > max(LIMIT, self.floor):
            wrong.append(f"{self.issued_in:.0f} s, and the floor is {self.floor:.0f} s")
        if self.twice or self.reminders_sent >= self.reminders_missed:
            wrong.append(f"{self.reminders_sent} reminders of {self.reminders_missed}, {self.twice} twice")
        return wrong


async def outage(folder: Path, dialect: str, size: Size) -> Outage:
    """Run the scenario over a fresh world in a folder."""
    async with a_world(folder, dialect) as world:
        floor = await _floor(world, size.asleep + size.ringing)
        now = datetime.now(UTC)
        rings = now + RING_AFTER
        resting, ringing = _places(now, rings)
        asleep = [_asleep(resting, number, now) for number in range(size.asleep)]
        awake = [_ringing(ringing, number, rings) for number in range(size.ringing)]
        with writing(world.machine.database) as connection:
            for place in (resting, ringing):
                settle(connection, place)
            put_on_record(connection, [*asleep, *awake])
        engine = Engine(await connected(world))
        await _start_all(engine, awake)
        await until_told(lambda: _all_wait(engine, awake), "the timers", seconds=30)
        world.down.update(VICTIMS)
        world.machine.kill(WORKER)
        await _start_all(engine, asleep)
        issued_in = await _go_down_and_come_back(world, rings, size.steps)
        rest = Rest(world, limit=120)
        await rest.until("workflows stand where SQL stands", rest.heads_agree)
        evidence = await gather_evidence(world, Journal(), Witness(world.machine.database, {}))
        return _found(evidence, size, issued_in, floor)


def _places(now: datetime, rings: datetime) -> tuple[Place, Place]:
    """Give two factories: one whose mornings are just past, one whose next morning comes in the outage."""
    return (
        a_place("asleep", "Asia/Dhaka", 360, now - timedelta(minutes=5)),
        a_place("ringing", "Asia/Ho_Chi_Minh", 420, rings),
    )


def _asleep(place: Place, number: int, now: datetime) -> Past:
    """Give a finding of three days ago, of which an action becomes late on each of the three mornings."""
    today = place.calendar.today(now - timedelta(minutes=5))
    due = [today - timedelta(days=days) for days in range(STEPS_EACH, 0, -1)]
    past = promised(f"asleep-{number}", place, due, now - timedelta(days=40))
    return past.until(now - DOWN + timedelta(minutes=1))


def _ringing(place: Place, number: int, rings: datetime) -> Past:
    due = place.calendar.today(rings) - timedelta(days=1)
    past = promised(f"ringing-{number}", place, [due], rings - timedelta(days=40))
    return past.until(rings - timedelta(minutes=10))


async def _start_all(engine: Engine, pasts: list[Past]) -> None:
    places = asyncio.Semaphore(32)

    async def start(past: Past) -> None:
        async with places:
            await engine.start(past.case)

    await asyncio.gather(*(start(past) for past in pasts))


async def _all_wait(engine: Engine, pasts: list[Past]) -> bool:
    ids = [FindingId(past.case.finding.id) for past in pasts]
    heads = await temporal.for_each(ids, lambda finding: temporal.head(engine, finding))
    return all(head is not None and head.wakes_at is not None for head in heads.values())


async def _go_down_and_come_back(world: World, rings: datetime, steps: int) -> float:
    """Kill everything, let the timers ring unheard, start everything; give how long all steps took then."""
    before = await asyncio.to_thread(_steps, world)
    for name in VICTIMS:
        world.machine.kill(name)
    await _pass(rings + timedelta(seconds=3))
    began = monotonic()
    for name in reversed(VICTIMS):
        await world.machine.start(name)
    world.down.clear()
    await until_told(lambda: _are_there(world, before + steps), "all steps", seconds=300)
    return monotonic() - began


async def _pass(instant: datetime) -> None:
    await asyncio.sleep(max(0.0, (instant - datetime.now(UTC)).total_seconds()))


async def _are_there(world: World, steps: int) -> bool:
    return await asyncio.to_thread(_steps, world) >= steps


def _steps(world: World) -> int:
    with reading(world.machine.database) as connection:
        taken = select(func.count()).where(ledger.c.kind == "escalated")
        return connection.execute(taken).scalar_one()


async def _floor(world: World, count: int) -> float:
    """Give the seconds from the server's return until so many timers have rung that came due meanwhile."""
    client = await connected(world)
    rings = datetime.now(UTC) + RING_AFTER
    async with _bare_worker(client):
        for first in range(0, count, 50):
            await asyncio.gather(
                *(_alarm(client, number, rings) for number in range(first, min(count, first + 50)))
            )
        await until_told(lambda: _all_started(client, count), "the bare timers", seconds=40)
    world.down.update(VICTIMS)
    temporal_server = world.machine.temporal
    temporal_server.kill()
    await _pass(rings + timedelta(seconds=1))
    began = monotonic()
    await asyncio.to_thread(temporal_server.start)
    world.down.clear()
    client = await connected(world)
    async with _bare_worker(client):
        await asyncio.gather(*(client.get_workflow_handle(f"alarm-{n}").result() for n in range(count)))
    return monotonic() - began


def _bare_worker(client: Client) -> Worker:
    return Worker(client, task_queue=QUEUE, workflows=[Alarm], workflow_runner=UnsandboxedWorkflowRunner())


async def _alarm(client: Client, number: int, rings: datetime) -> None:
    ahead = (rings - datetime.now(UTC)).total_seconds()
    await client.start_workflow(Alarm.run, ahead, id=f"alarm-{number}", task_queue=QUEUE)


async def _all_started(client: Client, count: int) -> bool:
    """Whether each bare workflow has set its timer: its history is then longer than its start."""
    lengths = [
        run.history_length
        for run in await asyncio.gather(
            *(client.get_workflow_handle(f"alarm-{number}").describe() for number in range(count))
        )
    ]
    return all(length >= 5 for length in lengths)


def _found(evidence: Evidence, size: Size, issued_in: float, floor: float) -> Outage:
    steps = Counter((entry.finding, step.obligation, step.level) for entry, step in evidence.escalations())
    asleep = {each for each in evidence.ledgers if each.startswith("asleep")}
    reminders = [
        (entry.finding, fact.obligation)
        for entry, fact in evidence.facts(Reminded)
        if entry.finding in asleep and entry.at > datetime.now(UTC) - THREE_DAYS
    ]
    return Outage(
        steps=size.steps,
        issued_in=issued_in,
        floor=floor,
        taken=sum(steps.values()),
        # By hand: the second action misses the one of its day, the third also that of the day before.
        reminders_missed=len(asleep) * 3,
        reminders_sent=len(reminders),
        twice=sum(count - 1 for count in [*steps.values(), *Counter(reminders).values()]),
        looked=[each for each in check_all(evidence) if each.number in SURE - NOT_HERE],
    )
