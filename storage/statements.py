"""Statements that are safe to repeat, for both dialects: insert what is new, save what changed."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Protocol, TypeVar

from sqlalchemy import BindParameter, Connection, Table, bindparam
from sqlalchemy import Row as SqlRow
from sqlalchemy.dialects import postgresql, sqlite

from remediation.words import SubjectId

Row = dict[str, Any]
Stored = SqlRow[*tuple[Any, ...]]
"""A row as read. Columns are typed where a dataclass is made of it."""
Insert = postgresql.Insert | sqlite.Insert

MOST_REACHES = 256
"""Of so many reaches each statement that depends on one is kept, put together."""


class AlreadyOtherwise(Exception):
    """What should be stored for the first time is there already, and says something else."""

    def __init__(self, table: Table, key: Row) -> None:
        what = ", ".join(f"{name} {value}" for name, value in key.items())
        super().__init__(
            f"{table.name}: {what} is stored with other content; give it an id or version of its own"
        )


class OfFinding(Protocol):
    """Something about a finding or gathering."""

    @property
    def finding(self) -> SubjectId:
        """Its id."""


F = TypeVar("F", bound=OfFinding)


def by_finding(every: Iterable[F]) -> dict[str, list[F]]:
    """Give things by what they are about, in the order in which they come."""
    found: dict[str, list[F]] = {}
    for each in every:
        found.setdefault(each.finding, []).append(each)
    return found


def insert_of(dialect: str, table: Table, *columns: str) -> Any:  # noqa: ANN401 - the dialects share no base
    """Give the dialect's INSERT of these columns, which knows ON CONFLICT."""
    insert = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return insert.values(_bound(*columns))


def _bound(*columns: str) -> dict[str, BindParameter[Any]]:
    return {column: bindparam(column) for column in columns}


@cache
def insert_new(dialect: str, table: Table, *columns: str) -> Insert:
    """Give an INSERT that leaves what is there as it is."""
    statement: Insert = insert_of(dialect, table, *columns).on_conflict_do_nothing()
    return statement


@cache
def _upsert(dialect: str, table: Table, *columns: str) -> Insert:
    statement = insert_of(dialect, table, *columns)
    key = [column.name for column in table.primary_key]
    changed = {name: statement.excluded[name] for name in columns if name not in key}
    upsert: Insert = statement.on_conflict_do_update(index_elements=key, set_=changed)
    return upsert


def add_new(connection: Connection, table: Table, rows: Sequence[Row]) -> int:
    """Insert the rows whose keys are not there yet, and give their number."""
    if not rows:
        return 0
    statement = insert_new(connection.dialect.name, table, *rows[0])
    return connection.execute(statement, rows, execution_options={"preserve_rowcount": True}).rowcount


def save(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Insert the rows, or bring those that are there up to date."""
    if rows:
        connection.execute(_upsert(connection.dialect.name, table, *rows[0]), rows)
