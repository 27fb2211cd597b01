"""Compose's services without containers: the same commands and environment, as plain processes."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from queue import Queue
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests import postgres
from tests.deployment.compose import ROOT, started_with
from tests.temporal_server import HOST, TemporalServer, free_port, running_server, temporal_binary

SECRETS = {
    "POSTGRES_PASSWORD": "the superuser's",
    "MENDWORK_DB_PASSWORD": "mendwork's / its own",
    "TEMPORAL_DB_PASSWORD": "temporal's",
}
START_SECONDS = 60.0
ENDED_IN_ORDER = (0, -signal.SIGTERM)
"""uvicorn shuts down and then lets the signal have its way; the worker ends with 0."""


class Mailbox:
    """Where Mailpit would be: takes every mail, and gives them one by one."""

    def __init__(self) -> None:
        self._mails: Queue[EmailMessage] = Queue()

    async def handle_DATA(  # noqa: N802 -- the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self._mails.put(message_from_bytes(envelope.original_content or b"", policy=policy.default))
        return "250 taken"

    def next(self, to: str) -> EmailMessage:
        """Wait for the next mail to an address; those to others are passed over. Raises queue.Empty."""
        while True:
            mail = self._mails.get(timeout=START_SECONDS)
            if to in mail["To"]:
                return mail


@dataclass
class Machine:
    """What the services find around them: PostgreSQL, Temporal and a mail server on loopback ports."""

    folder: Path
    postgres_port: int
    temporal: TemporalServer
    smtp_port: int
    mailbox: Mailbox
    ports: dict[str, int] = field(default_factory=lambda: {"8080": free_port(), "9090": free_port()})

    def service(self, name: str) -> dict[str, Any]:
        """Give a service as Compose would start it, with the network's names turned into ports."""
        return self._here(started_with(SECRETS)["services"][name])  # type: ignore[no-any-return]

    def environment(self, name: str) -> dict[str, str]:
        """Give a service's environment, and what a process needs to be watched by this test run."""
        ours = {
            key: value for key, value in os.environ.items() if key.startswith("COVERAGE_") or key == "PATH"
        }
        home = {
            "MENDWORK_HOME": str(self.folder),
            "MENDWORK_HOST": HOST,
            "MENDWORK_SMTP_PORT": str(self.smtp_port),
        }
        environment: dict[str, str] = self.service(name)["environment"]
        return ours | environment | home

    def command(self, name: str, *arguments: str) -> list[str]:
        """Give the command line of a service, or of another command of ours in its place."""
        return [sys.executable, "-m", "service.cli", *(arguments or self.service(name)["command"])]

    def run(self, name: str, *arguments: str) -> str:
        """Run a service that ends by itself, or another command with its settings; give what it printed."""
        done = subprocess.run(
            self.command(name, *arguments),
            cwd=self.folder,
            env=self.environment(name),
            check=False,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @contextmanager
    def running(self, name: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a service: the block begins once its health check passes, and ends it in order."""
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                self.command(name), cwd=self.folder, env=self.environment(name), stdout=log, stderr=log
            )
        try:
            self._await_health(name, process)
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=START_SECONDS)
        assert code in ENDED_IN_ORDER, self._said(name)

    def _await_health(self, name: str, process: subprocess.Popen[bytes]) -> None:
        _, program, *arguments = self.service(name)["healthcheck"]["test"]
        assert program == "python"
        deadline = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < deadline:
            if subprocess.run([sys.executable, *arguments], capture_output=True, check=False).returncode == 0:
                return
        raise AssertionError(f"{name} is not well:\n{self._said(name)}")

    def _said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()[-4000:]

    def _here(self, node: Any) -> Any:  # noqa: ANN401 -- any YAML
        if isinstance(node, dict):
            return {key: self._here(value) for key, value in node.items()}
        if isinstance(node, list):
            return [self._here(value) for value in node]
        if not isinstance(node, str):
            return node
        for name, here in self._addresses().items():
            node = node.replace(name, here)
        return node

    def _addresses(self) -> dict[str, str]:
        return {
            "@postgres:5432": f"@{HOST}:{self.postgres_port}",
            "temporal:7233": self.temporal.target,
            "mailpit": HOST,
            **{inside: str(here) for inside, here in self.ports.items()},
        }


def script(path: str, environment: Mapping[str, str]) -> None:
    """Run one of the scripts under deploy/, with the programs of this virtual environment at hand."""
    programs = f"{temporal_binary().parent}:{os.environ['PATH']}"
    subprocess.run(["sh", ROOT / "deploy" / path], env={"PATH": programs, **environment}, check=True)


@contextmanager
def databases(binaries: Path, passwords: Mapping[str, str]) -> Iterator[int]:
    """Give the loopback port of a PostgreSQL whose databases our script made, and that asks for passwords."""
    port = free_port()
    with postgres.Cluster(binaries, port=port, superuser="postgres", loopback="scram-sha-256") as cluster:
        server = {"PGHOST": str(cluster.folder), "PGPORT": str(port), "POSTGRES_USER": "postgres"}
        script("postgres/create-databases.sh", {**server, **passwords})
        yield port


@contextmanager
def machine(folder: Path, binaries: Path) -> Iterator[Machine]:
    """Give a machine on which all runs that our services need; Temporal's clocks can be turned forward."""
    mailbox = Mailbox()
    post_office = Controller(mailbox, hostname=HOST, port=free_port())
    with databases(binaries, SECRETS) as port, running_server(folder / "temporal", skipping=True) as temporal:
        made = started_with(SECRETS)["services"]["temporal-namespace"]["environment"]
        script("temporal/namespace.sh", made | {"TEMPORAL_ADDRESS": temporal.target})
        post_office.start()
        try:
            yield Machine(folder, port, temporal, post_office.port, mailbox)
        finally:
            post_office.stop()
