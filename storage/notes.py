"""Texts of people: notes (reasons, remarks, evidence in words) and revisions of proposals.

Only their ids and digests enter the ledger, so that texts can be kept from view.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from sqlalchemy import BindParameter, Connection, bindparam, select

from remediation.words import Digest, FindingId, NoteId, PersonId, SubjectId, subject_of
from storage.statements import AlreadyOtherwise, Stored, add_new, by_finding
from storage.tables import notes, revisions


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A text about a finding. `purpose` is the field of the order it was written for, such as `reason`."""

    id: NoteId
    finding: SubjectId
    by: PersonId
    at: datetime
    purpose: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """A proposal as it was written. `digest` is the SHA-256 of `content`, which is JSON text."""

    digest: Digest
    finding: FindingId
    author: PersonId
    at: datetime
    content: str


def write_note(connection: Connection, note: Note) -> None:
    """Store a note. Safe to repeat with a later `at`; raises AlreadyOtherwise for another text of that id."""
    row = {"id": note.id, "finding": note.finding, "by": note.by, "at": note.at}
    if add_new(connection, notes, [row | {"purpose": note.purpose, "text": note.text}]):
        return
    # Looked at only now: of two that store it at the same moment, the second has waited for the first.
    stored = find_notes(connection, [note.id])[note.id]
    if replace(stored, at=note.at) != note:
        raise AlreadyOtherwise(notes, {"id": note.id})


def find_notes(connection: Connection, ids: Iterable[str]) -> dict[NoteId, Note]:
    """Give the notes with these ids; what is not there is left out."""
    rows = connection.execute(select(notes).where(notes.c.id.in_(sorted(set(ids)))))
    return {NoteId(row.id): _note(row) for row in rows}


def notes_of(connection: Connection, finding: str) -> dict[NoteId, Note]:
    """Give all notes about a finding, the oldest first."""
    return {each.id: each for each in notes_of_each(connection, [finding]).get(finding, ())}


def notes_of_each(connection: Connection, findings: Sequence[str]) -> dict[str, list[Note]]:
    """Give all notes about each of these findings, the oldest first; those without are left out."""
    return by_finding(map(_note, connection.execute(_NOTES_OF, {"findings": findings})))


def digest_of(content: str) -> Digest:
    """Give the SHA-256 (hexadecimal) of a proposal's content: what its signatures are bound to."""
    return Digest(sha256(content.encode()).hexdigest())


def write_revision(connection: Connection, finding: str, author: str, at: datetime, content: str) -> Digest:
    """Store a proposal and give its digest. Safe to repeat: the first author and instant stay."""
    digest = digest_of(content)
    row = {"finding": finding, "digest": digest, "author": author, "at": at, "content": content}
    add_new(connection, revisions, [row])
    return digest


def revision(connection: Connection, finding: str, digest: str) -> Revision | None:
    """Give a finding's proposal by its digest, or None."""
    own = (revisions.c.finding == finding) & (revisions.c.digest == digest)
    row = connection.execute(select(revisions).where(own)).one_or_none()
    return _revision(row) if row else None


def revisions_of(connection: Connection, finding: str) -> tuple[Revision, ...]:
    """Give all proposals about a finding, the oldest first."""
    return tuple(revisions_of_each(connection, [finding]).get(finding, ()))


def revisions_of_each(connection: Connection, findings: Sequence[str]) -> dict[str, list[Revision]]:
    """Give all proposals about each of these findings, the oldest first; those without are left out."""
    return by_finding(map(_revision, connection.execute(_REVISIONS_OF, {"findings": findings})))


_FINDINGS: BindParameter[str] = bindparam("findings", expanding=True)
_NOTES_OF = select(notes).where(notes.c.finding.in_(_FINDINGS)).order_by(notes.c.at, notes.c.id)
_REVISIONS_OF = (
    select(revisions).where(revisions.c.finding.in_(_FINDINGS)).order_by(revisions.c.at, revisions.c.digest)
)


def _note(row: Stored) -> Note:
    return Note(
        id=NoteId(row.id),
        finding=subject_of(row.finding),
        by=PersonId(row.by),
        at=row.at,
        purpose=row.purpose,
        text=row.text,
    )


def _revision(row: Stored) -> Revision:
    return Revision(
        digest=Digest(row.digest),
        finding=FindingId(row.finding),
        author=PersonId(row.author),
        at=row.at,
        content=row.content,
    )
