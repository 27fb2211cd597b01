"""Column types that both dialects treat alike."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer
from sqlalchemy.types import TypeDecorator, TypeEngine

NEVER = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands where no instant is due, so that lists have one total order and no null to place."""

Identity = BigInteger().with_variant(Integer(), "sqlite")
"""A key that counts up. SQLite gives row ids only to columns of exactly this type."""


class Instant(TypeDecorator[datetime]):
    """An aware instant, kept in UTC. SQLite knows no zones and PostgreSQL answers in the session's."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Give UTC. Raises ValueError for a naive datetime, which would mean another instant elsewhere."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"{value!r} has no time zone; give an aware instant, such as datetime.now(UTC)"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002
        """Give an aware instant in UTC."""
        if value is None:
            return None
        instant: datetime = value
        return instant.replace(tzinfo=UTC) if instant.tzinfo is None else instant.astimezone(UTC)

    def coerce_compared_value(self, op: object, value: object) -> TypeEngine[Any]:  # noqa: ARG002
        """Compare instants with instants only."""
        return self
