"""Carrying out an import: what it brings is stored, its plans are issued, corrections are given as orders."""

import asyncio
from dataclasses import dataclass, replace

from sqlalchemy import Engine as Database

from activities.calendars import resolve_calendar
from remediation.calendar import Calendar
from remediation.orders import Amend
from remediation.words import (
    CommandId,
    FindingId,
    NoteId,
    PlanId,
    Role,
)
from service.engine import Engine, LifeIsOverError, NotDecidedYetError, OrderRefusedError
from service.importing.planning import ImportPlan
from storage import repeats, versions
from storage.assessments import (
    Subject,
    add_assessment,
    amend_subjects,
)
from storage.database import writing
from storage.notes import Note, write_note
from storage.programmes import Factory, save_factories


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import did. `amended` counts corrected findings; refusals tell which could not be."""

    assessment: str
    plans: tuple[PlanId, ...]
    started: int
    amended: int
    refused: tuple[str, ...]


class BadRowsError(Exception):
    """The file has bad rows and nobody said to skip them; nothing was started."""

    def __init__(self, plan: ImportPlan) -> None:
        """Keep the plan, which names each row."""
        self.plan = plan
        super().__init__(
            f"{plan.reading.bad_rows} rows cannot be used, so nothing was started. "
            f"Correct the file, or import the good rows with skip_bad."
        )


async def run_import(
    database: Database, engine: Engine, plan: ImportPlan, *, skip_bad: bool = False
) -> Imported:
    """Carry out an import; returns when every fresh finding's workflow has been started.

    Raises BadRowsError where rows are bad and not to be skipped. Safe to repeat after any failure.
    """
    if plan.bad and not skip_bad:
        raise BadRowsError(plan)
    await asyncio.to_thread(_store, database, plan)
    if plan.fresh:
        await engine.issue(plan.assessment.id)
    refused = [
        text for text in [await _correct(database, engine, plan, each) for each in plan.corrected] if text
    ]
    return Imported(
        assessment=plan.assessment.id,
        plans=plan.plans,
        started=len(plan.fresh),
        amended=len(plan.corrected) - len(refused),
        refused=tuple(refused),
    )


def _store(database: Database, plan: ImportPlan) -> None:
    now = plan.assessment.imported_at
    with writing(database) as connection:
        add_assessment(connection, plan.assessment)
        for place in plan.new_factories:
            calendar = _calendar(place, now.year)
            versions.keep_calendar(connection, calendar)
            save_factories(connection, [replace(place, calendar=calendar.version)])
        # Not `add_subjects`: an earlier file's words, stored but never issued, give way to this one's.
        amend_subjects(connection, plan.fresh)
        repeats.keep(connection, plan.repeats)
        for subject in plan.corrected:
            write_note(connection, _correction(plan, subject.finding))


def _calendar(place: Factory, year: int) -> Calendar:
    resolved = resolve_calendar(country=place.country, zone=place.zone, rest_days=place.rest_days, year=year)
    return resolved.calendar


def _correction(plan: ImportPlan, finding: FindingId) -> Note:
    return Note(
        id=_note_id(plan, finding),
        finding=finding,
        by=plan.assessment.by,
        at=plan.assessment.imported_at,
        purpose="note",
        text=f"Corrected by the import of {plan.assessment.name}.",
    )


def _note_id(plan: ImportPlan, finding: FindingId) -> NoteId:
    return NoteId(f"{plan.assessment.id}:{finding}")


async def _correct(database: Database, engine: Engine, plan: ImportPlan, subject: Subject) -> str:
    """Amend one finding, then its words; give why not, or nothing.

    The order comes first: a crash in between leaves a difference that importing the file again mends.
    """
    order = Amend(
        id=CommandId(f"{plan.assessment.id}:{subject.finding}"),
        by=plan.assessment.by,
        acting=Role.ADVISOR,
        severity=subject.severity,
        note=_note_id(plan, subject.finding),
    )
    try:
        await engine.give(subject.finding, order)
    except OrderRefusedError as refused:
        return f"{subject.finding}: {refused.sentence}"
    except (NotDecidedYetError, LifeIsOverError):
        return f"{subject.finding}: nobody answered in time; import the file again to correct it."
    await asyncio.to_thread(_amend_words, database, subject)
    return ""


def _amend_words(database: Database, subject: Subject) -> None:
    with writing(database) as connection:
        amend_subjects(connection, [subject])
