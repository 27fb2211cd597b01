"""What happens to a verification visit. `withheld` says that the factory does not know of it at that time."""

from dataclasses import dataclass
from datetime import date

from remediation.facts import Fact
from remediation.gatherings.gathering import Opening
from remediation.orders import Attached
from remediation.words import (
    ActionId,
    Check,
    FindingId,
    Hindrance,
    Modality,
    NoteId,
    PersonId,
    Role,
    Verdict,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A finding on the agenda, and what is to be checked. None of `fixers` may judge it.

    They are those whom the finding named when it came onto the agenda; its own rule knows later ones, too.
    """

    finding: FindingId
    check: Check
    fixers: tuple[PersonId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionSeen:
    """A promised action as the verifier found it; what remains of it has a new local due day."""

    id: ActionId
    verdict: Verdict
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """What a visit added up to: its outcomes by verdict, what nobody looked at, and what was refused."""

    passed: int = 0
    partial: int = 0
    failed: int = 0
    open: int = 0
    refused: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPlanned(Opening):
    """A visit to a factory on a local day, by a verifier, with what is to be checked."""

    verifier: PersonId
    on: date
    announced: bool
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitBegun(Fact):
    """The verifier is at the factory since the local day `on`: from here on it knows of the visit."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRecorded(Fact):
    """What a verifier found about one finding, on a local day; the finding is told next."""

    finding: FindingId
    number: int
    check: Check
    verdict: Verdict
    modality: Modality
    verifier: PersonId
    acting: Role
    on: date
    actions: tuple[ActionSeen, ...] = ()
    evidence: tuple[NoteId, ...] = ()
    files: tuple[Attached, ...] = ()
    note: NoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeTaken(Fact):
    """The finding's own rules have accepted an outcome."""

    finding: FindingId
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutcomeRefused(Fact):
    """The finding's own rules have refused an outcome, for the reason that the code names."""

    finding: FindingId
    number: int
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgendaExtended(Fact):
    """Objections and checks that fall due came onto the agenda by themselves."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitPostponed(Fact):
    """The visit is put off to another local day. No date of any finding moves."""

    on: date
    was: date
    hindrance: Hindrance
    reason: NoteId
    verifier: PersonId
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitCancelled(Fact):
    """The visit does not take place. No date of any finding moves."""

    was: date
    hindrance: Hindrance
    reason: NoteId
    verifier: PersonId
    withheld: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitEnded(Fact):
    """The visit is over, and its report is there. `outcomes` are its numbers at that time."""

    on: date
    outcomes: Outcomes
    summary: NoteId | None = None
