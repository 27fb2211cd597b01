"""A caller who does not give up: sends a command with the same key again until somebody has decided it."""

from collections.abc import Coroutine
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

import httpx2

from remediation.words import CommandId, PersonId
from storage.commands import command_id
from tests.life.processes import until_told
from tests.service.stage import PROGRAMME, token_of

API = "/api/v1"
OK, STORED, REFUSED, TOO_BUSY = 200, 202, 409, 503

Json = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Sent:
    """A command as it is sent, each time alike."""

    person: PersonId
    finding: str
    verb: str
    key: str
    body: Json

    @property
    def id(self) -> CommandId:
        return command_id(self.person, self.key)

    @property
    def path(self) -> str:
        return f"{API}/findings/{self.finding}/{self.verb}"


class Refused(Exception):
    """A command was refused; the message is the problem's body."""


@dataclass
class Caller:
    """All of the cast at one service. Counts what was stored for later (202) and what broke off."""

    url: str
    acknowledged: dict[Sent, Json] = field(default_factory=dict)
    stored_for_later: int = 0
    broken_off: int = 0

    async def __aenter__(self) -> Self:
        self._web = httpx2.AsyncClient(base_url=self.url, timeout=20)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._web.aclose()

    async def order(self, sent: Sent) -> Json:
        """Send a command until it is decided, and give what became of it. Raises Refused."""
        told: Json = await until_told(lambda: self._told(sent), f"an answer to {sent.verb}")
        self.acknowledged[sent] = told
        return told

    async def once(self, sent: Sent) -> httpx2.Response:
        """Send a command a single time."""
        headers = a_token(sent.person) | {"Idempotency-Key": sent.key}
        return await self._web.post(sent.path, json=sent.body, headers=headers)

    async def read(self, person: PersonId, path: str) -> Json:
        """Read until the service answers."""
        headers = a_token(person)
        return await until_told(lambda: self._answer(self._web.get(API + path, headers=headers)), path)

    async def bring(self, person: PersonId, table: str) -> None:
        """Send an assessment's file until all its findings are issued."""
        await until_told(lambda: self._brought(person, table), "the end of the import")

    async def _told(self, sent: Sent) -> Json | None:
        answer = await self._tried(self.once(sent))
        if answer is None:
            return None
        if answer.status_code == STORED:
            self.stored_for_later += 1
            where = answer.headers["Location"]
            return await until_told(lambda: self._decided(sent.person, where), f"an end of {sent.verb}")
        if answer.status_code == REFUSED:
            raise Refused(answer.text)
        return _json(answer)

    async def _decided(self, person: PersonId, where: str) -> Json | None:
        told = await self._answer(self._web.get(where, headers=a_token(person)))
        if told is None or told["status"] == "pending":
            return None
        if told["status"] == "refused":
            raise Refused(str(told))
        return told

    async def _brought(self, person: PersonId, table: str) -> bool:
        file = {"file": ("assessment.csv", table.encode(), "text/csv")}
        form = {"programme": PROGRAMME}
        post = self._web.post(f"{API}/assessments", files=file, data=form, headers=a_token(person))
        answer = await self._tried(post)
        return answer is not None and answer.status_code == OK

    async def _answer(self, asking: Coroutine[Any, Any, httpx2.Response]) -> Json | None:
        answer = await self._tried(asking)
        return None if answer is None else _json(answer)

    async def _tried(self, asking: Coroutine[Any, Any, httpx2.Response]) -> httpx2.Response | None:
        """Give the answer, or None where the connection broke or something behind the service is away."""
        try:
            answer = await asking
        except httpx2.TransportError:
            self.broken_off += 1
            return None
        if answer.status_code == TOO_BUSY:
            self.broken_off += 1
            return None
        return answer


def _json(answer: httpx2.Response) -> Json:
    assert answer.status_code == OK, answer.text
    told: Json = answer.json()
    return told


def a_token(person: PersonId) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(person)}"}
