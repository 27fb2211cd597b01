"""Importing in the pages: a file is kept and tried, somebody confirms it, and it is carried out for certain.

Whoever confirmed may close the page, and the service may die: all that is known stands in the upload's row,
and the worker takes up what nobody has finished.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import ClassVar

import structlog
from pydantic import BaseModel
from sqlalchemy import Engine as Database
from temporalio.service import RPCError

from remediation.words import PersonId, ProgrammeId
from service.engine import Engine
from service.importing.planning import ImportPlan, plan_import
from service.importing.report import Report, report_of
from service.importing.running import BadRowsError, Imported, run_import
from storage import uploads
from storage.database import UNAVAILABLE, reading, writing
from storage.uploads import Upload, UploadKind

KEPT = timedelta(days=30)
"""How long an uploaded file is kept; its findings stay for good."""
PATIENCE = timedelta(minutes=2)
"""How long whoever began an import is left to end it, before the worker begins it anew."""
MOST_SHOWN = 200
"""So many cells at fault are kept with an upload. The file of errors has them all."""

log = structlog.get_logger("mendwork.importing")


class Outcome(BaseModel):
    """What came of an import. `bad_rows` are those left out."""

    plans: list[str] = []
    started: int = 0
    amended: int = 0
    refused: list[str] = []
    bad_rows: int = 0
    trouble: str = ""
    """Why nothing was done, as a sentence; empty where it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A file as somebody gives it for a programme, at an aware instant."""

    data: bytes
    name: str
    programme: ProgrammeId
    by: PersonId
    at: datetime


def keep(database: Database, given: Given) -> Upload:
    """Try a file and keep it with what it would do; nothing else is changed. The same file has one row.

    Raises UnreadableFile and UnknownProgrammeError, and keeps nothing then.
    """
    plan = plan_import(
        database, given.data, name=given.name, programme_id=given.programme, by=given.by, now=given.at
    )
    upload = Upload(
        id=plan.assessment.id,
        kind=UploadKind.ASSESSMENT,
        about=given.programme,
        file=plan.assessment.file,
        name=given.name,
        by=given.by,
        at=given.at,
        report=_shortened(plan).model_dump_json(),
    )
    with writing(database) as connection:
        uploads.forget(connection, given.at - KEPT)
        return uploads.keep(connection, upload, given.data)


def _shortened(plan: ImportPlan) -> Report:
    report = report_of(plan, dry_run=True)
    return report.model_copy(update={"bad": report.bad[:MOST_SHOWN]})


def replanned(database: Database, upload: Upload) -> ImportPlan:
    """Say what an upload would do now. Raises UnreadableFile and UnknownProgrammeError."""
    with reading(database) as connection:
        data = uploads.data_of(connection, upload.id)
    return plan_import(
        database,
        data,
        name=upload.name,
        programme_id=ProgrammeId(upload.about),
        by=upload.confirmed_by or upload.by,
        now=upload.confirmed_at or upload.at,
    )


async def carry_out(database: Database, engine: Engine, upload: str, now: datetime) -> bool:
    """Carry out a confirmed upload unless somebody else is at it; tell whether it is done. Safe to repeat."""
    found = await asyncio.to_thread(_taken, database, upload, now)
    if found is None:
        return False
    plan = await asyncio.to_thread(replanned, database, found)
    try:
        outcome = _told(plan, await run_import(database, engine, plan, skip_bad=found.skip_bad))
    except BadRowsError as bad:
        outcome = Outcome(trouble=str(bad), bad_rows=plan.reading.bad_rows)
    except RPCError:
        return False  # the engine is away: the worker begins it anew
    await asyncio.to_thread(_finish, database, upload, outcome)
    return True


def _taken(database: Database, upload: str, now: datetime) -> Upload | None:
    with writing(database) as connection:
        ours = uploads.take(connection, upload, now, now - PATIENCE)
        return uploads.find(connection, upload) if ours else None


def _told(plan: ImportPlan, done: Imported) -> Outcome:
    return Outcome(
        plans=list(done.plans),
        started=done.started,
        amended=done.amended,
        refused=list(done.refused),
        bad_rows=plan.reading.bad_rows,
    )


def _finish(database: Database, upload: str, outcome: Outcome) -> None:
    with writing(database) as connection:
        uploads.finish(connection, upload, outcome.model_dump_json(), datetime.now(UTC))


class Importer:
    """Looks for confirmed uploads that nobody has finished, round after round."""

    pause: ClassVar = timedelta(seconds=5)

    def __init__(self, database: Database, engine: Engine) -> None:
        """Take where uploads stand and where their findings go."""
        self._database = database
        self._engine = engine

    async def finish_all(self, now: datetime) -> int:
        """Carry out what was left at an aware instant, and give how many are done thereby."""
        done = 0
        for upload in await asyncio.to_thread(self._left, now):
            try:
                done += await carry_out(self._database, self._engine, upload, now)
            except UNAVAILABLE:
                raise
            except Exception:  # whatever one file is broken by, the others are carried out
                log.exception("upload_undeliverable", upload=upload)
        return done

    def _left(self, now: datetime) -> tuple[str, ...]:
        with reading(self._database) as connection:
            return uploads.left(connection, UploadKind.ASSESSMENT, now - PATIENCE)
