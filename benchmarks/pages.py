"""Every page with 10,000 findings of 300 factories in the store, as eight browsers of a role see it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from http import HTTPStatus
from http.client import HTTPResponse
from time import process_time

from sqlalchemy import Engine as Database

from benchmarks.gathered import FACTORY, OWN, PLAN, gather
from benchmarks.lists import PROGRAMME
from benchmarks.measure import Figures
from benchmarks.serving import ALIVE, Served, ask, browsers
from remediation.orders import Seat
from remediation.permissions import Grant, ScopeKind
from remediation.words import PersonId, Role, Side
from service.app import create_app
from service.settings import Settings
from storage import people
from storage.committees import Term, save_term
from storage.database import writing
from storage.sessions import Lifetime, Opening, keep_session
from tests.service.addresses import addresses

CLIENTS, COUNT, WARMING_UP = 8, 160, 24
IDS = {
    "finding": ("f-000307",),
    "plan": (PLAN,),
    "of": (PLAN,),
    "factory": (FACTORY,),
    "programme": (PROGRAMME,),
    "meeting": (OWN,),
    "visit": (OWN,),
    "verb": ("propose", "file-plan", "move-meeting", "set-agenda", "postpone-visit"),
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
    """A page as one role sees it, and what a request of it cost the processors (ms).

    Figures are as browsers wait, from before they ask until they have read all: the service's own clock
    would leave out what waits at its socket. The browsers use the same processors; `asking` is their part.
    """

    role: str
    page: str
    figures: Figures
    processor: float
    asking: float


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
    gather(database, _person("manager"), _person("advisor"))


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
    bare, _, _ = _measured(service, ALIVE, {})
    return bare, [each for role in READERS for each in _seen_as(service, role)]


def _seen_as(service: Served, role: str) -> Iterator[Measured]:
    cookie = {"Cookie": f"mendwork={_person(role)}", "Accept": "text/html"}
    for page in pages():
        if _is_shown(ask(service.connection(), page, cookie)):
            yield Measured(role, page, *_measured(service, page, cookie))


def _is_shown(answer: HTTPResponse) -> bool:
    # PDFs are files, made one after the other by a program of its own: whoever comes while many wait is asked
    # to come back.
    return answer.status == HTTPStatus.OK and answer.headers.get_content_type() != "application/pdf"


def _measured(service: Served, path: str, headers: Mapping[str, str]) -> tuple[Figures, float, float]:
    # Each process keeps what it has read once: all must have been asked before, as in any hour but the first.
    browsers(service, path, headers, clients=CLIENTS, count=WARMING_UP)
    spent, asked = service.spent(), process_time()
    figures = browsers(service, path, headers, clients=CLIENTS, count=COUNT)
    taken, asking = service.spent() - spent, process_time() - asked
    return figures, taken * 1000 / COUNT, asking * 1000 / COUNT


def _person(role: str) -> PersonId:
    return PersonId(f"bench-{role.replace(' ', '-')}")
