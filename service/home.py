"""The home folder of the embedded set-up: what lies in it, and whether a `mendwork up` runs on it."""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from service.faults import Fault


class CannotStartError(Fault):
    """The embedded set-up cannot start here. The message names the way out."""


class HomeInUseError(CannotStartError):
    """Another `mendwork up` runs on this folder."""


@dataclass(frozen=True, slots=True)
class Running:
    """A `mendwork up`: its process id, and the settings under which its programs run."""

    pid: int
    environment: dict[str, str] = field(default_factory=dict)


class Home:
    """The files under a home folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.logs = folder / "logs"
        self.database = folder / "mendwork.db"
        self.temporal_database = folder / "temporal.db"
        self.temporal_version = folder / "temporal.version"
        self.demo_tokens = folder / "demo-tokens.txt"
        self._up = folder / "up.json"

    def has_lost_temporal(self) -> bool:
        """Whether findings may stand in SQL of which a Temporal server on this folder would know nothing."""
        return self.database.exists() and not self.temporal_database.exists()

    @contextmanager
    def in_use(self, environment: Mapping[str, str]) -> Iterator[None]:
        """Hold the folder for this process, and leave word of the settings under which its programs run.

        Raises HomeInUseError when another process holds it. The system lets go of the lock whatever
        ends this process, so that nothing stale ever stands in the way.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        with self._up.open("a", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise HomeInUseError(self._in_use()) from None
            file.truncate(0)
            json.dump(asdict(Running(os.getpid(), dict(environment))), file)
            file.flush()
            try:
                yield
            finally:
                file.truncate(0)

    def running(self) -> Running | None:
        """Give the `mendwork up` that runs on this folder, if one does."""
        up = self._recorded()
        return up if up and _is_alive(up.pid) else None

    def _recorded(self) -> Running | None:
        try:
            return Running(**json.loads(self._up.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError):  # never started, stopped in order, or just starting
            return None

    def _in_use(self) -> str:
        up = self._recorded()
        who = f"process {up.pid}" if up else "just starting"
        return (
            f"another `mendwork up` ({who}) runs on {self.folder}/. Stop it with Ctrl-C where it runs, "
            f"or use another folder: MENDWORK_HOME=other mendwork up --free-ports"
        )


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
