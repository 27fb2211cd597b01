"""Private PostgreSQL clusters for tests: started from the installed binaries, gone at the end."""

import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from psycopg import sql

# A crash of the machine may lose a test's database; a crash of the server may not.
_FAST = "-c fsync=off -c full_page_writes=off"
_ROOM = 2**30  # bytes


def binaries() -> Path | None:
    """Give the folder of the newest installed `initdb` and `pg_ctl`; None if there is none."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if versions:
        return versions[-1].parent
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


def _folder() -> Path:
    # Not below pytest's folders: a socket's path may have 107 bytes, and `postgres` must reach it.
    return Path(tempfile.mkdtemp(prefix="mendwork-pg-", dir=_memory()))


def _memory() -> Path | None:
    """Give a folder in memory if it has room: making databases is mostly waiting for the disk."""
    memory = Path("/dev/shm")  # noqa: S108 - each cluster has a folder of its own there
    there = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= _ROOM
    return memory if there else None


@dataclass
class Cluster:
    """One server of its own, listening on a socket in its folder. A context manager: leaving it ends it.

    With a `port` it listens on loopback too. `start` and `stop` (or `kill`) may follow each other; the
    data stays.
    """

    binaries: Path
    port: int | None = None
    superuser: str = "mendwork"
    loopback: str = "trust"  # how clients that come over loopback prove who they are
    folder: Path = field(default_factory=_folder)

    def __enter__(self) -> Self:
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres", "postgres")
        who = ("-U", self.superuser, "--auth-local=trust", f"--auth-host={self.loopback}")
        self._run("initdb", "-D", str(self._data), *who, "-E", "UTF8", "--no-sync")
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def start(self) -> None:
        """Start the server, and return when it answers."""
        listen = f"-c listen_addresses=127.0.0.1 -p {self.port}" if self.port else "-c listen_addresses="
        options = f"-k {self.folder} {listen} {_FAST}"
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options)

    def stop(self) -> None:
        """Stop the server and end its sessions. Nothing happens if it does not run."""
        if self._pid_file.exists():
            self._control("stop", "-w", "-m", "fast")

    def kill(self) -> None:
        """End the server with SIGKILL, as a crash would, and return when it is gone."""
        os.kill(int(self._pid_file.read_text().splitlines()[0]), signal.SIGKILL)
        # The sessions notice by themselves; a stop of what is left waits for them.
        self._control("stop", "-w", "-m", "immediate", check=False)

    def url(self, database: str) -> str:
        """Give the address of a database, for SQLAlchemy and psycopg alike."""
        where = f"host={self.folder}" if self.port is None else f"host=127.0.0.1&port={self.port}"
        return f"postgresql://{self.superuser}@/{database}?{where}"

    def create(self, database: str, template: str = "template0") -> str:
        """Create a database, empty or as a copy of another, and give its address."""
        self._administer("CREATE DATABASE {} TEMPLATE {}", database, template)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Drop a database, ending its sessions."""
        self._administer("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _administer(self, statement: str, *names: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))

    @property
    def _data(self) -> Path:
        return self.folder / "data"

    @property
    def _pid_file(self) -> Path:
        return self._data / "postmaster.pid"

    def _control(self, action: str, *arguments: str, check: bool = True) -> None:
        self._run("pg_ctl", action, "-D", str(self._data), *arguments, check=check)

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        owner = "postgres" if os.geteuid() == 0 else None  # the server refuses to run as root
        with (self.folder / "output").open("ab") as output:
            subprocess.run(
                [self.binaries / program, *arguments],
                check=check,
                user=owner,
                cwd=self.folder,
                stdout=output,
                stderr=output,
            )
