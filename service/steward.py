"""The steward: sees what findings add up to, and tells their plan, by orders in the name of the system.

No finding's workflow signals a plan: SQL knows. An order is a durable command whose key says what it is about
and on which day, so that a second steward changes nothing, and one that was refused is tried again tomorrow.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, ClassVar

from sqlalchemy import Connection
from sqlalchemy import Engine as Database

from remediation.gatherings.plan import CompletePlan, FilePlan, ReportProgress, Tally
from remediation.orders import Order, verb
from remediation.words import SYSTEM, PlanStage, Role
from service.commands import deliver
from service.engine import Engine
from service.visiting import errands
from storage import commands
from storage.codec import order_json
from storage.commands import Command, command_id
from storage.database import reading, writing
from storage.plan_news import PlanNews, plan_news, tally

LATER = timedelta(minutes=1)
"""A report is asked for so long after its morning, so that no clock is behind that of whoever judges it."""


class Steward:
    """Looks at open plans round after round."""

    pause: ClassVar = timedelta(minutes=1)

    def __init__(self, database: Database, engine: Engine) -> None:
        """Take where findings stand, and who carries orders out."""
        self._database = database
        self._engine = engine

    async def look(self, now: datetime) -> int:
        """Tell each plan what there is to tell at an aware instant; give how many orders were given."""
        given = await asyncio.to_thread(self._received, now)
        for command in given:
            await deliver(self._engine, self._database, command)  # who is not answered, the courier reaches
        return len(given) + await errands.run_all(self._engine, self._database, now)

    def _received(self, now: datetime) -> Sequence[Command]:
        with reading(self._database) as connection:
            wanted = [
                each for news in plan_news(connection, now - LATER) for each in _told(connection, news, now)
            ]
            fresh = [each for each in wanted if commands.find(connection, each.id) is None]
        if not fresh:
            return ()
        with writing(self._database) as connection:
            return [commands.receive(connection, each) for each in fresh]


def _told(connection: Connection, news: PlanNews, now: datetime) -> Iterator[Command]:
    """Give the orders that a plan's news call for, in the order in which they are given."""
    for order in _orders(news, tally(connection, news.plan, now), news.key(now)):
        yield _command(news, order, now)


def _orders(news: PlanNews, numbers: Tally, key: str) -> Iterator[Order]:
    of_the_system: dict[str, Any] = {"by": SYSTEM, "acting": Role.SYSTEM}
    if news.all_committed and news.stage is PlanStage.AWAITED:
        yield FilePlan(id=command_id(SYSTEM, f"{key}:file"), **of_the_system)
    if news.report_due:
        number = news.reports + 1
        own = command_id(SYSTEM, f"{key}:report:{number}")
        yield ReportProgress(id=own, number=number, tally=numbers, **of_the_system)
    if news.all_ended:
        yield CompletePlan(id=command_id(SYSTEM, f"{key}:complete"), tally=numbers, **of_the_system)


def _command(news: PlanNews, order: Order, now: datetime) -> Command:
    return Command(
        id=order.id,
        person=SYSTEM,
        key=order.id,
        finding=news.gathering,
        verb=verb(type(order)),
        order=order_json(order),
        digest=sha256(order.id.encode()).hexdigest(),
        received_at=now,
    )
