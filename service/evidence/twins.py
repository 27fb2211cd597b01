"""Photos that were used before: the same file, or one that looks nearly the same. A hint, no proof."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from remediation.permissions import Action, can
from remediation.words import EvidenceId, SubjectId
from service.auth import Caller
from service.dossier import Dossier
from service.receiving import thing_of
from storage import evidence, findings
from storage.evidence import Evidence

CLOSE = 4
"""So many of 64 bits may differ in photos that look nearly the same."""
MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Twin:
    """An earlier photo. `same` is whether it is the very file; else it looks nearly the same."""

    piece: EvidenceId
    finding: SubjectId
    at: datetime
    same: bool


def twins(connection: Connection, caller: Caller, dossier: Dossier) -> dict[str, tuple[Twin, ...]]:
    """Give the earlier twins of each photo and document of a finding that staff look at, a few of each."""
    if not dossier.sight.staff or not dossier.evidence:
        return {}
    candidates = evidence.alike(connection, dossier.evidence)
    seen = {each.finding for each in candidates if _sees(connection, caller, each.finding)}
    others = [each for each in candidates if each.finding in seen]
    found = {each.id: tuple(_twins(each, others))[:MOST] for each in dossier.evidence}
    return {piece: those for piece, those in found.items() if those}


def _sees(connection: Connection, caller: Caller, finding: str) -> bool:
    listed = findings.find(connection, finding)
    return listed is not None and can(caller.actor, Action.VIEW_EVIDENCE, thing_of(listed)) is not None


def _twins(piece: Evidence, others: list[Evidence]) -> Iterator[Twin]:
    for other in others:
        same = other.original == piece.original
        if (other.at, other.id) < (piece.at, piece.id) and (same or near(piece.likeness, other.likeness)):
            yield Twin(piece=other.id, finding=other.finding, at=other.at, same=same)


def near(one: str | None, other: str | None) -> bool:
    """Whether two likenesses differ so little that people would take the photos for one."""
    if one is None or other is None:
        return False
    return (int(one, 16) ^ int(other, 16)).bit_count() <= CLOSE
