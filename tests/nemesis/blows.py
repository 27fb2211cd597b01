"""Blows: every kind of harm that the nemesis can do to a world, and the order in which a seed does it."""

import asyncio
import re
import resource
import sqlite3
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from functools import partial
from random import Random
from time import monotonic

import psutil
import psycopg

from tests.life.processes import SERVICE, TEMPORAL, WORKER
from tests.nemesis.wires import Harm, Mark, Wire
from tests.nemesis.world import POST, World, to_database

Blow = Callable[[float], Awaitable[int]]
"""Does harm for about so many seconds, and gives how often it struck."""
Hand = Mapping[str, Blow]
"""The blows that one hand deals, one after another, by name."""

LOOK_AGAIN = 0.05
ARMED_AT_MOST = 6.0
SLOW_SECONDS = 0.3
LONGEST = 1.5
RESTS = {"kills": (2.0, 5.0), "database": (1.0, 4.0)}
USUAL_REST = (0.3, 3.0)
"""Seconds from one blow of a hand to its next: programs need some time between two deaths to do anything."""
POSTGRES = "postgres"
COULD_NOT_WRITE = re.compile(rb'"database_unavailable"|"route": "/api/v1/findings[^"]*", "status": 503')
LOCK = "LOCK TABLE ledger, findings, commands, letters, messages IN EXCLUSIVE MODE"
ROOM_LEFT = 33 * 1024
"""Bytes of each file that can still be written: enough to open a database, too little to write into it."""


@dataclass(frozen=True)
class Stroke:
    """The next thing that a hand does: rest, then a blow."""

    rest: float
    blow: str
    seconds: float


def strokes(seed: int, hand: str, blows: tuple[str, ...]) -> Iterator[Stroke]:
    """Give what a hand does, for ever: every blow once in each round, in an order set by the dice.

    A seed fixes it all.
    """
    dice = Random(f"{seed}:{hand}")  # noqa: S311 - nothing secret
    left: list[str] = []
    while True:
        left = left or dice.sample(blows, len(blows))
        blow = left.pop()
        yield Stroke(dice.uniform(*RESTS.get(hand, USUAL_REST)), blow, dice.uniform(LONGEST / 5, LONGEST))


def hands(world: World) -> dict[str, Hand]:
    """Give all hands of the nemesis in a world."""
    every: dict[str, Hand] = {name: _of_wire(wire) for name, wire in world.wires.items()}
    every["kills"] = _kills(world)
    every["database"] = _of_sqlite(world) if world.cluster is None else _of_postgres(world)
    every["mail server"] = {
        "4xx": partial(_reply, world, "451 4.3.0 come back later"),
        "5xx": partial(_reply, world, "550 5.7.1 not here"),
    }
    return every


def _of_wire(wire: Wire) -> Hand:
    once: dict[str, tuple[Harm, Mark | None]] = {
        harm.value: (harm, None) for harm in (Harm.REQUEST_LOST, Harm.REPLY_LOST, Harm.REPLY_CUT)
    }
    if wire.name == POST:
        once[Harm.REQUEST_LOST.value] = (Harm.REQUEST_LOST, _is_letter)
        once[Harm.REPLY_LOST.value] = (Harm.REPLY_LOST, _is_dot)
    if wire.name in {to_database(WORKER), to_database(SERVICE)}:
        once["reset after commit"] = (Harm.REPLY_LOST, _is_commit)
    blows: dict[str, Blow] = {name: partial(_once, wire, *what) for name, what in once.items()}
    return {**blows, Harm.DELAYED.value: partial(_slow, wire), Harm.REFUSED.value: partial(_refuse, wire)}


def _is_dot(chunk: bytes) -> bool:
    return chunk == b".\r\n" or chunk.endswith(b"\r\n.\r\n")


def _is_letter(chunk: bytes) -> bool:
    return b"Message-ID:" in chunk


def _is_commit(chunk: bytes) -> bool:
    return b"COMMIT" in chunk


async def _once(wire: Wire, harm: Harm, mark: Mark | None, seconds: float) -> int:
    """Harm the next request; it may take a while until there is one."""
    wire.arm(harm, mark)
    return await _until_struck(wire, harm, seconds=0, at_most=ARMED_AT_MOST + seconds)


async def _slow(wire: Wire, seconds: float) -> int:
    wire.slow(SLOW_SECONDS)
    return await _until_struck(wire, Harm.DELAYED, seconds=seconds, at_most=ARMED_AT_MOST + seconds)


async def _refuse(wire: Wire, seconds: float) -> int:
    before = wire.struck[Harm.REFUSED]
    wire.refuse()
    broken = wire.struck[Harm.REFUSED] - before
    at_most = seconds if broken else ARMED_AT_MOST
    return broken + await _until_struck(wire, Harm.REFUSED, seconds=seconds, at_most=at_most)


async def _until_struck(wire: Wire, harm: Harm, *, seconds: float, at_most: float) -> int:
    struck = await _until(lambda: wire.struck[harm], seconds=seconds, at_most=at_most)
    wire.heal()
    return struck


async def _until(struck: Callable[[], int], *, seconds: float, at_most: float) -> int:
    """Wait so many seconds and until something has struck; give how often it did."""
    before, began = struck(), monotonic()
    while True:
        await asyncio.sleep(LOOK_AGAIN)
        passed, times = monotonic() - began, struck() - before
        if passed >= at_most or (passed >= seconds and times):
            return times


def _kills(world: World) -> Hand:
    blows: dict[str, Blow] = {name: partial(_kill, world, name) for name in (WORKER, SERVICE, TEMPORAL)}
    if world.cluster is not None:
        blows[POSTGRES] = partial(_kill_postgres, world)
    return blows


async def _kill(world: World, name: str, seconds: float) -> int:
    await world.kill(name, seconds)
    return 1


async def _kill_postgres(world: World, seconds: float) -> int:
    assert world.cluster is not None
    await asyncio.to_thread(world.cluster.kill)
    await asyncio.sleep(seconds)
    await asyncio.to_thread(world.cluster.start)
    return 1


def _of_sqlite(world: World) -> Hand:
    file = world.machine.folder / "mendwork.db"
    return {"locked": partial(_lock_sqlite, str(file)), "full": partial(_full, world)}


async def _lock_sqlite(file: str, seconds: float) -> int:
    with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(seconds)
        connection.execute("ROLLBACK")
    return 1


async def _full(world: World, seconds: float) -> int:
    """Leave both programs no room to write: the kernel refuses to let their files grow."""
    programs = [world.program(name) for name in (WORKER, SERVICE)]
    limited = [psutil.Process(each.process.pid) for each in programs if each.process is not None]
    _limit(limited, ROOM_LEFT)
    struck = await _until(lambda: _complaints(world), seconds=seconds, at_most=ARMED_AT_MOST)
    _limit(limited, resource.RLIM_INFINITY)
    return struck


def _complaints(world: World) -> int:
    logs = (world.machine.folder / f"{name}.log" for name in (WORKER, SERVICE))
    return sum(len(COULD_NOT_WRITE.findall(each.read_bytes())) for each in logs)


def _limit(processes: list[psutil.Process], size: int) -> None:
    for each in processes:
        if each.is_running():
            each.rlimit(psutil.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def _of_postgres(world: World) -> Hand:
    return {"locked": partial(_lock_postgres, world.machine.database_url)}


async def _lock_postgres(url: str, seconds: float) -> int:
    struck = 0
    with suppress(psycopg.OperationalError):  # another hand may kill the server, and the lock with it
        async with await psycopg.AsyncConnection.connect(url) as connection:
            await connection.execute(LOCK)
            struck = 1
            await asyncio.sleep(seconds)
            await connection.rollback()
    return struck


async def _reply(world: World, reply: str, seconds: float) -> int:
    """Let the mail server answer the next letter so, instead of taking it."""
    house = world.machine.mail
    house.once = reply
    struck = await _until(lambda: int(not house.once), seconds=0, at_most=ARMED_AT_MOST + seconds)
    house.once = ""
    return struck
