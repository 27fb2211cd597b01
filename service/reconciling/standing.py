"""Where findings and gatherings stand in SQL, in bulk, as the comparison with Temporal needs it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from remediation.gatherings.gathering import kind_of
from remediation.notices import next_wake
from remediation.words import ENDINGS, GatheringId, SubjectId, subject_of
from service.reconciling.troubles import Code, Trouble
from storage import factory_levels, subjects
from storage.gatherings import astray as gatherings_astray
from storage.ledger import LedgerUnreadable, astray, broken_chains, entries
from storage.messages import MessageState
from storage.statements import Stored
from storage.tables import WAITING, findings, gatherings, ledger, letters, messages
from storage.versions import Shelf, VersionMissing

KEYS_AT_ONCE = 500
LEASE_MAY_BE_OVER = timedelta(minutes=10)
LETTERS_MAY_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A finding's last entry in SQL, and whether its life is over. It is not `whole` where entries lack."""

    finding: SubjectId
    seq: int
    digest: str
    ended: bool
    whole: bool


def open_subjects(connection: Connection) -> dict[SubjectId, Standing]:
    """Give the findings and gatherings whose life is not over."""
    alive = findings.c.stage.not_in([stage.value for stage in ENDINGS])
    gone = gatherings.c.ended
    return _standing(connection, _ROWS.where(alive)) | _standing(connection, _GATHERINGS.where(~gone))


def all_ids(connection: Connection) -> frozenset[SubjectId]:
    """Give every subject that the read model or the ledger knows, ended ones too."""
    known = select(findings.c.id).union(select(ledger.c.finding), select(gatherings.c.id))
    return frozenset(subject_of(each) for each in connection.execute(known).scalars())


def standing_of(connection: Connection, ids: Collection[SubjectId]) -> dict[SubjectId, Standing]:
    """Give where these findings stand; those that SQL does not know are left out."""
    found: dict[SubjectId, Standing] = {}
    for part in parts_of(ids):
        found |= _standing(connection, _ROWS.where(findings.c.id.in_(part)))
        found |= _standing(connection, _GATHERINGS.where(gatherings.c.id.in_(part)))
    return found


_ENTRIES = select(func.count()).where(ledger.c.finding == findings.c.id).scalar_subquery()
_ENDED = findings.c.stage.in_([stage.value for stage in ENDINGS])
_COLUMNS = (findings.c.id, findings.c.seq, findings.c.digest, _ENDED.label("ended"))
_ROWS = select(*_COLUMNS, _ENTRIES.label("entries"))
_OF_IT = select(func.count()).where(ledger.c.finding == gatherings.c.id).scalar_subquery()
_OWN = (gatherings.c.id, gatherings.c.seq, gatherings.c.digest, gatherings.c.ended)
_GATHERINGS = select(*_OWN, _OF_IT.label("entries"))


def _standing(connection: Connection, query: Select[Any]) -> dict[SubjectId, Standing]:
    return {subject_of(row.id): _row(row) for row in connection.execute(query)}


def _row(row: Stored) -> Standing:
    return Standing(
        finding=subject_of(row.id),
        seq=row.seq,
        digest=row.digest,
        ended=bool(row.ended),
        whole=row.entries >= row.seq,
    )


def parts_of(ids: Collection[SubjectId]) -> Iterator[list[SubjectId]]:
    """Give ids in parts that a statement can take."""
    every = sorted(ids)
    for start in range(0, len(every), KEYS_AT_ONCE):
        yield every[start : start + KEYS_AT_ONCE]


def overdue_wakes(
    connection: Connection, ids: Collection[SubjectId], before: datetime
) -> dict[SubjectId, datetime]:
    """Give the findings whose next notice was due before an aware instant, with that notice's instant."""
    shelf = Shelf(connection)
    late: dict[SubjectId, datetime] = {}
    for finding in sorted(ids):
        case = subjects.case(connection, finding, shelf)
        state = subjects.state_of(case) if case is not None else None
        wakes_at = next_wake(state) if state is not None and not state.ended else None
        if wakes_at is not None and wakes_at < before:
            late[finding] = wakes_at
    return late


def digest_at(connection: Connection, finding: SubjectId, seq: int) -> str | None:
    """Give the digest of an entry, or None where the ledger has none of that number."""
    place = (ledger.c.finding == finding) & (ledger.c.seq == seq)
    return connection.execute(select(ledger.c.digest).where(place)).scalar()


def ledger_troubles(connection: Connection, ids: Collection[SubjectId]) -> list[Trouble]:
    """Look for chains that do not hold, and for rows that are not what their ledger adds up to."""
    broken = broken_chains(connection, ids)
    whole = set(ids) - broken.keys()  # what does not hold cannot be added up
    apart = {GatheringId(each) for each in whole if kind_of(each) is not None}
    rows: list[SubjectId] = [*astray(connection, whole - apart), *_rowless(connection, whole)]
    rows += [each for each in gatherings_astray(connection, apart) if each not in rows]
    return [
        *(Trouble(Code.BROKEN_CHAIN, finding, f"at entry {seq}") for finding, seq in sorted(broken.items())),
        *(_astray(connection, finding) for finding in rows),
    ]


def _rowless(connection: Connection, ids: Collection[SubjectId]) -> list[SubjectId]:
    known = {finding for part in parts_of(ids) for finding in _with_row(connection, part)}
    return sorted(set(ids) - known)


def _with_row(connection: Connection, part: Collection[SubjectId]) -> list[SubjectId]:
    of_findings = select(findings.c.id).where(findings.c.id.in_(part))
    of_gatherings = select(gatherings.c.id).where(gatherings.c.id.in_(part))
    return [subject_of(each) for each in connection.execute(of_findings.union(of_gatherings)).scalars()]


def _astray(connection: Connection, finding: SubjectId) -> Trouble:
    try:
        subjects.refold(connection, finding)
    except (LedgerUnreadable, VersionMissing, ValueError) as error:
        return Trouble(Code.UNREADABLE, finding, str(error).splitlines()[0])
    return Trouble(Code.ASTRAY, finding, f"{len(entries(connection, finding))} entries")


def level_troubles(connection: Connection) -> list[Trouble]:
    """Look for factories whose level is not what their open findings add up to."""
    wrong = set(factory_levels.astray(connection))
    # Twice, because a finding may have moved between the two things that are compared.
    still = wrong & set(factory_levels.astray(connection)) if wrong else set()
    return [Trouble(Code.LEVEL_ASTRAY, factory) for factory in sorted(still)]


def mail_troubles(connection: Connection, now: datetime) -> list[Trouble]:
    """Look for mail past its lease, and for letters that nobody addresses."""
    held = messages.c.state == MessageState.CLAIMED.value
    past = select(messages.c.id).where(held, messages.c.next_try_at < now - LEASE_MAY_BE_OVER)
    late = select(letters.c.id).where(WAITING, letters.c.not_before < now - LETTERS_MAY_WAIT)
    return [
        *(Trouble(Code.LEASE_RAN_OUT, f"mail {each}") for each in connection.execute(past).scalars()),
        *(Trouble(Code.LETTER_WAITS, f"letter {each}") for each in connection.execute(late).scalars()),
    ]
