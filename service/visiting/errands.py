"""A visit's errands: what it calls for at findings goes there as commands, and what they say comes back.

Each command has an id that follows from its occasion: whoever runs the errands again changes nothing.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from remediation.gatherings.visit.agenda import OPEN
from remediation.gatherings.visit.facts import Item, OutcomeRecorded
from remediation.gatherings.visit.orders import ExtendAgenda, NoteOutcome
from remediation.gatherings.visit.state import Outcome, Visit
from remediation.orders import BookVerification, Order, verb
from remediation.permissions import Reach
from remediation.words import (
    SYSTEM,
    Check,
    CommandId,
    GatheringId,
    Modality,
    NoteId,
    PersonId,
    Role,
    SubjectId,
    Verdict,
    VisitStage,
)
from service.api.bodies import Body, CheckEffectiveness, Remaining, Verify
from service.commands import deliver
from service.drafting import Draft, digest_of, write
from service.engine import Engine
from storage import commands, findings, gatherings, notes
from storage.codec import order_json
from storage.commands import Command, Done, Refused, command_id
from storage.database import reading, writing
from storage.figures import Scope
from storage.visits import due, open_visits

EVERYWHERE = Reach(everywhere=True)
AHEAD = timedelta(days=14)
"""A check that falls due so soon after a visit's day is done on it."""
LEGS = 3
"""There, back, and once more for what came of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errand:
    """A command to be given: an order, or a body whose texts have yet to be kept."""

    key: str
    person: PersonId
    subject: SubjectId
    order: Order | None = None
    body: Body | None = None
    acting: Role = Role.SYSTEM

    @property
    def command(self) -> CommandId:
        """Its id."""
        return command_id(self.person, self.key)


async def run(engine: Engine | None, database: Database, visit: GatheringId, now: datetime) -> int:
    """Give what a visit calls for at an aware instant; give how many commands that were."""
    given = 0
    for _ in range(LEGS):
        received = await asyncio.to_thread(_received, database, visit, now)
        for command in received:
            await deliver(engine, database, command)  # who is not answered, the courier reaches
        given += len(received)
        if not received:
            break
    return given


async def run_all(engine: Engine | None, database: Database, now: datetime) -> int:
    """Do the same for every visit whose life goes on."""
    with reading(database) as connection:
        visits = open_visits(connection)
    return sum([await run(engine, database, each, now) for each in visits])


def outcome_command(visit: Visit, found: OutcomeRecorded) -> CommandId:
    """Give the id of the command that tells a finding of an outcome."""
    return command_id(found.verifier, _outcome_key(visit, found))


def _outcome_key(visit: Visit, found: OutcomeRecorded) -> str:
    return f"{visit.id}:{found.finding}:{found.number}"


def _received(database: Database, visit: GatheringId, now: datetime) -> Sequence[Command]:
    with reading(database) as connection:
        case = gatherings.case(connection, visit)
        if case is None or not isinstance(case.state, Visit) or case.state.ended:
            return ()
        called_for = _called_for(connection, case.state)
        fresh = [each for each in called_for if commands.find(connection, each.command) is None]
    if not fresh:
        return ()
    with writing(database) as connection:
        return [commands.receive(connection, _command(connection, each, now)) for each in fresh]


def _called_for(connection: Connection, visit: Visit) -> Iterator[Errand]:
    yield from _agenda(connection, visit)
    yield from _bookings(visit)
    for outcome in visit.on_their_way:
        yield _telling(connection, visit, outcome.found)
        yield from _noting(connection, visit, outcome)


def _bookings(visit: Visit) -> Iterator[Errand]:
    """Book each fix of an announced visit; of another the finding shows nothing before it begins."""
    if not visit.planned.announced or visit.stage is not VisitStage.PLANNED:
        return
    for line in visit.lines:
        if line.outcomes or line.item.check is Check.EFFECTIVENESS:
            continue
        key = f"{visit.id}:book:{line.item.finding}:{visit.postponed}"
        order = BookVerification(
            id=command_id(visit.verifier, key),
            by=visit.verifier,
            acting=Role.ADVISOR,
            verifier=visit.verifier,
            modality=Modality.ON_SITE,
            on=visit.on,
            visit=visit.id,
        )
        yield Errand(key=key, person=visit.verifier, subject=line.item.finding, order=order)


def _telling(connection: Connection, visit: Visit, found: OutcomeRecorded) -> Errand:
    """Tell the finding what was found, in the verifier's name."""
    said = notes.find_notes(connection, [*found.evidence, *([found.note] if found.note else [])])

    def words(note: NoteId | None) -> str | None:
        return said[note].text if note in said else None

    shown: dict[str, Any] = {
        "evidence": tuple(text for each in found.evidence if (text := words(each)) is not None),
        "files": tuple(each.id for each in found.files),
        "note": words(found.note),
    }
    return Errand(
        key=_outcome_key(visit, found),
        person=found.verifier,
        subject=found.finding,
        body=_check_of(found, shown) if found.check is Check.EFFECTIVENESS else _verify(found, shown),
        acting=found.acting,
    )


def _check_of(found: OutcomeRecorded, shown: dict[str, Any]) -> Body:
    return CheckEffectiveness(held=found.verdict is Verdict.PASS, on=found.on, **shown)


def _verify(found: OutcomeRecorded, shown: dict[str, Any]) -> Body:
    undone = (each for each in found.actions if each.verdict is not Verdict.PASS and each.due is not None)
    remaining = tuple(Remaining(id=each.id, due=each.due) for each in undone if each.due is not None)
    return Verify(verdict=found.verdict, modality=found.modality, remaining=remaining, **shown)


def _noting(connection: Connection, visit: Visit, outcome: Outcome) -> Iterator[Errand]:
    """Tell the visit what the finding said, once it has."""
    found = outcome.found
    said = commands.outcome(connection, outcome_command(visit, found))
    if not isinstance(said, Done | Refused):
        return
    key = f"{_outcome_key(visit, found)}:noted"
    order = NoteOutcome(
        id=command_id(SYSTEM, key),
        by=SYSTEM,
        acting=Role.SYSTEM,
        finding=found.finding,
        number=found.number,
        code=said.code if isinstance(said, Refused) else "",
    )
    yield Errand(key=key, person=SYSTEM, subject=visit.id, order=order)


def _agenda(connection: Connection, visit: Visit) -> Iterator[Errand]:
    """Put objections and checks that fall due onto the agenda of the factory's next visit."""
    if visit.stage not in OPEN or not _is_next(connection, visit):
        return
    items = tuple(_missing(connection, visit))
    if not items:
        return
    named = "\n".join(sorted(f"{each.finding} {each.check}" for each in items))
    key = f"{visit.id}:agenda:{sha256(named.encode()).hexdigest()[:24]}"
    own = command_id(SYSTEM, key)
    order = ExtendAgenda(id=own, by=SYSTEM, acting=Role.SYSTEM, items=items)
    yield Errand(key=key, person=SYSTEM, subject=visit.id, order=order)


def _others(connection: Connection, visit: Visit) -> Iterator[Visit]:
    found = gatherings.some(connection, open_visits(connection, visit.factory))
    states = (case.state for _, case in found)
    return (each for each in states if isinstance(each, Visit) and each.stage in OPEN and each.id != visit.id)


def _is_next(connection: Connection, visit: Visit) -> bool:
    return all((visit.on, visit.id) < (each.on, each.id) for each in _others(connection, visit))


def _missing(connection: Connection, visit: Visit) -> Iterator[Item]:
    scope = Scope(EVERYWHERE, EVERYWHERE, factory=visit.factory)
    soon = visit.calendar.end_of(visit.on) + AHEAD
    elsewhere = {line.item.finding for each in _others(connection, visit) for line in each.lines}
    wanted = {
        each.finding: each.check
        for each in due(connection, scope)
        if (each.check is Check.OBJECTION or (each.check is Check.EFFECTIVENESS and each.due <= soon))
        and (each.check is Check.OBJECTION or each.finding not in elsewhere)
    }
    for line in visit.lines:
        known = wanted.get(line.item.finding)
        if known is line.item.check or (known and line.outcome is not None):
            del wanted[line.item.finding]
    cases = findings.cases(connection, sorted(wanted))
    for finding, check in sorted(wanted.items()):
        yield Item(finding=finding, check=check, fixers=cases[finding].finding.fixers)


def _command(connection: Connection, errand: Errand, now: datetime) -> Command:
    order, digest = errand.order, sha256(errand.command.encode()).hexdigest()
    if order is None:
        assert errand.body is not None  # noqa: S101 - an errand has one of the two
        draft = Draft(
            command=errand.command,
            finding=errand.subject,
            verb=verb(type(errand.body)),  # type: ignore[arg-type]
            body=errand.body,
            by=errand.person,
            acting=errand.acting,
            at=now,
        )
        order, digest = write(connection, draft), digest_of(errand.body)
    return Command(
        id=errand.command,
        person=errand.person,
        key=errand.key,
        finding=errand.subject,
        verb=verb(type(order)),
        order=order_json(order),
        digest=digest,
        received_at=now,
    )
