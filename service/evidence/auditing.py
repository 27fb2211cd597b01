"""The evidence store held against its records: what is lost or exchanged, and what nobody needs any more."""

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, select
from sqlalchemy import Engine as Database

from remediation.words import Digest, EvidenceId
from service.evidence.store import UNREACHABLE, EvidenceStore, FileLostError
from service.rounds import go_round
from storage import evidence
from storage.database import reading
from storage.tables import ledger

ORPHANED = timedelta(days=1)
"""A file without a record that has lain longer than this never gets one: each try makes a new file."""
DAY = timedelta(days=1)

log = structlog.get_logger("mendwork.evidence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What was found. `exchanged` are those of which a report names another file than the record does."""

    records: int
    lost: tuple[EvidenceId, ...]
    exchanged: tuple[EvidenceId, ...]
    orphans: tuple[str, ...]

    @property
    def good(self) -> bool:
        """Whether everything that was handed in is what it was."""
        return not self.lost and not self.exchanged


def audit(database: Database, store: EvidenceStore, now: datetime, *, whole: bool) -> Audit:
    """Look at everything; `whole` reads each file and each report, else only the names are compared.

    Raises one of UNREACHABLE where the store does not answer.
    """
    there = dict(store.names())
    with reading(database) as connection:
        records = tuple(evidence.all_kept(connection))
        reports = _named(connection) if whole else {}
    lost = (each for each in records if each.file not in there or (whole and not _intact(store, each)))
    digests = {each.id: each.digest for each in records}
    return Audit(
        records=len(records),
        lost=tuple(each.id for each in lost),
        exchanged=tuple(
            piece for piece, named in reports.items() if named != {digests.get(piece, Digest(""))}
        ),
        orphans=_orphans(records, there, now),
    )


def sweep(database: Database, store: EvidenceStore, now: datetime) -> int:
    """Delete files that have no record and will get none, and give their number."""
    orphans = audit(database, store, now, whole=False).orphans
    for name in orphans:
        store.delete(name)
    return len(orphans)


async def sweep_daily(database: Database, store: EvidenceStore, stop: asyncio.Event) -> None:
    """Sweep once a day until told to stop. A store or database that is away is swept another day."""

    async def round_of(now: datetime) -> None:
        try:
            swept = await asyncio.to_thread(sweep, database, store, now)
            log.info("evidence_swept", files=swept)
        except UNREACHABLE as error:
            log.warning("evidence_not_swept", kind=type(error).__qualname__)

    await go_round(round_of, DAY, stop)


def _orphans(
    records: tuple[evidence.Evidence, ...], there: dict[str, datetime], now: datetime
) -> tuple[str, ...]:
    needed = {each.file for each in records}
    return tuple(name for name, at in there.items() if name not in needed and at < now - ORPHANED)


def _intact(store: EvidenceStore, piece: evidence.Evidence) -> bool:
    try:
        store.get(piece)
    except FileLostError:
        return False
    return True


def _named(connection: Connection) -> dict[EvidenceId, set[Digest]]:
    """Give the digests under which reports name each photo and document."""
    named: dict[EvidenceId, set[Digest]] = {}
    for body in connection.execute(
        select(ledger.c.body).where(ledger.c.body.contains('"files":[{'))
    ).scalars():
        for each in json.loads(body)["files"]:
            named.setdefault(EvidenceId(each["id"]), set()).add(Digest(each["digest"]))
    return named
