"""Signing in to the pages: a person's token is typed in once and kept in a cookie no script can read."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Form, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.auth import Caller, caller_by_token
from service.context import Context, Shared
from service.pages.rendering import page
from storage.database import reading

HALF_A_DAY = 12 * 3600
SIGN_IN = "/sign-in"
HOME = "/findings"

router = APIRouter(include_in_schema=False, max_body_size=8 * 1024)


class Elsewhere(Exception):
    """What was asked for is found at another of our addresses."""

    def __init__(self, to: str) -> None:
        self.to = to
        super().__init__(to)


def lead(_request: Request, elsewhere: Exception) -> Response:
    """Lead a browser to another of our addresses."""
    assert isinstance(elsewhere, Elsewhere)  # noqa: S101 - registered for this class only
    return RedirectResponse(elsewhere.to, status_code=303)


def somebody(request: Request, context: Shared) -> Caller:
    """Give who looks at a page. Raises Elsewhere: nobody known is led to sign in first."""
    token = request.cookies.get(cookie_name(context), "")
    with reading(context.database) as connection:
        caller = caller_by_token(context, connection, token)
    if caller is None:
        raise Elsewhere(f"{SIGN_IN}?to={quote(_here(request), safe='')}")
    return caller


Viewer = Annotated[Caller, Depends(somebody)]


def cookie_name(context: Context) -> str:
    """Give the cookie's name. Browsers hold a `__Host-` cookie to this host and to HTTPS."""
    return "__Host-mendwork" if _secure(context) else "mendwork"


@router.api_route("/", methods=["GET", "HEAD"])
def home() -> Response:
    """Lead to the list of findings."""
    return RedirectResponse(HOME, status_code=303)


@router.api_route(SIGN_IN, methods=["GET", "HEAD"])
def ask_for_token(to: Annotated[str, Query(max_length=500)] = HOME) -> Response:
    """Show the form for the token."""
    return page("sign_in.html", to=local(to), wrong=False)


@router.post(SIGN_IN)
def sign_in(
    context: Shared,
    token: Annotated[str, Form(max_length=500)] = "",
    to: Annotated[str, Form(max_length=500)] = HOME,
) -> Response:
    """Keep a valid token in the browser."""
    with reading(context.database) as connection:
        caller = caller_by_token(context, connection, token.strip())
    if caller is None:
        return page("sign_in.html", status=401, to=local(to), wrong=True)
    response = RedirectResponse(local(to), status_code=303)
    response.set_cookie(
        cookie_name(context),
        token.strip(),
        max_age=HALF_A_DAY,
        path="/",
        secure=_secure(context),
        httponly=True,
        samesite="lax",
    )
    return response


@router.post("/sign-out")
def sign_out(context: Shared) -> Response:
    """Let the browser forget the token."""
    response = RedirectResponse(SIGN_IN, status_code=303)
    response.delete_cookie(
        cookie_name(context), path="/", secure=_secure(context), httponly=True, samesite="lax"
    )
    return response


def local(to: str) -> str:
    """Give the address if it is one of our own pages, else the home page: nobody is led elsewhere."""
    plain = to.startswith("/") and not to.startswith("//") and "\\" not in to and to.isprintable()
    return to if plain else HOME


def _secure(context: Context) -> bool:
    return context.settings.public_url.startswith("https:")


def _here(request: Request) -> str:
    query = f"?{request.url.query}" if request.url.query else ""
    return f"{request.url.path}{query}"
