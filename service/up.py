"""`mendwork up`: everything on this machine, started in order, kept running, and stopped in order."""

import asyncio
import signal
from collections.abc import Callable, Coroutine
from typing import Any

from rich.console import Console

from service.children import ChildFailedError, Household, Program
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
        embedded, household = self._embedded, self._household
        lost = embedded.home.has_lost_temporal()
        with self._console.status("Starting the Temporal server, the database and the mail catcher …"):
            await _together(
                household.start(embedded.temporal()),
                household.start(embedded.catcher()),
                household.run(embedded.migrate()),
            )
            await embedded.keep_histories()
        if lost:
            await self._resurrect()
        with self._console.status("Starting the worker and the service …"):
            await _together(household.start(embedded.worker()), household.start(embedded.service()))
        if self._demo:
            await self._run("Loading the demo programme", embedded.demo())
        when_ready()
        await household.watch()

    async def _resurrect(self) -> None:
        """Start again from SQL what Temporal lost. What is left to a person stops nobody from working."""
        self._say("The Temporal server's file is gone; findings start again from SQL.")
        try:
            await self._run("Starting findings again", self._embedded.resurrect())
        except ChildFailedError as failed:
            self._say(str(failed))

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


async def _together(*steps: Coroutine[Any, Any, None]) -> None:
    """Take steps that do not need one another. Children stop in the reverse of the order named here."""
    try:
        async with asyncio.TaskGroup() as group:
            for step in steps:
                group.create_task(step)
    except* ChildFailedError as failed:
        raise failed.exceptions[0] from None
