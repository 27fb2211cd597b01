"""Attempts in SQL: a row for each attempt of a finding, kept with what is recorded, for figures to count."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, fields
from functools import cache

from sqlalchemy import Connection, bindparam, delete, select, update

from remediation.attempts import Attempt
from remediation.recording import Recording
from remediation.summary import Summary
from remediation.words import Severity, Stage
from storage.statements import Insert, Row, insert_of
from storage.tables import attempts

_FIELDS = tuple(field.name for field in fields(Attempt))
_KEPT = (
    select(attempts.c.finding, *(attempts.c[name] for name in _FIELDS))
    .where(attempts.c.finding.in_(bindparam("ids", expanding=True)))
    .order_by(attempts.c.finding, attempts.c.number)
)


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
    found: dict[str, tuple[Attempt, ...]] = {}
    for finding, *row in connection.execute(_KEPT, {"ids": list(ids)}).all():
        found[finding] = (*found.get(finding, ()), _attempt(dict(zip(_FIELDS, row, strict=True))))
    return found


def _attempt(stored: Row) -> Attempt:
    stored["severity"] = Severity(stored["severity"])
    stored["ending"] = Stage(stored["ending"]) if stored["ending"] else None
    return Attempt(**stored)


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
