"""The embedded set-up: the programs that `mendwork up` runs on one machine, their ports and settings."""

import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, fields

from service import probes
from service.children import Program
from service.home import CannotStartError, Home
from service.temporal_server import temporal_binary
from workflows.messages import TASK_QUEUE

NAMESPACE = "default"
RETENTION_DAYS = 90
SEARCH_ATTRIBUTES = {"MendworkFactory": "Keyword"}
PRAGMAS = ("journal_mode=wal", "synchronous=normal")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """The loopback ports of the embedded set-up."""

    service: int = 8080
    mail: int = 8025
    smtp: int = 1025
    temporal: int = 7233
    temporal_ui: int = 8233
    temporal_http: int = 7243

    @classmethod
    def free(cls) -> "Ports":
        """Give ports that nobody uses at this moment."""
        return cls(**{field.name: probes.free_port() for field in fields(cls)})

    def check(self) -> None:
        """Raise CannotStartError naming every port that another program holds."""
        taken = [f"{port} ({name})" for name, port in asdict(self).items() if not probes.is_free(port)]
        if taken:
            raise CannotStartError(
                f"taken by another program: port {', '.join(taken)}. Stop that program, or let "
                f"`mendwork up --free-ports` choose ports that are free"
            )


@dataclass(frozen=True, slots=True)
class Embedded:
    """All that runs on this machine, from a home folder and ports."""

    home: Home
    ports: Ports

    def environment(self) -> dict[str, str]:
        """Give the settings under which the programs run; other commands on this folder use them too."""
        return {
            "MENDWORK_HOME": str(self.home.folder),
            "MENDWORK_HOST": probes.LOOPBACK,
            "MENDWORK_PORT": str(self.ports.service),
            "MENDWORK_PUBLIC_URL": self.url,
            "MENDWORK_SMTP_HOST": probes.LOOPBACK,
            "MENDWORK_SMTP_PORT": str(self.ports.smtp),
            "MENDWORK_SMTP_SECURITY": "none",
            "MENDWORK_SMTP_USERNAME": "",
            "TEMPORAL_ADDRESS": f"{probes.LOOPBACK}:{self.ports.temporal}",
            "TEMPORAL_NAMESPACE": NAMESPACE,
            # A profile of the person's own may point to a cluster with keys; this server has none.
            "TEMPORAL_CONFIG_FILE": os.devnull,
        }

    @property
    def url(self) -> str:
        """Where people look."""
        return f"http://{probes.LOOPBACK}:{self.ports.service}"

    @property
    def mail_url(self) -> str:
        """Where the caught mail is read."""
        return f"http://{probes.LOOPBACK}:{self.ports.mail}"

    @property
    def temporal_url(self) -> str:
        """Temporal's own pages."""
        return f"http://{probes.LOOPBACK}:{self.ports.temporal_ui}"

    def temporal(self) -> Program:
        """Give the Temporal server, with its state in a file."""
        attributes = (f"{name}={kind}" for name, kind in SEARCH_ATTRIBUTES.items())
        command = (
            *(str(temporal_binary()), "server", "start-dev", "--log-level", "warn"),
            *("--ip", probes.LOOPBACK, "--port", str(self.ports.temporal)),
            *("--ui-port", str(self.ports.temporal_ui), "--http-port", str(self.ports.temporal_http)),
            *("--ui-disable-news-fetch", "--db-filename", str(self.home.temporal_database)),
            *(word for pragma in PRAGMAS for word in ("--sqlite-pragma", pragma)),
            *(word for attribute in attributes for word in ("--search-attribute", attribute)),
        )
        return self._program("temporal", command, self._temporal_is_ready)

    def catcher(self) -> Program:
        """Give the program that catches all mail and shows it on a page."""
        ports = ("--smtp-port", str(self.ports.smtp), "--port", str(self.ports.mail))
        return self._program("mail", mendwork("catcher", *ports), self._catcher_is_ready)

    def migrate(self) -> Program:
        """Give the program that brings the database up to date, once."""
        return self._program("migrate", mendwork("migrate"))

    def demo(self) -> Program:
        """Give the program that loads the demo programme, once."""
        return self._program("demo", mendwork("demo"))

    def resurrect(self) -> Program:
        """Give the program that starts findings again which the Temporal server has lost."""
        return self._program("resurrect", mendwork("resurrect"))

    def worker(self) -> Program:
        """Give the worker; it is ready when the Temporal server sees it ask for work."""
        return self._program("worker", mendwork("worker"), self._worker_is_ready)

    def service(self) -> Program:
        """Give the service."""
        return self._program("service", mendwork("serve"), self._service_is_ready)

    async def keep_histories(self) -> None:
        """Keep ended workflows' histories longer than the development server's one day."""
        retention = {"workflowExecutionRetentionTtl": f"{RETENTION_DAYS * 86_400}s"}
        await probes.fetched(self.ports.temporal_http, f"{_NAMESPACE_PATH}/update", {"config": retention})

    def _program(
        self, name: str, command: tuple[str, ...], ready: Callable[[int], Awaitable[bool]] | None = None
    ) -> Program:
        log = self.home.logs / f"{name}.log"
        if ready is None:
            return Program(name=name, command=command, log=log, environment=self.environment())
        return Program(name=name, command=command, log=log, environment=self.environment(), ready=ready)

    async def _temporal_is_ready(self, _pid: int) -> bool:
        return await probes.answers(self.ports.temporal_http, _NAMESPACE_PATH)

    async def _catcher_is_ready(self, _pid: int) -> bool:
        return await probes.accepts(self.ports.smtp) and await probes.accepts(self.ports.mail)

    async def _worker_is_ready(self, pid: int) -> bool:
        queue = await probes.fetched(self.ports.temporal_http, f"{_NAMESPACE_PATH}/task-queues/{TASK_QUEUE}")
        # A killed worker stays listed for minutes; each names its process first.
        return any(each["identity"].startswith(f"{pid}@") for each in (queue or {}).get("pollers", ()))

    async def _service_is_ready(self, _pid: int) -> bool:
        return await probes.answers(self.ports.service, "/healthz")


_NAMESPACE_PATH = f"/api/v1/namespaces/{NAMESPACE}"


def mendwork(*arguments: str) -> tuple[str, ...]:
    """Give the command line of one of our own commands."""
    return (sys.executable, "-m", "service.cli", *arguments)
