"""What a letter asks: who has to act, by when, and what happens otherwise, read off a state."""

from dataclasses import dataclass, replace
from datetime import datetime

from notifications.wording import COMMITTEE, ROLES, YOU
from remediation.ladder import Step, ladder_ahead
from remediation.obligations import Obligation, obligations
from remediation.watched import Watched
from remediation.words import Duty, Role

SHARED = frozenset({Duty.REVIEW, Duty.COMMIT, Duty.FILE_PLAN})
"""What no single person can do: the committee acts with the manager, who answers for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Who has to act, by which aware instant, and which step of the ladder follows otherwise.

    `who` is an English word of ours, translated when it is written; empty when nobody has to act.
    """

    who: str = ""
    by: datetime | None = None
    then: Step | None = None


NOTHING = Ask()


def asked(state: Watched, key: str, reader: Role) -> Ask:
    """Give what an obligation (by its key) asks; nothing when it is no longer owed."""
    owed = next((each for each in obligations(state) if each.key == key), None)
    if owed is None:
        return NOTHING
    return Ask(who=who_owes(owed, reader), by=owed.due, then=_then(state, owed))


def _then(state: Watched, owed: Obligation) -> Step | None:
    """Give the next step of the ladder with those who are told of it: an owner only where one is named."""
    for step in ladder_ahead(state, owed):
        told = tuple(role for role in step.rung.told if role is not Role.ACTION_OWNER or owed.person)
        return replace(step, rung=replace(step.rung, told=told))
    return None


def asked_of_reader(by: datetime | None = None) -> Ask:
    """Give an ask to the reader that the ladder does not watch."""
    return Ask(who=YOU, by=by)


def who_owes(owed: Obligation, reader: Role) -> str:
    """Give the English word for who owes something, as this reader is told."""
    if owed.duty in SHARED:
        return COMMITTEE
    return YOU if owed.owner is reader else ROLES[owed.owner]
