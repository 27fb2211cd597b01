"""What is asked of a verification visit: by its verifiers, and by the system where findings call for it."""

from dataclasses import dataclass
from datetime import date

from remediation.gatherings.visit.facts import ActionSeen, Item
from remediation.orders import Attached, Order
from remediation.words import FindingId, Hindrance, Modality, NoteId, Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginVisit(Order):
    """Say that the verifier is at the factory since a local day."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOutcome(Order):
    """Record what was found about one finding, and each of its actions.

    Of an effectiveness check, `pass` says that the fix held, and `fail` that it did not.
    """

    finding: FindingId
    verdict: Verdict
    modality: Modality = Modality.ON_SITE
    actions: tuple[ActionSeen, ...] = ()
    evidence: tuple[NoteId, ...] = ()
    files: tuple[Attached, ...] = ()
    note: NoteId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOutcome(Order):
    """Say what became of an outcome at its finding: accepted, or refused with a code. The system alone."""

    finding: FindingId
    number: int
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendAgenda(Order):
    """Put findings onto the agenda that have come to need a look: the system alone."""

    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PostponeVisit(Order):
    """Put the visit off to another local day, and say why."""

    on: date
    hindrance: Hindrance
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelVisit(Order):
    """Say that the visit does not take place, and why."""

    hindrance: Hindrance
    reason: NoteId


@dataclass(frozen=True, slots=True, kw_only=True)
class EndVisit(Order):
    """End the visit with its report, and a summary in words."""

    summary: NoteId | None = None
