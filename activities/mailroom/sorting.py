"""Sorting letters: by what happened, and by who reads them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from activities.mailroom.roster import Reading
from remediation.words import PersonId
from storage.letters import Letter


@dataclass(frozen=True, slots=True)
class Owed:
    """A letter that is to be sent, and who reads it as what."""

    letter: Letter
    readers: tuple[Reading, ...]


def of_same_thing(letters: Sequence[Letter]) -> tuple[tuple[Letter, ...], ...]:
    """Sort letters by what happened and by kind, in their order."""
    things: dict[tuple[str, int, str], list[Letter]] = defaultdict(list)
    for letter in letters:
        things[letter.finding, letter.seq, letter.kind].append(letter)
    return tuple(tuple(each) for each in things.values())


def by_person(owed: Sequence[Owed]) -> dict[PersonId, list[Owed]]:
    """Sort letters by reader; each is then owed to that one reader."""
    theirs: dict[PersonId, list[Owed]] = defaultdict(list)
    for each in owed:
        for reader in each.readers:
            theirs[reader.person.id].append(Owed(each.letter, (reader,)))
    return theirs


def circles(owed: Sequence[Owed]) -> list[list[Owed]]:
    """Sort letters so that those which share a reader, directly or through others, stand together.

    A letter is addressed once, to all its readers; so they get their messages together.
    """
    leaders: dict[PersonId, PersonId] = {}
    for each in owed:
        first, *others = (reader.person.id for reader in each.readers)
        for other in others:
            leaders[_leader(leaders, other)] = _leader(leaders, first)
    together: dict[PersonId, list[Owed]] = defaultdict(list)
    for each in owed:
        together[_leader(leaders, each.readers[0].person.id)].append(each)
    return list(together.values())


def _leader(leaders: dict[PersonId, PersonId], person: PersonId) -> PersonId:
    while leaders.setdefault(person, person) != person:
        person = leaders[person]
    return person
