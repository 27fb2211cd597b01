"""Calling off: who was never told of a meeting or a visit is not told either that there will be none."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import Connection

from remediation.gatherings.visit.state import Visit
from remediation.watched import Watched
from remediation.words import STAFF_ROLES, LetterKind, PersonId
from storage import messages
from storage.absences import covered_by
from storage.letters import Letter
from storage.messages import Message, MessageState

NEVER_INVITED: Final = "never_invited"
TELLING_OF: Final[Mapping[LetterKind, frozenset[LetterKind]]] = {
    LetterKind.MEETING_CANCELLED: frozenset({LetterKind.MEETING_CALLED, LetterKind.MEETING_MOVED}),
    LetterKind.VISIT_CANCELLED: frozenset({LetterKind.VISIT_PLANNED, LetterKind.VISIT_POSTPONED}),
}
"""By the letter that calls something off, those that told of it."""
OF_A_DAY: Final = frozenset(TELLING_OF) | frozenset[LetterKind]().union(*TELLING_OF.values())
"""Letters that are looked at again even if they waited for a moment only: of two, one may undo the other."""


def is_news(letter: Letter, state: Watched) -> bool:
    """Whether a letter tells something even to who heard of nothing before.

    Of a visit that is called off that is so for the staff, and for a factory that has seen it begin.
    """
    if letter.kind not in TELLING_OF:
        return True
    return isinstance(state, Visit) and (letter.role in STAFF_ROLES or state.begun_at is not None)


def may_know(connection: Connection, letter: Letter, people: frozenset[PersonId]) -> bool:
    """Whether one of these people was told of what a letter calls off, or may still be."""
    return any(not _outdated(each) for each in _tellings(connection, letter, people))


def knows(connection: Connection, letter: Letter, message: Message) -> bool:
    """Whether the reader of a message, or who they stand in for, was told of what its letter calls off."""
    people = frozenset({message.person, *covered_by(connection, message.id)})
    return any(_left(each) for each in _tellings(connection, letter, people))


def _tellings(connection: Connection, letter: Letter, people: frozenset[PersonId]) -> list[Message]:
    told = TELLING_OF[letter.kind]
    carried = messages.of_finding(connection, letter.finding).values()
    return [each for several in carried for each in several if each.person in people and each.kind in told]


def _outdated(message: Message) -> bool:
    """Whether a message was given up before it left; of who has no address none is ever tried."""
    return message.state is MessageState.SKIPPED and message.attempts > 0


def _left(message: Message) -> bool:
    """Whether a message has left, or may have: what waits now will be found outdated when it is tried."""
    return message.ambiguous > 0 or not (message.state is MessageState.WAITING or _outdated(message))
