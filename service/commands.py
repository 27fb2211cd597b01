"""Commands on their way: delivered to the engine, refused or carried out, and told the same each time.

The service delivers a command when it comes in; the courier delivers again what nobody decided.
"""

from datetime import UTC, datetime

from sqlalchemy import Connection
from sqlalchemy import Engine as Database
from starlette.concurrency import run_in_threadpool

from remediation.case import Case
from remediation.gatherings.case import GatheringCase
from remediation.orders import Order, Reopen
from remediation.words import SubjectId
from service.engine import Engine, LifeIsOverError, NotDecidedYetError, OrderRefusedError
from storage import commands, subjects
from storage.codec import order_of
from storage.commands import Command, Done, Pending, Refused
from storage.database import reading, writing
from storage.subjects import state_of
from workflows.messages import Receipt

Answer = Receipt | Refused | Pending


async def deliver(engine: Engine | None, database: Database, command: Command) -> Answer:
    """Give a stored command to the engine, and tell what became of it. Safe to repeat.

    `Pending` where no engine or worker answers, or the finding's workflow must be brought back first.
    Raises one of `storage.database.UNAVAILABLE` while SQL is down.
    """
    if engine is None:
        return Pending()
    order = order_of(command.verb, command.order)
    try:
        seen = await run_in_threadpool(_seen, database, command.finding)
        receipt = await engine.give(command.finding, order, seen)
    except OrderRefusedError as refused:
        return await run_in_threadpool(_refuse, database, command, refused)
    except NotDecidedYetError:
        return Pending()
    except LifeIsOverError:
        return await _after_the_end(engine, database, command, order)
    return await run_in_threadpool(_told, database, command, receipt)


def _seen(database: Database, subject: SubjectId) -> int:
    with reading(database) as connection:
        return subjects.seq_of(connection, subject)


async def _after_the_end(engine: Engine, database: Database, command: Command, order: Order) -> Answer:
    """Answer where no workflow runs: the order may have ended it, may reopen it, or comes too late."""
    known = await run_in_threadpool(answer, database, command)
    if not isinstance(known, Pending):
        return known
    ended = await run_in_threadpool(_ended_case, database, command.finding)
    if ended is None:
        return Pending()
    if not isinstance(order, Reopen) or not isinstance(ended, Case):
        over = OrderRefusedError("not_at_this_stage", _over(ended))
        return await run_in_threadpool(_refuse, database, command, over)
    try:
        receipt = await engine.reopen(ended.finding.id, order, ended)
    except OrderRefusedError as refused:
        return await run_in_threadpool(_refuse, database, command, refused)
    except (NotDecidedYetError, LifeIsOverError):
        return Pending()
    return await run_in_threadpool(_told, database, command, receipt)


def answer(database: Database, command: Command) -> Answer:
    """Give what became of a command, as SQL has it."""
    with reading(database) as connection:
        return _answer(connection, command)


def _answer(connection: Connection, command: Command, given: Receipt | None = None) -> Answer:
    """Tell it as the ledger will for ever: without what the clock owed at that moment."""
    outcome = commands.outcome(connection, command.id)
    if not isinstance(outcome, Done):
        return outcome
    seq = outcome.entries[-1].seq
    if given is not None and given.seq == seq:
        stage = given.stage
    else:
        stage = subjects.stage_at(connection, command.finding, seq)
    facts = tuple(entry.kind for entry in outcome.entries)
    return Receipt(command=command.id, finding=command.finding, seq=seq, stage=stage, facts=facts)


def _told(database: Database, command: Command, receipt: Receipt) -> Answer:
    with reading(database) as connection:
        return _answer(connection, command, receipt)


def _refuse(database: Database, command: Command, refused: OrderRefusedError) -> Answer:
    now = datetime.now(UTC)
    refusal = Refused(code=refused.code, detail=refused.sentence, field=refused.field, at=now)
    with writing(database) as connection:
        commands.refuse(connection, command.id, refusal)
        return _answer(connection, command)


def _ended_case(database: Database, subject: SubjectId) -> Case | GatheringCase | None:
    with reading(database) as connection:
        case = subjects.case(connection, subject)
    return case if case is not None and state_of(case).ended else None


def _over(case: Case | GatheringCase) -> str:
    if isinstance(case, GatheringCase):
        return "Its life is over: nothing can be done on it any more."
    stage = case.finding.stage
    return (
        f"The finding's life is over: it is {stage.value}. Nothing can be done on it any more, "
        f"except that the team leader may reopen it."
    )
