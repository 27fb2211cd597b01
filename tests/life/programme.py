"""A programme on its stage: an assessment's findings, the months that pass, and people who act by the API."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from httpx2 import Response
from temporalio.testing import WorkflowEnvironment

from remediation.gatherings.gathering import Kind, gathering_id, kind_of, own_id
from remediation.gatherings.plan import plan_gathering
from remediation.notices import next_wake
from remediation.words import FindingId, GatheringId, PersonId, SubjectId
from service.engine import Engine
from service.importing import plan_import, run_import
from service.pins import set_pin
from service.steward import Steward
from storage import letters, subjects
from storage.assessments import Subject
from storage.database import reading
from storage.subjects import state_of
from tests.life.clocks import Clock
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BINH,
    CHLOE,
    DHAKA,
    LOTUS,
    PROGRAMME,
    Live,
    a_live,
    a_template,
    key,
)
from workflows.messages import workflow_id

BEGINS = datetime(2040, 1, 1, 4, tzinfo=UTC)
"""Ten o'clock on a Sunday at the factory. A fixed day: the story's dates are the same whenever it is told."""
PIN = "270491"
PHOTO = ["Photo 12 in the safety folder"]
HEADER = "Country;Factory ID;Factory name;Cycle;Date;Cluster;CP;Question;Question ID;Type;Finding;Severity"
SECOND = 2
A_MINUTE = timedelta(minutes=1)

Findings = dict[str, FindingId]
"""Findings by the ids of their questions."""


def day(number: int) -> date:
    """Give the factory's local day that lies so many after the first one."""
    return DHAKA.today(BEGINS) + timedelta(days=number)


@dataclass
class Programme:
    """A service with engine and steward, and the lives that go on in it.

    A workflow's clock is turned when somebody is about to act on its subject, so that the many lives of which
    the story does not tell any more cost nothing.
    """

    live: Live
    clock: Clock
    steward: Steward
    engine: Engine

    def on(self, number: int) -> None:
        """Let it be ten o'clock on the local day so many after the first one."""
        self.clock.turn_to(BEGINS + timedelta(days=number))

    async def until(self, number: int, *plans: GatheringId) -> None:
        """Let days pass; on the second of each month the steward sees which plans owe a report.

        The first may be a day of rest, on which none is issued.
        """
        for each in range((DHAKA.today(self.clock()) - day(0)).days, number + 1):
            if day(each).day == SECOND:
                self.on(each)
                await self.reach(*plans)
                await self.steward.look(self.clock())
        self.on(number)

    async def reach(self, *among: SubjectId) -> None:
        """Turn the clocks of lives to the programme's, so that what was due by now has come about."""
        await asyncio.gather(*(self._reach(each) for each in among))

    async def _reach(self, subject: SubjectId) -> None:
        """Go from one thing that is due to the next.

        In one turn, what falls due after the workflow has continued as new would come about at its end only.
        """
        handle = self.live.client.get_workflow_handle(workflow_id(subject))
        while (due := next_wake(self.state(subject))) is not None and due + A_MINUTE < self.clock():
            await self.clock.turn(handle, due + A_MINUTE)
            while next_wake(self.state(subject)) == due:
                await handle.describe()  # a call to the server: nothing spins here
        await self.clock.turn(handle, self.clock())

    async def assess(
        self, cycle: int, questions: Mapping[str, str], severities: Mapping[str, str]
    ) -> tuple[GatheringId, dict[str, Subject]]:
        """Import an assessment of today: points and words by question. Give its plan and what was found."""
        today = DHAKA.today(self.clock()).strftime("%d/%m/%Y")
        rows = (
            f"BD;{LOTUS};Lotus;{cycle};{today};{asked};{question};Scored;1;{severities[question]}"
            for question, asked in questions.items()
        )
        data, database = "\n".join((HEADER, *rows)).encode(), self.live.theatre.database
        named: dict[str, Any] = {"name": f"{cycle}.csv", "programme_id": PROGRAMME, "by": CHLOE}
        planned = plan_import(database, data, now=self.clock(), **named)
        assert planned.bad == ()
        await run_import(database, self.engine, planned)
        (plan,) = planned.plans
        return plan_gathering(plan), {each.question: each for each in planned.fresh}

    async def give(self, person: PersonId, subject: SubjectId, verb: str, **body: Any) -> Any:  # noqa: ANN401
        """Let somebody give a command to a finding or gathering; give the answer."""
        await self.reach(subject)
        answer = await self.post(person, f"{path_of(subject)}/{verb}", body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def vote(self, member: PersonId, meeting: GatheringId, verb: str, **body: Any) -> None:  # noqa: ANN401
        """Let a member say something on the advisor's device, which goes round the table, with their PIN."""
        headers = {"Signing-Member": member, "Signing-Pin": PIN}
        said = body | {"method": "shared_device"}
        answer = await self.post(CHLOE, f"{path_of(meeting)}/{verb}", said, headers)
        assert answer.status_code == 200, answer.text

    async def post(
        self, person: PersonId, path: str, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send a command to an address of the API."""
        async with self.live.theatre.act(person) as client:
            return await client.post(f"/api/v1/{path}", json=body, headers=key() | dict(headers or {}))

    async def look(self, person: PersonId, path: str) -> Any:  # noqa: ANN401 - JSON
        """Give what somebody reads at an address of the API."""
        async with self.live.theatre.act(person) as client:
            answer = await client.get(f"/api/v1/{path}")
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def propose(self, finding: FindingId, *, due: int) -> None:
        """Let Bao propose one action, due on a day."""
        action = {
            "kind": "corrective",
            "description": "Take the lock off",
            "owner": BAO,
            "due": day(due).isoformat(),
            "evidence_expected": "A photograph",
        }
        await self.give(BAO, finding, "propose", root_cause="The guard keeps the keys.", actions=[action])

    async def fix(self, finding: FindingId) -> None:
        """Let Bao do what was promised, and report the fix."""
        await self.give(BAO, finding, "record-progress", action="a1", percent=100, evidence=PHOTO)
        await self.give(BAO, finding, "report-fixed", evidence=PHOTO)

    async def visit(self, on: int, *findings: FindingId) -> GatheringId:
        """Let Chloé announce a visit for a day."""
        body = {"factory": LOTUS, "on": day(on).isoformat(), "announced": True, "findings": findings}
        planned = await self.post(CHLOE, "visits", body)
        assert planned.status_code == 201, planned.text
        return gathering_id(Kind.VISIT, planned.json()["visit"])

    async def see(self, visit: GatheringId, finding: FindingId, verdict: str, **more: Any) -> None:  # noqa: ANN401
        """Let Chloé record on a visit what she found."""
        await self.reach(finding)
        found = {"finding": finding, "verdict": verdict, "evidence": PHOTO, **more}
        await self.give(CHLOE, visit, "record-outcome", **found)

    def state(self, subject: SubjectId) -> Any:  # noqa: ANN401 - a finding, plan, meeting or visit
        """Give the state of a finding or gathering, as SQL has it."""
        with reading(self.live.theatre.database) as connection:
            case = subjects.case(connection, subject)
        assert case is not None
        return state_of(case)

    def stages(self, *among: SubjectId) -> list[str]:
        """Give where findings or gatherings stand."""
        return [self.state(each).stage.value for each in among]

    def letters(self, subject: SubjectId) -> dict[str, list[str]]:
        """Give the letters that a subject's facts called for: to which roles each kind of them goes."""
        told: dict[str, list[str]] = {}
        with reading(self.live.theatre.database) as connection:
            for each in letters.of_finding(connection, subject):
                told.setdefault(each.kind.value, []).append(each.role.value)
        return told


def path_of(subject: SubjectId) -> str:
    """Give the API's address of a finding or gathering."""
    kind = kind_of(subject)
    return f"{kind.value}s/{own_id(subject)}" if kind else f"findings/{subject}"


@asynccontextmanager
async def a_programme(skipping: WorkflowEnvironment, folder: Path) -> AsyncIterator[Programme]:
    """Give a programme on its first day. Everybody on the committee has a PIN."""
    clock = Clock(skipping)
    clock.turn_to(BEGINS)
    async with a_live(skipping, folder, a_template(folder), clock=clock, interceptors=[clock]) as live:
        engine = Engine(live.client, patience=20, task_queue=live.queue)
        for member in (AMINA, ASHA, BAO, BINH):
            set_pin(live.theatre.app.state.context, member, PIN)
        yield Programme(live, clock, Steward(live.theatre.database, engine), engine)
