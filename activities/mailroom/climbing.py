"""Who is told instead: the next person responsible when a letter cannot reach whom it is owed to."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from activities.mailroom.relevance import why_not
from activities.mailroom.responsible import above, unreachable
from activities.mailroom.roster import Reading
from activities.mailroom.sorting import of_same_thing
from activities.mailroom.writing import Carried, Pen
from remediation.words import PersonId, Role
from storage.letters import Letter
from storage.messages import Message, NewMessage

_STANDS_IN = re.compile(r">([a-z_]+):")


@dataclass(frozen=True, slots=True)
class _Place:
    """A letter that is read in place of a role that could not be reached."""

    letter: Letter
    reading: Reading
    instead_of: Role


def in_place_of_nobody(pen: Pen, letter: Letter) -> tuple[NewMessage, ...]:
    """Give the messages of a letter that none of those it names can be reached with. Raises Unwritable."""
    places = _places(pen, letter, letter.role, without=None)
    return _messages(pen, f"letter:{letter.id}", places, None)


def in_place_of(pen: Pen, message: Message, letters: Sequence[Letter]) -> tuple[NewMessage, ...]:
    """Give the messages to the next people responsible for one that failed. Raises Unwritable."""
    stood_in = _STANDS_IN.findall(message.key)
    places = [
        place
        for thing in of_same_thing(letters)
        for place in _places(pen, thing[0], Role(stood_in[-1]) if stood_in else thing[0].role, message.person)
    ]
    return _messages(pen, f"message:{message.id}", places, message)


def _places(pen: Pen, letter: Letter, role: Role, without: PersonId | None) -> list[_Place]:
    """Find the nearest role above that somebody else holds whom mail can reach, and who may read it."""
    for higher in above(role):
        held_by = pen.desk.next_readings(letter, higher)
        others = [each for each in held_by if each.person.id != without and not unreachable(each.person)]
        if others and not why_not(letter, pen.desk.state(letter.finding), higher):
            return [_Place(letter, reading, role) for reading in others]
    return []


def _messages(pen: Pen, key: str, places: Sequence[_Place], failed: Message | None) -> tuple[NewMessage, ...]:
    by_reader: dict[PersonId, list[_Place]] = defaultdict(list)
    for place in places:
        by_reader[place.reading.person.id].append(place)
    return tuple(_message(pen, key, theirs, failed) for theirs in by_reader.values())


def _message(pen: Pen, key: str, theirs: Sequence[_Place], failed: Message | None) -> NewMessage:
    first = theirs[0]
    reader = first.reading.person
    own_key = f"{key}>{first.reading.role}:{reader.id}"
    carried = [_carried(pen, place) for place in theirs]
    if failed is not None and failed.morning is not None:
        return pen.gathered(own_key, reader, carried, failed.morning)
    return pen.alone(own_key, reader, carried[0])


def _carried(pen: Pen, place: _Place) -> Carried:
    occasion = pen.desk.occasion(place.letter, place.reading, instead_of=place.instead_of)
    covers = tuple((place.letter.id, absence.id) for absence in place.reading.covers)
    return Carried(letters=(place.letter.id,), occasion=occasion, stands_in=covers)
