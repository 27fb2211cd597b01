"""Photos and documents come in: judged by who hands them in, made anew, kept, and then put on record."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from typing import BinaryIO

from sqlalchemy import Connection

from remediation.gatherings.gathering import Kind as Gathering
from remediation.gatherings.gathering import kind_of
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Action, can
from remediation.summary import Summary
from remediation.words import ENDINGS, ActionId, Digest, EvidenceId, Role, subject_of
from service.auth import Caller, permit
from service.context import Context
from service.evidence.pictures import remake
from service.evidence.recognising import Format, NotTakenError, recognise
from service.evidence.store import UNREACHABLE
from service.problems import FieldProblem, ProblemError, invalid
from service.receiving import key_reused, thing_of, thing_of_gathering, visible_finding, visible_gathering
from service.speaking import say
from storage import evidence, findings
from storage.database import reading, writing
from storage.evidence import Evidence, Kind, evidence_id
from storage.findings import Listed

MEGABYTE = 1_000_000
MOST_FILE = 15 * MEGABYTE
MOST_OF_A_FINDING = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """A file as it is handed in, for a finding or meeting. `before` is the photo of the same place before."""

    caller: Caller
    finding: str
    key: str
    file: BinaryIO
    size: int
    shows: str = ""
    action: str | None = None
    before: str | None = None
    confidential: bool = False

    @property
    def id(self) -> EvidenceId:
        """The id of what comes of it: the same for every try."""
        return evidence_id(self.caller.person.id, self.key)


def take_in(context: Context, given: HandedIn) -> tuple[Evidence, bool]:
    """Keep a photo or document, and give its record, and whether it is new. Safe to repeat with the same key.

    Raises the problems 403, 404, 409, 413, 422 and, where the store cannot be reached, 503.
    """
    with reading(context.database) as connection:
        known = evidence.find(connection, given.id)
        of_meeting = kind_of(given.finding) is Gathering.MEETING
        row, role = (_of_meeting if of_meeting else _of_finding)(connection, given, new=known is None)
    if given.size > MOST_FILE:
        raise too_large()
    with context.files_in_hand:
        content = given.file.read()
        asked = _asked(given, content)
        if known is not None:
            return _same(known, asked), False
        # The file comes first. Whatever ends this process before its record is written leaves a file
        # without a record, which is swept away later, and never the reverse.
        kept = _kept(context, content)
    record = _record(given, row, role, kept, asked, context.clock())
    with writing(context.database) as connection:
        return _same(evidence.keep(connection, record), asked), True


def too_large() -> ProblemError:
    """Give the problem for a file that is too large."""
    return ProblemError(
        413,
        "file_too_large",
        say("A photo or document has at most %(most)s MB.", most=MOST_FILE // MEGABYTE),
        way_out=say("Choose a smaller size in the camera, or save the document in lower quality."),
    )


def _of_finding(connection: Connection, given: HandedIn, *, new: bool) -> tuple[Summary, Role]:
    listed = visible_finding(connection, given.caller, given.finding)
    role = permit(given.caller, Action.ADD_EVIDENCE, thing_of(listed))
    if new:
        _check(connection, listed, given)
    return listed.summary, role


def _of_meeting(connection: Connection, given: HandedIn, *, new: bool) -> tuple[GatheringSummary, Role]:
    """Take photos of a signing sheet from who may enter what was signed on it."""
    row = visible_gathering(connection, given.caller, given.finding)
    role = permit(given.caller, Action.RECORD_PAPER, thing_of_gathering(row))
    if new and (row.ended or evidence.count(connection, row.gathering) >= MOST_OF_A_FINDING):
        detail = say("This meeting has ended, or has all the photos that it can have.")
        raise ProblemError(409, "not_at_this_stage", detail)
    return row, role


def _check(connection: Connection, listed: Listed, given: HandedIn) -> None:
    row = listed.summary
    if row.stage in ENDINGS:
        detail = say("This finding has ended. Nothing can be added to it.")
        raise ProblemError(409, "not_at_this_stage", detail, way_out=say("The team leader can reopen it."))
    if evidence.count(connection, row.finding) >= MOST_OF_A_FINDING:
        detail = say(
            "This finding has %(most)s photos and documents. No more can be added.", most=MOST_OF_A_FINDING
        )
        way_out = say("Put several documents into one PDF, or write down where the others are kept.")
        raise ProblemError(409, "too_many_files", detail, way_out=way_out)
    case = findings.case(connection, row.finding)
    if given.action is not None and (case is None or case.finding.action(ActionId(given.action)) is None):
        raise _wrong("action", say("Nothing is promised under this id. Choose one of the plan's actions."))
    before = evidence.find(connection, given.before) if given.before else None
    if given.before and (before is None or before.finding != row.finding or before.kind is not Kind.PHOTO):
        raise _wrong("before", say("No photo of this finding is known by this id."))
    if given.confidential and not can(given.caller.actor, Action.VIEW_STAFF_MATTERS, thing_of(listed)):
        raise _wrong("confidential", say("Only the programme's staff can keep something among themselves."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What a record says of its file."""

    kind: Kind
    media_type: str
    size: int
    width: int | None
    height: int | None
    original: Digest
    digest: Digest
    file: str
    likeness: str | None


def _kept(context: Context, content: bytes) -> Kept:
    try:
        format_ = recognise(content)
        picture = remake(content) if format_.kind is Kind.PHOTO else None
    except NotTakenError as error:
        raise _wrong("file", str(error)) from error
    kept = picture.content if picture else content
    try:
        file = context.evidence.put(kept, picture.thumb if picture else None)
    except UNREACHABLE as error:
        raise store_unreachable() from error
    return Kept(
        kind=format_.kind,
        media_type=Format.JPEG if picture else format_,
        size=len(kept),
        width=picture.width if picture else None,
        height=picture.height if picture else None,
        original=Digest(sha256(content).hexdigest()),
        digest=Digest(sha256(kept).hexdigest()),
        file=file,
        likeness=picture.likeness if picture else None,
    )


def _record(  # noqa: PLR0913 - all that a record says
    given: HandedIn,
    row: Summary | GatheringSummary,
    role: Role,
    kept: Kept,
    asked: str,
    at: datetime,
) -> Evidence:
    return Evidence(
        id=given.id,
        finding=subject_of(given.finding),
        factory=row.factory,
        by=given.caller.person.id,
        acting=role,
        at=at,
        asked=asked,
        shows=given.shows,
        action=ActionId(given.action) if given.action else None,
        before=EvidenceId(given.before) if given.before else None,
        # What staff gather before the factory is told stays with them.
        confidential=given.confidential or row.restricted,
        **asdict(kept),
    )


def store_unreachable() -> ProblemError:
    """Give the problem for a store that does not answer."""
    return ProblemError(
        503,
        "evidence_store_unavailable",
        say("Photos and documents cannot be kept or shown at the moment. Nothing was changed."),
        way_out=say("Send the same request again in a few minutes, with the same Idempotency-Key."),
        headers={"Retry-After": "60"},
    )


def _asked(given: HandedIn, content: bytes) -> str:
    said = [given.finding, given.shows, given.action, given.before, given.confidential]
    return sha256(json.dumps(said).encode() + sha256(content).digest()).hexdigest()


def _same(stored: Evidence, asked: str) -> Evidence:
    if stored.asked != asked:
        raise key_reused()
    return stored


def _wrong(field: str, message: str) -> ProblemError:
    return invalid(FieldProblem(field=field, message=message))
