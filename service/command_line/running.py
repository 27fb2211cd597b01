"""Commands that run things: up, serve, worker, and the mail catcher."""

import asyncio
import signal
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import replace
from typing import Annotated, Any

import typer

from service.command_line.telling import AsJson, err, settings
from service.command_line.welcome import welcome, welcome_json
from service.embedded import Embedded, Ports
from service.home import Home
from service.settings import Settings
from service.temporal_server import check_server_version, temporal_binary
from service.up import Up


def up(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the service.")] = 8080,
    free_ports: Annotated[bool, typer.Option("--free-ports", help="Choose ports that nobody uses.")] = False,
    demo: Annotated[bool, typer.Option(help="Load the demo programme, the first time.")] = True,
    as_json: AsJson = False,
) -> None:
    """Start everything on this machine: Temporal, database, worker, service, mail catcher.

    What it keeps lies in var/ (or in MENDWORK_HOME), so that stopping loses nothing and the next
    `mendwork up` goes on from there. Programs that die are started again. Ctrl-C stops all, in order.

    Examples:

        mendwork up
        mendwork up --port 8081
        MENDWORK_HOME=/tmp/trial mendwork up --free-ports
    """
    home = Home(Settings().home)
    ports = Ports.free() if free_ports else replace(Ports(), service=port)
    embedded = Embedded(home, ports)
    tell = welcome_json if as_json else welcome
    with home.in_use(embedded.environment()):
        temporal_binary()
        ports.check()
        kept = check_server_version(home)
        if kept:
            err().print(
                f"Temporal is newer than at the last start. The old file is kept as {kept}.", markup=False
            )
        asyncio.run(Up(embedded, err(), demo=demo).run(lambda: tell(embedded)))


def serve(
    processes: Annotated[
        int | None, typer.Option(min=1, max=64, help="How many serve; by itself one a processor, at most 4.")
    ] = None,
) -> None:
    """Run the service: the pages, and the API under /api/v1.

    It listens where MENDWORK_HOST and MENDWORK_PORT say, and needs the database (MENDWORK_DATABASE_URL) and
    the Temporal server (TEMPORAL_ADDRESS). Its processes share the port, and one that dies is replaced.
    SIGTERM lets requests under way finish; SIGHUP replaces the processes one after the other.

    Examples:

        MENDWORK_PORT=8081 mendwork serve
        mendwork serve --processes 2
    """
    from service.serving import serve

    given = settings()
    serve(given.model_copy(update={"processes": processes}) if processes else given)


def worker() -> None:
    """Run a worker: it carries findings through their life and sends the letters.

    Run as many as you like; they share the work. A Temporal server that is away is waited for: letters
    leave meanwhile. SIGTERM lets it finish what it has begun.

    Example:

        MENDWORK_DATABASE_URL=postgresql://db/mendwork TEMPORAL_ADDRESS=temporal:7233 mendwork worker
    """
    from service.garbage import spare_what_is_loaded
    from service.logs import set_up_logs
    from service.worker import run_worker

    set_up_logs()
    spare_what_is_loaded()
    asyncio.run(_until_asked_to_stop(run_worker(settings())))


def catcher(
    smtp_port: Annotated[int, typer.Option(min=1, max=65535, help="Port on which mail is taken.")] = 1025,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the page that shows it.")] = 8025,
) -> None:
    """Catch all mail and show it on a page, so that nothing leaves this machine.

    Part of `mendwork up`.

    Example:

        mendwork catcher --smtp-port 1025 --port 8025
    """
    from notifications.catcher import run_catcher

    directory = settings().home / "mail"
    asyncio.run(_until_asked_to_stop(run_catcher(smtp_port=smtp_port, port=port, directory=directory)))


async def _until_asked_to_stop(work: Coroutine[Any, Any, None]) -> None:
    """Run until the work ends by itself, or SIGTERM or SIGINT asks it to stop: it then ends in order."""
    task = asyncio.ensure_future(work)
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, task.cancel)
    with suppress(asyncio.CancelledError):
        await task
