"""`mendwork up` as a process of its own, and what a person can see of it."""

import http.client
import json
import os
import re
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil

START_SECONDS = 100
MENDWORK = (sys.executable, "-m", "service.cli")


def clean_environment() -> dict[str, str]:
    """This process's environment without settings of Mendwork or Temporal."""
    names = ("MENDWORK_", "TEMPORAL_")
    return {name: value for name, value in os.environ.items() if not name.startswith(names)}


def mendwork(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Type a command in a folder, whose `var` is the home folder."""
    return subprocess.run(
        [*MENDWORK, *words], cwd=folder, env=clean_environment(), capture_output=True, text=True, check=False
    )


@dataclass
class Up:
    """A running `mendwork up --free-ports` in a folder."""

    folder: Path
    process: subprocess.Popen[str]
    places: Mapping[str, str] = field(default_factory=dict)
    tokens: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def start(cls, folder: Path, *, as_json: bool = True) -> "Up":
        """Start it and return once it says where to look, to programs or to people."""
        with (folder / "up.err").open("w") as said:
            process = subprocess.Popen(
                [*MENDWORK, "up", "--free-ports", *(["--json"] if as_json else [])],
                cwd=folder,
                env=clean_environment() | {"MENDWORK_PROCESSES": "2"},
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                start_new_session=True,
            )
        up = cls(folder, process)
        told = up._until_ready("}" if as_json else "Try it")
        up.places, up.tokens = _of_json(told) if as_json else _of_text(told)
        return up

    @property
    def said(self) -> str:
        """What it told the person at the terminal."""
        return (self.folder / "up.err").read_text()

    def child(self, name: str) -> psutil.Process:
        """Give the child that runs one of our commands."""
        for child in psutil.Process(self.process.pid).children():
            if name in child.cmdline():
                return child
        raise LookupError(name)

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)

    def get(self, place: str, path: str = "/", as_: str = "") -> tuple[int, Any]:
        """GET a path of one of the places, as one of the cast; give the status and the JSON or text."""
        where = urlsplit(self.places[place])
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        headers = {"Authorization": f"Bearer {self.tokens[as_]}"} if as_ else {}
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        content = response.read().decode()
        connection.close()
        is_json = "json" in response.headers.get_content_type()
        return response.status, json.loads(content) if is_json else content

    def findings(self) -> dict[str, int]:
        """Give all findings that the advisor sees, with their versions."""
        _, page = self.get("findings", "/api/v1/findings?limit=100", as_="CHLOE")
        return {each["id"]: each["version"] for each in page["items"]}

    def stop(self, how: signal.Signals = signal.SIGINT) -> int:
        """End it, and give its exit code."""
        self.process.send_signal(how)
        with self.process:  # closes the pipe
            return self.process.wait(timeout=60)

    def _until_ready(self, last: str) -> str:
        assert self.process.stdout is not None
        lines: list[str] = []
        for line in self.process.stdout:
            lines.append(line)
            if line.startswith(last):
                return "".join(lines)
        raise AssertionError(f"`mendwork up` ended with {self.process.wait()}:\n{self.said}")


def _of_json(told: str) -> tuple[dict[str, str], dict[str, str]]:
    answer = json.loads(told)
    return answer["places"], {each["key"]: each["token"] for each in answer["people"]}


def _of_text(told: str) -> tuple[dict[str, str], dict[str, str]]:
    """Read what a person reads; the cast are known by their first names."""
    places = dict(re.findall(r"^  (\S.*?)  +(http\S+)$", told, re.MULTILINE))
    people = re.findall(r"^  (\S+) .*?  +(\S{43})$", told, re.MULTILINE)
    return places, {_ascii(name).upper(): token for name, token in people}


def _ascii(name: str) -> str:
    return unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()


def until(condition: Any, seconds: float = 30) -> None:  # noqa: ANN401 - anything that can be called
    """Ask again until it is so; asking takes its time, so nobody sleeps."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"


README = Path(__file__).parents[2] / "README.md"


def type_the_readme(up: Up) -> list[str]:
    """Type the blocks of "The first ten minutes" into one shell, and give what each of them said."""
    section = README.read_text().partition("## The first ten minutes")[2].partition("\n## ")[0]
    blocks = re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    for name, usual in (("findings", "127.0.0.1:8080"), ("caught mail", "127.0.0.1:8025")):
        blocks = [block.replace(usual, urlsplit(up.places[name]).netloc) for block in blocks]
    for name, there in ((".venv", Path(sys.prefix)), ("samples", README.parent / "samples")):
        (up.folder / name).symlink_to(there)
    script = f"echo '{NEXT}'\n".join(blocks)
    shell = ["bash", "-euo", "pipefail", "-c", script]
    typed = subprocess.run(
        shell, cwd=up.folder, env=clean_environment(), capture_output=True, text=True, check=False
    )
    assert (typed.returncode, typed.stderr) == (0, ""), typed.stdout[-2000:] + typed.stderr
    return typed.stdout.split(f"{NEXT}\n")


NEXT = "--- next block ---"
