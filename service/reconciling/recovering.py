"""SQL rebuilt from a workflow's story: the facts an older copy of the database lacks, and no letter twice."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from remediation.case import Case
from remediation.facts import Issued
from remediation.ledger import GENESIS, Entry, enter, first_broken
from remediation.words import FindingId
from service.reconciling.stories import Story
from storage import findings
from storage import letters as post
from storage.ledger import entries
from storage.messages import MessageState
from storage.recording import record
from storage.tables import OPEN, WAITING, letters, messages
from storage.versions import keep_calendar, keep_policy

RECOVERED: Final = "recovered"
"""Why a letter is not sent: it was owed before the database was put back, and may have been sent then."""
MARGIN: Final = timedelta(minutes=5)
"""What is younger than this was written after the database was put back."""


class StoriesDifferError(Exception):
    """Workflow and ledger do not add up to one chain; nothing was recovered."""


def recover(connection: Connection, finding: FindingId, told: Story) -> int:
    """Record what SQL lacks of a finding, and give how many entries that is. Safe to repeat.

    Their letters are not sent again. Raises StoriesDifferError, AlreadyOtherwise or VersionMissing, and then
    the transaction must be rolled back.
    """
    known = {entry.seq: entry for entry in entries(connection, finding)}
    story = {entry.seq: entry for entry in (*_beginning(told.start), *told.entries)}
    lacking = tuple(story[seq] for seq in sorted(story.keys() - known.keys()))
    _check_chain(finding, {**story, **known}, told)
    keep_policy(connection, told.start.finding.policy)
    keep_calendar(connection, told.start.finding.calendar)
    record(connection, [replace(told.latest, entries=lacking)])
    findings.case(connection, finding)  # must be readable, or nothing stands
    _skip_letters_of(connection, finding, [entry.seq for entry in lacking])
    return len(lacking)


def _check_chain(finding: FindingId, whole: dict[int, Entry], told: Story) -> None:
    chain = [whole[seq] for seq in sorted(whole)]
    broken = first_broken(chain)
    if broken is None and whole[told.head.stored].digest != told.latest.summary.digest:
        broken = told.head.stored
    if broken is not None:
        raise StoriesDifferError(f"finding {finding}: workflow and ledger differ at entry {broken}")


def _beginning(start: Case) -> tuple[Entry, ...]:
    """Give the entry of the issue, which no workflow records, from the case that the first run began with."""
    if start.seq != 1:
        return ()
    # Whether the factory was told is not kept where it does not matter: the digest says which it was.
    both = (_issue(start, factory_told=told) for told in (True, False))
    return tuple(entry for entry in both if entry.digest == start.digest)


def _issue(start: Case, *, factory_told: bool) -> Entry:
    state = start.finding
    issued = Issued(
        finding=state.id,
        programme=state.programme,
        factory=state.factory,
        plan=state.plan,
        point=state.point,
        question=state.question,
        severity=state.severity,
        assessor=state.assessor,
        repeat_of=state.repeat_of,
        proof_by_interview=state.proof_by_interview,
        policy=state.policy.version,
        calendar=state.calendar.version,
        seats=state.seats,
        factory_told=factory_told,
    )
    at, by = state.issued_at, state.assessor
    return enter(issued, finding=state.id, seq=1, at=at, by=by, command=None, previous=GENESIS)


def _skip_letters_of(connection: Connection, finding: FindingId, seqs: Collection[int]) -> None:
    theirs = (letters.c.finding == finding) & letters.c.seq.in_(list(seqs))
    ids = connection.execute(select(letters.c.id).where(WAITING, theirs)).scalars().all()
    post.skip(connection, ids, RECOVERED)


def quiet(connection: Connection, now: datetime) -> tuple[int, int]:
    """Hold back the letters and mails of an older copy that may have been sent since; give how many.

    What was put off until later stays.
    """
    older = now - MARGIN
    may_have_left = (letters.c.at < older) & (letters.c.not_before <= now)
    ids = connection.execute(select(letters.c.id).where(WAITING, may_have_left)).scalars().all()
    post.skip(connection, ids, RECOVERED)
    skipped = {"state": MessageState.SKIPPED.value, "reason": RECOVERED, "settled_at": now}
    mails = update(messages).where(OPEN, messages.c.created_at < older).values(skipped)
    return len(ids), connection.execute(mails).rowcount
