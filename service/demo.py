"""The demo programme: a directory to try Mendwork with, read from samples/demo.toml and stored once."""

import tomllib
from collections.abc import Iterator
from dataclasses import field
from datetime import date, datetime
from pathlib import Path

from pydantic import ConfigDict, TypeAdapter, ValidationError
from pydantic.dataclasses import dataclass
from sqlalchemy import Connection

from activities.calendars import Coverage, resolve_calendar
from remediation import catalogue
from remediation.countries import COUNTRIES
from remediation.orders import Seat
from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.words import FactoryId, PersonId, ProgrammeId, Role, Side
from service.demo_tokens import CastMember
from service.faults import Fault
from storage import people, versions
from storage.committees import Term, save_term
from storage.programmes import Factory, Programme, programme, save_factory, save_programme

SAMPLES = Path(__file__).parents[1] / "samples"
DIRECTORY = SAMPLES / "demo.toml"
ASSESSMENT = SAMPLES / "demo-assessment.csv"
IMPORTER = "chloe"
LABEL = "demo"

STRICT = ConfigDict(extra="forbid", frozen=True)


class DemoMissingError(Fault):
    """The demo's files are not here, or cannot be used. The message names the way out."""


@dataclass(config=STRICT)
class DemoPerson:
    """Somebody, by the name the rest of the file knows them by."""

    id: str
    name: str
    language: str
    email: str | None = None
    roles: tuple[Role, ...] = ()
    """Held over the whole programme."""
    token: bool = False


@dataclass(config=STRICT)
class DemoSeat:
    """A committee seat."""

    person: str
    side: Side
    elected: bool = False
    co_chair: bool = False


@dataclass(config=STRICT)
class DemoFactory:
    """A factory with its committee and the people who run it."""

    id: str
    name: str
    country: str
    language: str
    committee: tuple[DemoSeat, ...]
    manager: str
    top_management: str

    def roles_of(self, person: str) -> tuple[str, ...]:
        """Say what a person is in this factory."""
        seats = [_seat_name(seat) for seat in self.committee if seat.person == person]
        posts = {"manager": self.manager, "top management": self.top_management}
        return (*(name for name, holder in posts.items() if holder == person), *seats)


@dataclass(config=STRICT)
class DemoProgramme:
    """The programme's id and name."""

    id: str
    name: str


@dataclass(config=STRICT)
class Demo:
    """All of samples/demo.toml."""

    programme: DemoProgramme
    factories: tuple[DemoFactory, ...]
    people: dict[str, DemoPerson] = field(default_factory=dict)

    def described(self, key: str) -> str:
        """Say what a person is, as `manager of BD-0117`."""
        staff = [role.value.replace("_", " ") for role in self.people[key].roles]
        local = [
            f"{' and '.join(roles)} of {each.id}" for each in self.factories if (roles := each.roles_of(key))
        ]
        return ", ".join((*staff, *local)) or "an outsider"


def read_demo(file: Path = DIRECTORY) -> Demo:
    """Read the demo's directory. Raises DemoMissingError."""
    try:
        return TypeAdapter(Demo).validate_python(tomllib.loads(file.read_text(encoding="utf-8")))
    except FileNotFoundError as error:
        message = f"{file} is not here. The demo programme comes with the sources: run this in a checkout"
        raise DemoMissingError(message) from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        message = f"{file} cannot be used: {error}"
        raise DemoMissingError(message) from error


def is_stored(connection: Connection, demo: Demo) -> bool:
    """Whether the demo was loaded into this database before, whatever has become of it since."""
    return programme(connection, demo.programme.id) is not None


def store(connection: Connection, demo: Demo, at: datetime) -> None:
    """Store programme, factories, people, committees and grants, as of an aware instant."""
    _store_programme(connection, demo)
    for person in demo.people.values():
        people.save_person(connection, _person(person))
    for place in demo.factories:
        _store_factory(connection, demo, place, at)
    for person in demo.people.values():
        for role in person.roles:
            people.give(connection, person.id, Grant(role, ScopeKind.PROGRAMME, demo.programme.id))


def issue_tokens(connection: Connection, demo: Demo, at: datetime) -> tuple[CastMember, ...]:
    """Give each of the cast a new token, and end the tokens they had from the demo before."""
    cast = [(key, person) for key, person in demo.people.items() if person.token]
    for _, person in cast:
        _end_demo_tokens(connection, person.id, at)
    return tuple(
        CastMember(
            key=key,
            person=person.id,
            name=person.name,
            role=demo.described(key),
            token=people.issue_token(connection, person.id, LABEL, at),
        )
        for key, person in cast
    )


def coverages(demo: Demo, at: datetime) -> Iterator[tuple[str, Coverage]]:
    """Give how far public holidays of the demo's countries are known from an instant's year on."""
    for code in sorted({place.country for place in demo.factories}):
        country = COUNTRIES[code]
        given = {"country": country.code, "zone": country.zone, "rest_days": country.rest_days}
        yield code, resolve_calendar(**given, year=at.year).coverage


def _end_demo_tokens(connection: Connection, person: str, at: datetime) -> None:
    for each in people.tokens_of(connection, person):
        if each.label == LABEL:
            people.revoke(connection, each.sha256, at)


def _store_programme(connection: Connection, demo: Demo) -> None:
    policy = Policy()
    versions.keep_policy(connection, policy)
    versions.keep_catalogue(connection, catalogue.VERSION, catalogue.CLUSTERS)
    save_programme(
        connection,
        Programme(
            id=ProgrammeId(demo.programme.id),
            name=demo.programme.name,
            policy=policy.version,
            catalogue=catalogue.VERSION,
        ),
    )


def _person(person: DemoPerson) -> people.Person:
    return people.Person(
        id=PersonId(person.id), name=person.name, email=person.email, language=person.language
    )


def _store_factory(connection: Connection, demo: Demo, place: DemoFactory, at: datetime) -> None:
    country = COUNTRIES[place.country]
    calendar = resolve_calendar(
        country=country.code, zone=country.zone, rest_days=country.rest_days, year=at.year
    ).calendar
    versions.keep_calendar(connection, calendar)
    save_factory(
        connection,
        Factory(
            id=FactoryId(place.id),
            programme=ProgrammeId(demo.programme.id),
            name=place.name,
            country=country.code,
            zone=country.zone,
            rest_days=country.rest_days,
            language=place.language,
            calendar=calendar.version,
        ),
    )
    for seat in place.committee:
        save_term(connection, _term(demo, place, seat, since=date(at.year - 1, 1, 1)))
    for role, key in ((Role.MANAGER, place.manager), (Role.TOP_MANAGEMENT, place.top_management)):
        people.give(connection, demo.people[key].id, Grant(role, ScopeKind.FACTORY, place.id))


def _term(demo: Demo, place: DemoFactory, seat: DemoSeat, since: date) -> Term:
    held = Seat(
        person=PersonId(demo.people[seat.person].id),
        side=seat.side,
        elected=seat.elected,
        co_chair=seat.co_chair,
    )
    return Term(factory=FactoryId(place.id), seat=held, since=since)


def _seat_name(seat: DemoSeat) -> str:
    return f"{seat.side} {'co-chair' if seat.co_chair else 'member'}"
