"""Where findings stand in SQL, in bulk, as the comparison with Temporal needs it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, select

from remediation.notices import next_wake
from remediation.words import ENDINGS, FindingId, Stage
from service.reconciling.troubles import Code, Trouble
from storage import factory_levels
from storage import findings as read_model
from storage.ledger import LedgerUnreadable, astray, broken_chains, entries, refold
from storage.messages import MessageState
from storage.statements import Stored
from storage.tables import WAITING, findings, ledger, letters, messages
from storage.versions import Shelf, VersionMissing

KEYS_AT_ONCE = 500
LEASE_MAY_BE_OVER = timedelta(minutes=10)
LETTERS_MAY_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A finding's last entry in SQL, and whether its life is over. It is not `whole` where entries lack."""

    finding: FindingId
    seq: int
    digest: str
    ended: bool
    whole: bool


def open_findings(connection: Connection) -> dict[FindingId, Standing]:
    """Give the findings whose life is not over, in the order of their ids."""
    alive = findings.c.stage.not_in([stage.value for stage in ENDINGS])
    return _standing(connection, _ROWS.where(alive))


def all_ids(connection: Connection) -> frozenset[FindingId]:
    """Give every finding that the read model or the ledger knows, ended ones too."""
    known = select(findings.c.id).union(select(ledger.c.finding))
    return frozenset(FindingId(each) for each in connection.execute(known).scalars())


def standing_of(connection: Connection, ids: Collection[FindingId]) -> dict[FindingId, Standing]:
    """Give where these findings stand; those that SQL does not know are left out."""
    found: dict[FindingId, Standing] = {}
    for part in parts_of(ids):
        found |= _standing(connection, _ROWS.where(findings.c.id.in_(part)))
    return found


_ENTRIES = select(func.count()).where(ledger.c.finding == findings.c.id).scalar_subquery()
_COLUMNS = (findings.c.id, findings.c.seq, findings.c.digest, findings.c.stage)
_ROWS = select(*_COLUMNS, _ENTRIES.label("entries"))


def _standing(connection: Connection, query: Select[Any]) -> dict[FindingId, Standing]:
    rows = connection.execute(query.order_by(findings.c.id))
    return {FindingId(row.id): _row(row) for row in rows}


def _row(row: Stored) -> Standing:
    return Standing(
        finding=FindingId(row.id),
        seq=row.seq,
        digest=row.digest,
        ended=Stage(row.stage) in ENDINGS,
        whole=row.entries >= row.seq,
    )


def parts_of(ids: Collection[FindingId]) -> Iterator[list[FindingId]]:
    """Give ids in parts that a statement can take."""
    every = sorted(ids)
    for start in range(0, len(every), KEYS_AT_ONCE):
        yield every[start : start + KEYS_AT_ONCE]


def overdue_wakes(
    connection: Connection, ids: Collection[FindingId], before: datetime
) -> dict[FindingId, datetime]:
    """Give the findings whose next notice was due before an aware instant, with that notice's instant."""
    shelf = Shelf(connection)
    late: dict[FindingId, datetime] = {}
    for finding in sorted(ids):
        case = read_model.case(connection, finding, shelf)
        wakes_at = next_wake(case.finding) if case is not None and not case.finding.ended else None
        if wakes_at is not None and wakes_at < before:
            late[finding] = wakes_at
    return late


def digest_at(connection: Connection, finding: FindingId, seq: int) -> str | None:
    """Give the digest of an entry, or None where the ledger has none of that number."""
    place = (ledger.c.finding == finding) & (ledger.c.seq == seq)
    return connection.execute(select(ledger.c.digest).where(place)).scalar()


def ledger_troubles(connection: Connection, ids: Collection[FindingId]) -> list[Trouble]:
    """Look for chains that do not hold, and for rows that are not what their ledger adds up to."""
    broken = broken_chains(connection, ids)
    whole = set(ids) - broken.keys()  # what does not hold cannot be added up
    rows = [*astray(connection, whole), *_rowless(connection, whole)]
    return [
        *(Trouble(Code.BROKEN_CHAIN, finding, f"at entry {seq}") for finding, seq in sorted(broken.items())),
        *(_astray(connection, finding) for finding in rows),
    ]


def _rowless(connection: Connection, ids: Collection[FindingId]) -> list[FindingId]:
    known = {finding for part in parts_of(ids) for finding in _with_row(connection, part)}
    return sorted(set(ids) - known)


def _with_row(connection: Connection, part: Collection[FindingId]) -> list[FindingId]:
    rows = connection.execute(select(findings.c.id).where(findings.c.id.in_(part))).scalars()
    return [FindingId(each) for each in rows]


def _astray(connection: Connection, finding: FindingId) -> Trouble:
    try:
        refold(connection, finding)
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
