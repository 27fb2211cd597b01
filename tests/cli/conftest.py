"""The program as a person types it, in a folder of its own."""

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from service.cli import run

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples"


@dataclass(frozen=True)
class Said:
    """What a command said, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON
        """What it printed, as JSON."""
        return json.loads(self.out)


class Terminal:
    """A place to type commands in this process, with a home folder of its own."""

    def __init__(
        self, home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.home = home
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def set(self, **environment: str) -> None:
        for name, value in environment.items():
            self._monkeypatch.setenv(name, value)

    def type(self, *words: str) -> Said:
        self._monkeypatch.setattr(sys, "argv", ["mendwork", *words])
        code = run()
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    """A terminal without any of this machine's settings."""
    for name in [name for name in os.environ if name.startswith(("MENDWORK_", "TEMPORAL_"))]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("MENDWORK_HOME", str(tmp_path / "var"))
    # Nobody is there: what runs on this machine's usual ports is none of a test's business.
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    monkeypatch.setenv("MENDWORK_SMTP_PORT", "1")
    return Terminal(tmp_path / "var", monkeypatch, capsys)
