"""Scenario: two hundred findings late on the same morning in five time zones, while programs die."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic

from sqlalchemy import func, select

from remediation.facts import Escalated
from remediation.ledger import Entry
from service.engine import Engine
from storage.database import reading, writing
from storage.tables import ledger, messages
from tests.life.processes import TEMPORAL, WORKER
from tests.nemesis.blows import hands
from tests.nemesis.checks import Looked, check_all
from tests.nemesis.evidence import Evidence, Witness, connected, gather_evidence
from tests.nemesis.journal import Journal
from tests.nemesis.past import Past, Place, a_place, promised, put_on_record, settle
from tests.nemesis.resting import Rest
from tests.nemesis.wires import Harm
from tests.nemesis.world import POST, World, a_world

ZONES = {
    "dhaka": ("Asia/Dhaka", 360),
    "hanoi": ("Asia/Ho_Chi_Minh", 420),
    "managua": ("America/Managua", -360),
    "karachi": ("Asia/Karachi", 300),
    "jakarta": ("Asia/Jakarta", 420),
}
DAYS_LATE = {1: 1, 2: 7, 3: 21, 4: 45}
"""Level of the ladder and how many days after the promised one it is reached."""
EACH = 10
"""Findings a zone and level: 5 zones, 4 levels, 10 each."""
FIRST_MORNING, BETWEEN_MORNINGS = timedelta(seconds=40), timedelta(seconds=10)
DEATHS = 25
SURE = frozenset({"3, 10", "3", "4", "5", "6, 7, 8, 9", "11", "12", "13", "14", "15", "17"})
"""The invariants that a scenario without people's commands is looked at for."""
A_STEP_AT_LATEST = 5.0
LOOK_AGAIN = 0.1


@dataclass
class Morning:
    """What a run of the scenario did and found."""

    seed: int
    deaths: Counter[str]
    lost_replies: int
    expected: Counter[tuple[str, int]]
    taken: Counter[tuple[str, int]]
    latest: float
    """Seconds by which the latest step of the morning came after its instant."""
    early: int
    mails: int
    copies: int
    """Mails that came more than once, counted beyond the first."""
    ambiguous: int
    rested: dict[str, float]
    late: list[str]
    looked: list[Looked]

    @property
    def told(self) -> Iterator[tuple[str, object]]:
        """What the report says."""
        yield "findings, time zones", f"{len({finding for finding, _ in self.expected})}, {len(ZONES)}"
        yield "deaths", f"{self.deaths.total()}: {dict(self.deaths)}"
        yield "steps of the ladder that were due, taken", f"{self.expected.total()}, {self.taken.total()}"
        yield "steps early", self.early
        yield (
            "seconds by which the latest step of the morning came late, amid the deaths",
            f"{self.latest:.0f}",
        )
        yield "mails taken by the mail server", self.mails
        yield "replies of the mail server lost", self.lost_replies
        yield (
            "copies beyond the first; tries of unknown outcome on record",
            f"{self.copies}; {self.ambiguous}",
        )
        for what, seconds in self.rested.items():
            yield f"seconds after the last death until {what}", f"{seconds:.0f}"

    @property
    def failures(self) -> list[str]:
        """Everything that must not be."""
        wrong = [f"[{each.number}] {one}" for each in self.looked for one in each.objections] + self.late
        if self.taken != self.expected:
            wrong.append(f"steps: {self.taken - self.expected} too many, {self.expected - self.taken} lack")
        if self.early or self.deaths.total() < DEATHS or self.copies > self.ambiguous:
            wrong.append(f"{self.early} early, {self.deaths} deaths, {self.copies} copies")
        return wrong


def findings_of(place: Place, day_of: datetime) -> Iterator[Past]:
    """Give findings of which each level's step falls on the same morning of a factory."""
    today = place.calendar.today(day_of)
    for level, late in DAYS_LATE.items():
        for number in range(EACH):
            due = today - timedelta(days=late)
            yield promised(f"{place.id}-{level}-{number}", place, [due], day_of - timedelta(days=late + 30))


async def morning(folder: Path, seed: int, dialect: str) -> Morning:
    """Run the scenario over a fresh world in a folder."""
    async with a_world(folder, dialect) as world:
        now = datetime.now(UTC)
        mornings = {
            name: now + FIRST_MORNING + number * BETWEEN_MORNINGS for number, name in enumerate(ZONES)
        }
        places = [a_place(name, *zone, mornings[name]) for name, zone in ZONES.items()]
        pasts = [past for place in places for past in findings_of(place, mornings[place.id])]
        with writing(world.machine.database) as connection:
            for place in places:
                settle(connection, place)
            put_on_record(connection, pasts)
        client = await connected(world)
        engine = Engine(client)
        await asyncio.gather(*(engine.start(past.case) for past in pasts))
        witness = Witness(world.machine.database, {})
        watching = asyncio.create_task(witness.watch())
        deaths = await _kill_again_and_again(world, seed, max(mornings.values()))
        rest = Rest(world, limit=180)
        await rest.until("every step stands", lambda: _steps_stand(world, pasts))
        await rest.until("mail has left", rest.mail_has_left)
        await rest.until("workflows stand where SQL stands", rest.heads_agree)
        watching.cancel()
        evidence = await gather_evidence(world, Journal(), witness)
        return _found(world, seed, deaths, pasts, evidence, rest)


async def _kill_again_and_again(world: World, seed: int, until: datetime) -> Counter[str]:
    """Kill worker and server in turns as the seed decides, and lose replies of the mail server."""
    dice, deaths = Random(f"{seed}:morning"), Counter[str]()  # noqa: S311 - nothing secret
    losing = asyncio.create_task(_lose_replies(world, dice.random()))
    while deaths.total() < DEATHS or datetime.now(UTC) < until:
        victim = dice.choice((WORKER, TEMPORAL))
        await world.kill(victim, dice.uniform(0, 0.5))
        deaths[victim] += 1
        await _a_step(world, dice.uniform(0, 1))
    losing.cancel()
    world.heal()
    return deaths


async def _a_step(world: World, more: float) -> None:
    """Wait until something has been recorded or sent, and a little more; a slow machine gets its time."""
    before, began = await asyncio.to_thread(_progress, world), monotonic()
    while monotonic() < began + A_STEP_AT_LATEST:
        await asyncio.sleep(LOOK_AGAIN)
        if await asyncio.to_thread(_progress, world) != before:
            break
    await asyncio.sleep(more)


def _progress(world: World) -> tuple[int, int]:
    with reading(world.machine.database) as connection:
        entries = connection.execute(select(func.count()).select_from(ledger)).scalar_one()
        sent = select(func.count()).where(messages.c.state == "accepted")
        return entries, connection.execute(sent).scalar_one()


async def _lose_replies(world: World, pause: float) -> None:
    blow = hands(world)[POST][Harm.REPLY_LOST.value]
    while True:
        await blow(1.0)
        await asyncio.sleep(1 + pause)


async def _steps_stand(world: World, pasts: list[Past]) -> bool:
    return await asyncio.to_thread(_steps, world) >= sum(_expected(pasts).values())


def _steps(world: World) -> int:
    with reading(world.machine.database) as connection:
        taken = select(func.count()).where(ledger.c.kind == "escalated")
        return connection.execute(taken).scalar_one()


def _expected(pasts: list[Past]) -> Counter[tuple[str, int]]:
    """Give each step that must have been taken, by plain arithmetic: a finding's own level and all below."""
    own = {str(past.case.finding.id): int(past.case.finding.id.split("-")[1]) for past in pasts}
    return Counter((finding, level) for finding, top in own.items() for level in range(1, top + 1))


def _found(
    world: World, seed: int, deaths: Counter[str], pasts: list[Past], evidence: Evidence, rest: Rest
) -> Morning:
    steps = list(evidence.escalations())
    today = [(entry.at - step.scheduled).total_seconds() for entry, step in steps if _is_own(entry, step)]
    copies = Counter(evidence.message_ids())
    return Morning(
        seed=seed,
        deaths=deaths,
        lost_replies=world.wires[POST].struck[Harm.REPLY_LOST],
        expected=_expected(pasts),
        taken=Counter((entry.finding, step.level) for entry, step in steps),
        latest=max(today, default=0.0),
        early=sum(1 for entry, step in steps if entry.at < step.scheduled),
        mails=len(evidence.mails),
        copies=sum(count - 1 for count in copies.values()),
        ambiguous=sum(message.ambiguous for message in evidence.messages),
        rested=rest.seconds,
        late=rest.late,
        looked=[each for each in check_all(evidence) if each.number in SURE],
    )


def _is_own(entry: Entry, step: Escalated) -> bool:
    """Whether a step is the one of this morning, not one that was late already."""
    return step.level == int(entry.finding.split("-")[1])
