"""Which photos and documents somebody sees, and how they are told of."""

from sqlalchemy import Connection

from remediation.gatherings.gathering import Kind, gathering_id
from remediation.permissions import WORKERS, Action, Actor, Thing, can
from remediation.words import Side
from service.api.shapes import EvidenceShape, Named
from service.auth import Caller, forbidden
from service.dossier import Dossier
from service.problems import not_found
from service.receiving import thing_of, thing_of_gathering, visible_finding, visible_gathering
from storage import evidence
from storage.evidence import Evidence, State


def one(connection: Connection, caller: Caller, finding: str, piece: str) -> Evidence:
    """Give a photo or document that the caller may see. Raises the problems 403 and 404."""
    thing = thing_of(visible_finding(connection, caller, finding))
    if can(caller.actor, Action.VIEW_EVIDENCE, thing) is None:
        raise forbidden(Action.VIEW_EVIDENCE)
    found = evidence.find(connection, piece)
    if found is None or found.finding != finding or not _seen(caller.actor, thing, found):
        raise not_found("This photo or document")
    return found


def one_of_meeting(connection: Connection, caller: Caller, own: str, piece: str) -> Evidence:
    """Give a photo of a meeting's signing sheet to who handed it in, and to who may witness it.

    It shows who signed what, which nobody else is told. Raises the problem 404.
    """
    meeting = gathering_id(Kind.MEETING, own)
    thing = thing_of_gathering(visible_gathering(connection, caller, meeting))
    found = evidence.find(connection, piece)
    there = found is not None and found.finding == meeting and _seen(caller.actor, thing, found)
    witness = can(caller.actor, Action.WITNESS_PAPER, thing) is not None
    if found is None or not there or not (witness or found.by == caller.person.id):
        raise not_found("This photo or document")
    return found


def _seen(actor: Actor, thing: Thing, piece: Evidence) -> bool:
    open_ = not piece.confidential or can(actor, Action.VIEW_STAFF_MATTERS, thing) is not None
    return open_ and piece.state is not State.WITHDRAWN


def shapes(dossier: Dossier) -> list[EvidenceShape]:
    """Give the photos and documents that the dossier's viewer may see, the oldest first."""
    return [shape_of(dossier, each) for each in dossier.evidence]


def shape_of(dossier: Dossier, piece: Evidence) -> EvidenceShape:
    """Give a photo or document as its viewer may know it."""
    return EvidenceShape(
        id=piece.id,
        finding=piece.finding,
        kind=piece.kind.value,
        shows=piece.shows,
        by=_by(dossier, piece),
        role=piece.acting,
        at=piece.at,
        local=dossier.finding.calendar.local(piece.at),
        action=piece.action,
        before=piece.before,
        confidential=piece.confidential,
        named=piece.state is State.NAMED,
        media_type=piece.media_type,
        size=piece.size,
        width=piece.width,
        height=piece.height,
        original_sha256=piece.original,
        sha256=piece.digest,
    )


def _by(dossier: Dossier, piece: Evidence) -> Named | None:
    """Give who handed it in; of a worker member only to those who may know which of them spoke up."""
    if piece.acting in WORKERS and not dossier.sight.hears(Side.WORKER, piece.by):
        return None
    return Named(id=piece.by, name=dossier.sight.name(piece.by))
