"""What somebody may see of one finding, and how people are named to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notifications.wording import N_
from remediation import facts
from remediation.facts import Fact
from remediation.orders import Seat
from remediation.permissions import VOICES, Action, Actor, Thing, actions_on
from remediation.words import SYSTEM, PersonId, Side, Statement
from service.speaking import Said, say

MEMBER = Said({Side.WORKER: N_("A worker member"), Side.MANAGEMENT: N_("A management member")})
_MARKED = (
    facts.Signed
    | facts.Refused
    | facts.ProposalFailed
    | facts.DeadlockDeclared
    | facts.ExtensionRequested
    | facts.ExtensionCosigned
)


@dataclass(frozen=True, slots=True)
class Sight:
    """All that the viewer may do with the finding, and the names of the people in it."""

    viewer: PersonId
    actions: frozenset[Action]
    names: Mapping[PersonId, str]

    def may(self, action: Action) -> bool:
        """Whether the viewer may do this."""
        return action in self.actions

    @property
    def staff(self) -> bool:
        """Whether the viewer sees what the factory is not told."""
        return self.may(Action.VIEW_STAFF_MATTERS)

    def name(self, person: PersonId) -> str:
        """Give a person's name; the id of somebody who is not in the directory any more."""
        return self.names.get(person, person)

    def hears(self, side: Side, person: PersonId | None = None) -> bool:
        """Whether the viewer may know who of a side said something; always of themselves."""
        return person == self.viewer or self.may(VOICES[side])

    def who(self, person: PersonId, fact: Fact, seats: Sequence[Seat]) -> PersonId | None:
        """Give who brought a fact about, or None where that is not for the viewer to know.

        `seats` are the committee's when it happened: who has left it since is as safe as before.
        """
        if person == SYSTEM or not self.may(Action.VIEW_TEXTS):
            return None
        side = voice_of(fact, person, seats)
        return person if side is None or self.hears(side, person) else None

    def told(self, person: PersonId, fact: Fact, seats: Sequence[Seat]) -> str:
        """Give who brought a fact about, while these seats held, in words that may begin a sentence."""
        if person == SYSTEM:
            return "Mendwork"
        if self.who(person, fact, seats) is not None:
            return self.name(person)
        side = voice_of(fact, person, seats)
        return MEMBER[side] if side else say("Somebody")


def sight(actor: Actor, thing: Thing, names: Mapping[PersonId, str]) -> Sight:
    """Give what an actor may see of a thing."""
    return Sight(actor.person, actions_on(actor, thing), names)


def voice_of(fact: Fact, person: PersonId, seats: Sequence[Seat]) -> Side | None:
    """Give the side that speaks in a fact, where speaking up may cost somebody something."""
    if isinstance(fact, _MARKED):
        return fact.side
    if isinstance(fact, facts.FixObjected | facts.FixConcurred):
        return Side.WORKER
    if isinstance(fact, facts.TakenBack):
        return fact.side or (Side.MANAGEMENT if fact.what is Statement.DISPUTE else None)
    sat = next((seat.side for seat in seats if seat.person == person), None)
    if isinstance(fact, facts.Disputed):
        return sat or Side.MANAGEMENT
    # Who signed last brought it about.
    return sat if isinstance(fact, facts.Committed) and fact.agreed else None
