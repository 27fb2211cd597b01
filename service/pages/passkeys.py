"""Passkeys on pages: signing in with one, and adding, naming and removing one's own.

The script asks the device, and sends its answer as a field of an ordinary form.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from service.context import Context, Shared
from service.pages.me import ME, fresh, own
from service.pages.session import HOME, SIGN_IN, Visit, Visiting, cookie_name, drop_cookie, keep_cookie, local
from service.pages.sign_in import Entering, FormTo, door, let_in
from service.passkeys import (
    LONGEST_NAME,
    Asked,
    House,
    add,
    ask_to_add,
    ask_to_sign_in,
    by_passkey,
    house,
    remove,
    rename,
)
from service.problems import not_found
from service.speaking import say
from service.visitors import Knocking
from storage.passkeys import ANSWERED_WITHIN

ENTER = f"{SIGN_IN}/passkey"
OWN = f"{ME}/passkeys"

router = APIRouter(include_in_schema=False, max_body_size=16 * 1024)

Credential = Annotated[str, Form(max_length=12_000)]
Name = Annotated[str, Form(max_length=LONGEST_NAME)]
Id = Annotated[str, Path(max_length=100)]


def here(context: Shared) -> House:
    """Give where passkeys are for. Raises the problem 404 where browsers have none."""
    at = house(context.settings.public_url)
    if at is None:
        raise not_found("This way to sign in")
    return at


Here = Annotated[House, Depends(here)]


@router.post(f"{ENTER}/challenge")
def challenge_to_sign_in(context: Shared, at: Here, knocking: Knocking) -> Response:
    """Give what the browser's device is asked, whoever's it is. Raises the problem 429."""
    return _asked(context, ask_to_sign_in(context, at, knocking))


@router.post(ENTER)
def use_passkey(  # noqa: PLR0913 - what comes with the form
    request: Request,
    context: Shared,
    at: Here,
    entering: Entering,
    credential: Credential = "",
    to: FormTo = HOME,
) -> Response:
    """Let in whoever's passkey has signed what this browser was asked."""
    entered = by_passkey(context, at, (_challenge(request, context), credential), local(to), entering)
    if entered is None:
        return _done(context, door(context, local(to), "passkey", 401))
    return _done(context, let_in(context, entered))


@router.post(f"{OWN}/challenge")
def challenge_to_add(context: Shared, visiting: Visiting, at: Here) -> Response:
    """Give what one's device is asked, to make a passkey."""
    why = _why_not_now(context, visiting)
    if why:
        return own(context, visiting, why, "passkeys")
    return _asked(context, ask_to_add(context, at, visiting.caller.person))


@router.post(OWN)
def add_own(  # noqa: PLR0913 - what comes with the form
    request: Request,
    context: Shared,
    visiting: Visiting,
    at: Here,
    knocking: Knocking,
    credential: Credential = "",
    name: Name = "",
) -> Response:
    """Add the passkey that one's device has made, within minutes after signing in."""
    why = _why_not_now(context, visiting)
    if why:
        return own(context, visiting, why, "passkeys")
    answer = (_challenge(request, context), credential)
    try:
        add(context, at, visiting.caller.person.id, _plain(name) or knocking.device, answer)
    except ValueError as error:
        return _done(context, own(context, visiting, str(error), "passkeys"))
    return _done(context, RedirectResponse(ME, status_code=303))


@router.post(f"{OWN}/{{passkey}}/rename")
def rename_own(context: Shared, visiting: Visiting, passkey: Id, name: Name = "") -> Response:
    """Give one of one's passkeys another name. Raises the problem 404 for one that is not one's own."""
    plain = _plain(name)
    if plain and not rename(context, visiting.caller.person.id, passkey, plain):
        raise not_found("This passkey")
    if not plain:
        return own(context, visiting, say("Give the passkey a name, such as the device's."), "passkeys")
    return RedirectResponse(ME, status_code=303)


@router.post(f"{OWN}/{{passkey}}/remove")
def remove_own(context: Shared, visiting: Visiting, passkey: Id) -> Response:
    """Let a passkey open nothing any more. Raises the problem 404 for one that is not one's own."""
    if not remove(context, visiting.caller.person.id, passkey):
        raise not_found("This passkey")
    return RedirectResponse(ME, status_code=303)


def _why_not_now(context: Context, visiting: Visit) -> str:
    if visiting.session.shared:
        return say("A passkey on a device that other people use, too, would let them in as you.")
    if not fresh(visiting, context.clock()):
        return say("Sign out and in again first: a passkey is added soon after signing in.")
    return ""


def _plain(name: str) -> str:
    """Give a name on one line, without the null that no database takes."""
    return " ".join(name.replace("\0", " ").split())


def _asked(context: Context, asked: Asked) -> Response:
    response = Response(asked.options, media_type="application/json")
    seconds = int(ANSWERED_WITHIN.total_seconds())
    keep_cookie(response, context, _cookie(context), asked.challenge, seconds)
    return response


def _challenge(request: Request, context: Context) -> str:
    return request.cookies.get(_cookie(context), "")


def _done(context: Context, response: Response) -> Response:
    drop_cookie(response, context, _cookie(context))
    return response


def _cookie(context: Context) -> str:
    return cookie_name(context, "mendwork-passkey")
