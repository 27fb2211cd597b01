"""The service as a deployment starts it, and browsers that cost little: what is measured is the service."""

import contextlib
import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import psutil
from sqlalchemy import Engine as Database

from benchmarks.measure import Figures, seconds_of
from tests.temporal_server import HOST, free_port

START_SECONDS, ANSWER_SECONDS = 60.0, 120.0
LOOK_AGAIN = 0.1
ALIVE = "/healthz"


@dataclass(frozen=True)
class Served:
    """A running service: where it answers, and the process that looks after its others."""

    port: int
    process: psutil.Process

    def connection(self) -> http.client.HTTPConnection:
        """Give a connection, which is kept from one request to the next as browsers keep theirs."""
        return http.client.HTTPConnection(HOST, self.port, timeout=ANSWER_SECONDS)

    def spent(self) -> float:
        """Give the seconds of processor time that all its processes have taken."""
        return seconds_of(self.process)


@contextlib.contextmanager
def a_service(database: Database) -> Iterator[Served]:
    """Run `mendwork serve` with the settings it has by itself, until the block ends."""
    port = free_port()
    address = database.url.render_as_string(hide_password=False)
    environment = {**os.environ, "MENDWORK_DATABASE_URL": address, "MENDWORK_PORT": str(port)}
    command = [sys.executable, "-m", "service.cli", "serve"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:  # noqa: S603 - our own
        try:
            service = Served(port, psutil.Process(process.pid))
            _await(service)
            yield service
        finally:
            process.terminate()


def _await(service: Served) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            ask(service.connection(), ALIVE, {})
        except ConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_AGAIN)
        else:
            return


def ask(
    connection: http.client.HTTPConnection, path: str, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    """Ask for a page and read all of it, compressed as browsers ask for it; give the answer."""
    connection.request("GET", path, headers={"Accept-Encoding": "gzip", **headers})
    answer = connection.getresponse()
    answer.read()
    return answer


def browsers(service: Served, path: str, headers: Mapping[str, str], *, clients: int, count: int) -> Figures:
    """Let so many clients ask for a page, each again as soon as it is answered, `count` times in all.

    Raises RuntimeError for an answer that is not the page.
    """
    numbers = iter(range(count))

    def client() -> list[float]:
        connection, latencies = service.connection(), []
        for _ in numbers:
            began = time.perf_counter()
            status = ask(connection, path, headers).status
            latencies.append((time.perf_counter() - began) * 1000)
            if status != http.client.OK:
                raise RuntimeError(f"{path} was answered {status}")
        connection.close()
        return latencies

    began = time.perf_counter()
    with ThreadPoolExecutor(clients) as threads:
        running = [threads.submit(client) for _ in range(clients)]
    latencies = [latency for each in running for latency in each.result()]
    return Figures(count, time.perf_counter() - began, latencies)
