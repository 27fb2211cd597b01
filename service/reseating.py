"""A factory's committee changes: the seats' terms in SQL, and an order to each of its open findings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from hashlib import sha256

from sqlalchemy import Connection
from starlette.concurrency import run_in_threadpool

from remediation.orders import Reseat, Seat, verb
from remediation.words import FindingId, Role
from service.auth import Caller
from service.context import Context
from service.directing import note_change
from service.problems import FieldProblem, invalid
from service.receiving import key_reused
from service.spreading import spread
from storage import commands, committees, people, totals
from storage.changes import Changed
from storage.codec import order_json
from storage.commands import Command, KeyReused, Pending, command_id
from storage.committees import Term
from storage.database import writing
from storage.programmes import Factory

VERB = verb(Reseat)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reseating:
    """Who changes whose seats to what, in which role, on which of the factory's days."""

    caller: Caller
    acting: Role
    factory: Factory
    seats: tuple[Seat, ...]
    on: date
    key: str


async def reseat(context: Context, asked: Reseating) -> tuple[int, int]:
    """Change the seats; give how many open findings there are, and how many do not know of it yet.

    What is not decided within the usual patience is delivered by the courier. Raises the problems 409
    (the key was used for something else) and 422.
    """
    given = await run_in_threadpool(_stored, context, asked)
    answers = await spread(context.engine, context.database, given, context.settings.command_patience)
    return len(given), sum(isinstance(each, Pending) for each in answers.values())


def _stored(context: Context, asked: Reseating) -> tuple[Command, ...]:
    with writing(context.database) as connection:
        _known(connection, asked.seats)
        sat = committees.committee(connection, asked.factory.id, asked.on)
        _save_terms(connection, asked)
        sits = committees.committee(connection, asked.factory.id, asked.on)
        now = context.clock()
        note_change(connection, asked.caller, now, Changed.COMMITTEE, asked.factory.id, sat, sits)
        open_ = totals.open_findings(connection, asked.factory.id)
        try:
            return tuple(commands.receive(connection, _command(context, asked, each)) for each in open_)
        except KeyReused as reused:
            raise key_reused() from reused


def _known(connection: Connection, seats: Sequence[Seat]) -> None:
    known = people.people_of(connection, (seat.person for seat in seats))
    strangers = [
        FieldProblem(field=f"seats[{place}].person", message="Nobody is known by this id.")
        for place, seat in enumerate(seats)
        if seat.person not in known
    ]
    if strangers:
        raise invalid(*strangers)


def _save_terms(connection: Connection, asked: Reseating) -> None:
    """End the terms of seats that are no more as they were, and begin those that are new."""
    wanted = {seat.person: seat for seat in asked.seats}
    running = {term.seat.person: term for term in _running(connection, asked)}
    for person, term in running.items():
        if wanted.get(person) != term.seat and term.since < asked.on:
            committees.save_term(connection, replace(term, until=asked.on - timedelta(days=1)))
        elif person not in wanted:
            # A term that began today ends before it began: it never was.
            committees.save_term(connection, replace(term, until=asked.on - timedelta(days=1)))
    for person, seat in wanted.items():
        before = running.get(person)
        if before is None or before.seat != seat:
            committees.save_term(connection, Term(factory=asked.factory.id, seat=seat, since=asked.on))


def _running(connection: Connection, asked: Reseating) -> list[Term]:
    return [
        term
        for term in committees.terms(connection, asked.factory.id)
        if term.since <= asked.on and (term.until is None or term.until >= asked.on)
    ]


def _command(context: Context, asked: Reseating, finding: FindingId) -> Command:
    # A key of the caller's has no space in it, so that none of theirs is mistaken for one of these.
    person, key = asked.caller.person.id, f"{asked.key} {finding}"
    order = Reseat(id=command_id(person, key), by=person, acting=asked.acting, seats=asked.seats)
    seats = order_json(replace(order, id=command_id("", "")))
    return Command(
        id=order.id,
        person=person,
        key=key,
        finding=finding,
        verb=VERB,
        order=order_json(order),
        digest=sha256(seats.encode()).hexdigest(),
        received_at=context.clock(),
    )
