"""Who is told instead: the next person responsible when a letter cannot reach whom it is owed to."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from activities.mailroom.relevance import why_not
from activities.mailroom.sorting import of_same_thing
from activities.mailroom.writing import Carried, Pen, unreachable
from remediation.words import PersonId, Role
from storage.letters import Letter
from storage.messages import Message, NewMessage
from storage.people import Person

NEXT: Final[dict[Role, Role]] = {
    Role.ACTION_OWNER: Role.MANAGER,
    Role.MANAGEMENT_CO_CHAIR: Role.MANAGER,
    # What a member is asked at the committee's table is not for the manager's mailbox.
    Role.MANAGEMENT_MEMBER: Role.ADVISOR,
    Role.WORKER_MEMBER: Role.ADVISOR,
    Role.WORKER_CO_CHAIR: Role.ADVISOR,
    Role.MANAGER: Role.ADVISOR,
    Role.TOP_MANAGEMENT: Role.TEAM_LEADER,
    Role.ADVISOR: Role.TEAM_LEADER,
    Role.TEAM_LEADER: Role.PROGRAMME_MANAGER,
    Role.DUTY_OFFICER: Role.PROGRAMME_MANAGER,
    Role.DECISION_PANEL: Role.PROGRAMME_MANAGER,
}
"""One step up from each role. Buyers subscribe for themselves: nobody reads their letters for them."""


def above(role: Role) -> Iterator[Role]:
    """Give the roles above one, the nearest first."""
    while role in NEXT:
        role = NEXT[role]
        yield role


_STANDS_IN = re.compile(r">([a-z_]+):")


@dataclass(frozen=True, slots=True)
class _Place:
    """A letter that a person in a role reads in place of another role."""

    letter: Letter
    reader: Person
    role: Role
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
        held_by = pen.desk.readers(letter, higher, pen.now)
        reached = [each for each in held_by if each.id != without and not unreachable(each)]
        if reached and not why_not(letter, pen.desk.state(letter.finding), higher):
            return [_Place(letter, reader, higher, role) for reader in reached]
    return []


def _messages(pen: Pen, key: str, places: Sequence[_Place], failed: Message | None) -> tuple[NewMessage, ...]:
    by_reader: dict[PersonId, list[_Place]] = defaultdict(list)
    for place in places:
        by_reader[place.reader.id].append(place)
    return tuple(_message(pen, key, theirs, failed) for theirs in by_reader.values())


def _message(pen: Pen, key: str, theirs: Sequence[_Place], failed: Message | None) -> NewMessage:
    first = theirs[0]
    own_key = f"{key}>{first.role}:{first.reader.id}"
    carried = [_carried(pen, place) for place in theirs]
    if failed is not None and failed.morning is not None:
        return pen.gathered(own_key, first.reader, carried, failed.morning)
    return pen.alone(own_key, first.reader, carried[0])


def _carried(pen: Pen, place: _Place) -> Carried:
    occasion = pen.desk.occasion(place.letter, place.reader, place.role, instead_of=place.instead_of)
    return Carried(letters=(place.letter.id,), occasion=occasion)
