"""What every request passes through: safe headers, its language, problem bodies, a log line, a metric."""

from time import perf_counter

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from notifications.languages import SOURCE, known
from service import problems
from service.logs import place
from service.metrics import Metrics
from service.speaking import preferred, speaking

log = structlog.get_logger("mendwork.http")

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}
"""Methods that are counted by name. Callers may make up others, and must not make up metrics thereby."""
SAME_SITE = frozenset({"same-origin", "none"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'self'; "
        "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: browsers would then send forms with `Origin: null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
SHARE = 4
"""Requests at once that a process gladly has: more would be answered sooner by another that has fewer."""
PRIVATE = "no-store"
SHARED = f"public, max-age=300, stale-while-revalidate={30 * 86_400}"
"""Style sheets, scripts and icons: what is kept is used at once, and asked about for the next time."""


class SharesOut:
    """Sends readers to another process of the service while this one has more than its share to do.

    Connections are kept, and stay with the process that took them: by chance nearly all are one's, and it is
    slow while the others idle. A reader who is told that the connection closes opens another, which whoever
    has time takes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._under_way = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and close its connection where too many others are under way."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_sharing(message: Message) -> None:
            if message["type"] == "http.response.start" and self._under_way > SHARE:
                MutableHeaders(scope=message)["Connection"] = "close"
            await send(message)

        self._under_way += 1
        try:
            await self.app(scope, receive, send_sharing)
        finally:
            self._under_way -= 1


class SafeHeaders:
    """Adds the headers that keep browsers from doing more with an answer than show it."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        """`secure` tells browsers to come back by HTTPS only."""
        self.app = app
        self._headers = dict(HEADERS)
        if secure:
            self._headers["Strict-Transport-Security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and its answer with the headers."""

        async def send_safe(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", SHARED if _is_static(scope) else PRIVATE)
            await send(message)

        await self.app(scope, receive, send_safe)


def _is_static(scope: Scope) -> bool:
    return bool(scope.get("path", "").startswith("/static/"))


class Spoken:
    """Sets the language a page is asked for in; whoever is signed in is then spoken to in their own.

    Programs are answered in English.
    """

    def __init__(self, app: ASGIApp, cookie: str) -> None:
        """`cookie` names the one that keeps what was chosen before signing in."""
        self.app = app
        self._cookie = cookie

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and speak its language meanwhile."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        with speaking(SOURCE if scope["path"].startswith("/api/") else self._asked_for(Request(scope))):
            await self.app(scope, receive, send)

    def _asked_for(self, request: Request) -> str:
        chosen = request.cookies.get(self._cookie, "")
        return known(chosen) or preferred(request.headers.get("accept-language", ""))


class PlainErrorsBecomeProblems:
    """Gives errors that libraries answer in plain text (a strange host, too large a body) a problem body."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on; an error in plain text is replaced."""
        replaced = False

        async def send_problem(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and _is_plain_error(message):
                replaced = True
                await problems.of_status(message["status"]).response(scope, receive, send)
            elif not replaced:
                await send(message)

        await self.app(scope, receive, send_problem)


def _is_plain_error(message: Message) -> bool:
    kind = Headers(raw=message["headers"]).get("content-type", "")
    return message["status"] >= 400 and kind.startswith("text/plain")  # noqa: PLR2004 - errors begin there


class OwnPagesOnly:
    """Refuses changes that another site's page asks a signed-in browser to make."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is safe, what comes from our own pages, and what comes from no browser."""
        if scope["type"] == "http" and scope["method"] not in SAFE and _comes_from_elsewhere(scope):
            foreign = problems.ProblemError(
                403,
                "cross_site",
                "This request comes from another site's page.",
                way_out="Open Mendwork's own page and do it there.",
            )
            await foreign.response(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _comes_from_elsewhere(scope: Scope) -> bool:
    headers = Headers(scope=scope)
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site not in SAME_SITE
    origin = headers.get("origin")
    return origin is not None and origin.partition("://")[2] != headers.get("host")


class Watched:
    """Writes one log line a request, without personal data, counts it, and answers faults of ours."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and watch it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status = perf_counter(), 0

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        except Exception as fault:  # noqa: BLE001 - whatever it was, the caller gets an answer
            # The text of an exception may quote what people wrote: only its place is logged.
            log.error("fault", kind=type(fault).__qualname__, at=place(fault), route=template(scope))  # noqa: TRY400
            if not status:
                await problems.broken().response(scope, receive, send_noting)
        finally:
            self._note(scope, status, perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = template(scope), scope["method"] if scope["method"] in METHODS else "OTHER"
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.seconds.labels(method, route).observe(seconds)
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


def template(scope: Scope) -> str:
    """Give the template of the route a request met, never the path itself, which holds ids."""
    route = scope.get("route")
    path: str = getattr(route, "path", "") or "(none)"
    return path
