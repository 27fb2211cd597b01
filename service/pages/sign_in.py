"""Signing in to the pages: an address, then the mailed code or link; or a token. And signing out.

Opening a mailed link changes nothing, whoever opens it: it shows a button, and the button uses it.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from service import signing_in
from service.context import Context, Shared
from service.entrance_mail import LINK_PATH
from service.pages.rendering import page
from service.pages.session import HOME, SIGN_IN, Elsewhere, cookie_name, drop_cookie, keep_cookie, local
from service.passkeys import house
from service.signing_in import Entered, Entry
from service.visitors import Knocking
from storage import people, sign_in_codes
from storage.database import reading, writing
from storage.sign_in_codes import LIFETIME

router = APIRouter(include_in_schema=False, max_body_size=8 * 1024)

ASK = "mendwork-ask"
READ = ["GET", "HEAD"]
CODE_PATH = f"{SIGN_IN}/code"

To = Annotated[str, Query(max_length=500)]
FormTo = Annotated[str, Form(max_length=500)]


def entry(
    request: Request,
    context: Shared,
    knocking: Knocking,
    shared: Annotated[bool, Form()] = False,  # noqa: FBT002 - a field of a form
) -> Entry:
    """Give how somebody comes in; `shared` is ticked where other people use the device, too."""
    return Entry(visitor=knocking, shared=shared, before=request.cookies.get(cookie_name(context), ""))


Entering = Annotated[Entry, Depends(entry)]


@router.api_route(SIGN_IN, methods=READ)
def ask_for_address(context: Shared, to: To = HOME) -> Response:
    """Show the forms for the address and for a token, and the ways to other organisations' accounts."""
    return door(context, local(to))


@router.post(SIGN_IN)
def send_mail(
    context: Shared,
    knocking: Knocking,
    address: Annotated[str, Form(max_length=300)] = "",
    to: FormTo = HOME,
) -> Response:
    """Have a code mailed to the address, and ask for it; the same for addresses known and unknown."""
    if not address.strip():
        return door(context, local(to), "address", 422)
    value = signing_in.ask(context, address, local(to), knocking)
    response = RedirectResponse(CODE_PATH, status_code=303)
    keep_cookie(response, context, _ask_cookie(context), value, int(LIFETIME.total_seconds()))
    return response


@router.api_route(CODE_PATH, methods=READ)
def ask_for_code(request: Request, context: Shared) -> Response:
    """Show the form for the code, in the browser that asked for it."""
    if not request.cookies.get(_ask_cookie(context)):
        raise Elsewhere(SIGN_IN)
    return page("sign_in_code.html", wrong=False)


@router.post(CODE_PATH)
def use_code(
    request: Request,
    context: Shared,
    entering: Entering,
    code: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Let in whoever types the right code."""
    value = request.cookies.get(_ask_cookie(context), "")
    entered = signing_in.by_code(context, value, code, entering)
    return let_in(context, entered) if entered else page("sign_in_code.html", status=401, wrong=True)


@router.api_route(LINK_PATH + "{link}", methods=READ)
def open_link(context: Shared, link: Annotated[str, Path(max_length=100)]) -> Response:
    """Show who would sign in by a mailed link, and a button. Nothing changes."""
    now = context.clock()
    with reading(context.database) as connection:
        person = sign_in_codes.of_link(connection, link, now)
        known = people.person(connection, person) if person else None
    if known is None:
        return door(context, HOME, "link", 410)
    return page("sign_in_link.html", name=known.name, link=link)


@router.post(LINK_PATH + "{link}")
def use_link(context: Shared, entering: Entering, link: Annotated[str, Path(max_length=100)]) -> Response:
    """Let in whoever presses the button."""
    entered = signing_in.by_link(context, link, entering)
    return let_in(context, entered) if entered else door(context, HOME, "link", 410)


@router.post(f"{SIGN_IN}/token")
def use_token(
    context: Shared,
    entering: Entering,
    token: Annotated[str, Form(max_length=500)] = "",
    to: FormTo = HOME,
) -> Response:
    """Let in whoever holds a token; the browser keeps a session and not the token."""
    entered = signing_in.by_token(context, token.strip(), local(to), entering)
    if entered is None:
        return door(context, local(to), "token", 401)
    return let_in(context, entered)


@router.post("/sign-out")
def sign_out(request: Request, context: Shared) -> Response:
    """End the session, and let the browser forget it."""
    with writing(context.database) as connection:
        signing_in.leave(connection, request.cookies.get(cookie_name(context), ""), context.clock())
    response = RedirectResponse(SIGN_IN, status_code=303)
    drop_cookie(response, context, cookie_name(context))
    return response


def door(context: Context, to: str, wrong: str = "", status: int = 200, provider: str = "") -> Response:
    """Give the page with all ways to sign in; `wrong` says which one failed, and `provider` at whom."""
    known = [each.settings for each in context.providers.values()]
    return page(
        "sign_in.html",
        status=status,
        to=to,
        wrong=wrong,
        providers=known,
        provider=provider,
        passkeys_here=house(context.settings.public_url) is not None,
    )


def let_in(context: Context, entered: Entered) -> Response:
    """Lead to the page that was asked for, with the new session's cookie."""
    response = RedirectResponse(entered.leads_to, status_code=303)
    seconds = int((entered.session.expires_at - entered.session.opened_at).total_seconds())
    keep_cookie(response, context, cookie_name(context), entered.secret, seconds)
    drop_cookie(response, context, _ask_cookie(context))
    return response


def _ask_cookie(context: Context) -> str:
    return cookie_name(context, ASK)
