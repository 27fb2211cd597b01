"""Resurrecting: each store rebuilt from the other. Safe to repeat; needs no worker, and best has none.

SQL holds every decision that was acknowledged, so what Temporal lost starts again from SQL. Where SQL is
an older copy, the workflows' histories hold what it lacks.
"""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Engine as Database
from sqlalchemy.exc import DBAPIError

from remediation.words import SubjectId
from service.engine import Engine
from service.reconciling import temporal
from service.reconciling.judging import judge
from service.reconciling.mending import start_of
from service.reconciling.recovering import StoriesDifferError, lacking, quiet, recover
from service.reconciling.standing import Standing, digest_at, open_subjects, standing_of
from service.reconciling.stories import HistoryUnreadableError, Story, story
from service.reconciling.temporal import Seen, Tell, nobody
from service.reconciling.troubles import WAYS_OUT, Code
from storage.database import reading, writing
from storage.statements import AlreadyOtherwise
from storage.subjects import state_of
from storage.versions import VersionMissing
from workflows.messages import FindingStart, GatheringStart

SETTLE_SECONDS = 12.0
"""Longer than a recording takes: what looks behind for that long is."""


class Remedy(StrEnum):
    """What was done about one finding."""

    FINE = "fine"
    STARTED = "started"
    RECOVERED = "recovered"
    ENDED = "ended"
    LEFT = "left"


REMEDIES: dict[Code | None, Remedy] = {
    None: Remedy.FINE,
    Code.NO_WORKFLOW: Remedy.STARTED,
    Code.BEHIND: Remedy.STARTED,
    Code.AHEAD: Remedy.RECOVERED,
    Code.NOT_IN_SQL: Remedy.RECOVERED,
    Code.LIVES_ON: Remedy.ENDED,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one finding; `detail` says why it was left to a person."""

    finding: SubjectId
    remedy: Remedy
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resurrection:
    """What was done. Letters and mails were held back because they may have been sent before."""

    outcomes: tuple[Outcome, ...]
    letters_held_back: int = 0
    mails_held_back: int = 0

    def of(self, remedy: Remedy) -> tuple[Outcome, ...]:
        """Give the findings with this remedy."""
        return tuple(each for each in self.outcomes if each.remedy is remedy)


@dataclass(frozen=True, slots=True)
class _Look:
    """A finding as both sides tell it. The story is kept only where SQL is to be rebuilt from it."""

    row: Standing | None
    seen: Seen | None
    story: Story | None = None
    code: Code | None = None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Resurrector:
    """Rebuilds one store from the other. With `dry` it only says what it would do."""

    database: Database
    engine: Engine
    dry: bool = False
    settle: float = SETTLE_SECONDS

    async def everyone(self) -> tuple[SubjectId, ...]:
        """Give the findings to look at: open in SQL, running, or remembered by Temporal and not by SQL."""
        remembered = await temporal.every(self.engine)
        running = await temporal.running(self.engine)
        stored, known = await asyncio.to_thread(self._stored, remembered)
        return tuple(sorted(stored | running | (remembered - known)))

    def _stored(self, remembered: Collection[SubjectId]) -> tuple[set[SubjectId], set[SubjectId]]:
        with reading(self.database) as connection:
            return set(open_subjects(connection)), set(standing_of(connection, remembered))

    async def resurrect(
        self, ids: Collection[SubjectId], *, older_sql: bool = False, tell: Tell = nobody
    ) -> Resurrection:
        """Look at the findings and set right what differs; `tell` is called after each look.

        With `older_sql`, or as soon as SQL is seen to lack facts, letters that may have been sent are held
        back before anything else is done.
        """
        looks = await temporal.for_each(ids, self._look, tell)
        moving = [finding for finding, look in looks.items() if look.code in {Code.BEHIND, Code.UNRECORDED}]
        if moving:  # one that is just recording looks like this for a moment
            await asyncio.sleep(self.settle)
            looks |= await temporal.for_each(moving, self._look)
        ahead = {each: look.story for each, look in looks.items() if look.story}
        older = older_sql or bool(ahead)
        held = await asyncio.to_thread(self._quiet, ahead) if older and not self.dry else (0, 0)
        done = await temporal.for_each(ids, lambda finding: self._treat(finding, looks[finding]))
        return Resurrection(outcomes=tuple(done.values()), letters_held_back=held[0], mails_held_back=held[1])

    async def _look(self, finding: SubjectId) -> _Look:
        row = (await asyncio.to_thread(self._standing, finding))[0]
        seen = await temporal.seen(self.engine, finding)
        if seen is None:
            return _Look(row, None, None, judge(row, None, runs=False, digest=None))
        after = row.seq if row is not None and row.whole else 0
        try:
            told = await story(self.engine, finding, seen.run, after)
        except HistoryUnreadableError as error:
            return _Look(row, seen, unreadable=str(error))
        row, digest = await asyncio.to_thread(self._standing, finding, told.head.seq)
        code = judge(row, told.head, runs=seen.runs, digest=digest)
        return _Look(row, seen, told if REMEDIES.get(code) is Remedy.RECOVERED else None, code)

    def _standing(self, finding: SubjectId, seq: int = 0) -> tuple[Standing | None, str | None]:
        with reading(self.database) as connection:
            row = standing_of(connection, [finding]).get(finding)
            return row, digest_at(connection, finding, seq)

    def _quiet(self, ahead: Mapping[SubjectId, Story]) -> tuple[int, int]:
        with writing(self.database) as connection:
            missing = (entry for each, told in ahead.items() for entry in lacking(connection, each, told))
            since = min((entry.at for entry in missing), default=None)
            return quiet(connection, datetime.now(UTC), since)

    async def _treat(self, finding: SubjectId, look: _Look) -> Outcome:
        remedy = REMEDIES.get(look.code, Remedy.LEFT)
        if look.unreadable:
            return Outcome(finding, Remedy.LEFT, look.unreadable)
        if remedy is Remedy.LEFT and look.code:
            return Outcome(finding, remedy, ": ".join(WAYS_OUT[look.code]))
        if not self.dry and remedy is not Remedy.FINE:
            return await self._apply(finding, look, remedy)
        return Outcome(finding, remedy)

    async def _apply(self, finding: SubjectId, look: _Look, remedy: Remedy) -> Outcome:
        runs = look.seen is not None and look.seen.runs
        try:
            if remedy is Remedy.RECOVERED and look.story is not None:
                await asyncio.to_thread(self._recover, finding, look.story)
            if remedy is Remedy.ENDED and look.seen is not None:
                await temporal.end(self.engine, finding, look.seen.run)
            if remedy is Remedy.STARTED or (remedy is Remedy.RECOVERED and not runs):
                await self._start(finding)
        except (StoriesDifferError, AlreadyOtherwise, VersionMissing, ValueError, DBAPIError) as error:
            return Outcome(finding, Remedy.LEFT, str(error).splitlines()[0])
        return Outcome(finding, remedy)

    def _recover(self, finding: SubjectId, told: Story) -> None:
        with writing(self.database) as connection:
            recover(connection, finding, told)

    async def _start(self, finding: SubjectId) -> None:
        start = await asyncio.to_thread(self._start_of, finding)
        if start is not None and not state_of(start.case).ended:
            await temporal.begin_again(self.engine, start)

    def _start_of(self, finding: SubjectId) -> FindingStart | GatheringStart | None:
        with reading(self.database) as connection:
            return start_of(connection, finding)
