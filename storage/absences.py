"""Absences: who is away from when to when, who stands in, and what was sent to somebody else meanwhile."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, bindparam, select, update

from remediation.words import FindingId, LetterKind, PersonId
from storage.messages import MessageState
from storage.places import absences, people, stood_in
from storage.statements import Stored
from storage.tables import letters, messages

_EARLIEST, _LATEST = timedelta(hours=14), timedelta(hours=-12)
"""How far the clocks of the earth stand from UTC: a day begins and ends at other instants in each zone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """A person's absence in local days, both included, with the deputy if there is one.

    The days are those of the factory that a letter is about. `reason` may be empty.
    """

    id: int
    person: PersonId
    first: date
    last: date
    deputy: PersonId | None
    reason: str
    entered_by: PersonId
    entered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """An absence as it is entered."""

    person: PersonId
    first: date
    last: date
    deputy: PersonId | None = None
    reason: str = ""


class AbsencesOverlap(Exception):
    """The person is away already on some of these days. `other` is the absence that says so."""

    def __init__(self, other: Absence) -> None:
        self.other = other
        super().__init__(
            f"already away from {other.first} to {other.last}; call that absence off, or change its days"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Covered:
    """A letter that somebody else got in an absent person's place, and what became of that message."""

    finding: FindingId
    kind: LetterKind
    reader: PersonId
    reader_name: str
    sent_at: datetime
    state: MessageState
    absence: int


def enter(connection: Connection, leave: Leave, by: PersonId, at: datetime) -> Absence:
    """Enter an absence in place of the person's one that begins on the same day, if there is one.

    Safe to repeat: what is entered already stays as it is. Raises AbsencesOverlap.
    """
    same = None
    for other in lasting(connection, leave.first, leave.person):
        if other.first == leave.first:
            same = other
        elif other.first <= leave.last:
            raise AbsencesOverlap(other)
    if same is not None:
        if (same.last, same.deputy, same.reason) == (leave.last, leave.deputy, leave.reason):
            return same
        call_off(connection, same, by, at)
    row = {"person": leave.person, "first": leave.first, "last": leave.last, "deputy": leave.deputy}
    new = absences.insert().values(**row, reason=leave.reason, entered_by=by, entered_at=at)
    return _absence(connection.execute(new.returning(absences)).one())


def call_off(connection: Connection, absence: Absence, by: PersonId, at: datetime) -> None:
    """End an absence for good. What it has lent and diverted stays told."""
    ended = update(absences).where(absences.c.id == absence.id)
    connection.execute(ended.values(called_off_by=by, called_off_at=at))


def lasting(connection: Connection, since: date, person: str | None = None) -> tuple[Absence, ...]:
    """Give everybody's absences that last until a day or longer, or one person's; the earliest first."""
    whose = [absences.c.person == person] if person else []
    return _found(connection, absences.c.last >= since, *whose)


def anywhere(connection: Connection, now: datetime) -> dict[PersonId, Absence]:
    """Give who is away at an aware instant by the clock of any place on earth."""
    first, last = (now + _EARLIEST).date(), (now + _LATEST).date()
    found = _found(connection, absences.c.first <= first, absences.c.last >= last)
    return {absence.person: absence for absence in found}


def names_as_deputy(connection: Connection, person: str, now: datetime) -> bool:
    """Tell whether an absence names somebody as deputy, and is not over at an aware instant."""
    asked = {"person": person, "day": (now + _LATEST).date()}
    return connection.execute(_NAMED_AS_DEPUTY, asked).first() is not None


_NAMED_AS_DEPUTY = (
    select(absences.c.id)
    .where(absences.c.deputy == bindparam("person"), absences.c.last >= bindparam("day"))
    .where(absences.c.called_off_at.is_(None))
    .limit(1)
)


def covered_by(connection: Connection, message: int) -> frozenset[PersonId]:
    """Give in whose places a message is read, besides its reader's own."""
    query = select(absences.c.person).join(stood_in, stood_in.c.absence == absences.c.id)
    return frozenset(connection.execute(query.where(stood_in.c.message == message)).scalars())


def covered(connection: Connection, person: str, limit: int = 200) -> tuple[Covered, ...]:
    """Give the latest letters that others got in a person's place, the newest first."""
    query = (
        select(
            letters.c.finding,
            letters.c.kind,
            messages.c.person,
            people.c.name,
            messages.c.created_at,
            messages.c.state,
            stood_in.c.absence,
        )
        .join(absences, absences.c.id == stood_in.c.absence)
        .join(messages, messages.c.id == stood_in.c.message)
        .join(letters, letters.c.id == stood_in.c.letter)
        .join(people, people.c.id == messages.c.person)
        .where(absences.c.person == person)
        .order_by(messages.c.id.desc(), letters.c.id.desc())
    )
    return tuple(_covered(row) for row in connection.execute(query.limit(limit)))


def covered_in(connection: Connection, finding: str) -> dict[tuple[int, int], tuple[PersonId, ...]]:
    """Give in whose place a finding's letters were read, by message and letter."""
    found: dict[tuple[int, int], tuple[PersonId, ...]] = {}
    for row in connection.execute(_COVERED_IN, {"finding": finding}):
        key = (row.message, row.letter)
        found[key] = (*found.get(key, ()), PersonId(row.person))
    return found


_COVERED_IN = (
    select(stood_in.c.message, stood_in.c.letter, absences.c.person)
    .join(absences, absences.c.id == stood_in.c.absence)
    .join(letters, letters.c.id == stood_in.c.letter)
    .where(letters.c.finding == bindparam("finding"))
    .order_by(absences.c.person)
)


def _covered(row: Stored) -> Covered:
    return Covered(
        finding=FindingId(row.finding),
        kind=LetterKind(row.kind),
        reader=PersonId(row.person),
        reader_name=row.name,
        sent_at=row.created_at,
        state=MessageState(row.state),
        absence=row.absence,
    )


def _found(connection: Connection, *chosen: ColumnElement[bool]) -> tuple[Absence, ...]:
    query = select(absences).where(*chosen, absences.c.called_off_at.is_(None))
    return tuple(_absence(row) for row in connection.execute(query.order_by(absences.c.first, absences.c.id)))


def _absence(row: Stored) -> Absence:
    return Absence(
        id=row.id,
        person=PersonId(row.person),
        first=row.first,
        last=row.last,
        deputy=PersonId(row.deputy) if row.deputy else None,
        reason=row.reason,
        entered_by=PersonId(row.entered_by),
        entered_at=row.entered_at,
    )
