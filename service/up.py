"""`mendwork up`: everything on this machine, started in order, kept running, and stopped in order."""

import asyncio
import signal
from collections.abc import Callable

from rich.console import Console

from service.children import Household, Program
from service.embedded import Embedded

STOPPING_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Up:
    """One run of the embedded set-up, from its start until somebody asks it to stop."""

    def __init__(self, embedded: Embedded, console: Console, *, demo: bool) -> None:
        """`console` is where the person is told what happens; `demo` loads the demo programme once."""
        self._embedded = embedded
        self._console = console
        self._demo = demo
        self._household = Household(self._say)
        self._stopping = False

    async def run(self, when_ready: Callable[[], None]) -> None:
        """Start all, call `when_ready`, and keep all running until a signal asks to stop.

        Raises ChildFailedError when a program cannot start; whatever runs is stopped then, too.
        """
        work = asyncio.create_task(self._work(when_ready))
        for each in STOPPING_SIGNALS:
            asyncio.get_running_loop().add_signal_handler(each, self._asked_to_stop, work)
        try:
            await work
        except asyncio.CancelledError:
            self._say("Stopping. Ctrl-C once more stops without waiting.")
        finally:
            self._stopping = True
            await self._household.stop()
        self._say("Stopped. `mendwork up` goes on from here.")

    async def _work(self, when_ready: Callable[[], None]) -> None:
        embedded = self._embedded
        is_new = not embedded.home.temporal_database.exists()
        await self._start("Starting the Temporal server", embedded.temporal())
        await embedded.keep_histories()
        await self._start("Starting the mail catcher", embedded.catcher())
        await self._run("Bringing the database up to date", embedded.migrate())
        await self._start("Starting the worker", embedded.worker())
        if is_new:  # the file may have been lost or put aside, and findings stand in SQL
            await self._run("Starting what stands in SQL", embedded.resurrect())
        await self._start("Starting the service", embedded.service())
        if self._demo:
            await self._run("Loading the demo programme", embedded.demo())
        when_ready()
        await self._household.watch()

    async def _start(self, what: str, program: Program) -> None:
        with self._console.status(f"{what} …"):
            await self._household.start(program)

    async def _run(self, what: str, program: Program) -> None:
        with self._console.status(f"{what} …"):
            await self._household.run(program)

    def _asked_to_stop(self, work: asyncio.Task[None]) -> None:
        if self._stopping:
            self._household.kill()
        self._stopping = True
        work.cancel()

    def _say(self, sentence: str) -> None:
        self._console.print(sentence, markup=False, highlight=False, soft_wrap=True)
