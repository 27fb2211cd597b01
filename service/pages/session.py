"""Who looks at a page: the session that the browser's cookie names, and nobody else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse

from service.auth import Caller
from service.context import Context, Shared
from service.pages.navigation import lead_about
from service.pages.rendering import keep_for
from service.speaking import speak
from storage import people, sessions
from storage.database import reading, writing
from storage.sessions import TOUCHED_EVERY, Session

SIGN_IN = "/sign-in"
HOME, FINDINGS = "/", "/findings"
LANGUAGE = "mendwork-language"
"""The cookie that keeps the language chosen before signing in."""


class Elsewhere(Exception):
    """What was asked for is found at another of our addresses."""

    def __init__(self, to: str) -> None:
        self.to = to
        super().__init__(to)


def lead(_request: Request, elsewhere: Exception) -> Response:
    """Lead a browser to another of our addresses."""
    assert isinstance(elsewhere, Elsewhere)  # noqa: S101 - registered for this class only
    return RedirectResponse(elsewhere.to, status_code=303)


@dataclass(frozen=True, slots=True)
class Visit:
    """A caller who is signed in to the pages, by a session."""

    caller: Caller
    session: Session


def visit(request: Request, context: Shared) -> Visit:
    """Give the visit that a page is shown to. Raises Elsewhere: nobody known is led to sign in first."""
    now, secret = context.clock(), request.cookies.get(cookie_name(context), "")
    found = _visit(context, secret, now)
    if found is None:
        raise Elsewhere(f"{SIGN_IN}?to={quote(_here(request), safe='')}")
    if now - found.session.seen_at >= TOUCHED_EVERY:
        with writing(context.database) as connection:
            sessions.touch(connection, found.session, now)
    return found


def _visit(context: Context, secret: str, now: datetime) -> Visit | None:
    if not secret:
        return None
    with reading(context.database) as connection:
        session = sessions.of_secret(connection, secret, now)
        known = people.person(connection, session.person) if session else None
        if session is None or known is None:
            return None
        actor = people.actor(connection, known.id, now)
        return Visit(Caller(known, actor, shared=session.shared), session)


async def spoken_to(found: Annotated[Visit, Depends(visit)]) -> Visit:
    """Give the visit, and speak the visitor's own language from here on."""
    # Not in `visit`: what a thread sets in its copy of the context, the endpoint would not see.
    speak(found.caller.person.language)
    lead_about(found.caller.actor)
    if not found.caller.shared:
        keep_for(found.caller.person.id)
    return found


Visiting = Annotated[Visit, Depends(spoken_to)]


async def somebody(visiting: Visiting) -> Caller:
    """Give who looks at a page."""
    return visiting.caller


Viewer = Annotated[Caller, Depends(somebody)]


def cookie_name(context: Context, what: str = "mendwork") -> str:
    """Give a cookie's name. Browsers hold a `__Host-` cookie to this host and to HTTPS."""
    return f"__Host-{what}" if _secure(context) else what


def keep_cookie(response: Response, context: Context, name: str, value: str, seconds: int) -> None:
    """Let the browser keep a value that no script can read and no other site sends."""
    response.set_cookie(
        name,
        value,
        max_age=seconds,
        path="/",
        secure=_secure(context),
        httponly=True,
        samesite="lax",
    )


def drop_cookie(response: Response, context: Context, name: str) -> None:
    """Let the browser forget a value."""
    response.delete_cookie(name, path="/", secure=_secure(context), httponly=True, samesite="lax")


def local(to: str) -> str:
    """Give the address if it is one of our own pages, else the home page: nobody is led elsewhere."""
    plain = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if plain else HOME


def _secure(context: Context) -> bool:
    return context.settings.public_url.startswith("https:")


def _here(request: Request) -> str:
    # A form that was sent after the session had ended is no address to come back to.
    if request.method not in {"GET", "HEAD"}:
        return HOME
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
