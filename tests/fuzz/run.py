"""A run of schemathesis against Mendwork as real processes: service, worker, Temporal server, mail server."""

import asyncio
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any

from httpx2 import AsyncClient, TransportError
from temporalio.client import Client

from service.engine import Engine
from storage.assessments import add_subjects
from storage.database import writing
from storage.recording import record
from tests.fuzz.callers import ELSEWHERE, FINDINGS
from tests.life.processes import Machine, a_machine, until_told
from tests.service.stage import AMINA, BAO, PADMA, a_life, a_plan, a_subject, key, token_of
from tests.storage.builders import a_recording
from workflows.converter import data_converter

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEMATHESIS = Path(sys.executable).with_name("schemathesis")

Step = tuple[str, str, dict[str, Any]]
Steps = tuple[Step, ...]


@dataclass(frozen=True)
class Run:
    """Whether schemathesis was content (0), and what the service logged of faults of its own."""

    code: int
    faults: list[str]

    @property
    def clean(self) -> bool:
        return self.code == 0 and not self.faults


async def fuzz(folder: Path, *, seed: int, examples: int, options: Sequence[str] = ()) -> Run:
    """Let schemathesis send so many requests to each operation, and print; `options` are its own."""
    async with a_machine(folder) as machine:
        await _ready(machine)
        await _settle(machine)
        process = await asyncio.create_subprocess_exec(
            *(str(SCHEMATHESIS), "--config-file", str(HERE / "schemathesis.toml"), "run"),
            *(f"{machine.url}/api/v1/openapi.json", "--seed", str(seed), "-n", str(examples), *options),
            cwd=folder,
            env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.fuzz.callers", "PYTHONPATH": str(ROOT)},
        )
        code = await process.wait()
        log = (folder / "service.log").read_text()
    faults = [line for line in log.splitlines() if "fault" in line or "Traceback" in line]
    return Run(code, faults)


async def _ready(machine: Machine) -> None:
    async with AsyncClient(base_url=machine.url) as client:

        async def answers() -> bool:
            with suppress(TransportError):
                return (await client.get("/readyz")).status_code == HTTPStatus.OK
            return False

        await until_told(answers, "the service")


async def _settle(machine: Machine) -> None:
    """Let findings live: one of another factory, and the cast's own at several stages."""
    lives = [*map(a_life, FINDINGS), a_life(ELSEWHERE, factory=PADMA, plan="plan-2")]
    with writing(machine.database) as connection:
        record(connection, [a_recording(life) for life in lives])
        add_subjects(connection, [a_subject(life) for life in lives])
    engine = Engine(await Client.connect(machine.temporal.target, data_converter=data_converter))
    for life in lives:
        await engine.start(life.case)
    async with AsyncClient(base_url=f"{machine.url}/api/v1", timeout=30) as client:
        for finding, steps in zip(FINDINGS, STORIES, strict=False):
            await _tell(client, finding, steps)


def _say(person: str, verb: str, **body: Any) -> Step:  # noqa: ANN401 - any body
    return person, verb, body


PROGRESS = _say(BAO, "record-progress", action="a1", percent=100, evidence=["a photograph"])
AGREED = (_say(BAO, "propose", **a_plan()), _say(AMINA, "sign"), _say(BAO, "sign"))
REPORTED = (*AGREED, PROGRESS, _say(BAO, "report-fixed", evidence=["a photograph"]))
STORIES: tuple[Steps, ...] = (
    (_say(BAO, "propose", **a_plan()),),
    AGREED,
    AGREED,
    REPORTED,
    REPORTED,
    (_say(BAO, "dispute", reason="The exit is a wall."),),
)


async def _tell(client: AsyncClient, finding: str, steps: Steps) -> None:
    for person, verb, body in steps:
        headers = {"Authorization": f"Bearer {token_of(person)}", **key()}
        if verb == "sign":
            shown = await client.get(f"/findings/{finding}", headers=headers)
            body = {"revision": shown.json()["proposal"]["revision"]}  # noqa: PLW2901 - what is signed is read
        answer = await client.post(f"/findings/{finding}/{verb}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
