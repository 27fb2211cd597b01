"""What operators and their machines ask: is it alive, is it ready, what does it count."""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import Engine as Database
from sqlalchemy import exists, func, select, text
from starlette.concurrency import run_in_threadpool

from remediation.words import ENDINGS
from service.context import Clock, Context, Shared
from service.metrics import Gauges
from storage.database import UNAVAILABLE, reading, schema_is_current
from storage.hook_tables import deliveries, hooks
from storage.tables import OPEN, UNSETTLED, WAITING, commands, findings, ledger, letters, messages

router = APIRouter(tags=["status"])

MAIL_IS_LATE_AFTER = timedelta(minutes=15)


@router.get("/healthz", summary="Is the process alive?")
def healthz() -> dict[str, str]:
    """Answer as long as the process runs."""
    return {"status": "ok"}


@router.get("/readyz", summary="Can it do its work?", responses={503: {"description": "Something is down."}})
async def readyz(context: Shared) -> JSONResponse:
    """Name what is up and what is down. Mail that is late is named, but stops nobody from working."""
    sql, mail = await run_in_threadpool(_sql_and_mail, context)
    temporal = "up" if context.engine is not None and await context.engine.is_up() else "down"
    down = [name for name, state in (("sql", sql), ("temporal", temporal)) if state != "up"]
    body: dict[str, Any] = {
        "status": "down" if down else "ready",
        "down": down,
        "sql": sql,
        "temporal": temporal,
        "mail": mail,
    }
    return JSONResponse(body, status_code=503 if down else 200)


@router.get("/metrics", summary="Numbers for Prometheus", response_class=Response)
def metrics(context: Shared) -> Response:
    """Give the counters, and the numbers of findings and letters as SQL has them now."""
    return Response(context.metrics.text(), media_type=CONTENT_TYPE_LATEST)


def _sql_and_mail(context: Context) -> tuple[str, str]:
    try:
        if not schema_is_current(context.database):
            return "not migrated", "unknown"
        with reading(context.database) as connection:
            oldest = connection.execute(select(func.min(messages.c.created_at)).where(OPEN)).scalar()
    except UNAVAILABLE:
        return "down", "unknown"
    late = oldest is not None and context.clock() - oldest > MAIL_IS_LATE_AFTER
    return "up", "late" if late else "on time"


_STOPPED = hooks.c.state == "stopped"
_FAILED = text("state IN ('failed', 'unknown')")


def gauges(database: Database, clock: Clock) -> Gauges:
    """Give the numbers that `/metrics` reads from SQL; none while SQL is down."""
    alive = findings.c.stage.not_in([stage.value for stage in ENDINGS])
    late = alive & (findings.c.next_due <= clock())
    carried_out = exists().where(ledger.c.command == commands.c.id)
    queries = {
        "findings_open": select(func.count()).select_from(findings).where(alive),
        "findings_overdue": select(func.count()).select_from(findings).where(late),
        "letters_waiting": select(func.count()).select_from(letters).where(WAITING),
        "messages_waiting": select(func.count()).select_from(messages).where(OPEN),
        "messages_failed": select(func.count()).select_from(messages).where(_FAILED),
        "commands_pending": select(func.count()).select_from(commands).where(UNSETTLED, ~carried_out),
        "deliveries_waiting": select(func.count()).select_from(deliveries).where(WAITING),
        "webhooks_stopped": select(func.count()).select_from(hooks).where(_STOPPED),
    }
    try:
        with reading(database) as connection:
            return {name: connection.execute(query).scalar_one() for name, query in queries.items()}
    except UNAVAILABLE:
        return {}
