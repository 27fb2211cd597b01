"""The cast in SQL: a programme with two factories, and the people around them."""

from datetime import UTC, date, datetime

from sqlalchemy import Connection

from remediation.orders import Seat
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.words import FactoryId, PersonId, ProgrammeId, Role, Side
from storage.committees import Term, save_term
from storage.people import Person, give, save_person
from storage.programmes import Factory, Programme, save_factory, save_programme
from storage.versions import keep_calendar, keep_policy
from tests.storage.builders import AMINA, BAO, CHLOE, DHAKA, TOMAS

OUTSIDER = PersonId("outsider")
TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


def a_factory(factory: str = "lotus", name: str = "Lotus Garments", programme: str = "bd") -> Factory:
    return Factory(
        id=FactoryId(factory),
        programme=ProgrammeId(programme),
        name=name,
        country="BD",
        zone="Asia/Dhaka",
        rest_days=(5, 6),
        language="bn",
        calendar=DHAKA.version,
    )


def a_person(person: str, email: str | None = None) -> Person:
    return Person(id=PersonId(person), name=person.title(), email=email, language="en")


def a_term(person: str, side: Side, *, co_chair: bool = False, until: date | None = None) -> Term:
    seat = Seat(person=PersonId(person), side=side, elected=side is Side.WORKER, co_chair=co_chair)
    return Term(factory=FactoryId("lotus"), seat=seat, since=date(2025, 1, 1), until=until)


def at_lotus(role: Role) -> Grant:
    return Grant(role, ScopeKind.FACTORY, "lotus")


def of_programme(role: Role) -> Grant:
    return Grant(role, ScopeKind.PROGRAMME, "bd")


def keep_versions(connection: Connection) -> None:
    keep_policy(connection, Policy())
    keep_calendar(connection, DHAKA)


def settle_the_cast(connection: Connection) -> None:
    keep_versions(connection)
    save_programme(connection, Programme(id=ProgrammeId("bd"), name="Bangladesh", policy=Policy().version))
    save_factory(connection, a_factory())
    save_factory(connection, a_factory("jasmine", "Jasmine Knitwear"))
    for person in (AMINA, BAO, CHLOE, TOMAS, OUTSIDER):
        save_person(connection, a_person(person, f"{person}@example.org"))
    save_term(connection, a_term(AMINA, Side.WORKER, co_chair=True))
    save_term(connection, a_term(BAO, Side.MANAGEMENT, co_chair=True))
    give(connection, BAO, at_lotus(Role.MANAGER))
    give(connection, CHLOE, of_programme(Role.ADVISOR))
    give(connection, TOMAS, of_programme(Role.TEAM_LEADER))
