"""Making a sealed dossier: what its reader may see of findings and plans, their ledgers, and the seal."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic_core import to_jsonable_python
from sqlalchemy import Connection

from remediation.gatherings.gathering import Kind
from remediation.gatherings.summary import GatheringSummary
from remediation.ledger import Entry
from remediation.permissions import VOICES, Action, can, reach
from remediation.words import SYSTEM
from service.api.shapes import EvidenceShape, FindingShape, TimelineEntry
from service.auth import Caller
from service.dossier import Dossier, Happened, open_dossier, texts
from service.evidence.seeing import shapes
from service.gathering_story import story_of
from service.pages.rendering import rendered
from service.paper.printing import pdf
from service.problems import not_found
from service.receiving import SEEING, thing_of_gathering
from service.sealed.signing import public_text, signed_note
from service.sealed.verifier import RECORD, SEAL, packed
from service.showing import shape
from service.timeline import timeline
from storage import findings, gatherings, people
from storage.findings import Filters
from storage.gatherings import Asked

FORMAT = "mendwork-dossier/1"
READABLE, PRINTED = "dossier.html", "dossier.pdf"
AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What a dossier is about: `kind` is `finding`, `plan` or `factory`."""

    kind: str
    id: str
    printed: bool = False
    """Whether the page to read lies in it as a PDF, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealer:
    """Who seals: the deployment's key, and the address it is known by."""

    key: Ed25519PrivateKey
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """One finding in a dossier, as its reader may see it."""

    finding: FindingShape
    story: tuple[TimelineEntry, ...]
    ledger: tuple[Mapping[str, Any], ...]
    revisions: tuple[Mapping[str, str], ...]
    evidence: tuple[EvidenceShape, ...]

    @property
    def head(self) -> str:
        """The digest of the ledger's last entry."""
        return str(self.ledger[-1]["digest"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """A gathering in a dossier, as its reader may see it: a plan, and what happened to it as a whole."""

    row: GatheringSummary
    story: tuple[TimelineEntry, ...]
    ledger: tuple[Mapping[str, Any], ...]

    @property
    def head(self) -> str:
        """The digest of the ledger's last entry."""
        return str(self.ledger[-1]["digest"])


def sealed_dossier(
    connection: Connection, caller: Caller, about: About, sealer: Sealer, now: datetime
) -> bytes:
    """Give the sealed dossier of a finding, plan or factory for a reader at an aware instant: a ZIP archive.

    Its reader sees what the pages show them. An entry of a ledger that tells more is withheld: its digest
    stands for it. Raises the problem 404 where there is nothing that the reader may see, and 503 where its
    PDF is asked for and cannot be made.
    """
    chapters = [
        _chapter(open_dossier(connection, caller, each, now), connection)
        for each in named(connection, caller, about)
    ]
    if not chapters:
        raise not_found(f"This {about.kind}")
    around = list(_around(connection, caller, about))
    record = _record(caller, about, chapters, around, now)
    html = rendered(READABLE, about=about, around=around, chapters=chapters, origin=sealer.origin, now=now)
    files = {
        RECORD: json.dumps(record, ensure_ascii=False, indent=1).encode(),
        READABLE: html.encode(),
        **({PRINTED: pdf(html)} if about.printed else {}),
    }
    note = signed_note(sealer.key, _seal(about, _heads(chapters, around), files, sealer, now))
    return packed({**files, SEAL: note.encode()})


def named(connection: Connection, caller: Caller, about: About) -> Iterator[str]:
    """Name the findings that a dossier's reader may see, the soonest due first. Raises nothing."""
    if about.kind == "finding":
        yield about.id
        return
    wanted = Filters(plan=about.id) if about.kind == "plan" else Filters(factory=about.id)
    visible = reach(caller.actor, Action.VIEW_FINDING)
    restricted = reach(caller.actor, Action.VIEW_FINDING, restricted=True)
    cursor = None
    while True:
        found = findings.page(
            connection, wanted, visible=visible, restricted=restricted, cursor=cursor, limit=AT_ONCE
        )
        yield from (each.summary.finding for each in found.rows)
        cursor = found.next
        if cursor is None:
            return


def _around(connection: Connection, caller: Caller, about: About) -> Iterator[Around]:
    """Give the gatherings that belong to what a dossier is about, and that its reader may see, in order."""
    asked = {
        "plan": Asked(kind=Kind.PLAN, own=(about.id,)),
        "factory": Asked(factory=about.id),
    }.get(about.kind)
    if asked is None:
        return
    visible = reach(caller.actor, Action.VIEW_FINDING)
    restricted = reach(caller.actor, Action.VIEW_FINDING, restricted=True)
    found = gatherings.listed(connection, asked, visible=visible, restricted=restricted)
    for row in sorted(found, key=lambda each: (each.opened_at, each.gathering)):
        if can(caller.actor, SEEING[row.kind], thing_of_gathering(row)) is None:
            continue  # who sees the findings need not know who met about them, or went to look
        story = story_of(connection, caller, row)
        entries = tuple(_entry(each.entry, whole=each.whole) for each in story.episodes)
        yield Around(row=row, story=story.told, ledger=entries)


def _chapter(dossier: Dossier, connection: Connection) -> Chapter:
    sight = dossier.sight
    told = timeline(connection, dossier).entries if sight.may(Action.VIEW_TIMELINE) else []
    named = {entry.by for entry in (each.entry for each in dossier.story)}
    mentioned = {text for each in dossier.story for text in texts(each.fact)} | named
    known = frozenset(people.people_of(connection, mentioned))
    seen = {each.entry.seq for each in dossier.seen()}
    written = dossier.plans.values() if sight.may(Action.VIEW_TEXTS) else ()
    return Chapter(
        finding=shape(dossier),
        story=tuple(told),
        ledger=tuple(
            _entry(each.entry, whole=each.entry.seq in seen and _open(dossier, each, known))
            for each in dossier.story
        ),
        revisions=tuple(
            {
                "finding": str(dossier.finding.id),
                "digest": str(each.revision.digest),
                "content": each.revision.content,
            }
            for each in written
        ),
        evidence=tuple(shapes(dossier)),
    )


def _open(dossier: Dossier, happened: Happened, known: frozenset[str]) -> bool:
    """Whether an entry may be shown as it is: it names nobody, or its reader may know who said what."""
    sight = dossier.sight
    if not sight.may(Action.VIEW_TEXTS):
        return False
    mentioned = {happened.entry.by, *texts(happened.fact)} & known
    return mentioned <= {SYSTEM} or all(sight.may(each) for each in VOICES.values())


def _entry(entry: Entry, *, whole: bool) -> dict[str, Any]:
    """Give an entry's columns; of one that is withheld only its place and its digest.

    A withheld entry cannot be guessed from its digest: the id of its command, which is part of it and is not
    shown, holds 120 bits that only who gave the command knows.
    """
    if not whole:
        return {"seq": entry.seq, "digest": entry.digest}
    return {
        "seq": entry.seq,
        "at": entry.at.astimezone(UTC).isoformat(),
        "by": entry.by,
        "command": entry.command,
        "kind": entry.kind,
        "body": entry.body,
        "digest": entry.digest,
    }


def _record(
    caller: Caller, about: About, chapters: Sequence[Chapter], around: Sequence[Around], now: datetime
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "about": {"kind": about.kind, "id": about.id},
        "made_at": now.isoformat(),
        "made_for": caller.person.name,
        "findings": [
            {**each.finding.model_dump(mode="json", exclude={"may"}), "story": to_jsonable_python(each.story)}
            for each in chapters
        ],
        "gatherings": [
            {
                "id": each.row.gathering,
                "kind": each.row.kind.value,
                "stage": each.row.stage,
                "level": each.row.level,
                "story": to_jsonable_python(each.story),
            }
            for each in around
        ],
        "ledgers": [
            *({"finding": each.finding.id, "entries": each.ledger} for each in chapters),
            *({"finding": each.row.gathering, "entries": each.ledger} for each in around),
        ],
        "revisions": [revision for each in chapters for revision in each.revisions],
        "evidence": [piece.model_dump(mode="json") for each in chapters for piece in each.evidence],
    }


def _heads(chapters: Sequence[Chapter], around: Sequence[Around]) -> Iterator[str]:
    """Name the head of each ledger: its size, its last digest, and whose it is."""
    yield from (f"head {len(each.ledger)} {each.head} {each.finding.id}" for each in chapters)
    yield from (f"head {len(each.ledger)} {each.head} {each.row.gathering}" for each in around)


def _seal(
    about: About, heads: Iterable[str], files: Mapping[str, bytes], sealer: Sealer, now: datetime
) -> str:
    """Give the text that is signed: each file by its hash, each ledger by its size and its last digest."""
    lines = [
        FORMAT,
        f"origin {sealer.origin}",
        f"about {about.kind} {about.id}",
        f"made {now.astimezone(UTC).isoformat()}",
        f"key {public_text(sealer.key)}",
        *heads,
        *(f"file {hashlib.sha256(files[name]).hexdigest()} {name}" for name in sorted(files)),
    ]
    return "\n".join(lines) + "\n"
