"""Comparing SQL with Temporal, and mending what is safe to mend. Works beside everything else.

A look finds suspects; most are just on their way. What still looks wrong after a pause is.
"""

import asyncio
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import Engine as Database

from remediation.words import FactoryId, SubjectId, subject_of
from service.engine import Engine
from service.reconciling import temporal
from service.reconciling.judging import judge
from service.reconciling.mending import rebuild_row, start_of
from service.reconciling.standing import (
    Standing,
    all_ids,
    digest_at,
    ledger_troubles,
    level_troubles,
    mail_troubles,
    open_subjects,
    overdue_wakes,
    standing_of,
)
from service.reconciling.temporal import Tell, nobody
from service.reconciling.troubles import MENDED, Code, Report, Trouble
from storage import factory_levels
from storage.database import reading, writing
from storage.subjects import state_of
from workflows.messages import FindingStart, GatheringStart, Head

PAUSE_SECONDS = 15.0
"""Longer than a recording and the server's index take."""
NOTICES_MAY_BE_LATE = timedelta(minutes=10)
IN_A_PART = 200
"""Workflows asked in a scheduled round: one that no worker has at hand is replayed to answer."""


@dataclass(frozen=True, slots=True)
class Share:
    """Which share of the findings a round asks: the `number`-th of as many as are needed."""

    number: int

    def of(self, ids: Collection[SubjectId]) -> frozenset[SubjectId]:
        """Give this round's share, about `IN_A_PART`; every finding's turn comes."""
        parts = max(1, -(-len(ids) // IN_A_PART))
        return frozenset(sorted(ids)[self.number % parts :: parts])


@dataclass(frozen=True, slots=True)
class Reconciler:
    """Compares the two stores. With `dry` it mends nothing."""

    database: Database
    engine: Engine
    dry: bool = False
    pause: float = PAUSE_SECONDS
    patience: timedelta = temporal.PATIENCE

    async def reconcile(self, share: Share | None = None, tell: Tell = nobody) -> Report:
        """Compare everything, or ask only a share of the workflows where they stand; mend, and report.

        `tell` is called after each workflow asked. Raises RPCError or one of storage's UNAVAILABLE.
        """
        stood, in_sql = await asyncio.to_thread(self._stood, share)
        running = await temporal.running(self.engine)
        asked = (share.of(stood.keys() & running)) if share else stood.keys() & running
        to_look = frozenset(asked | (stood.keys() ^ running))
        suspects = await self._look(to_look, tell)
        late = await asyncio.to_thread(self._late, asked)
        if suspects or late:
            await asyncio.sleep(self.pause)
            suspects = await self._look(frozenset(suspects))
            late = await asyncio.to_thread(self._late, late)
        troubles = [*suspects.values(), *in_sql, *_stuck(late, suspects)]
        mended = frozenset([each for each in troubles if not self.dry and await self._mend(each)])
        return Report(open=len(stood), compared=len(asked), troubles=tuple(sorted(troubles)), mended=mended)

    def _stood(self, share: Share | None) -> tuple[dict[SubjectId, Standing], list[Trouble]]:
        with reading(self.database) as connection:
            ids = all_ids(connection)
            wrong = ledger_troubles(connection, share.of(ids) if share else ids)
            wrong += [*level_troubles(connection), *mail_troubles(connection, datetime.now(UTC))]
            return open_subjects(connection), wrong

    def _late(self, ids: Collection[SubjectId]) -> dict[SubjectId, datetime]:
        with reading(self.database) as connection:
            return overdue_wakes(connection, ids, datetime.now(UTC) - NOTICES_MAY_BE_LATE)

    async def _look(self, ids: Collection[SubjectId], tell: Tell = nobody) -> dict[SubjectId, Trouble]:
        looks = await temporal.for_each(ids, self._compare, tell)
        return {finding: trouble for finding, trouble in looks.items() if trouble is not None}

    async def _compare(self, finding: SubjectId) -> Trouble | None:
        seen = await temporal.seen(self.engine, finding)
        head = await temporal.head(self.engine, finding, self.patience) if seen and seen.runs else None
        row, digest = await asyncio.to_thread(self._standing, finding, head)
        if seen is not None and seen.runs and head is None:
            return Trouble(Code.SILENT if row else Code.NOT_IN_SQL, finding)
        if seen is not None and seen.completed:
            return None if row is None or row.ended else Trouble(Code.ENDED_EARLY, finding)
        code = judge(row, head, runs=head is not None, digest=digest) if row or head else None
        return Trouble(code, finding, _where(row, head)) if code else None

    def _standing(self, finding: SubjectId, head: Head | None) -> tuple[Standing | None, str | None]:
        with reading(self.database) as connection:
            row = standing_of(connection, [finding]).get(finding)
            return row, digest_at(connection, finding, head.seq) if head else None

    async def _mend(self, trouble: Trouble) -> bool:
        finding = subject_of(trouble.subject)
        if trouble.code is Code.LEVEL_ASTRAY:
            return await asyncio.to_thread(self._recount, FactoryId(trouble.subject))
        if trouble.code is Code.ASTRAY:
            return await asyncio.to_thread(self._rebuild, finding)
        if trouble.code not in {Code.NO_WORKFLOW, Code.BEHIND}:
            return False
        start = await asyncio.to_thread(self._start_of, finding)
        if start is None or state_of(start.case).ended:
            return False
        await temporal.begin_again(self.engine, start)
        return True

    def _rebuild(self, finding: SubjectId) -> bool:
        with writing(self.database) as connection:
            rebuild_row(connection, finding)
        return True

    def _recount(self, factory: FactoryId) -> bool:
        with writing(self.database) as connection:
            factory_levels.mend(connection, factory)
        return True

    def _start_of(self, finding: SubjectId) -> FindingStart | GatheringStart | None:
        with reading(self.database) as connection:
            return start_of(connection, finding)


def _where(row: Standing | None, head: Head | None) -> str:
    in_sql = f"SQL at entry {row.seq}" if row else "not in SQL"
    return f"{in_sql}, workflow at {head.seq} ({head.stored} recorded)" if head else in_sql


def _stuck(late: dict[SubjectId, datetime], suspects: dict[SubjectId, Trouble]) -> list[Trouble]:
    """Say what is stuck, except what starts again anyway."""
    again = {finding for finding, trouble in suspects.items() if trouble.code in MENDED}
    return [
        Trouble(Code.STUCK, finding, f"since {due:%Y-%m-%d %H:%M} UTC")
        for finding, due in sorted(late.items())
        if finding not in again
    ]
