"""Letters: notices owed to roles, waiting to become messages to people."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, bindparam, select, update

from remediation.facts import Fact
from remediation.words import LetterKind, PersonId, Role, SubjectId, subject_of
from storage.codec import fact_of
from storage.statements import Stored
from storage.tables import WAITING, ledger, letters, message_letters

_IDS_AT_ONCE = 500


class LetterState(StrEnum):
    """Whether a letter has become messages. Whether those arrived is told by the messages."""

    WAITING = "waiting"
    ADDRESSED = "addressed"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A letter that is owed, with the fact that called for it and who brought that about, when.

    `gathered` ones wait for the person's message of the morning. Before `not_before` nothing is to be done
    about it. `due` is the date it is about, where there is one. `reason` says why it was skipped.
    """

    id: int
    finding: SubjectId
    kind: LetterKind
    role: Role
    person: PersonId | None
    obligation: str
    step: str
    due: datetime | None
    gathered: bool
    seq: int
    fact: Fact
    by: PersonId
    at: datetime
    not_before: datetime
    state: LetterState
    reason: str


class LetterUnreadable(ValueError):
    """The fact that a letter is about cannot be read; the cause says why. `letter` is the letter's id."""

    def __init__(self, letter: int) -> None:
        self.letter = letter
        super().__init__(f"letter {letter}: its entry of the ledger cannot be read")


class LettersTaken(Exception):
    """Another mailroom has addressed or skipped some of these letters meanwhile, or has written the message.

    Nothing must be committed; look at what waits again.
    """

    def __init__(self) -> None:
        super().__init__("another mailroom has taken these letters; look again at what waits")


def waiting(
    connection: Connection, now: datetime, *, gathered: bool | None = None, limit: int = 500
) -> tuple[Letter, ...]:
    """Give the letters that wait and may be addressed now, the oldest first; of one sort, or of both.

    Raises LetterUnreadable.
    """
    query = _LETTERS.where(WAITING, letters.c.not_before <= now)
    if gathered is not None:
        query = query.where(letters.c.gathered.is_(gathered))
    rows = connection.execute(query.order_by(letters.c.not_before, letters.c.id).limit(limit))
    return tuple(_letter(row) for row in rows)


def of_finding(connection: Connection, finding: str) -> tuple[Letter, ...]:
    """Give all letters that a finding ever called for, in the order of what happened.

    Raises LetterUnreadable.
    """
    return tuple(_letter(row) for row in connection.execute(_OF_FINDING, {"finding": finding}))


def postpone(connection: Connection, ids: Sequence[int], until: datetime) -> None:
    """Leave waiting letters alone until an instant, such as the factory's next morning."""
    for chosen in _chosen(ids):
        connection.execute(update(letters).where(chosen).values(not_before=until))


def skip(connection: Connection, ids: Sequence[int], reason: str) -> None:
    """Give up on letters for a recorded reason, such as `no_holder`. Raises LettersTaken."""
    _settle(connection, ids, LetterState.SKIPPED, reason)


def mark_addressed(connection: Connection, ids: Sequence[int]) -> None:
    """Say that messages carry these letters now. Raises LettersTaken."""
    _settle(connection, ids, LetterState.ADDRESSED, "")


def _settle(connection: Connection, ids: Sequence[int], state: LetterState, reason: str) -> None:
    changes = (
        update(letters).where(chosen).values(state=state.value, reason=reason) for chosen in _chosen(ids)
    )
    if sum(connection.execute(change).rowcount for change in changes) != len(set(ids)):
        raise LettersTaken


def _chosen(ids: Sequence[int]) -> Iterator[ColumnElement[bool]]:
    every = sorted(set(ids))
    for start in range(0, len(every), _IDS_AT_ONCE):
        yield and_(WAITING, letters.c.id.in_(every[start : start + _IDS_AT_ONCE]))


_LETTERS = select(letters, ledger.c.body, ledger.c.kind.label("fact"), ledger.c.by).join(
    ledger, and_(ledger.c.finding == letters.c.finding, ledger.c.seq == letters.c.seq)
)
_OF_FINDING = _LETTERS.where(letters.c.finding == bindparam("finding")).order_by(letters.c.seq, letters.c.id)


def carried_by(connection: Connection, message: int) -> tuple[Letter, ...]:
    """Give the letters that a message carries. Raises LetterUnreadable."""
    query = _LETTERS.join(message_letters, message_letters.c.letter == letters.c.id)
    rows = connection.execute(query.where(message_letters.c.message == message).order_by(letters.c.id))
    return tuple(_letter(row) for row in rows)


def _fact(row: Stored) -> Fact:
    try:
        return fact_of(row.fact, row.body)
    except ValueError as error:
        raise LetterUnreadable(row.id) from error


def _letter(row: Stored) -> Letter:
    return Letter(
        id=row.id,
        finding=subject_of(row.finding),
        kind=LetterKind(row.kind),
        role=Role(row.role),
        person=PersonId(row.person) if row.person else None,
        obligation=row.obligation,
        step=row.step,
        due=datetime.fromisoformat(row.due) if row.due else None,
        gathered=row.gathered,
        seq=row.seq,
        fact=_fact(row),
        by=PersonId(row.by),
        at=row.at,
        not_before=row.not_before,
        state=LetterState(row.state),
        reason=row.reason,
    )
