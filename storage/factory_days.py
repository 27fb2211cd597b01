"""A factory's own days: holidays, shutdowns, and days that it works although others rest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy import Connection, bindparam, delete, select

from storage.places import factory_days
from storage.statements import save


class DayKind(StrEnum):
    """What is different about a factory's own days."""

    HOLIDAY = "holiday"
    SHUTDOWN = "shutdown"
    WORKDAY = "workday"
    """Worked all the same, although a public holiday or a weekly rest day: to make up for another."""


@dataclass(frozen=True, slots=True, order=True)
class OwnDays:
    """Local days from `first` to `last`, both included, and what they are called."""

    first: date
    last: date
    kind: DayKind
    name: str = ""


def days_of(connection: Connection, factory: str) -> tuple[OwnDays, ...]:
    """Give a factory's own days, in order."""
    rows = connection.execute(_OF_FACTORY, {"factory": factory})
    return tuple(OwnDays(row.first, row.last, DayKind(row.kind), row.name) for row in rows)


_OF_FACTORY = (
    select(factory_days)
    .where(factory_days.c.factory == bindparam("factory"))
    .order_by(factory_days.c.first, factory_days.c.kind)
)


def keep_days(connection: Connection, factory: str, days: Sequence[OwnDays]) -> None:
    """Let a factory have exactly these days of its own."""
    connection.execute(delete(factory_days).where(factory_days.c.factory == factory))
    rows = [
        {"factory": factory, "kind": each.kind.value, "first": each.first, "last": each.last} for each in days
    ]
    save(connection, factory_days, [row | {"name": each.name} for row, each in zip(rows, days, strict=True)])
