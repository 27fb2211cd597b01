"""The roster: who reads what is owed to a role today, with those who are away replaced. Never nobody."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Connection

from activities.mailroom.responsible import above, unreachable
from remediation.calendar import TWO_DAYS
from remediation.standing_in import COVERED, Post, may_stand_in, present
from remediation.words import PersonId, Role
from storage import absences, people, posts
from storage.absences import Absence
from storage.holders import Holders
from storage.people import Person
from storage.programmes import Factory


@dataclass(frozen=True, slots=True)
class Reading:
    """A person who reads a letter, and as what.

    `covers` are the absences of those in whose place they read it. `instead_of` is the role of these, or the
    role that could not be reached; it is None for who is told in their own right.
    """

    person: Person
    role: Role
    instead_of: Role | None = None
    covers: tuple[Absence, ...] = ()


@dataclass(frozen=True, slots=True)
class Slot:
    """Whom something is owed to: a role at a factory on its local day, or one person in that role."""

    factory: Factory
    role: Role
    day: date
    named: PersonId | None = None


class Roster:
    """Looks up who is told on local days from `now` (an aware instant) on, each thing once."""

    def __init__(self, connection: Connection, now: datetime) -> None:
        self._connection = connection
        self._now = now
        self._known = Holders(connection)
        self._holders: dict[tuple[str, Role, PersonId | None, date | None], tuple[Person, ...]] = {}
        self._absences: tuple[Absence, ...] | None = None
        self._posts: dict[PersonId, tuple[Post, ...]] = {}

    def readers(self, slot: Slot, may_read: Callable[[Role], bool]) -> tuple[Reading, ...]:
        """Give who reads what is owed to a slot: its holders, and for who is away the deputy.

        Where none of them is there, the next role up that may read it; where there is nobody at all, the
        holders themselves: a mailbox that waits is better than nobody.
        """
        own = tuple(Reading(each, slot.role) for each in self._holding(slot))
        covers = self._absent(slot, own)
        if not covers:
            return own
        for role in (slot.role, *above(slot.role)):
            there = self.there(replace(slot, role=role, named=slot.named if role is slot.role else None))
            reached = any(not unreachable(each.person) for each in there)
            if reached and (role is slot.role or may_read(role)):
                return _covering(there, slot.role, covers)
        return own

    def there(self, slot: Slot) -> tuple[Reading, ...]:
        """Give who holds a role and is not away, and the deputies of those who are."""
        own = tuple(Reading(each, slot.role) for each in self._holding(slot))
        away = {each.person for each in self._absent(slot, own)}
        deputies = [self._deputy(each, slot) for each in sorted(away)]
        present_ = [each for each in own if each.person.id not in away]
        return _each_once([*present_, *(each for each in deputies if each is not None)])

    def _absent(self, slot: Slot, own: Sequence[Reading]) -> tuple[Absence, ...]:
        if slot.role not in COVERED:
            return ()
        away = self._away_on(slot.day)
        return tuple(away[each.person.id] for each in own if each.person.id in away)

    def _deputy(self, person: PersonId, slot: Slot) -> Reading | None:
        """Give the deputy who is there, may take this place, and can be reached by mail."""
        away = self._away_on(slot.day)
        deputy = present(person, {each.person: each.deputy for each in away.values()})
        known = people.person(self._connection, deputy) if deputy else None
        if known is None or unreachable(known):
            return None
        post = Post(slot.role, slot.factory.programme, slot.factory.id)
        if not may_stand_in(post, self._posts_of(known.id)):
            return None
        return Reading(known, slot.role, slot.role, (away[person],))

    def _holding(self, slot: Slot) -> tuple[Person, ...]:
        # Who was given a role holds it on any day; a seat has its term.
        day = None if slot.role in COVERED else slot.day
        key = (slot.factory.id, slot.role, slot.named, day)
        if key not in self._holders:
            self._holders[key] = self._look_up(slot)
        return self._holders[key]

    def _look_up(self, slot: Slot) -> tuple[Person, ...]:
        if slot.named is None:
            return self._known.of(slot.factory, slot.role, slot.day)
        named = people.person(self._connection, slot.named)
        return (named,) if named else ()

    def _away_on(self, day: date) -> dict[PersonId, Absence]:
        if self._absences is None:
            self._absences = absences.lasting(self._connection, (self._now - TWO_DAYS).date())
        return {each.person: each for each in self._absences if each.first <= day <= each.last}

    def _posts_of(self, person: PersonId) -> tuple[Post, ...]:
        if person not in self._posts:
            held = posts.held_by(self._connection, [person], self._now)
            self._posts[person] = tuple(each.post for each in held)
        return self._posts[person]


def _covering(there: Sequence[Reading], role: Role, covers: tuple[Absence, ...]) -> tuple[Reading, ...]:
    """Say in whose place they read: each deputy for their own, and who is left for all whom nobody covers."""
    covered = {absence.id for each in there for absence in each.covers}
    left = tuple(each for each in covers if each.id not in covered)
    first, *others = there
    if first.role is role:
        return (replace(first, covers=first.covers + left), *others)
    return tuple(replace(each, instead_of=role, covers=covers + each.covers) for each in there)


def _each_once(readings: Iterable[Reading]) -> tuple[Reading, ...]:
    """Merge the readings of one person: who reads it in their own right does so also for the others."""
    merged: dict[PersonId, Reading] = {}
    for each in readings:
        known = merged.get(each.person.id)
        merged[each.person.id] = each if known is None else replace(known, covers=known.covers + each.covers)
    return tuple(merged.values())
