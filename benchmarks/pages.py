"""Every page with 10,000 findings of 300 factories in the store, as eight browsers of a role see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPResponse

from sqlalchemy import Engine as Database

from benchmarks.lists import PROGRAMME
from benchmarks.measure import Figures
from benchmarks.serving import ALIVE, Served, ask, browsers
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

CLIENTS, COUNT, WARMING_UP = 8, 160, 24
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
        shown = route.is_page and not route.template.startswith(("/sign-in", "/metrics", "/readyz", ALIVE))
        # What is printed is a file, not a page: another program sets it, and it may take its time.
        if shown and not route.template.endswith("/paper") and set(route.parameters) <= IDS.keys():
            yield from route.filled(IDS)


def measure(service: Served) -> tuple[Figures, list[Measured]]:
    """Measure the bare route and each page that a role may see."""
    bare, _ = _measured(service, ALIVE, {})
    found = []
    for role in READERS:
        cookie = {"Cookie": f"mendwork={_person(role)}", "Accept": "text/html"}
        for page in pages():
            if _is_shown(ask(service.connection(), page, cookie)):
                figures, processor = _measured(service, page, cookie)
                found.append(Measured(role, page, figures, processor))
    return bare, found


def _is_shown(answer: HTTPResponse) -> bool:
    # PDFs are files, made one after the other by a program of its own: whoever comes while many wait is asked
    # to come back.
    return answer.status == HTTPStatus.OK and answer.headers.get_content_type() != "application/pdf"


def _measured(service: Served, path: str, headers: Mapping[str, str]) -> tuple[Figures, float]:
    # Each process keeps what it has read once: all must have been asked before, as in any hour but the first.
    browsers(service, path, headers, clients=CLIENTS, count=WARMING_UP)
    before = service.spent()
    figures = browsers(service, path, headers, clients=CLIENTS, count=COUNT)
    return figures, (service.spent() - before) * 1000 / COUNT


def _person(role: str) -> PersonId:
    return PersonId(f"bench-{role.replace(' ', '-')}")
