"""The recorder: puts what happened into SQL: ledger, read model and letters, for many findings at once.

Everything here is safe to repeat. Statements are few and go by executemany, because the rate of the
whole engine depends on them.
"""

from collections.abc import Callable, Sequence
from functools import cache

from sqlalchemy import Connection, select, tuple_

from remediation.facts import Fact
from remediation.ledger import Entry
from remediation.letters import LetterOrder, letters_for
from remediation.recording import Recording
from remediation.roll_up import Weight, weight
from storage.attempts import keep_attempts
from storage.codec import fact_of
from storage.columns import NEVER
from storage.deliveries import keep_deliveries
from storage.factory_levels import keep_levels
from storage.statements import Insert, Row, add_new, insert_of
from storage.tables import findings, ledger, letters
from storage.waiting import keep_waits


class LedgerForked(Exception):
    """Another entry stands at this place of the finding's ledger: two histories claim the same finding.

    Nothing was recorded. Repeating does not help; a person must see which history holds.
    """

    def __init__(self, finding: str, seq: int) -> None:
        self.finding = finding
        self.seq = seq
        super().__init__(
            f"finding {finding}: the ledger has another entry {seq} than the one given; "
            f"run `mendwork doctor` to see which of the two histories holds"
        )


def record(connection: Connection, recordings: Sequence[Recording]) -> None:
    """Record within the connection's transaction, which must be rolled back if this raises LedgerForked."""
    # In one order for all writers, so that two with the same findings wait for each other and never cross.
    recordings = sorted(recordings, key=lambda recording: recording.summary.finding)
    entries = [entry for recording in recordings for entry in recording.entries]
    again = append(connection, entries)
    if recordings:
        connection.execute(
            _upsert_finding(connection.dialect.name), [_finding_row(each) for each in recordings]
        )
    keep_waits(connection, recordings)
    keep_attempts(connection, recordings)
    keep_letters(connection, entries, letters_for)
    keep_deliveries(connection, recordings)
    # Last, because it takes locks: who holds one waits for nobody any more.
    moves = [each for each in recordings if again or _moves(each)]
    if moves:
        keep_levels(connection, moves)


def append(connection: Connection, entries: Sequence[Entry]) -> bool:
    """Append entries, and tell whether some of them stood there already."""
    again = add_new(connection, ledger, [_entry_row(entry) for entry in entries]) < len(entries)
    if again:
        _refuse_a_fork(connection, entries)
    return again


def keep_letters(
    connection: Connection,
    entries: Sequence[Entry],
    called_for: Callable[[Fact, int], tuple[LetterOrder, ...]],
) -> None:
    """Store the letters that the entries' facts call for. Safe to repeat."""
    facts = ((entry, fact_of(entry.kind, entry.body)) for entry in entries)
    owed = [_letter_row(letter, entry) for entry, fact in facts for letter in called_for(fact, entry.seq)]
    add_new(connection, letters, owed)


def _moves(recording: Recording) -> bool:
    """Tell whether a finding may weigh more or less than before: most recordings leave that as it was."""
    issued = bool(recording.entries) and recording.entries[0].seq == 1
    was = recording.was or (Weight() if issued else None)
    return was != weight(recording.summary)


def _refuse_a_fork(connection: Connection, entries: Sequence[Entry]) -> None:
    stored = select(ledger.c.finding, ledger.c.seq, ledger.c.digest)
    for start in range(0, len(entries), _MOST_KEYS):
        given = {(entry.finding, entry.seq): entry.digest for entry in entries[start : start + _MOST_KEYS]}
        keys = tuple_(ledger.c.finding, ledger.c.seq).in_(list(given))
        for finding, seq, digest in connection.execute(stored.where(keys)):
            if given[finding, seq] != digest:
                raise LedgerForked(finding, seq)


_MOST_KEYS = 400


def _entry_row(entry: Entry) -> Row:
    return {
        "finding": entry.finding,
        "seq": entry.seq,
        "at": entry.at,
        "by": entry.by,
        "command": entry.command,
        "kind": entry.kind,
        "body": entry.body,
        "digest": entry.digest,
    }


def _finding_row(recording: Recording) -> Row:
    row = recording.summary
    return {
        "id": row.finding,
        "programme": row.programme,
        "factory": row.factory,
        "plan": row.plan,
        "point": row.point,
        "question": row.question,
        "severity": row.severity.value,
        "stage": row.stage.value,
        "attempt": row.attempt,
        "seq": row.seq,
        "digest": row.digest,
        "level": row.level,
        "restricted": row.restricted,
        "issued_at": row.issued_at,
        "next_due": row.next_due or NEVER,
        "next_due_day": row.next_due_day,
        "next_duty": row.next_duty.value if row.next_duty else None,
        "assessor": row.assessor,
        "policy": recording.policy,
        "calendar": recording.calendar,
        "updated_at": recording.entries[-1].at if recording.entries else row.issued_at,
        "state": recording.state,
    }


def _letter_row(letter: LetterOrder, entry: Entry) -> Row:
    return {
        "finding": entry.finding,
        "obligation": letter.obligation,
        "step": letter.step,
        "recipient": letter.recipient,
        "due": letter.due.isoformat() if letter.due else "",
        "kind": letter.kind.value,
        "role": letter.role.value,
        "person": letter.person,
        "gathered": letter.gathered,
        "seq": entry.seq,
        "at": entry.at,
        "not_before": entry.at,
    }


@cache
def _upsert_finding(dialect: str) -> Insert:
    columns = tuple(findings.c.keys())
    statement = insert_of(dialect, findings, *columns)
    new = statement.excluded
    changed = {name: new[name] for name in columns if name != "id"}
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=[findings.c.id], set_=changed, where=findings.c.seq < new.seq
    )
    return upsert
