"""Child processes: started one after the other, watched, started again when they die, stopped in reverse."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from service.faults import Fault

START_SECONDS = 60.0
LOOK_EVERY = 0.1
LONGEST_PAUSE = 30.0
LOG_AT_MOST = 5_000_000


class ChildFailedError(Fault):
    """A child ended before it was ready, or never became ready. The message shows its log's end."""


async def _at_once(_pid: int) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """What a child runs. `ready` says, given its process id, whether it does its work by now."""

    name: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    ready: Callable[[int], Awaitable[bool]] = _at_once
    stop_seconds: float = 30.0


class Child:
    """One process of a program at a time."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> None:
        """Start the process. It goes when this process goes, whatever ends it (see tether.py)."""
        _make_room(self.program.log)
        with self.program.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "service.tether", str(os.getpid()), *self.program.command),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.program.environment},
                # Ctrl-C at the terminal reaches the parent only, which stops its children in order.
                start_new_session=True,
            )

    async def until_ready(self) -> None:
        """Return once the program is ready. Raises ChildFailedError when it ends first or takes too long."""
        process = self._running()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                while process.returncode is None and not await self.program.ready(process.pid):
                    await self._ended_within(LOOK_EVERY)
                if process.returncode is None:
                    return
        raise ChildFailedError(self.what_happened())

    async def until_ended(self) -> int:
        """Wait for the process to end by itself; give its exit code (negative for a signal)."""
        return await self._running().wait()

    async def stop(self) -> bool:
        """Ask the process to end and wait; after `stop_seconds`, kill it. Give whether asking was enough."""
        process = self._process
        if process is None or process.returncode is not None:
            return True
        self._signal(signal.SIGTERM)
        if await self._ended_within(self.program.stop_seconds):
            return True
        self.kill()
        await process.wait()
        return False

    def kill(self) -> None:
        """End the process at once."""
        self._signal(signal.SIGKILL)

    def _signal(self, which: signal.Signals) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(which)

    async def _ended_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._running().wait()
        except TimeoutError:
            return False
        return True

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError(f"{self.program.name} was not started")
        return self._process

    def what_happened(self) -> str:
        """Say how the process ended (or that it was not ready in time), with the end of its log."""
        code = self._running().returncode
        how = f"was not ready within {START_SECONDS:.0f} s" if code is None else describe_end(code)
        return f"{self.program.name} {how}. Its log {self.program.log} ends with:\n{_tail(self.program.log)}"


class Household:
    """All children of this process. `say` tells the person at the terminal what happens to them."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._children: list[Child] = []
        self._keepers: list[asyncio.Task[None]] = []

    async def start(self, program: Program) -> None:
        """Start a program, wait until it is ready, and keep it running from then on."""
        child = Child(program)
        self._children.append(child)
        await child.start()
        await child.until_ready()
        self._keepers.append(asyncio.create_task(self._keep(child), name=program.name))

    async def run(self, program: Program) -> None:
        """Run a program to its end. Raises ChildFailedError if that is not a good one."""
        child = Child(program)
        self._children.append(child)
        await child.start()
        if await child.until_ended() != 0:
            raise ChildFailedError(child.what_happened())
        self._children.remove(child)

    async def watch(self) -> None:
        """Keep all programs running; ends only by cancellation, or by a fault of our own."""
        await asyncio.gather(*self._keepers)

    async def stop(self) -> None:
        """Stop all children, the last one started first."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)
        for child in reversed(self._children):
            if not await child.stop():
                self._say(f"{child.program.name} did not stop in time and was killed")

    def kill(self) -> None:
        """End all children at once."""
        for child in self._children:
            child.kill()

    async def _keep(self, child: Child) -> None:
        pause = 1.0
        while True:
            code = await child.until_ended()
            self._say(
                f"{child.program.name} {describe_end(code)}; starting it again (log: {child.program.log})"
            )
            await asyncio.sleep(pause)
            await child.start()
            try:
                await child.until_ready()
            except ChildFailedError:
                await child.stop()
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._say(f"{child.program.name} runs again")
                pause = 1.0


def describe_end(code: int) -> str:
    """Say in words how a process ended, from its exit code (negative for a signal)."""
    if code >= 0:
        return f"ended with code {code}"
    try:
        return f"was ended by {signal.Signals(-code).name}"
    except ValueError:
        return f"was ended by signal {-code}"


def _make_room(log: Path) -> None:
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_AT_MOST:
        log.replace(log.with_suffix(".old.log"))


def _tail(log: Path, lines: int = 8) -> str:
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(f"  {line}" for line in text.splitlines()[-lines:]) or "  (nothing)"
