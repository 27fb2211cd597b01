"""Committees: the seats of a factory with their terms, and whom they make a member on a day."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Connection, bindparam, select

from remediation.orders import Seat
from remediation.permissions import Grant, ScopeKind
from remediation.words import FactoryId, PersonId, Role, Side
from storage.places import factories, seats
from storage.statements import Stored, save


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A seat with its term in the factory's local days; `until` is its last day, None while it runs."""

    factory: FactoryId
    seat: Seat
    since: date
    until: date | None = None


def save_term(connection: Connection, term: Term) -> None:
    """Store a seat's term, or bring the one that began on its first day up to date."""
    row = {"factory": term.factory, "person": term.seat.person, "since": term.since, "until": term.until}
    seat = {"side": term.seat.side.value, "elected": term.seat.elected, "co_chair": term.seat.co_chair}
    save(connection, seats, [row | seat])


def committee(connection: Connection, factory: str, on: date) -> tuple[Seat, ...]:
    """Give a factory's seats on a local day, worker side first, co-chairs before members."""
    query = select(seats).where(seats.c.factory == factory, in_office(on))
    ordered = query.order_by(seats.c.side.desc(), seats.c.co_chair.desc(), seats.c.person)
    return tuple(a_seat(row) for row in connection.execute(ordered))


def terms(connection: Connection, factory: str) -> tuple[Term, ...]:
    """Give all terms that a factory's committee ever had, the latest first."""
    rows = connection.execute(_TERMS, {"factory": factory})
    return tuple(
        Term(factory=FactoryId(row.factory), seat=a_seat(row), since=row.since, until=row.until)
        for row in rows
    )


def grants_of_seats(connection: Connection, person: str, now: datetime) -> tuple[Grant, ...]:
    """Give the roles that a person's seats mean at an aware instant, each in its factory."""
    return tuple(
        Grant(role, ScopeKind.FACTORY, row.factory)
        for row in _in_term(connection.execute(_SEATS_OF, {"person": person}), now)
        for role in roles_of(a_seat(row))
    )


def seated(connection: Connection, chosen: ColumnElement[bool], now: datetime) -> Iterator[Stored]:
    """Give the rows of seats whose term covers an aware instant: terms run by their factory's local days."""
    return _in_term(connection.execute(_SEATED.where(chosen)), now)


_TERMS = (
    select(seats)
    .where(seats.c.factory == bindparam("factory"))
    .order_by(seats.c.since.desc(), seats.c.person)
)
_SEATED = (
    select(seats, factories.c.zone, factories.c.programme)
    .join(factories, factories.c.id == seats.c.factory)
    .order_by(seats.c.factory, seats.c.person)
)
_SEATS_OF = _SEATED.where(seats.c.person == bindparam("person"))


def _in_term(rows: Iterable[Stored], now: datetime) -> Iterator[Stored]:
    for row in rows:
        today = now.astimezone(ZoneInfo(row.zone)).date()
        if row.since <= today and (row.until is None or row.until >= today):
            yield row


MEMBER = {Side.WORKER: Role.WORKER_MEMBER, Side.MANAGEMENT: Role.MANAGEMENT_MEMBER}
CO_CHAIR = {Side.WORKER: Role.WORKER_CO_CHAIR, Side.MANAGEMENT: Role.MANAGEMENT_CO_CHAIR}


def roles_of(seat: Seat) -> tuple[Role, ...]:
    """Give the roles that a seat means. A co-chair is a member too."""
    return (CO_CHAIR[seat.side], MEMBER[seat.side]) if seat.co_chair else (MEMBER[seat.side],)


def in_office(on: date | BindParameter[date]) -> ColumnElement[bool]:
    """Say that a seat's term covers a local day."""
    return (seats.c.since <= on) & (seats.c.until.is_(None) | (seats.c.until >= on))


def a_seat(row: Stored) -> Seat:
    """Give the seat of a row of `seats`."""
    return Seat(person=PersonId(row.person), side=Side(row.side), elected=row.elected, co_chair=row.co_chair)
