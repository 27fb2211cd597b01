"""Mendwork as real processes over real servers, each of which can be killed and started again."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic
from typing import Protocol, TypeVar

import psutil
from aiosmtpd.smtp import Envelope, Session
from sqlalchemy import Engine as Database
from sqlalchemy import update

from storage.database import open_engine, writing
from storage.messages import MessageState
from storage.tables import messages
from tests.notifications.mail_servers import MailHouse, Server, open_house
from tests.service.stage import cast
from tests.temporal_server import HOST, TemporalServer, free_port

WORKER, SERVICE, TEMPORAL = "worker", "service", "temporal"
VICTIMS = (WORKER, SERVICE, TEMPORAL)
COMMANDS = {WORKER: "worker", SERVICE: "serve"}
STOP_SECONDS = 30.0
LOOK_AGAIN = 0.05
PATIENCE = 45.0

Found = TypeVar("Found")


class PostOffice(MailHouse):
    """A mail server that takes every letter.

    It can do something before it says so (`trap`), or give another answer (`once`), each a single time.
    """

    trap: Callable[[], None] | None = None
    once: str = ""

    async def handle_DATA(self, server: Server, session: Session, envelope: Envelope) -> str:  # noqa: N802
        instead, self.once = self.once, ""
        if instead:
            return instead
        reply = await super().handle_DATA(server, session, envelope)
        trap, self.trap = self.trap, None
        if trap is not None:
            trap()
        return reply


class Mortal(Protocol):
    """What can be killed and started again."""

    process: subprocess.Popen[bytes] | None

    def start(self) -> None: ...
    def stop(self) -> None: ...
    def kill(self) -> None: ...


@dataclass
class Program:
    """One of our commands as a process of its own. It says in `folder` what it has to say."""

    name: str
    arguments: tuple[str, ...]
    folder: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            self.process = subprocess.Popen(
                (sys.executable, "-m", "service.cli", *self.arguments),
                cwd=self.folder,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        self._end(signal.SIGKILL)

    def run(self) -> None:
        """Run to the end."""
        self.start()
        assert self.process is not None
        code, self.process = self.process.wait(STOP_SECONDS), None
        assert code == 0, self.said()

    def said(self) -> str:
        return (self.folder / f"{self.name}.log").read_text()[-4000:]

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass
class Machine:
    """Everything on one machine: worker, service and Temporal server as processes, and a mail server."""

    folder: Path
    mail: PostOffice
    smtp_port: int
    patience: float
    database_url: str = ""
    dynamic_config: Mapping[str, str] = field(default_factory=dict)
    roundabout: dict[str, dict[str, str]] = field(default_factory=dict)
    """Settings of single programs, by name: how they reach the others where that is not straight."""
    temporal: TemporalServer = field(init=False)
    database: Database = field(init=False)
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.temporal = TemporalServer(self.folder / "temporal", dynamic_config=self.dynamic_config)
        self.database_url = self.database_url or f"sqlite:///{self.folder / 'mendwork.db'}"
        self.database = open_engine(self.database_url)
        self.programs: dict[str, Mortal] = {TEMPORAL: self.temporal}
        for name, command in COMMANDS.items():
            self.programs[name] = self.program(name, command)

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def program(self, name: str, *arguments: str) -> Program:
        """Give one of our commands, to be run on this machine."""
        kept = {key: value for key, value in os.environ.items() if key.startswith("COVERAGE_")}
        environment = {"PATH": os.environ["PATH"], **kept, **self._settings, **self.roundabout.get(name, {})}
        return Program(name, arguments, self.folder, environment)

    async def start(self, name: str) -> None:
        """Start a program; the Temporal server is waited for."""
        await asyncio.to_thread(self.programs[name].start)

    def kill(self, name: str) -> None:
        """Kill a program as the kernel does when memory runs out: with SIGKILL, between any two steps."""
        self.programs[name].kill()

    def let_leases_run_out(self) -> None:
        """Turn the clock forward for the letters that a killed worker had in hand; no worker may run."""
        claimed = messages.c.state == MessageState.CLAIMED.value
        with writing(self.database) as connection:
            connection.execute(update(messages).where(claimed).values(next_try_at=datetime.now(UTC)))

    async def stop(self) -> None:
        """End all in order."""
        for name in VICTIMS:
            await asyncio.to_thread(self.programs[name].stop)
        self.database.dispose()

    def left_over(self) -> list[str]:
        """Give the processes that belong to this machine, by what they were started with."""
        return [f"{each.pid}: {each.name()}" for each in psutil.process_iter() if self._started(each)]

    def _started(self, process: psutil.Process) -> bool:
        with suppress(psutil.Error):
            home = process.environ().get("MENDWORK_HOME")
            return home == str(self.folder) or str(self.folder) in " ".join(process.cmdline())
        return False

    @property
    def _settings(self) -> dict[str, str]:
        return {
            "MENDWORK_HOME": str(self.folder),
            "MENDWORK_DATABASE_URL": self.database_url,
            "MENDWORK_HOST": HOST,
            "MENDWORK_PORT": str(self.port),
            # A dozen programs run on a machine. With several: MENDWORK_PROCESSES=2 make chaos.
            "MENDWORK_PROCESSES": os.environ.get("MENDWORK_PROCESSES", "1"),
            "MENDWORK_COMMAND_PATIENCE": str(self.patience),
            "MENDWORK_SMTP_HOST": HOST,
            "MENDWORK_SMTP_PORT": str(self.smtp_port),
            "MENDWORK_GATHER_MINUTES": "0",
            "TEMPORAL_ADDRESS": self.temporal.target,
            "TEMPORAL_CONFIG_FILE": os.devnull,
        }


@asynccontextmanager
async def a_machine(folder: Path, *, patience: float = 5.0) -> AsyncIterator[Machine]:
    """Give a machine with the cast in its directory, on which worker, service and Temporal server run."""
    house = PostOffice()
    async with open_house(house) as smtp_port:
        machine = Machine(folder, house, smtp_port, patience)
        async with running(machine):
            yield machine


@asynccontextmanager
async def running(machine: Machine) -> AsyncIterator[None]:
    """Let the cast settle in the machine's database, and its programs run for the length of a block."""
    try:
        await asyncio.to_thread(machine.program("migrate", "migrate").run)
        with writing(machine.database) as connection:
            cast(connection)
        for name in (TEMPORAL, SERVICE, WORKER):
            await machine.start(name)
        yield
    finally:
        await machine.stop()


async def until(
    look: Callable[[], Found | None], what: str, *, seconds: float = PATIENCE, pause: float = LOOK_AGAIN
) -> Found:
    """Look again and again until something is there, and give it; fail where it does not come in time."""

    async def looked() -> Found | None:
        return look()

    return await until_told(looked, what, seconds=seconds, pause=pause)


async def until_told(
    ask: Callable[[], Awaitable[Found | None]],
    what: str,
    *,
    seconds: float = PATIENCE,
    pause: float = LOOK_AGAIN,
) -> Found:
    """Ask again and again until there is an answer, and give it; fail where it does not come in time."""
    deadline = monotonic() + seconds
    while monotonic() < deadline:
        if found := await ask():
            return found
        await asyncio.sleep(pause)
    raise AssertionError(f"{what} did not come within {seconds:.0f} s")
