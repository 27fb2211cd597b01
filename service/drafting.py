"""From a request's body to an order: texts become notes and revisions in SQL, the order carries their ids."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, get_args, get_type_hints

from sqlalchemy import Connection

from remediation.orders import Order
from remediation.words import ActionId, CommandId, EvidenceId, FindingId, NoteId, PersonId, Role, SubjectId
from service.api.bodies import Body, FileInterimPlan, Propose
from service.convening import Said, fields_of
from storage import evidence, notes
from storage.codec import order_of, order_type
from storage.notes import Note


class FileNotKnown(Exception):
    """A photo or document is named that the finding has not, or not any more. `place` counts from 0."""

    def __init__(self, place: int) -> None:
        self.place = place
        super().__init__(f"files[{place}]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What is asked: who asks what of which finding, in which role, when, under which command id."""

    command: CommandId
    finding: SubjectId
    verb: str
    body: Body
    by: PersonId
    acting: Role
    at: datetime


def digest_of(body: Body) -> str:
    """Give the SHA-256 of what is asked, whatever the spacing or order of the fields in the request."""
    said = body.model_dump(mode="json")
    if not said.get("files"):
        said.pop("files", None)  # what was asked before bodies had this field is still the same
    return sha256(_canonical(said).encode()).hexdigest()


def write(connection: Connection, draft: Draft) -> Order:
    """Store the texts of a draft and give the order that carries their ids. Safe to repeat."""
    said = {"id": draft.command, "by": draft.by, "acting": draft.acting}
    return order_of(draft.verb, said | _fields(connection, draft))


def _fields(connection: Connection, draft: Draft) -> dict[str, Any]:
    given = draft.body.model_dump(exclude={"acting"})
    said = Said(id=draft.command, subject=draft.finding, by=draft.by, at=draft.at)
    given |= fields_of(connection, said, draft.body)
    if isinstance(draft.body, Propose | FileInterimPlan):
        given = _plan(connection, draft, draft.body)
    if "files" in given:
        given["files"] = _attached(connection, draft, given["files"])
    texts = _text_fields(order_type(draft.verb))
    return {
        name: _kept(connection, draft, name, value) if name in texts else value
        for name, value in given.items()
    }


def about_of(body: Body, subject: SubjectId) -> SubjectId:
    """Give what the photos and documents of a command show: of a visit's outcome, its finding."""
    finding: FindingId | None = getattr(body, "finding", None)
    return finding or subject


def _attached(connection: Connection, draft: Draft, pieces: tuple[str, ...]) -> list[dict[str, str]]:
    """Note that photos and documents are named, and give each with its file's digest.

    Raises FileNotKnown for one that the finding has not, or has not any more.
    """
    known = evidence.mark_named(connection, about_of(draft.body, draft.finding), pieces)
    for place, piece in enumerate(pieces):
        if piece not in known:
            raise FileNotKnown(place)
    return [{"id": piece, "digest": known[EvidenceId(piece)]} for piece in pieces]


def _kept(connection: Connection, draft: Draft, purpose: str, value: str | tuple[str, ...] | None) -> Any:  # noqa: ANN401
    """Store a text, or several, as notes, and give their ids in its place."""
    if value is None:
        return None
    if isinstance(value, str):
        return _note(connection, draft, purpose, NoteId(f"{draft.command}.{purpose}"), value)
    ids = ((NoteId(f"{draft.command}.{purpose}.{place}"), each) for place, each in enumerate(value, 1))
    return tuple(_note(connection, draft, purpose, note, each) for note, each in ids)


def _note(connection: Connection, draft: Draft, purpose: str, note: NoteId, text: str) -> NoteId:
    said = Note(id=note, finding=draft.finding, by=draft.by, at=draft.at, purpose=purpose, text=text)
    notes.write_note(connection, said)
    return note


def _text_fields(order: type[Order]) -> frozenset[str]:
    """Give the fields of an order that carry ids of notes."""
    return frozenset(name for name, hint in get_type_hints(order).items() if NoteId in _within(hint))


def _within(hint: Any) -> Iterator[Any]:  # noqa: ANN401 - any annotation
    yield hint
    for inner in get_args(hint):
        yield from _within(inner)


def _plan(connection: Connection, draft: Draft, body: Propose | FileInterimPlan) -> dict[str, Any]:
    actions = [
        {"id": ActionId(f"a{place}"), **action.model_dump(mode="json")}
        for place, action in enumerate(body.actions, 1)
    ]
    content: dict[str, Any] = {"root_cause": body.root_cause, "actions": actions}
    fields: dict[str, Any] = {}
    if isinstance(body, Propose):
        content["no_action_reason"] = body.no_action_reason
        fields["no_action_reason"] = body.no_action_reason
    digest = notes.write_revision(connection, draft.finding, draft.by, draft.at, _canonical(content))
    planned = [
        {name: action[name] for name in ("id", "kind", "owner", "due")} | {"words": _promise(action)}
        for action in actions
    ]
    return fields | {"revision": digest, "actions": planned}


def _promise(action: dict[str, Any]) -> str:
    """Give the digest of what is promised in an action, whatever its number and its day."""
    said = {name: value for name, value in action.items() if name not in {"id", "due"}}
    return sha256(_canonical(said).encode()).hexdigest()


def _canonical(content: Any) -> str:  # noqa: ANN401 - JSON
    """Give JSON with sorted keys and no spaces: the same content always gives the same text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
