"""Webhooks end to end: what happens reaches a receiver, by the real engine, in order and once it answers."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from standardwebhooks import Webhook
from temporalio.client import WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from remediation.words import Severity
from service.api.outgoing import FindingMessage
from service.engine import Engine
from service.hook_watch import HookWatch
from service.rounds import go_round
from storage import messages
from storage.database import reading
from storage.messages import HOOK_STOPPED
from tests.hooks.receivers import LOOPBACK, Receiver, answering, receiving
from tests.service.stage import NAMES, PETRA, PROGRAMME, QUESTION, STATEMENT, Live, a_live, key
from workflows.hook import HookWorkflow, hook_workflow_id

DOWN = answering(503)


@pytest.fixture(scope="module")
async def live(
    skipping: WorkflowEnvironment, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Live]:
    """A service whose webhooks may reach this machine."""
    async with a_live(skipping, tmp_path_factory.mktemp("hooks"), template, hooks_allow=LOOPBACK) as live:
        yield live


async def ask(live: Live, method: str, path: str, **body: Any) -> Any:  # noqa: ANN401 - any JSON
    """Let Petra ask the API about webhooks."""
    async with live.theatre.act(PETRA) as client:
        answer = await client.request(method, f"/api/v1/webhooks{path}", headers=key(), json=body or None)
    assert answer.is_success, answer.text
    return answer.json() if answer.content else None


class Line:
    """A webhook of the programme's, and its receiver."""

    def __init__(self, live: Live, receiver: Receiver, hook: str, secret: str) -> None:
        self.live, self.receiver, self.hook, self.secret = live, receiver, hook, secret

    @property
    def handle(self) -> WorkflowHandle[HookWorkflow, None]:
        return self.live.client.get_workflow_handle_for(HookWorkflow.run, hook_workflow_id(self.hook))

    async def deliver(self, later: timedelta = timedelta()) -> None:
        """Let the watch wake the webhook's workflow, and turn the engine's clock on while it sleeps."""
        engine = Engine(self.live.client, task_queue=self.live.queue)
        await HookWatch(self.live.theatre.database, engine).wake_all(datetime.now(UTC))
        if later:
            await self.live.environment.fast_forward(self.handle, later)
        await self.handle.result()

    def told(self) -> list[dict[str, Any]]:
        """Give the messages that came in, each verified."""
        came = zip(self.receiver.bodies, self.receiver.heads, strict=True)
        return [Webhook(self.secret).verify(body, head) for body, head in came]

    async def log(self) -> list[dict[str, Any]]:
        """Give the delivery log, the earliest first."""
        page = await ask(self.live, "GET", f"/{self.hook}/deliveries")
        items: list[dict[str, Any]] = page["items"]
        return items[::-1]


async def a_line(live: Live, receiver: Receiver, **wanted: Any) -> Line:  # noqa: ANN401 - as the API takes it
    given = {"programme": PROGRAMME, "sees": "staff", "url": receiver.url, **wanted}
    made = await ask(live, "POST", "", **given)
    return Line(live, receiver, made["webhook"]["id"], made["secret"])


async def test_a_message_that_was_refused_arrives_once_when_the_receiver_is_back(live: Live) -> None:
    async with receiving(answering(500), answering(200)) as receiver:
        line = await a_line(live, receiver)
        finding = await live.begin()
        await line.deliver(timedelta(minutes=1))
        first, second = line.told()
    assert first == second
    assert (second["type"], second["data"]["finding"], second["data"]["sequence"]) == (
        "finding.issued",
        finding,
        1,
    )
    assert receiver.heads[0]["webhook-id"] == receiver.heads[1]["webhook-id"]
    [delivery] = await line.log()
    assert (delivery["state"], delivery["id"]) == ("delivered", receiver.heads[0]["webhook-id"])
    assert [(each["status"], each["fault"]) for each in delivery["tries"]] == [(500, "refused"), (200, "")]
    await ask(live, "DELETE", f"/{line.hook}")


async def test_a_findings_story_arrives_in_order_and_names_and_quotes_nobody(live: Live) -> None:
    async with receiving() as receiver:
        line = await a_line(live, receiver)
        finding = await live.begin()
        await live.agree(finding)
        await line.deliver()
    told = line.told()
    assert [each["type"] for each in told] == [
        *("finding.issued", "finding.proposed", "finding.signed", "finding.signed", "finding.committed")
    ]
    assert [each["data"]["sequence"] for each in told] == [1, 2, 3, 4, 5]
    assert [each["data"]["stage"] for each in told][-1] == "committed"
    assert all(FindingMessage.model_validate(each) for each in told)
    everything = b"".join(receiver.bodies).decode() + json.dumps(receiver.heads)
    people = [*NAMES.values(), *(f'"{person}"' for person in NAMES)]
    assert not [each for each in (*people, QUESTION, STATEMENT, "@") if each in everything]
    await ask(live, "DELETE", f"/{line.hook}")


async def test_a_buyers_system_hears_where_findings_stand_and_nothing_of_an_alarm(live: Live) -> None:
    async with receiving() as receiver:
        line = await a_line(live, receiver, sees="status", factory="lotus")
        finding = await live.begin()
        await live.begin(severity=Severity.ZERO_TOLERANCE, factory_told=False)
        await live.agree(finding)
        await line.deliver()
    told = [(each["type"], each["data"]["finding"], each["data"]["stage"]) for each in line.told()]
    assert told == [
        ("finding.changed", finding, "issued"),
        ("finding.changed", finding, "under_review"),
        ("finding.changed", finding, "committed"),
    ]
    await ask(live, "DELETE", f"/{line.hook}")


async def test_a_receiver_that_is_away_for_days_is_left_and_its_managers_told_and_nothing_is_lost(
    live: Live,
) -> None:
    async with receiving(DOWN) as receiver:
        line = await a_line(live, receiver)
        findings = [await live.begin() for _ in range(5)]
        await line.deliver(timedelta(days=5))
        shown = await ask(live, "GET", f"/{line.hook}")
        assert (shown["state"], shown["why"], shown["waiting"]) == ("stopped", "failing", 5)
        assert len(receiver.heads) < 50, "a receiver that is away is left in peace"
        with reading(live.theatre.database) as connection:
            [letter] = [m for m in messages.of_person(connection, PETRA) if m.kind == HOOK_STOPPED]
            mail = (messages.content(connection, letter.id) or b"").decode()
        assert letter.subject == "A webhook was stopped"
        assert f"/webhooks/{line.hook}" in mail
        assert receiver.url not in mail

        receiver.answers = [answering(204)]
        receiver.heads.clear()
        receiver.bodies.clear()
        await ask(live, "POST", f"/{line.hook}/resume")
        await line.deliver()
        assert [each["data"]["finding"] for each in line.told()] == findings
        assert {each["state"] for each in await line.log()} == {"delivered"}
    await ask(live, "DELETE", f"/{line.hook}")


async def test_a_receiver_that_says_it_is_gone_is_sent_nothing_more(live: Live) -> None:
    async with receiving(answering(410)) as receiver:
        line = await a_line(live, receiver)
        await live.begin()
        await live.begin()
        await line.deliver()
        shown = await ask(live, "GET", f"/{line.hook}")
    assert (shown["state"], shown["why"], len(receiver.heads)) == ("stopped", "gone", 1)
    await ask(live, "DELETE", f"/{line.hook}")


async def test_a_test_message_and_a_new_secret_and_sending_again(live: Live) -> None:
    async with receiving() as receiver:
        line = await a_line(live, receiver, topics=["issuing"])
        await ask(live, "POST", f"/{line.hook}/test")
        await line.deliver()
        assert [each["type"] for each in line.told()] == ["webhook.test"]
        finding = await live.begin()
        await live.agree(finding)
        rotated = await ask(live, "POST", f"/{line.hook}/rotate")
        await line.deliver()
        assert [each["type"] for each in line.told()] == ["webhook.test", "finding.issued"]
        assert Webhook(rotated["secret"]).verify(receiver.bodies[1], receiver.heads[1])
        again = await ask(live, "POST", f"/{line.hook}/resend", since="2020-01-01T00:00:00Z")
        assert again == {"count": 1}
        await line.deliver()
        delivery = (await line.log())[-1]
        assert len(delivery["tries"]) == 2
        await ask(live, "POST", f"/{line.hook}/deliveries/{delivery['id']}/resend")
        await line.deliver()
    assert len(receiver.heads) == 4
    assert len({each["webhook-id"] for each in receiver.heads[1:]}) == 1
    await ask(live, "DELETE", f"/{line.hook}")


async def test_the_watch_wakes_for_what_is_new_and_for_the_rest_once_a_minute(live: Live) -> None:
    async with receiving() as receiver:
        line = await a_line(live, receiver)
    # Nobody works there: what is woken stays as it is.
    watch = HookWatch(live.theatre.database, Engine(live.client, task_queue="nobody"))
    await live.begin()
    now = datetime.now(UTC)
    assert [await watch.wake_all(now) for _ in range(2)] == [1, 0]
    await live.begin()
    now = datetime.now(UTC)
    assert [await watch.wake_all(now) for _ in range(2)] == [1, 0]
    assert await watch.wake_all(now + timedelta(minutes=1)) == 1
    await ask(live, "POST", f"/{line.hook}/pause")
    assert await watch.wake_all(now + timedelta(minutes=2)) == 0
    stop = asyncio.Event()
    running = asyncio.create_task(go_round(watch.wake_all, watch.pause, stop))
    stop.set()
    await running
    await line.handle.terminate()
    await ask(live, "DELETE", f"/{line.hook}")
