"""The world: Mendwork as real processes whose every connection goes through a wire that can do harm."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import make_url

from tests.life.processes import (
    COMMANDS,
    SERVICE,
    VICTIMS,
    WORKER,
    Machine,
    PostOffice,
    Program,
    running,
)
from tests.nemesis.wires import Wire, open_wire
from tests.notifications.mail_servers import open_house
from tests.postgres import Cluster, binaries
from tests.temporal_server import HOST, free_port

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DIALECTS = (SQLITE, POSTGRESQL)
CALLERS, POST = "callers to service", "worker to mail server"
WATCH_SECONDS = 0.2
PATIENCE = 2.0


@dataclass
class World:
    """Programs, the servers they need, and the wires between them."""

    machine: Machine
    dialect: str
    wires: dict[str, Wire]
    cluster: Cluster | None
    died: Counter[str] = field(default_factory=Counter)
    """Programs that ended by themselves, and were started again as `mendwork up` does."""
    down: set[str] = field(default_factory=set)
    """Programs that are meant to be away, and are not started again."""

    @property
    def url(self) -> str:
        """Where people call."""
        return f"http://{HOST}:{self.wires[CALLERS].port}"

    async def kill(self, name: str, away: float) -> None:
        """Kill a program with SIGKILL, and start it again after some seconds."""
        self.down.add(name)
        self.machine.kill(name)
        await asyncio.sleep(away)
        await self.machine.start(name)
        self.down.discard(name)

    async def watch(self) -> None:
        """Start again what ends by itself, for ever."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            for name in VICTIMS:
                process = self.machine.programs[name].process
                if name not in self.down and process is not None and process.poll() is not None:
                    self.died[name] += 1
                    await self.machine.start(name)

    def heal(self) -> None:
        """Let everything pass again."""
        for wire in self.wires.values():
            wire.heal()

    def program(self, name: str) -> Program:
        """Give one of our own programs."""
        found = self.machine.programs[name]
        assert isinstance(found, Program)
        return found


@asynccontextmanager
async def a_world(
    folder: Path, dialect: str = SQLITE, *, dynamic_config: Mapping[str, str] | None = None
) -> AsyncIterator[World]:
    """Give a world in which everything runs, over a fresh database of a dialect."""
    async with AsyncExitStack() as stack:
        house = PostOffice()
        smtp_port = await stack.enter_async_context(open_house(house))
        cluster = stack.enter_context(_cluster()) if dialect == POSTGRESQL else None
        machine = Machine(
            folder,
            house,
            smtp_port,
            PATIENCE,
            database_url=cluster.create("mendwork") if cluster else "",
            dynamic_config=dynamic_config or {},
        )
        wires = {}
        for name, target in _targets(machine, cluster).items():
            wires[name] = await stack.enter_async_context(open_wire(name, target))
        _lead_through(machine, wires)
        world = World(machine, dialect, wires, cluster)
        await stack.enter_async_context(running(machine))
        watching = asyncio.create_task(world.watch())
        stack.callback(watching.cancel)
        yield world


def _cluster() -> Cluster:
    folder = binaries()
    assert folder is not None, "PostgreSQL is not installed (package postgresql)"
    return Cluster(folder, port=free_port())


def to_temporal(name: str) -> str:
    """Give the name of the wire from a program to the Temporal server."""
    return f"{name} to Temporal"


def to_database(name: str) -> str:
    """Give the name of the wire from a program to PostgreSQL."""
    return f"{name} to database"


def _targets(machine: Machine, cluster: Cluster | None) -> dict[str, int]:
    targets = {CALLERS: machine.port, POST: machine.smtp_port}
    for name in (WORKER, SERVICE):
        targets[to_temporal(name)] = machine.temporal.port
        if cluster and cluster.port:
            targets[to_database(name)] = cluster.port
    return targets


def _lead_through(machine: Machine, wires: Mapping[str, Wire]) -> None:
    """Let the programs reach each other through the wires alone."""
    for name in (WORKER, SERVICE):
        given = {"TEMPORAL_ADDRESS": f"{HOST}:{wires[to_temporal(name)].port}"}
        if to_database(name) in wires:
            around = make_url(machine.database_url).update_query_dict(
                {"host": HOST, "port": str(wires[to_database(name)].port)}
            )
            given["MENDWORK_DATABASE_URL"] = around.render_as_string(hide_password=False)
        if name == WORKER:
            given["MENDWORK_SMTP_PORT"] = str(wires[POST].port)
        machine.roundabout[name] = given
        machine.programs[name] = machine.program(name, COMMANDS[name])
