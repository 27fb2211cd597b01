"""Signing sheets of meetings, and what was entered of them, as the API tells them."""

from collections.abc import Iterator
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field
from sqlalchemy import Connection

from remediation.gatherings.meeting.sheets import Paper, Sheet
from remediation.gatherings.summary import GatheringSummary
from remediation.permissions import Action, can
from service.api.meeting_bodies import Ballot, RefusedNumber
from service.auth import Caller
from service.receiving import thing_of_gathering
from storage import notes


class PrintedShape(BaseModel):
    """What a number on a signing sheet stands for."""

    number: int
    finding: str
    revision: str = Field(description="Exactly what is signed: the plan's SHA-256 in hexadecimal.")


class SheetShape(BaseModel):
    """A signing sheet of paper."""

    number: int
    at: AwareDatetime
    lines: list[PrintedShape]


class PaperShape(BaseModel):
    """What was entered of a signing sheet. Who signed what is told to who entered or may witness it."""

    number: int
    sheet: int
    status: Literal["waits", "witnessed", "declined"]
    witness_by: AwareDatetime
    files: list[str] = Field(description="Its photos, by id; empty where the caller may not see them.")
    ballots: list[Ballot]


def sheet_shape(sheet: Sheet) -> SheetShape:
    """Give a signing sheet."""
    lines = [
        PrintedShape(number=number, finding=each.finding, revision=each.revision)
        for number, each in enumerate(sheet.lines, 1)
    ]
    return SheetShape(number=sheet.number, at=sheet.at, lines=lines)


def paper_shape(connection: Connection, row: GatheringSummary, paper: Paper, caller: Caller) -> PaperShape:
    """Give what was entered of a sheet, as the caller may know it."""
    seen = sees_ballots(caller, row, paper)
    return PaperShape(
        number=paper.number,
        sheet=paper.sheet,
        status=status_of(paper),
        witness_by=paper.witness_by,
        files=[each.id for each in paper.files if seen],
        ballots=list(_ballots(connection, paper)) if seen else [],
    )


def _ballots(connection: Connection, paper: Paper) -> Iterator[Ballot]:
    texts = notes.find_notes(connection, [no.reason for each in paper.ballots for no in each.refuses])
    for each in paper.ballots:
        refuses = tuple(RefusedNumber(number=no.number, reason=texts[no.reason].text) for no in each.refuses)
        yield Ballot(person=each.person, signs=each.signs, refuses=refuses)


def status_of(paper: Paper) -> Literal["waits", "witnessed", "declined"]:
    """Give what became of what was entered of a sheet."""
    if paper.declined:
        return "declined"
    return "waits" if paper.waits else "witnessed"


def sees_ballots(caller: Caller, row: GatheringSummary, paper: Paper) -> bool:
    """Whether somebody is told who signed what: who entered it, and who may witness it."""
    witness = can(caller.actor, Action.WITNESS_PAPER, thing_of_gathering(row)) is not None
    return witness or paper.recorder == caller.person.id
