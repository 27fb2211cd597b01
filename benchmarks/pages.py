"""Every page with 10,000 findings of 300 factories in the store, as eight browsers of a role see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import httpx2
import psutil
from sqlalchemy import Engine as Database

from benchmarks.lists import PROGRAMME
from benchmarks.measure import Figures, in_parallel, timed
from remediation.orders import Seat
from remediation.permissions import Grant, ScopeKind
from remediation.words import FactoryId, PersonId, Role, Side
from service.app import create_app
from service.settings import Settings
from storage import people
from storage.committees import Term, save_term
from storage.database import writing
from storage.sessions import Lifetime, Opening, keep_session
from tests.service.addresses import addresses

CLIENTS, COUNT = 8, 160
BARE = "/healthz"
FACTORY = FactoryId("lists-7")
IDS = {
    "finding": ("f-000007",),
    "plan": ("p-7",),
    "of": ("p-7",),
    "factory": (FACTORY,),
    "programme": (PROGRAMME,),
    "verb": ("propose",),
}
"""What pages are asked for about. Those that want another id belong to no place, or begin a sign-in."""
READERS: dict[str, Grant] = {
    "programme manager": Grant(Role.PROGRAMME_MANAGER, ScopeKind.PROGRAMME, PROGRAMME),
    "advisor": Grant(Role.ADVISOR, ScopeKind.PROGRAMME, PROGRAMME),
    "manager": Grant(Role.MANAGER, ScopeKind.FACTORY, FACTORY),
    "buyer": Grant(Role.BUYER, ScopeKind.PROGRAMME, PROGRAMME),
}
LATELY = timedelta(days=30)


@dataclass(frozen=True)
class Measured:
    """A page as one role sees it, and what a request of it cost the service's processor (ms)."""

    role: str
    page: str
    figures: Figures
    processor: float


def settle(database: Database) -> None:
    """Let one of each role be known, and signed in."""
    now = datetime.now(UTC)
    lifetime = Lifetime(idle=LATELY, most=LATELY)
    with writing(database) as connection:
        for role, grant in READERS.items():
            person = _person(role)
            people.save_person(connection, people.Person(id=person, name=role, email=None, language="en"))
            people.give(connection, person, grant)
            opening = Opening(person=person, device="bench", shared=False, means="token", lifetime=lifetime)
            keep_session(connection, person, opening, now)
        seat = Seat(person=_person("manager"), side=Side.MANAGEMENT, co_chair=True)
        save_term(connection, Term(factory=FACTORY, seat=seat, since=date(2026, 1, 1)))


def pages() -> Iterator[str]:
    """Give the address of each page that is about something known, from the application's own routes."""
    app = create_app(Settings(database_url="sqlite://"))
    for route in addresses(app, "GET"):
        shown = route.is_page and not route.template.startswith(("/sign-in", "/metrics", "/readyz", BARE))
        if shown and set(route.parameters) <= IDS.keys():
            yield from route.filled(IDS)


async def measure(client: httpx2.AsyncClient, service: psutil.Process) -> tuple[Figures, list[Measured]]:
    """Measure the bare route and each page that a role may see."""
    await _ask(client, BARE, {})
    bare, _ = await _measured(client, service, BARE, {})
    found = []
    for role in READERS:
        cookie = {"Cookie": f"mendwork={_person(role)}", "Accept": "text/html"}
        for page in pages():
            if (await client.get(page, headers=cookie)).status_code == httpx2.codes.OK:
                figures, processor = await _measured(client, service, page, cookie)
                found.append(Measured(role, page, figures, processor))
    return bare, found


async def _measured(
    client: httpx2.AsyncClient, service: psutil.Process, path: str, headers: dict[str, str]
) -> tuple[Figures, float]:
    async def one(_number: int) -> list[float]:
        return [await timed(_ask(client, path, headers))]

    before = service.cpu_times()
    figures = await in_parallel(CLIENTS, COUNT, one)
    after = service.cpu_times()
    spent = after.user + after.system - before.user - before.system
    return figures, spent * 1000 / COUNT


async def _ask(client: httpx2.AsyncClient, path: str, headers: dict[str, str]) -> None:
    answer = await client.get(path, headers=headers)
    answer.raise_for_status()


def _person(role: str) -> PersonId:
    return PersonId(f"bench-{role.replace(' ', '-')}")
