"""Leave cover: who may take whose place, what an absence lends, and who is there in the end."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from remediation.permissions import MANAGEMENT, PROGRAMME_STAFF, STAFF, Actor, Grant
from remediation.words import STAFF_ROLES, FactoryId, PersonId, ProgrammeId, Role

_MANAGERS = (Role.MANAGER, Role.TOP_MANAGEMENT, *MANAGEMENT)

STAND_INS: Final[dict[Role, tuple[Role, ...]]] = {
    Role.MANAGER: _MANAGERS,
    Role.TOP_MANAGEMENT: _MANAGERS,
    Role.ADVISOR: PROGRAMME_STAFF,
    Role.TEAM_LEADER: PROGRAMME_STAFF,
    Role.PROGRAMME_MANAGER: PROGRAMME_STAFF,
    Role.DUTY_OFFICER: STAFF,
}
"""Which roles an absence lends, and holders of which may be the deputy.

Seats of committee and decision panel are held in person and never lent. Nobody stands in for another side:
a worker member never for the manager, nor anybody of a factory for the staff.
"""
COVERED: Final = frozenset({*STAND_INS, Role.ACTION_OWNER, Role.DECISION_PANEL})
"""Roles whose letters others read while the holder is away. A member's letter waits in the mailbox."""


@dataclass(frozen=True, slots=True)
class Post:
    """A role, and where it is held: at a factory of a programme, over a programme, or everywhere."""

    role: Role
    programme: ProgrammeId | None = None
    factory: FactoryId | None = None


def may_stand_in(post: Post, held: Iterable[Post]) -> bool:
    """Tell whether somebody who holds these posts may take a post for its holder's absence."""
    return any(each.role in STAND_INS.get(post.role, ()) and _near(each, post) for each in held)


def _near(own: Post, post: Post) -> bool:
    """Staff cover for one another within a programme, the people of a factory within it."""
    if own.programme is None:
        return own.role in STAFF_ROLES
    if post.role in STAFF_ROLES:
        return own.programme == post.programme
    return (own.programme, own.factory) == (post.programme, post.factory)


def deputies_of(person: PersonId, away: Mapping[PersonId, PersonId | None]) -> Iterator[PersonId]:
    """Give a person's deputy, then the deputy's deputy, and so on, nobody twice.

    `away` names, for each who is away, their deputy, if they named one.
    """
    passed = {person}
    deputy = away.get(person)
    while deputy is not None and deputy not in passed:
        yield deputy
        passed.add(deputy)
        deputy = away.get(deputy)


def present(person: PersonId, away: Mapping[PersonId, PersonId | None]) -> PersonId | None:
    """Give the first of a person's deputies who is not away; None where there is none."""
    return next((deputy for deputy in deputies_of(person, away) if deputy not in away), None)


def lending(actor: Actor, lent: Iterable[tuple[PersonId, Grant]]) -> Actor:
    """Give an actor with the roles that others' absences lend them, after their own.

    A role that they hold themselves at the same place is not lent besides.
    """
    own = set(actor.grants)
    more = (replace(grant, lent_by=by) for by, grant in lent if grant not in own)
    return replace(actor, grants=(*actor.grants, *more))
