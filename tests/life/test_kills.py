"""A finding's life over real processes that are killed again and again: nothing is lost, nothing doubled."""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from random import Random
from typing import Any, TypeVar

import pytest
from sqlalchemy import Connection
from temporalio.client import Client

from remediation.words import FindingId, PersonId, Severity
from service.engine import Engine
from service.reconciling.standing import open_subjects
from storage import commands
from storage.assessments import assessments_of
from storage.database import reading, writing
from storage.recording import record
from tests.life.books import Books
from tests.life.caller import Caller, Json, Sent
from tests.life.processes import SERVICE, TEMPORAL, VICTIMS, WORKER, Machine, a_machine, until
from tests.service.stage import AMINA, BAO, CHLOE, DHAKA, LOTUS, OUTSIDER, PROGRAMME, a_life, a_plan
from tests.storage.builders import a_recording
from workflows.converter import data_converter

ASSESSMENT = (
    "Factory ID;Cycle;Date;Cluster;CP;Question ID;Question;Question type;Finding;Severity;Statement\n"
    f"{LOTUS};3;12/01/2026;OSH;Emergency Preparedness;q-exit;Are all exits unlocked?;Scored;1;major;Locked.\n"
)
LIFE = (
    *("issued", "proposed", "signed", "signed", "committed", "progress_recorded", "progress_recorded"),
    *("fix_reported", "fix_concurred", "verification_booked", "verified"),
)
EVIDENCE = {"evidence": ["Photographs 1 to 4."]}
SEED = int(os.environ.get("MENDWORK_SEED", "2"))
"""Decides which program dies when; the same seed plays the same run again."""

Answer = TypeVar("Answer")
Sign = Callable[[Connection], bool]


class Moment(Enum):
    """When a program is killed, seen from the command that a person gives."""

    BEFORE = auto()
    """The command comes while the program is away."""
    UNDER_WAY = auto()
    """The command is stored, and nobody has answered yet."""
    RECORDED = auto()
    """Its facts stand in SQL, and Temporal may not have noted that yet."""
    ANSWERED = auto()
    """The answer has just come; letters are on their way."""
    MAILED = auto()
    """The mail server has taken a letter, and has not said so yet."""


@dataclass(frozen=True)
class Strike:
    """The death of a program at a moment of a command."""

    victim: str
    moment: Moment


def strikes(seed: int) -> list[Strike]:
    """Give a death for each step of the life, in an order set by the seed: every program dies three times.

    The last one is the worker's, which leaves a letter behind of which nobody knows whether it was taken.
    """
    every = [Strike(victim, moment) for victim in VICTIMS for moment in (Moment.BEFORE, Moment.UNDER_WAY)]
    every += [Strike(WORKER, Moment.RECORDED), Strike(TEMPORAL, Moment.RECORDED)]
    every += [Strike(SERVICE, Moment.ANSWERED)]
    Random(seed).shuffle(every)  # noqa: S311 - nothing secret
    return [*every, Strike(WORKER, Moment.MAILED)]


@dataclass(frozen=True)
class Signs:
    """How far a request has come, as SQL tells."""

    stored: Sign
    recorded: Sign


@dataclass
class Storm:
    """Lets people's requests be carried out while programs are killed and started again."""

    machine: Machine
    caller: Caller
    strikes: list[Strike]
    killed: Counter[str] = field(default_factory=Counter)
    in_flight: Counter[str] = field(default_factory=Counter)

    async def through(self, request: Coroutine[Any, Any, Answer], signs: Signs) -> Answer:
        """Give the answer to a request during which a program dies."""
        strike, broken_off = self.strikes.pop(0), self.caller.broken_off
        asking = asyncio.create_task(request)  # begins when this task first waits
        match strike.moment:
            case Moment.BEFORE:
                self.kill(strike.victim)
                await until(
                    lambda: self.caller.broken_off > broken_off or self._shows(signs.stored), "the request"
                )
            case Moment.UNDER_WAY:
                await self._seen(signs.stored, asking)
                self._kill_in_flight(strike.victim, asking)
            case Moment.RECORDED:
                await self._seen(signs.recorded, asking)
                self._kill_in_flight(strike.victim, asking)
            case Moment.ANSWERED:
                await asking
                self.kill(strike.victim)
            case Moment.MAILED:
                self.machine.mail.trap = lambda: self.kill(strike.victim)
                await until(lambda: self.machine.mail.trap is None, "a letter")
                self.machine.let_leases_run_out()
        await self.machine.start(strike.victim)
        return await asking

    async def _seen(self, sign: Sign, asking: asyncio.Task[Any]) -> None:
        """Return as soon as the sign is seen."""
        await until(lambda: asking.done() or self._shows(sign), "a sign of the request", pause=0.001)

    def _shows(self, sign: Sign) -> bool:
        with reading(self.machine.database) as connection:
            return sign(connection)

    def _kill_in_flight(self, victim: str, asking: asyncio.Task[Any]) -> None:
        self.in_flight[victim] += not asking.done()
        self.kill(victim)

    def kill(self, victim: str) -> None:
        self.machine.kill(victim)
        self.killed[victim] += 1


@dataclass
class Life:
    """One finding's life in a storm."""

    storm: Storm
    finding: str = ""

    async def begin(self) -> None:
        """Chloé imports the assessment that the finding stands in."""
        caller = self.storm.caller
        signs = Signs(
            stored=lambda connection: len(assessments_of(connection, PROGRAMME)) > 1,  # the cast brings one
            recorded=lambda connection: bool(open_subjects(connection)),
        )
        await self.storm.through(caller.bring(CHLOE, ASSESSMENT), signs)
        (found,) = (await caller.read(CHLOE, "/findings"))["items"]
        assert found["stage"] == "issued"
        self.finding = found["id"]

    async def order(self, person: PersonId, verb: str, **body: object) -> Json:
        """Have somebody give an order."""
        caller = self.storm.caller
        sent = Sent(person, self.finding, verb, f"{verb}-{len(caller.acknowledged)}", body)
        signs = Signs(
            stored=lambda connection: commands.find(connection, sent.id) is not None,
            recorded=lambda connection: isinstance(commands.outcome(connection, sent.id), commands.Done),
        )
        return await self.storm.through(caller.order(sent), signs)

    async def commit(self) -> str:
        """Bao proposes, and both sides sign; give the action promised."""
        assert (await self.order(BAO, "propose", **a_plan()))["stage"] == "under_review"
        proposals = f"/findings/{self.finding}/proposals"
        (proposal,) = (await self.storm.caller.read(AMINA, proposals))["items"]
        revision = proposal["revision"]
        assert (await self.order(AMINA, "sign", revision=revision))["stage"] == "under_review"
        assert (await self.order(BAO, "sign", revision=revision))["stage"] == "committed"
        plan = await self.storm.caller.read(BAO, f"{proposals}/{revision}")
        action: str = plan["actions"][0]["id"]
        return action

    async def fix(self, action: str) -> None:
        """Bao does what was promised, and Amina agrees that it is done."""
        assert (await self.order(BAO, "record-progress", action=action, percent=50))["stage"] == "committed"
        await self.order(BAO, "record-progress", action=action, percent=100, **EVIDENCE)
        assert (await self.order(BAO, "report-fixed", **EVIDENCE))["stage"] == "fix_reported"
        await self.order(AMINA, "concur-with-fix")

    async def close(self) -> None:
        """Chloé books her visit, and finds all well."""
        today = DHAKA.today(datetime.now(UTC)).isoformat()
        await self.order(CHLOE, "book-verification", verifier=CHLOE, modality="on_site", on=today)
        done = await self.order(CHLOE, "verify", verdict="pass", modality="on_site", **EVIDENCE)
        assert done["stage"] == "closed"


@pytest.mark.timeout(300)  # each step has its own limit, and says what did not come
async def test_nothing_is_lost_or_doubled_whatever_is_killed(tmp_path: Path) -> None:
    async with a_machine(tmp_path) as machine, Caller(machine.url) as caller:
        storm = Storm(machine, caller, strikes(SEED))
        life = Life(storm)
        await life.begin()
        await life.fix(await life.commit())
        await life.close()

        def books() -> Books:
            return Books(machine.database, life.finding)

        await until(lambda: books().mail_is_settled(), "the end of all mail")
        assert books().facts == LIFE
        books().check_ledger({sent.id: told["facts"] for sent, told in caller.acknowledged.items()})
        books().check_letters()
        copies = books().check_mail(machine.mail)
        assert await still_runs(machine, life.finding)
        await repeat_all(caller)
        assert books().facts == LIFE

        assert f"{OUTSIDER}@mail.example" not in machine.mail.recipients
        assert max(copies.values()) > 1, "no letter was left in doubt"
        assert min(storm.killed[victim] for victim in VICTIMS) >= 3
        assert all(storm.in_flight[victim] for victim in VICTIMS), "not every program died under a command"
    assert machine.left_over() == []


async def still_runs(machine: Machine, finding: str) -> bool:
    """Whether the workflow waits for the check that the fix has held."""
    client = await Client.connect(machine.temporal.target, data_converter=data_converter)
    return await Engine(client).runs(FindingId(finding))


async def repeat_all(caller: Caller) -> None:
    """Send every command once more: the answer is the same, for good."""
    for sent, told in caller.acknowledged.items():
        again = await caller.once(sent)
        assert (again.status_code, again.json()) == (200, told)


@pytest.mark.timeout(300)
async def test_a_command_is_finished_though_everybody_who_knew_of_it_was_killed(tmp_path: Path) -> None:
    async with a_machine(tmp_path, patience=1.0) as machine, Caller(machine.url) as caller:
        await caller.bring(CHLOE, ASSESSMENT)
        (found,) = (await caller.read(CHLOE, "/findings"))["items"]
        propose = Sent(BAO, found["id"], "propose", "the-plan", a_plan())
        machine.kill(WORKER)
        answer = await caller.once(propose)
        assert (answer.status_code, answer.json()["status"]) == (202, "pending")
        # The server holds what no worker has accepted in memory only.
        for each in (SERVICE, TEMPORAL):
            machine.kill(each)
        await machine.start(TEMPORAL)
        await machine.start(WORKER)

        def effects() -> list[str] | None:
            return Books(machine.database, found["id"]).effects.get(propose.id)

        assert await until(effects, "the courier") == ["proposed"]
        await machine.start(SERVICE)
        told = await caller.read(BAO, answer.headers["Location"].removeprefix("/api/v1"))
        assert (told["status"], told["stage"], told["facts"]) == ("done", "under_review", ["proposed"])
        assert await caller.order(propose) == told
        assert Books(machine.database, found["id"]).facts == ("issued", "proposed")
    assert machine.left_over() == []


@pytest.mark.timeout(300)
async def test_a_worker_that_starts_before_the_server_sends_mail_and_then_takes_up_its_work(
    tmp_path: Path,
) -> None:
    async with a_machine(tmp_path) as machine, Caller(machine.url) as caller:
        await caller.bring(CHLOE, ASSESSMENT)
        (found,) = (await caller.read(CHLOE, "/findings"))["items"]
        for each in (WORKER, TEMPORAL):
            machine.kill(each)
        with writing(machine.database) as connection:
            record(connection, [a_recording(a_life("an-alarm", severity=Severity.ZERO_TOLERANCE))])
        await machine.start(WORKER)

        def sent() -> bool:
            return Books(machine.database, FindingId("an-alarm")).mail_is_settled()

        await until(sent, "the mail of a worker without a server")
        await machine.start(TEMPORAL)
        propose = Sent(BAO, found["id"], "propose", "the-plan", a_plan())
        assert (await caller.order(propose))["facts"] == ["proposed"]
    assert machine.left_over() == []
