"""A campaign: people work, the nemesis strikes, then all is healed and every invariant is looked at."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from time import monotonic

from tests.nemesis.blows import Hand, hands, strokes
from tests.nemesis.checks import Looked, check_all, objections
from tests.nemesis.evidence import Witness, gather_evidence, stored_rows
from tests.nemesis.journal import Journal
from tests.nemesis.people import Committee, Line
from tests.nemesis.resting import Rest
from tests.nemesis.world import World, a_world
from tests.service.stage import LOTUS, NEIGHBOUR

COMMITTEES = 3
LONGER = 10.0
"""How many times its length a campaign may last until every kind of blow has struck.

Once its length is over, only blows that never struck are dealt: others would keep away what they wait for.
"""
LOOK_AGAIN = 0.2
DEADLY = frozenset({"kills", "database"})
ANSWERED_AT_LATEST = 10.0


@dataclass
class Outcome:
    """What a campaign did, and what was found after it."""

    seed: int
    dialect: str
    seconds: float
    struck: Counter[str]
    never_struck: list[str]
    journal: Journal
    answers: Counter[str]
    broken: list[str]
    died: Counter[str]
    converged: dict[str, float]
    """Seconds from healing until each part was at rest; one that never was is missing."""
    late: list[str]
    looked: list[Looked]
    findings: int
    mails: int

    @property
    def failures(self) -> list[str]:
        """Everything that must not be; empty after a good campaign."""
        never = [f"[21] {each} never struck" for each in self.never_struck]
        late = [f"[20] {each}" for each in self.late]
        wrong = [f"an answer that no fault excuses: {each}" for each in self.broken]
        return [*objections(self.looked), *never, *late, *wrong]


@dataclass
class Campaign:
    """A world, people in it, and the nemesis."""

    world: World
    seed: int
    seconds: float
    journal: Journal = field(default_factory=Journal)
    struck: Counter[str] = field(default_factory=Counter)
    stop_striking: asyncio.Event = field(default_factory=asyncio.Event)
    stop_working: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> Outcome:
        """Strike, heal, wait until all is at rest, and look."""
        witness = Witness(self.world.machine.database, {})
        watching = asyncio.create_task(witness.watch())
        async with Line(self.world.url, self.journal) as line:
            committees = self._committees(line)
            await asyncio.gather(*(each.settle_in() for each in committees))
            people = [asyncio.create_task(each.work()) for each in committees]
            await self._strike(people)
            self.world.heal()
            self.stop_working.set()
            rest = await self._come_to_rest(people)
            watching.cancel()
            await asyncio.to_thread(witness.look)
            await self._ask_again(line)
        evidence = await gather_evidence(self.world, self.journal, witness)
        return Outcome(
            seed=self.seed,
            dialect=self.world.dialect,
            seconds=self.seconds,
            struck=self.struck,
            never_struck=self._never_struck(),
            journal=self.journal,
            answers=line.answers,
            broken=line.broken,
            died=self.world.died,
            converged=rest.seconds,
            late=rest.late,
            looked=check_all(evidence),
            findings=len(evidence.rows),
            mails=len(evidence.mails),
        )

    def _committees(self, line: Line) -> list[Committee]:
        names = [f"c{number}" for number in range(COMMITTEES)]
        return [
            Committee(each, line, Random(f"{self.seed}:{each}"), self.stop_working)  # noqa: S311 - nothing secret
            for each in names
        ]

    async def _strike(self, people: list[asyncio.Task[None]]) -> None:
        """Let all hands strike until the time is over and each kind of blow has struck."""
        self.hands = hands(self.world)
        began = monotonic()
        self.enough = began + self.seconds
        striking = [asyncio.create_task(self._deal(name, hand)) for name, hand in self.hands.items()]
        while monotonic() < began + self.seconds * LONGER:
            await asyncio.sleep(LOOK_AGAIN)
            for each in (*people, *striking):
                if each.done():
                    each.result()  # nobody ends before being told to
            if monotonic() > self.enough and not self._never_struck():
                break
        self.stop_striking.set()
        await asyncio.gather(*striking)

    async def _deal(self, name: str, hand: Hand) -> None:
        for stroke in strokes(self.seed, name, tuple(hand)):
            wanted = self._unstruck(name, hand) if monotonic() > self.enough else list(hand)
            if not wanted:
                return
            if stroke.blow not in wanted:
                continue
            await asyncio.sleep(stroke.rest)
            if name in DEADLY:
                await self._somebody_is_answered()
            if self.stop_striking.is_set():
                return
            self.struck[f"{name}: {stroke.blow}"] += await hand[stroke.blow](stroke.seconds)

    async def _somebody_is_answered(self) -> None:
        """Let something be done between two deaths, however slow the machine: else nothing is shown."""
        before, began = len(self.journal.done), monotonic()
        while len(self.journal.done) == before and not self.stop_striking.is_set():
            await asyncio.sleep(LOOK_AGAIN)
            if monotonic() > began + ANSWERED_AT_LATEST:
                return

    def _unstruck(self, name: str, hand: Hand) -> list[str]:
        return [blow for blow in hand if not self.struck[f"{name}: {blow}"]]

    def _never_struck(self) -> list[str]:
        return [f"{name}: {blow}" for name, hand in self.hands.items() for blow in self._unstruck(name, hand)]

    async def _come_to_rest(self, people: list[asyncio.Task[None]]) -> Rest:
        """Wait until everybody has an answer, all mail has left, and all workflows stand where SQL stands."""
        rest = Rest(self.world)
        await asyncio.to_thread(rest.let_put_off_mail_go)
        await rest.until("people have their answers", _all_done(people))
        await rest.until("mail has left", rest.mail_has_left)
        await rest.until("workflows stand where SQL stands", rest.heads_agree)
        return rest

    async def _ask_again(self, line: Line) -> None:
        """Give every command once more: the answer must be the same for good. Look where nobody may."""
        for sent in tuple(self.journal.done):
            await line.order(sent)
        rows = await asyncio.to_thread(stored_rows, self.world.machine.database)
        for finding, row in rows.items():
            if row.factory == LOTUS and await line.status(NEIGHBOUR, f"/api/v1/findings/{finding}") != 404:
                line.broken.append(f"{finding} is shown to a neighbour")


def _all_done(people: list[asyncio.Task[None]]) -> Callable[[], Awaitable[bool]]:
    async def done() -> bool:
        for each in people:
            if each.done():
                each.result()
        return all(each.done() for each in people)

    return done


async def campaign(folder: Path, seed: int, seconds: float, dialect: str) -> Outcome:
    """Run a campaign of so many seconds over a fresh world in a folder, and give its outcome."""
    async with a_world(folder, dialect) as world:
        return await Campaign(world, seed, seconds).run()
