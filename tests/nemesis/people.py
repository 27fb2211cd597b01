"""People who lead findings through their life while everything breaks, and write down what they are told."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from random import Random
from types import TracebackType
from typing import Any, Self

import httpx2

from remediation.words import FactoryId, PersonId
from tests.life.caller import API, Sent, a_token
from tests.nemesis.journal import Journal, Told
from tests.service.stage import AMINA, BAO, BINH, CHLOE, DHAKA, LOTUS, PADMA, PROGRAMME, a_plan

OK, STORED, AWAY = 200, 202, 503
BROKEN = 500
AGAIN_SECONDS = 0.2
PLANTED = {LOTUS: "PLANTED-LOTUS the exit was locked", PADMA: "PLANTED-PADMA the guard was missing"}
"""Texts that must never be seen at the other factory, in a log or in Temporal's file."""
HEADER = "Factory ID;Cycle;Date;Cluster;CP;Question ID;Question;Question type;Finding;Severity;Statement"
EVIDENCE = ["PLANTED-LOTUS photographs 1 to 4"]
STEPS_AT_MOST = 40
DOUBLE_CLICK, DISAGREE, FAIL_AGAIN = 0.2, 0.1, 0.15


@dataclass
class Line:
    """A line to the service that people hold on to: they ask again until they are answered."""

    url: str
    journal: Journal
    answers: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    """Answers that no fault excuses."""

    async def __aenter__(self) -> Self:
        self._web = httpx2.AsyncClient(base_url=self.url, timeout=10)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._web.aclose()

    async def order(self, sent: Sent) -> Told | None:
        """Send a command until it is decided; give what it led to, or None where it was refused."""
        while True:
            self.journal.invoke(sent)
            headers = a_token(sent.person) | {"Idempotency-Key": sent.key}
            answer = await self._try(sent, "POST", sent.path, json=sent.body, headers=headers)
            if answer is not None and answer.status_code == STORED:
                self.journal.info(sent, "stored")
                return await self._followed(sent, answer.headers["Location"])
            if answer is not None:
                return self._decided(sent, answer)
            await asyncio.sleep(AGAIN_SECONDS)

    async def read(self, person: PersonId, path: str) -> Any:  # noqa: ANN401 - what the API gives
        """Read until there is an answer."""
        while True:
            answer = await self._try(None, "GET", API + path, headers=a_token(person))
            if answer is not None:
                assert answer.status_code == OK, (path, answer.text)
                return answer.json()
            await asyncio.sleep(AGAIN_SECONDS)

    async def findings(self, person: PersonId) -> AsyncIterator[Told]:
        """Give all findings that somebody sees, page by page."""
        cursor: str | None = ""
        while cursor is not None:
            page = await self.read(person, f"/findings?limit=100&cursor={cursor}")
            for each in page["items"]:
                yield each
            cursor = page["next"]

    async def status(self, person: PersonId, path: str) -> int:
        """Give the status with which a page or address answers."""
        while True:
            answer = await self._try(None, "GET", path, headers=a_token(person))
            if answer is not None:
                return answer.status_code
            await asyncio.sleep(AGAIN_SECONDS)

    async def bring(self, rows: list[str]) -> None:
        """Import an assessment until all its findings are issued."""
        table = "\n".join((HEADER, *rows)).encode()
        while True:
            answer = await self._try(
                None,
                "POST",
                f"{API}/assessments",
                files={"file": ("assessment.csv", table, "text/csv")},
                data={"programme": PROGRAMME},
                headers=a_token(CHLOE),
            )
            if answer is not None and answer.status_code == OK:
                return
            assert answer is None or answer.status_code == STORED, answer.text
            await asyncio.sleep(AGAIN_SECONDS)

    async def _followed(self, sent: Sent, where: str) -> Told | None:
        while True:
            answer = await self._try(sent, "GET", where, headers=a_token(sent.person))
            if answer is not None and answer.json().get("status") != "pending":
                return self._decided(sent, answer)
            await asyncio.sleep(AGAIN_SECONDS)

    def _decided(self, sent: Sent, answer: httpx2.Response) -> Told | None:
        told: Told = answer.json()
        if answer.status_code == OK and told["status"] == "done":
            self.journal.ok(sent, told)
            return told
        self.journal.fail(sent, str(told.get("code") or told.get("refusal") or told))
        return None

    async def _try(self, sent: Sent | None, method: str, path: str, **given: Any) -> httpx2.Response | None:  # noqa: ANN401
        """Give the answer, or None where there is none yet."""
        try:
            answer = await self._web.request(method, path, **given)
        except httpx2.TransportError as error:
            self._no_answer(sent, type(error).__name__)
            return None
        if answer.status_code < BROKEN:
            self.answers[str(answer.status_code)] += 1
            return answer
        if answer.status_code != AWAY or "Retry-After" not in answer.headers:
            self.broken.append(f"{method} {path}: {answer.status_code} {answer.text[:300]}")
        self._no_answer(sent, str(answer.status_code))
        return None

    def _no_answer(self, sent: Sent | None, why: str) -> None:
        self.answers[why] += 1
        if sent is not None:
            self.journal.info(sent, why)


@dataclass
class Committee:
    """Amina, Bao and Chloé, who lead one finding after another through its life as a seed decides."""

    name: str
    line: Line
    dice: Random
    stop: asyncio.Event
    led: int = 0
    _ahead: list[str] = field(default_factory=list)
    _keys: "count[int]" = field(default_factory=count)

    async def settle_in(self) -> None:
        """Import the first findings, while nothing is broken yet."""
        self._ahead = await self._fresh(0)

    async def work(self) -> None:
        """Lead findings and import more, until told to stop."""
        for wave in count(1):
            for finding in self._ahead:
                await self._lead(finding)
                if self.stop.is_set():
                    return
            self._ahead = await self._fresh(wave)

    async def _fresh(self, wave: int) -> list[str]:
        """Import findings of both factories, and give those of Amina and Bao's."""
        questions = [f"q-{self.name}-{wave}-{number}" for number in range(3)]
        homes = [LOTUS, LOTUS, PADMA]
        await self.line.bring([a_row(*each) for each in zip(questions, homes, strict=True)])
        self.line.journal.imported += questions
        return [each["id"] async for each in self.line.findings(BAO) if each["question"] in questions]

    async def _lead(self, finding: str) -> None:
        for _ in range(STEPS_AT_MOST):
            shown = await self.line.read(CHLOE, f"/findings/{finding}")
            if self.stop.is_set() or not await self._step(finding, shown):
                break
        self.led += 1

    async def _step(self, finding: str, shown: Told) -> bool:
        match shown["stage"]:
            case "issued":
                await self._give(finding, self.dice.choice((AMINA, BAO)), "propose", **a_plan())
            case "under_review":
                await self._agree(finding, shown)
            case "committed":
                await self._fix(finding, shown)
            case "fix_reported":
                await self._give(finding, AMINA, "concur-with-fix")
                today = DHAKA.today(datetime.now(UTC)).isoformat()
                visit = {"verifier": CHLOE, "modality": "on_site", "on": today}
                await self._give(finding, CHLOE, "book-verification", **visit)
                await self._verify(finding)
            case "verifying":
                await self._verify(finding)
            case _:
                return False
        return True

    async def _agree(self, finding: str, shown: Told) -> None:
        """Both sides sign at the same moment; now and then somebody refuses."""
        table = shown["proposal"]
        if table is None:
            await self._give(finding, BAO, "propose", **a_plan())
            return
        revision = table["revision"]
        votes = [self._give(finding, each, "sign", revision=revision) for each in (AMINA, BAO)]
        if self.dice.random() < DISAGREE:
            votes.append(self._give(finding, BINH, "refuse", revision=revision, reason="PLANTED-LOTUS no"))
        await asyncio.gather(*votes)

    async def _fix(self, finding: str, shown: Told) -> None:
        for promise in shown["promises"]:
            percent = self.dice.choice((50, 100))
            done = {"percent": percent, "evidence": EVIDENCE}
            await self._give(finding, BAO, "record-progress", action=promise["id"], **done)
        await self._give(finding, BAO, "report-fixed", evidence=EVIDENCE)

    async def _verify(self, finding: str) -> None:
        verdict = "fail" if self.dice.random() < FAIL_AGAIN else "pass"
        found = {"verdict": verdict, "modality": "on_site", "evidence": EVIDENCE}
        await self._give(finding, CHLOE, "verify", **found)

    async def _give(self, finding: str, person: PersonId, verb: str, **body: object) -> None:
        sent = Sent(person, finding, verb, f"{self.name}-{next(self._keys)}", body)
        if self.dice.random() < DOUBLE_CLICK:
            await asyncio.gather(self.line.order(sent), self.line.order(sent))
        else:
            await self.line.order(sent)


def a_row(question: str, home: str) -> str:
    """Give an assessment's row that finds something at a factory."""
    found = f"{question};Is it safe?;Scored;1;major;{PLANTED[FactoryId(home)]}"
    return f"{home};3;12/01/2026;OSH;Emergency Preparedness;{found}"
