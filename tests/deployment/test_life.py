"""A major finding's whole life over HTTP, through compose's services run as plain processes."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from temporalio.client import Client
from temporalio.testing import TimeSkipper

from remediation.words import FindingId
from tests.deployment.rig import Machine, machine
from tests.temporal_server import HOST
from workflows.messages import workflow_id

pytestmark = pytest.mark.timeout(300)  # six servers start before the first test

FACTORY = "BD-0117"
AMINA, BAO = "p-0101", "p-0102"
CHLOE, OTTO = "p-0901", "p-0999"
ASSESSMENT = (
    "Country,Factory.Assessed.ID,Factory.Assessed.Name,Cycle,Assessment.Start.Date (dd/mm/yyyy),Cluster,CP,"
    "Q.Label,Question.ID,Question.type,Finding (0/1),Severity,Statement\n"
    f"Bangladesh,{FACTORY},Padma Stitch Ltd.,4,02/11/2026,Occupational Safety and Health,"
    "Emergency Preparedness,Are the exits free?,701,Scored,1,Major,Two of four exits were locked.\n"
)


class Deployment:
    """The running services, as the people who use them reach them."""

    def __init__(self, machine: Machine, temporal: Client) -> None:
        self.machine = machine
        self.skipper = TimeSkipper(temporal)
        self.web = httpx2.Client(base_url=f"http://{HOST}:{machine.ports['8080']}/api/v1", timeout=30)
        self.tokens: dict[str, str] = {}
        self.orders = 0

    def ask(self, person: str, path: str) -> httpx2.Response:
        return self.web.get(path, headers=self._headers(person))

    def read(self, person: str, path: str) -> Any:  # noqa: ANN401 -- JSON
        answer = self.ask(person, path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def order(self, person: str, finding: str, verb: str, **body: object) -> dict[str, Any]:
        self.orders += 1
        headers = self._headers(person) | {"Idempotency-Key": f"order-{self.orders}"}
        answer = self.web.post(f"/findings/{finding}/{verb}", json=body, headers=headers)
        assert answer.status_code == 200, answer.text
        told: dict[str, Any] = answer.json()
        return told

    def bring(self, person: str, name: str, table: str) -> dict[str, Any]:
        file = {"file": (name, table.encode(), "text/csv")}
        form = {"programme": "demo"}
        answer = self.web.post("/assessments", files=file, data=form, headers=self._headers(person))
        assert answer.status_code == 200, answer.text
        report: dict[str, Any] = answer.json()
        return report

    async def later(self, finding: str, days: int) -> None:
        handle = self.skipper.client.get_workflow_handle(workflow_id(FindingId(finding)))
        await self.skipper.fast_forward(handle, timedelta(days=days))

    def _headers(self, person: str) -> dict[str, str]:
        if person not in self.tokens:
            self.tokens[person] = self.machine.run("api", "token", person).strip()
        return {"Authorization": f"Bearer {self.tokens[person]}"}


@pytest.fixture(scope="module")
async def deployment(
    tmp_path_factory: pytest.TempPathFactory, postgres_binaries: Path
) -> AsyncIterator[Deployment]:
    with machine(tmp_path_factory.mktemp("deployment"), postgres_binaries) as around:
        around.run("migrate")
        with around.running("worker"), around.running("api"):
            around.run("api", "demo")
            temporal = await Client.connect(around.temporal.target, namespace="mendwork")
            running = Deployment(around, temporal)
            yield running
            running.web.close()


async def test_the_doctor_finds_no_fault_and_migrating_again_does_no_harm(deployment: Deployment) -> None:
    deployment.machine.run("migrate")
    seen = {
        each["what"]: each["health"] for each in json.loads(deployment.machine.run("api", "doctor", "--json"))
    }
    assert set(seen.values()) == {"good"}, seen


async def test_a_major_finding_lives_from_its_assessment_to_sustained(deployment: Deployment) -> None:
    report = deployment.bring(CHLOE, "assessment.csv", ASSESSMENT)
    assert report["started"] == 1
    (found,) = deployment.read(AMINA, f"/findings?plan={report['plans'][0]}")["items"]
    finding = found["id"]
    assert found["stage"] == "issued"

    await commit(deployment, finding)
    await deployment.later(finding, days=20)
    await fix(deployment, finding)
    closed = deployment.order(
        CHLOE, finding, "verify", verdict="pass", modality="on_site", evidence=["Seen on the spot."]
    )
    assert closed["stage"] == "closed"

    await deployment.later(finding, days=91)
    on = (datetime.now(UTC) + timedelta(days=20 + 91)).date().isoformat()
    held = {"held": True, "on": on, "evidence": ["All exits were free at noon."]}
    assert deployment.order(CHLOE, finding, "check-effectiveness", **held)["stage"] == "sustained"


async def commit(deployment: Deployment, finding: str) -> None:
    due = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    action = {
        "kind": "corrective",
        "description": "Take the locks off and train the guards.",
        "owner": BAO,
        "due": due,
        "evidence_expected": "Photographs of each exit.",
    }
    deployment.order(BAO, finding, "propose", root_cause="Guards fear theft.", actions=[action])
    (proposal,) = deployment.read(AMINA, f"/findings/{finding}/proposals")["items"]
    for member in (AMINA, BAO):
        stage = deployment.order(member, finding, "sign", revision=proposal["revision"])["stage"]
    assert stage == "committed"


async def fix(deployment: Deployment, finding: str) -> None:
    (proposal,) = deployment.read(BAO, f"/findings/{finding}/proposals")["items"]
    plan = deployment.read(BAO, f"/findings/{finding}/proposals/{proposal['revision']}")
    done = {"action": plan["actions"][0]["id"], "percent": 100, "evidence": ["Photographs 1 to 4."]}
    deployment.order(BAO, finding, "record-progress", **done)
    reported = deployment.order(BAO, finding, "report-fixed", evidence=["Photographs 1 to 4."])
    assert reported["stage"] == "fix_reported"


async def test_the_people_concerned_get_their_mail(deployment: Deployment) -> None:
    mail = deployment.machine.mailbox.next("amina@padma.example")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_body(("plain",)) is not None


async def test_an_outsider_sees_nothing(deployment: Deployment) -> None:
    assert deployment.read(OTTO, "/findings")["items"] == []


async def test_each_service_says_that_it_is_ready(deployment: Deployment) -> None:
    root = f"http://{HOST}:{deployment.machine.ports['8080']}"
    ready = deployment.web.get(f"{root}/readyz").json()
    assert ready["status"] == "ready"
    worker = deployment.web.get(f"http://{HOST}:{deployment.machine.ports['9090']}/metrics")
    assert worker.status_code == 200
