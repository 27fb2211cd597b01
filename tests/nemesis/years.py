"""Scenario: two simulated years of forty findings, some neglected and some cared for, while programs die."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any, TypeVar

from temporalio.service import RPCError, RPCStatusCode
from temporalio.testing import TimeSkipper, TimeSkippingConfig

from remediation.orders import (
    CheckEffectiveness,
    Order,
    PlannedAction,
    Propose,
    RecordProgress,
    ReportFixed,
    Sign,
    Verify,
)
from remediation.words import (
    ActionId,
    ActionKind,
    CommandId,
    Digest,
    FindingId,
    Modality,
    NoteId,
    PersonId,
    Role,
    Stage,
    Verdict,
)
from service.engine import Engine, LifeIsOverError, NotDecidedYetError, OrderRefusedError
from storage import findings
from storage.database import reading, writing
from tests.life.processes import TEMPORAL, WORKER
from tests.nemesis.checks import Looked, check_all
from tests.nemesis.evidence import Witness, connected, gather_evidence
from tests.nemesis.journal import Journal
from tests.nemesis.morning import SURE
from tests.nemesis.outage import NOT_HERE
from tests.nemesis.past import Place, a_past, a_place, put_on_record, settle
from tests.nemesis.resting import Rest
from tests.nemesis.world import World, a_world
from tests.service.stage import AMINA, BAO, CHLOE
from tests.temporal_server import SKIPPING
from workflows.messages import workflow_id

FINDINGS = 40
TWO_YEARS = timedelta(days=730)
STRIDE_DAYS = 15, 50
CARED_FOR = 0.9
"""How often somebody does what is owed at the end of a stride."""
PASSES, HOLDS = 0.7, 0.4
LIMIT = 120.0
REST_SECONDS = 9.0, 15.0
AGAIN_SECONDS = 0.3
PHOTO = (NoteId("photo-1"),)
ACTING = {
    AMINA: Role.WORKER_MEMBER,
    BAO: Role.MANAGER,
    CHLOE: Role.ADVISOR,
}

T = TypeVar("T")


@dataclass
class Years:
    """What a run of the scenario did and found."""

    seed: int
    seconds: float
    deaths: Counter[str]
    facts: Counter[str]
    lived: timedelta
    """The shortest time that a finding has lived, unless its life was over before."""
    late: list[str]
    looked: list[Looked]

    @property
    def told(self) -> Iterator[tuple[str, object]]:
        """What the report says."""
        yield "findings", FINDINGS
        yield "simulated years", 2
        yield f"seconds (limit {LIMIT:.0f})", f"{self.seconds:.0f}"
        yield "deaths", dict(self.deaths)
        yield "facts", self.facts.total()
        for kind in ("reminded", "escalated", "reopened", "ended"):
            yield f"of them {kind}", self.facts[kind]

    @property
    def failures(self) -> list[str]:
        """Everything that must not be."""
        wrong = [f"[{each.number}] {one}" for each in self.looked for one in each.objections]
        if self.seconds > LIMIT:
            wrong.append(f"{self.seconds:.0f} s, more than {LIMIT:.0f} (is the machine busy?)")
        if not self.deaths:
            wrong.append("nobody died")
        if self.lived < TWO_YEARS:
            wrong.append(f"a finding has lived {self.lived.days} days only")
        return wrong + self.late


@dataclass
class Life:
    """One finding whose clock is turned, and what people do on it when they get round to it."""

    finding: FindingId
    world: World
    engine: Engine
    skipper: TimeSkipper
    dice: Random
    began: datetime
    orders: int = 0
    now: datetime = field(init=False)

    @property
    def _handle(self) -> Any:  # noqa: ANN401 - whatever the workflow gives
        return self.engine.client.get_workflow_handle(workflow_id(self.finding))

    async def lead(self) -> timedelta:
        """Let two years pass, or the whole life; give how long that was (two years where it is over)."""
        self.now = self.began
        while self.now < self.began + TWO_YEARS:
            stage = await asyncio.to_thread(self._stage)
            if stage is Stage.SUSTAINED:  # a reopening would begin a run on the real clock
                return TWO_YEARS
            if self.dice.random() < CARED_FOR:
                for person, kind, fields in self._due(stage):
                    await self._give(person, kind, **fields)
            await self._pass(timedelta(days=self.dice.uniform(*STRIDE_DAYS)))
        return self.now - self.began

    def _stage(self) -> Stage:
        with reading(self.world.machine.database) as connection:
            case = findings.case(connection, self.finding)
        assert case is not None
        return case.finding.stage

    def _due(self, stage: Stage) -> Iterator[tuple[PersonId, type[Order], dict[str, object]]]:
        """Give what somebody who cares does at a stage."""
        match stage:
            case Stage.ISSUED | Stage.UNDER_REVIEW:
                revision = Digest(f"{self.orders:064d}")
                yield BAO, Propose, {"revision": revision, "actions": (self._action(),)}
                yield AMINA, Sign, {"revision": revision}
                yield BAO, Sign, {"revision": revision, "acting": Role.MANAGEMENT_MEMBER}
            case Stage.COMMITTED:
                done = {"action": ActionId("a1"), "percent": 100, "evidence": PHOTO, "slip_reason": PHOTO[0]}
                yield BAO, RecordProgress, done
                yield BAO, ReportFixed, {"evidence": PHOTO}
            case Stage.FIX_REPORTED | Stage.VERIFYING:
                verdict = Verdict.PASS if self.dice.random() < PASSES else Verdict.FAIL
                yield CHLOE, Verify, {"verdict": verdict, "modality": Modality.ON_SITE, "evidence": PHOTO}
            case Stage.CLOSED:
                held = self.dice.random() < HOLDS
                yield CHLOE, CheckEffectiveness, {"held": held, "on": self.now.date(), "evidence": PHOTO}

    def _action(self) -> PlannedAction:
        due = (self.now + timedelta(days=self.dice.randint(5, 25))).date()
        return PlannedAction(id=ActionId("a1"), kind=ActionKind.CORRECTIVE, owner=BAO, due=due)

    async def _give(self, person: PersonId, kind: type[Order], **fields: object) -> None:
        """Give an order until it is decided. A refusal is an answer."""
        self.orders += 1
        fields.setdefault("acting", Role.MANAGEMENT_MEMBER if kind is Propose else ACTING[person])
        order = kind(id=CommandId(f"{self.finding}-{self.orders}"), by=person, **fields)  # type: ignore[arg-type]
        try:
            await again_and_again(lambda: self._decided(order))
        except OrderRefusedError:
            return

    async def _decided(self, order: Order) -> None:
        with suppress(LifeIsOverError):  # told so where the answer to the order that ended it was lost
            await self.engine.give(self.finding, order)

    async def _pass(self, span: timedelta) -> None:
        """Turn the finding's clock forward; its end may come first."""
        await again_and_again(lambda: self._skip(span))
        self.now = await again_and_again(lambda: self.skipper.get_current_time(self._handle))

    async def _skip(self, span: timedelta) -> None:
        try:
            await self.skipper.fast_forward(self._handle, span)
        except RPCError as error:
            if error.status not in {RPCStatusCode.NOT_FOUND, RPCStatusCode.FAILED_PRECONDITION}:
                raise


async def again_and_again(do: Callable[[], Awaitable[T]]) -> T:
    """Do something until the server and a worker are there for it."""
    while True:
        try:
            return await do()
        except (NotDecidedYetError, RPCError):
            await asyncio.sleep(AGAIN_SECONDS)


async def years(folder: Path, seed: int, dialect: str) -> Years:
    """Run the scenario over a fresh world in a folder."""
    async with a_world(folder, dialect, dynamic_config=SKIPPING) as world:
        began = datetime.now(UTC)
        place = a_place("years", "Asia/Dhaka", 360, began)
        skipper = TimeSkipper(await connected(world), config=TimeSkippingConfig(enabled=False))
        engine = Engine(skipper.client, patience=10)
        lives = await _begin(world, place, engine, skipper, seed)
        started = monotonic()
        deaths: Counter[str] = Counter()
        killing = asyncio.create_task(_kill(world, seed, deaths))
        lived = await asyncio.gather(*(life.lead() for life in lives))
        seconds = monotonic() - started
        killing.cancel()
        await _all_up(world)
        rest = Rest(world)
        await rest.until("workflows stand where SQL stands", rest.heads_agree)
        evidence = await gather_evidence(world, Journal(), Witness(world.machine.database, {}))
        return Years(
            seed=seed,
            seconds=seconds,
            deaths=deaths,
            facts=Counter(entry.kind for entries in evidence.ledgers.values() for entry in entries),
            lived=min(lived),
            late=rest.late,
            looked=[each for each in check_all(evidence) if each.number in SURE - NOT_HERE],
        )


async def _begin(world: World, place: Place, engine: Engine, skipper: TimeSkipper, seed: int) -> list[Life]:
    began = datetime.now(UTC)
    pasts = [a_past(f"years-{number}", place, began) for number in range(FINDINGS)]
    with writing(world.machine.database) as connection:
        settle(connection, place)
        put_on_record(connection, pasts)
    await asyncio.gather(*(engine.start(past.case) for past in pasts))
    return [
        Life(past.case.finding.id, world, engine, skipper, Random(f"{seed}:{number}"), began)  # noqa: S311 - nothing secret
        for number, past in enumerate(pasts)
    ]


async def _kill(world: World, seed: int, deaths: Counter[str]) -> None:
    dice = Random(f"{seed}:years")  # noqa: S311 - nothing secret
    while True:
        await asyncio.sleep(dice.uniform(*REST_SECONDS))
        victim = dice.choice((WORKER, TEMPORAL))
        deaths[victim] += 1
        await world.kill(victim, 0)


async def _all_up(world: World) -> None:
    for name in tuple(world.down):
        await world.machine.start(name)
        world.down.discard(name)
