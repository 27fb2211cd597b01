"""Parts that orders and facts share: a seat, a promised action, one that remains, and what is attached."""

from dataclasses import dataclass
from datetime import date

from remediation.words import ActionId, ActionKind, Digest, EvidenceId, GatheringId, PersonId, Side


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedAction:
    """One promised action: its kind, its named owner and the local day it is due.

    `words` is a digest of what is promised, by whom and shown how: it tells an action that stays in another
    plan from one that only bears the same id there. Empty in ledgers of before.
    """

    id: ActionId
    kind: ActionKind
    owner: PersonId
    due: date
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attached:
    """A photo or document that shows something, with the SHA-256 of its file: no other can take its place."""

    id: EvidenceId
    digest: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """Where a vote on paper stands: which signing sheet of which meeting, who entered and who witnessed it.

    `photos` are the SHA-256 of the photos that show the sheet.
    """

    meeting: GatheringId
    sheet: int
    recorder: PersonId
    witness: PersonId
    photos: tuple[Digest, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemainingAction:
    """An action found undone in a partial verification, and its new local due day."""

    id: ActionId
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A committee seat as the rules need it."""

    person: PersonId
    side: Side
    elected: bool = False
    co_chair: bool = False
