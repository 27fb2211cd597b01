"""What the viewer of a finding or gathering may do now, what not and why; the most pressing thing first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from remediation.case import Case
from remediation.gatherings.case import GatheringCase
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Action, Thing, roles_to
from remediation.possible import Possibility, possible
from remediation.waiting import LAPSES, Wait, waits_of
from remediation.watched import Watched
from remediation.words import Statement
from service.auth import Caller
from service.dossier import Dossier
from service.pages.acts import ACTS, OF_GATHERINGS, UNDOABLE, Act
from service.receiving import thing_of, thing_of_gathering
from service.refusing import in_words
from storage.codec import order_type
from storage.findings import Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A verb that the viewer has permission for, and whether the rules would take it now."""

    verb: str
    act: Act
    possibility: Possibility

    @property
    def path(self) -> str:
        """The last part of its address."""
        return self.verb.replace("_", "-")

    @property
    def open(self) -> bool:
        """Whether it can be done now."""
        return self.possibility.refusal is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Things that cannot be done now for one and the same reason."""

    titles: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Offers:
    """All that the viewer may do now; `first` answers what is due soonest, where anything does."""

    first: Offer | None
    others: tuple[Offer, ...]
    refused: tuple[Refused, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """Where somebody stands before a finding or gathering at an aware instant; its clock has caught up.

    `acts` are the verbs that its page gives.
    """

    watched: Watched
    thing: Thing
    caller: Caller
    now: datetime
    acts: Mapping[str, Act] = field(default_factory=lambda: ACTS)

    def offer(self, verb: str) -> Offer | None:
        """Give whether they may do this now; None where they have no permission."""
        roles = roles_to(self.caller.actor, Action(verb), self.thing)
        if not roles:
            return None
        found = possible(order_type(verb), self.watched, self.caller.person.id, roles, self.now)
        return Offer(verb=verb, act=self.acts[verb], possibility=found)

    def every(self) -> list[Offer]:
        """Give all that they have permission for."""
        return [each for verb in self.acts if (each := self.offer(verb)) is not None]

    def waiting(self) -> tuple[Wait, ...]:
        """Give what waits for them, the soonest first; without what has lapsed."""
        roles = roles_to(self.caller.actor, Action.VIEW_FINDING, self.thing)
        for_them = (
            each
            for each in waits_of(self.watched)
            if each.role in roles or each.person == self.caller.person.id
        )
        lasting = (each for each in for_them if each.what not in LAPSES or each.due > self.now)
        return tuple(sorted(lasting, key=lambda each: each.due))

    def answer(self, wait: Wait) -> Offer | None:
        """Give what they can do now about something that waits."""
        offered = (self.offer(verb) for verb, act in self.acts.items() if wait.what in act.answers)
        return next((each for each in offered if each is not None and each.open), None)


def stand(case: Case, listed: Listed, caller: Caller, now: datetime) -> Stand:
    """Give where somebody stands before a finding at an aware instant."""
    timely, _ = case.keep_time(now)
    return Stand(watched=timely.finding, thing=thing_of(listed), caller=caller, now=now)


def stand_around(case: GatheringCase, row: GatheringSummary, caller: Caller, now: datetime) -> Stand:
    """Give where somebody stands before a gathering at an aware instant."""
    timely, _ = case.keep_time(now)
    thing, acts = thing_of_gathering(row), OF_GATHERINGS[row.kind]
    return Stand(watched=timely.state, thing=thing, caller=caller, now=now, acts=acts)


def offers(dossier: Dossier, caller: Caller) -> Offers:
    """Give all that the viewer may do now on a finding."""
    return offers_of(stand(dossier.case, dossier.listed, caller, dossier.now))


def offers_of(standing: Stand) -> Offers:
    """Give all that somebody may do now where they stand."""
    every = standing.every()
    given = [each for each in every if each.open]
    first = next(
        (each for wait in standing.waiting() for each in given if wait.what in each.act.answers), None
    )
    return Offers(
        first=first,
        others=tuple(each for each in given if each is not first),
        refused=tuple(_refused(every)),
    )


def undo(dossier: Dossier, caller: Caller, verb: str) -> Statement | None:
    """Give what somebody can take back of a verb that they gave, as what; None where it is not possible."""
    said = UNDOABLE.get(verb)
    offered = stand(dossier.case, dossier.listed, caller, dossier.now).offer("take_back") if said else None
    taken = offered.possibility.taken if offered else ()
    return said if {"what": said} in taken else None


def _refused(every: list[Offer]) -> Iterator[Refused]:
    titles: dict[str, list[str]] = {}
    for each in every:
        if each.possibility.refusal is not None and each.act.refusable:
            titles.setdefault(in_words(str(each.possibility.refusal)), []).append(each.act.title)
    for why, together in titles.items():
        yield Refused(titles=tuple(together), why=why)
