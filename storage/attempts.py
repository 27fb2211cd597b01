"""Attempts in SQL: a row for each attempt of a finding, kept with what is recorded, for figures to count."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from functools import cache

from sqlalchemy import Connection, bindparam, delete, select, update

from remediation.attempts import Attempt
from remediation.recording import Recording
from remediation.summary import Summary
from remediation.words import Severity, Stage
from storage.statements import Insert, Row, Stored, insert_of
from storage.tables import attempts

_FIELDS = tuple(field.name for field in fields(Attempt))


def keep_attempts(connection: Connection, recordings: Sequence[Recording]) -> None:
    """Write the attempts that findings are in, within the transaction that records. Safe to repeat."""
    told = [(each.summary, each.attempt) for each in recordings if each.attempt is not None]
    if not told:
        return
    connection.execute(_upsert(connection.dialect.name), [_row(row, attempt) for row, attempt in told])
    again = [
        {"of": row.finding, "before": attempt.number - 1, "on": attempt.began_on}
        for row, attempt in told
        if attempt.number > 1
    ]
    if again:
        connection.execute(_REOPENED, again)


def replace_attempts(connection: Connection, row: Summary, known: Sequence[Attempt]) -> None:
    """Let a finding have exactly these attempts; `row` is its summary now."""
    connection.execute(delete(attempts).where(attempts.c.finding == row.finding))
    connection.execute(attempts.insert(), [_row(row, each) for each in known])


def kept_attempts(connection: Connection, ids: Collection[str]) -> dict[str, tuple[Attempt, ...]]:
    """Give the attempts of findings, by id, in order, as they stand."""
    query = select(attempts).where(attempts.c.finding.in_(list(ids)))
    found: dict[str, tuple[Attempt, ...]] = {}
    for row in connection.execute(query.order_by(attempts.c.finding, attempts.c.number)):
        found[row.finding] = (*found.get(row.finding, ()), attempt_in(row))
    return found


def attempt_in(row: Stored) -> Attempt:
    """Give the attempt of a row that has all its columns."""
    stored = {name: getattr(row, name) for name in _FIELDS}
    ending = Stage(row.ending) if row.ending else None
    return Attempt(**{**stored, "severity": Severity(row.severity), "ending": ending})


def _row(row: Summary, attempt: Attempt) -> Row:
    place = {"programme": row.programme, "factory": row.factory, "plan": row.plan, "point": row.point}
    values = asdict(attempt) | {"severity": attempt.severity.value}
    values["ending"] = attempt.ending.value if attempt.ending else None
    return {"finding": row.finding, "seq": row.seq, **place, **values}


_REOPENED = (
    update(attempts)
    .where(attempts.c.finding == bindparam("of"), attempts.c.number == bindparam("before"))
    .where(attempts.c.reopened_on.is_(None))
    .values(reopened_on=bindparam("on"))
)


@cache
def _upsert(dialect: str) -> Insert:
    columns = tuple(attempts.c.keys())
    statement = insert_of(dialect, attempts, *columns)
    new = statement.excluded
    # What comes after an attempt is not for the attempt itself to say.
    changed = {name: new[name] for name in columns if name not in {"finding", "number", "reopened_on"}}
    upsert: Insert = statement.on_conflict_do_update(
        index_elements=[attempts.c.finding, attempts.c.number], set_=changed, where=attempts.c.seq < new.seq
    )
    return upsert
