"""Addressing: letters owed to roles become messages to people, or are skipped for a reason.

Everything here reads. What it decides is given as parcels, each of which is committed whole or not at all.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

import structlog

from activities.mailroom.calling_off import NEVER_INVITED, is_news, may_know
from activities.mailroom.climbing import in_place_of_nobody
from activities.mailroom.desk import Unwritable
from activities.mailroom.relevance import why_not
from activities.mailroom.roster import Reading
from activities.mailroom.sorting import Owed, by_person, of_same_thing
from activities.mailroom.writing import Carried, Pen
from remediation.words import LetterKind
from storage.database import UNAVAILABLE
from storage.letters import Letter
from storage.messages import NewMessage

NO_HOLDER: Final = "no_holder"
MUST_REACH: Final = frozenset(
    {
        LetterKind.OVERDUE,
        LetterKind.PLAN_OVERDUE,
        LetterKind.VISIT_OVERDUE,
        LetterKind.DECISION_DUE,
        LetterKind.ALARM_RAISED,
        LetterKind.ALARM_DECIDED,
    }
)
"""Where nobody of those named can be reached, the next person responsible is told in their place."""

T = TypeVar("T")

log = structlog.get_logger("mendwork.mailroom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What is committed in one transaction: letters by id, and the messages that carry them."""

    taken: tuple[int, ...] = ()
    messages: tuple[NewMessage, ...] = ()
    skipped: tuple[tuple[int, str], ...] = ()
    postponed: tuple[tuple[int, datetime], ...] = ()


@dataclass(frozen=True, slots=True)
class Broken:
    """Why a letter is not sent: a stable code."""

    reason: str


@dataclass(frozen=True, slots=True)
class Clerk:
    """Addresses the letters of one look at what waits."""

    pen: Pen

    def urgent(self, waiting: Sequence[Letter]) -> Iterator[Parcel]:
        """Give a parcel for each thing that happened: all its letters, one message a person."""
        return (self._about_one_thing(letters) for letters in of_same_thing(waiting))

    def resolve(self, letters: Sequence[Letter]) -> tuple[list[Owed], list[tuple[int, str]]]:
        """Give the letters that are to be sent with their readers, and the others with their reasons."""
        owed: list[Owed] = []
        skipped: list[tuple[int, str]] = []
        for letter in letters:
            found = quarantined(letter, lambda each=letter: self._found(each))  # type: ignore[misc]
            if isinstance(found, Broken):
                skipped.append((letter.id, found.reason))
            else:
                owed.append(found)
        return owed, skipped

    def _found(self, letter: Letter) -> Owed:
        reason = why_not(letter, self.pen.desk.state(letter.finding))
        if reason:
            raise Unwritable(reason)
        readers = self.pen.desk.readings(letter)
        if not readers:
            raise Unwritable(NO_HOLDER)
        told = tuple(each for each in readers if self._is_for(letter, each))
        if not told:
            raise Unwritable(NEVER_INVITED)
        return Owed(letter, told)

    def _is_for(self, letter: Letter, reading: Reading) -> bool:
        """Whether a letter tells somebody of something, and does not only call off what they never knew."""
        if is_news(letter, self.pen.desk.state(letter.finding)):
            return True
        people = frozenset({reading.person.id, *(each.person for each in reading.covers)})
        return may_know(self.pen.desk.connection, letter, people)

    def _about_one_thing(self, letters: tuple[Letter, ...]) -> Parcel:
        owed, skipped = self.resolve(letters)
        messages: list[NewMessage] = []
        for theirs in by_person(owed).values():
            written = self._written(theirs)
            if isinstance(written, Broken):
                skipped += [(each.letter.id, written.reason) for each in theirs]
            else:
                messages.append(written)
        parcel = parcel_of(messages, skipped)
        return self._climbing(letters[0], parcel) if _reaches_nobody(letters[0], parcel) else parcel

    def _written(self, theirs: Sequence[Owed]) -> NewMessage | Broken:
        carried = quarantined(theirs[0].letter, lambda: self.carried(theirs))
        if isinstance(carried, Broken):
            return carried
        (reader,) = theirs[0].readers
        key = f"letter:{min(carried.letters)}:{reader.person.id}"
        return quarantined(theirs[0].letter, lambda: self.pen.alone(key, reader.person, carried))

    def carried(self, theirs: Sequence[Owed]) -> Carried:
        """Give what one reader is owed about one thing, once, in whatever roles. Raises Unwritable."""
        # What is theirs before what they read for others; the letter that names them in person says most.
        first = min(theirs, key=lambda each: (bool(each.readers[0].instead_of), each.letter.person is None))
        covers = ((each.letter.id, absence.id) for each in theirs for absence in each.readers[0].covers)
        return Carried(
            letters=tuple(each.letter.id for each in theirs),
            occasion=self.pen.desk.occasion(first.letter, first.readers[0]),
            stands_in=tuple(covers),
        )

    def _climbing(self, letter: Letter, parcel: Parcel) -> Parcel:
        instead = quarantined(letter, lambda: in_place_of_nobody(self.pen, letter))
        if isinstance(instead, Broken) or not instead:
            return parcel
        return parcel_of((*parcel.messages, *instead), parcel.skipped)


def quarantined(letter: Letter, work: Callable[[], T]) -> T | Broken:
    """Do a letter's work, or give the reason why it cannot be done: no broken row stops the others."""
    try:
        return work()
    except UNAVAILABLE:
        raise
    except Unwritable as error:
        return Broken(error.reason)
    except Exception as error:  # noqa: BLE001 - whatever a row is broken by, it is that row alone
        # By name only: an error's text may quote what people wrote.
        name = type(error).__name__
        log.warning("letter_unwritable", letter=letter.id, kind=letter.kind, error=name)
        return Broken(f"unwritable:{name}")


def parcel_of(messages: Sequence[NewMessage], skipped: Sequence[tuple[int, str]]) -> Parcel:
    """Give the parcel of messages; a letter that one of them carries is not skipped."""
    taken = {letter for message in messages for letter in message.letters}
    reasons = {letter: reason for letter, reason in skipped if letter not in taken}
    return Parcel(taken=tuple(sorted(taken)), messages=tuple(messages), skipped=tuple(reasons.items()))


def _reaches_nobody(letter: Letter, parcel: Parcel) -> bool:
    """Tell whether all of those named lack a holder or an address."""
    if letter.kind not in MUST_REACH or not all(message.skipped for message in parcel.messages):
        return False
    return bool(parcel.messages) or any(reason == NO_HOLDER for _, reason in parcel.skipped)
