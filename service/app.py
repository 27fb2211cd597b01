"""The web application: the REST interface, the pages, and what operators watch."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from functools import cache
from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from service.api import (
    absences,
    assessments,
    calendars,
    comments,
    committees,
    directory,
    dossiers,
    evidence,
    findings,
    gatherings,
    letters,
    levels,
    meeting_evidence,
    meetings,
    orders,
    outgoing,
    people,
    places,
    policies,
    repeats,
    visits,
    webhooks,
)
from service.context import Clock, Context, utc_now
from service.engine import Engine
from service.evidence.store import EvidenceStore
from service.metrics import Metrics
from service.middleware import (
    OwnPagesOnly,
    PlainErrorsBecomeProblems,
    SafeHeaders,
    SharesOut,
    Spoken,
    Watched,
)
from service.pages import (
    accounts,
    acting,
    afield,
    ahead,
    feeds,
    inviting,
    language,
    me,
    outcomes,
    paper,
    passkeys,
    plan_sheets,
    reference,
    sign_in,
    signing_sheets,
    style,
    trips,
    work,
)
from service.pages import assessments as assessments_pages
from service.pages import board as board_page
from service.pages import comments as comments_pages
from service.pages import evidence as evidence_pages
from service.pages import factories as factories_pages
from service.pages import findings as findings_pages
from service.pages import meetings as meetings_pages
from service.pages import plan_standing as plan_pages
from service.pages import plans as plans_pages
from service.pages import programmes as programmes_pages
from service.pages import repeats as repeats_pages
from service.pages import sheets as sheets_pages
from service.pages import visits as visits_pages
from service.pages import webhooks as webhooks_pages
from service.pages.rendering import STATIC
from service.pages.session import LANGUAGE, Elsewhere, cookie_name, lead
from service.problems import Problem, answer_with_problems
from service.providers import providers_of
from service.settings import Settings
from service.status import gauges
from service.status import router as status
from storage.database import open_engine

ABOUT = """
Mendwork sees to it that the promises made after a factory assessment are kept.

Every command is a `POST` to a finding's verb with an `Idempotency-Key`; errors are RFC 9457 problem bodies.
"""


ROUTERS = (
    # Each request is held against one after the other: first what is asked for most.
    meetings_pages.router,
    signing_sheets.router,
    work.router,
    findings_pages.router,
    plans_pages.router,
    plan_pages.router,
    factories_pages.router,
    board_page.router,
    programmes_pages.router,
    ahead.router,
    evidence_pages.router,
    comments_pages.router,
    me.router,
    assessments_pages.router,
    sheets_pages.router,
    plan_sheets.router,
    paper.router,
    webhooks_pages.router,
    trips.router,
    visits_pages.router,
    outcomes.router,
    # After whatever else has an address below a finding's or a plan's: they take any verb there.
    visits_pages.forms,
    plan_pages.forms,
    repeats_pages.router,
    acting.router,
    findings.router,
    dossiers.router,
    orders.router,
    gatherings.router,
    meetings.router,
    meeting_evidence.router,
    repeats.router,
    visits.router,
    evidence.router,
    comments.router,
    letters.router,
    places.router,
    levels.router,
    people.router,
    absences.router,
    committees.router,
    calendars.router,
    policies.router,
    directory.router,
    assessments.router,
    webhooks.router,
    status,
    sign_in.router,
    accounts.router,
    passkeys.router,
    language.router,
    inviting.router,
    afield.router,
    feeds.router,
    reference.router,
)


COMPRESSED_FROM, COMPRESSION = 1000, 6
"""Bytes from which on an answer is compressed, and how hard: 6 is within 1 % of 9, in half the time."""


def create_app(settings: Settings, engine: Engine | None = None, *, clock: Clock = utc_now) -> FastAPI:
    """Give the application. Without an `engine` it connects to Temporal itself, and reads work until then."""
    database = open_engine(settings.database)
    metrics = Metrics(lambda: gauges(database, clock))
    providers = providers_of(settings, accounts.BACK)
    context = Context(settings, database, metrics, EvidenceStore(settings), clock, engine, providers)
    app = FastAPI(
        title="Mendwork",
        version=version("mendwork"),
        description=ABOUT,
        lifespan=_lifespan,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        # No trailing-slash redirects: they would be a second address for each thing.
        redirect_slashes=False,
        routes=[*_routes().routes, *(style.router.routes if settings.development else [])],
    )
    app.state.context = context
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(Elsewhere, lead)
    answer_with_problems(app)
    _add_middleware(app, context)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


@cache
def _routes() -> APIRouter:
    """Give every route, for all applications of the process: to read the signatures takes half a second."""
    together = APIRouter(redirect_slashes=False)
    for router in ROUTERS:
        together.include_router(router)
    return together


def _add_middleware(app: FastAPI, context: Context) -> None:
    """From the innermost to the outermost."""
    settings = context.settings
    # Compressing beside secrets would tell their length to whoever can add to a page (BREACH). Pages hold no
    # secret to find: no CSRF token (OwnPagesOnly looks at where a request comes from), the session is a
    # cookie, codes and PINs are never shown again, and a form's key is new each time it is shown.
    app.add_middleware(GZipMiddleware, minimum_size=COMPRESSED_FROM, compresslevel=COMPRESSION)
    app.add_middleware(OwnPagesOnly)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(settings.trusted_hosts), www_redirect=False)
    app.add_middleware(PlainErrorsBecomeProblems)
    app.add_middleware(Spoken, cookie=cookie_name(context, LANGUAGE))
    app.add_middleware(Watched, metrics=context.metrics)
    app.add_middleware(SafeHeaders, secure=settings.public_url.startswith("https:"))
    if settings.processes > 1:
        app.add_middleware(SharesOut)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    context: Context = app.state.context
    reaching = asyncio.create_task(context.reach_temporal())
    try:
        yield
    finally:
        reaching.cancel()
        with suppress(asyncio.CancelledError):
            await reaching
        context.database.dispose()


def _openapi(app: FastAPI) -> dict[str, Any]:
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title,
            version=app.version,
            description=app.description,
            routes=app.routes,
            webhooks=outgoing.router.routes,
        )
        models = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas = schema.setdefault("components", {}).setdefault("schemas", {})
        schemas.update({**models.pop("$defs"), Problem.__name__: models})
        app.openapi_schema = schema
    return app.openapi_schema
