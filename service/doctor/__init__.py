"""The doctor: looks at everything Mendwork needs, and says for each fault what to do about it."""

import asyncio

from sqlalchemy import Engine as Database

from service.doctor.evidence import look_at_evidence
from service.doctor.machine import (
    look_at_disk,
    look_at_mail,
    look_at_paper,
    look_at_python,
    look_at_visitors,
)
from service.doctor.results import Health, Result
from service.doctor.sql import look_at_sql
from service.doctor.temporal import look_at_temporal
from service.settings import Settings

__all__ = ["Health", "Result", "examine"]


async def examine(given: Settings, database: Database) -> tuple[Result, ...]:
    """Look at everything; nothing is changed, and no mail is sent."""
    return (
        look_at_python(),
        look_at_disk(given.home),
        *await asyncio.to_thread(look_at_sql, database),
        await asyncio.to_thread(look_at_evidence, given, database),
        *await look_at_temporal(database),
        await asyncio.to_thread(look_at_mail, given),
        look_at_visitors(given),
        await asyncio.to_thread(look_at_paper),
    )
