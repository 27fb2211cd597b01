"""SQL rebuilt from a workflow's story: the facts an older copy of the database lacks, and no letter twice."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, select, update

from remediation.case import Case
from remediation.facts import Issued
from remediation.gatherings.case import GatheringCase, first_entry
from remediation.gatherings.summary import GatheringRecording
from remediation.ledger import GENESIS, Entry, enter, first_broken
from remediation.recording import Recording
from remediation.words import SubjectId
from service.reconciling.stories import Story
from storage import letters as post
from storage.gatherings import record_gatherings
from storage.ledger import entries
from storage.messages import MessageState
from storage.recording import record
from storage.subjects import case, state_of
from storage.tables import OPEN, WAITING, letters, messages
from storage.versions import keep_calendar, keep_policy

RECOVERED: Final = "recovered"
"""Why a letter is not sent: it was owed before the database was put back, and may have been sent then."""
MARGIN: Final = timedelta(minutes=5)
"""Where nothing tells when the copy was made, what is younger than this was written since."""


class StoriesDifferError(Exception):
    """Workflow and ledger do not add up to one chain; nothing was recovered."""


def recover(connection: Connection, finding: SubjectId, told: Story) -> int:
    """Record what SQL lacks of a finding, and give how many entries that is. Safe to repeat.

    Their letters are not sent again. Raises StoriesDifferError, AlreadyOtherwise or VersionMissing, and then
    the transaction must be rolled back.
    """
    missing = lacking(connection, finding, told)
    _check_chain(finding, (*entries(connection, finding), *missing), told)
    keep_policy(connection, state_of(told.start).policy)
    keep_calendar(connection, state_of(told.start).calendar)
    _record(connection, told.latest, missing)
    case(connection, finding)  # must be readable, or nothing stands
    _skip_letters_of(connection, finding, [entry.seq for entry in missing])
    return len(missing)


def lacking(connection: Connection, finding: SubjectId, told: Story) -> tuple[Entry, ...]:
    """Give the entries of a workflow's story that SQL lacks, in order."""
    known = {entry.seq for entry in entries(connection, finding)}
    return tuple(each for each in (*_beginning(told.start), *told.entries) if each.seq not in known)


def _record(
    connection: Connection, latest: Recording | GatheringRecording, missing: tuple[Entry, ...]
) -> None:
    if isinstance(latest, Recording):
        record(connection, [replace(latest, entries=missing)])
    else:
        record_gatherings(connection, [replace(latest, entries=missing)])


def _check_chain(finding: SubjectId, story: Collection[Entry], told: Story) -> None:
    chain = sorted(story, key=lambda entry: entry.seq)
    broken = first_broken(chain)
    head = next((entry.digest for entry in chain if entry.seq == told.head.stored), None)
    if broken is None and head != told.latest.summary.digest:
        broken = told.head.stored
    if broken is not None:
        raise StoriesDifferError(f"finding {finding}: workflow and ledger differ at entry {broken}")


def _beginning(start: Case | GatheringCase) -> tuple[Entry, ...]:
    """Give the first entry, which no workflow records, from the case that the first run began with."""
    if start.seq != 1:
        return ()
    if isinstance(start, GatheringCase):
        return (first_entry(start.state),)
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


def _skip_letters_of(connection: Connection, finding: SubjectId, seqs: Collection[int]) -> None:
    theirs = (letters.c.finding == finding) & letters.c.seq.in_(list(seqs))
    ids = connection.execute(select(letters.c.id).where(WAITING, theirs)).scalars().all()
    post.skip(connection, ids, RECOVERED)


def quiet(connection: Connection, now: datetime, since: datetime | None) -> tuple[int, int]:
    """Hold back the letters and mails that an older copy may have sent after all; give how many.

    `since` is the earliest fact the copy lacks: what is older stood in the copy already. What was put off
    until later than `now` stays. Both are aware.
    """
    older = since or now - MARGIN
    may_have_left = (letters.c.at < older) & (letters.c.not_before <= now)
    ids = connection.execute(select(letters.c.id).where(WAITING, may_have_left)).scalars().all()
    post.skip(connection, ids, RECOVERED)
    skipped = {"state": MessageState.SKIPPED.value, "reason": RECOVERED, "settled_at": now}
    mails = update(messages).where(OPEN, messages.c.created_at < older).values(skipped)
    return len(ids), connection.execute(mails).rowcount
