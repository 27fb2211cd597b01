"""Serving: one process, or several behind one port, each replaced when it dies."""

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import parent_process
from multiprocessing.process import BaseProcess
from socket import AF_INET, AF_INET6, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket
from tempfile import TemporaryDirectory
from threading import Thread
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from service.command_line.faults import sentence_of
from service.faults import Fault
from service.metrics import COUNTERS
from service.settings import Settings

if TYPE_CHECKING:  # the process that looks after the others loads nothing that it does not need
    from fastapi import FastAPI

FINISH_SECONDS = 10
"""How long requests under way may take to end when the service is stopped."""
ANSWER_SECONDS = 20
"""How long a process may be deaf, busy or still starting, before it counts as hung and is replaced."""


class CannotServeError(Fault):
    """The processes of the service cannot start."""


def serve(settings: Settings) -> None:
    """Serve until a signal asks to stop; requests under way may then end.

    Raises CannotServeError when several processes cannot start; what keeps a single one from starting is
    raised as it is.
    """
    if settings.processes == 1:
        uvicorn.run(_app(settings), **_options(settings))
    else:
        _serve_together(settings)


def _serve_together(settings: Settings) -> None:
    options = _options(settings) | {"factory": True, "workers": settings.processes}
    config = uvicorn.Config(f"{__name__}:app_of_one", **options)
    os.environ["MENDWORK_PROCESSES"] = str(settings.processes)
    with entrance(settings) as shared, _counting_together():
        together = Multiprocess(config, [shared])
        together.run()
    if any(each.exitcode == STARTUP_FAILURE for each in together.processes):
        raise CannotServeError("the processes of the service could not start; what kept them stands above")


def entrance(settings: Settings) -> socket:
    """Give the socket that all processes take connections from; none listens yet.

    Raises CannotServeError when it cannot be had, naming the way out.
    """
    # TCP by name: otherwise asyncio leaves Nagle's algorithm on, and each answer on a connection but the
    # first waits 40 ms for its reader (uvicorn's issue 3149).
    shared = socket(AF_INET6 if ":" in settings.host else AF_INET, SOCK_STREAM, IPPROTO_TCP)
    shared.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        shared.bind((settings.host, settings.port))
    except OSError as error:
        shared.close()
        raise CannotServeError(
            f"cannot listen on {settings.host}, port {settings.port} ({error.strerror}). Stop the program "
            f"that does, or name others in MENDWORK_HOST and MENDWORK_PORT"
        ) from error
    return shared


def app_of_one() -> "FastAPI":
    """Give the application of one process of several: each calls this by its name."""
    Thread(target=_end_with, args=(parent_process(),), daemon=True).start()
    try:
        return _app(Settings())
    except Exception as error:  # noqa: BLE001 - whatever it is, it would be the same at each further start
        sentence = sentence_of(error)
        print(f"mendwork: {sentence}" if sentence else traceback.format_exc(), file=sys.stderr)  # noqa: T201
        sys.stderr.flush()
        # At once: a process that takes its time to end is asked meanwhile whether it is well, and waited for.
        os._exit(STARTUP_FAILURE)


def _end_with(other: BaseProcess) -> None:
    """End this process when another has ended: nobody would look after it, and it would hold the port."""
    other.join()
    os._exit(1)


def _app(settings: Settings) -> "FastAPI":
    from service.app import create_app  # noqa: PLC0415 - see above
    from service.garbage import spare_what_is_loaded  # noqa: PLC0415
    from service.logs import set_up_logs  # noqa: PLC0415

    set_up_logs()
    app = create_app(settings)
    spare_what_is_loaded()
    return app


@contextmanager
def _counting_together() -> Iterator[None]:
    """Let all processes count into one folder: whichever is asked for the numbers gives those of all."""
    with TemporaryDirectory(prefix="mendwork-counters-") as folder:
        os.environ[COUNTERS] = folder
        yield


def _options(settings: Settings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "timeout_graceful_shutdown": FINISH_SECONDS,
        "timeout_worker_healthcheck": ANSWER_SECONDS,
        "server_header": False,
        "proxy_headers": bool(settings.trusted_proxies),
        "forwarded_allow_ips": settings.trusted_proxies or None,
        "access_log": False,  # the application logs each request itself, without ids and addresses
    }
