"""Signing in by an account of one's organisation: the way to its provider, and the way back.

The way there changes nothing here: the browser keeps what was begun, and only it can come back.
"""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from service.account_entry import Mismatch, by_account
from service.context import Context, Shared
from service.pages.session import HOME, SIGN_IN, cookie_name, drop_cookie, keep_cookie, local
from service.pages.sign_in import door, let_in
from service.problems import not_found
from service.providers import Begun, Provider, ProviderSilentError, begin, packed, unpacked
from service.signing_in import Entered, Entry
from service.visitors import Knocking

AWAY = f"{SIGN_IN}/with/{{provider}}"
BACK = f"{AWAY}/back"
BEGUN = "mendwork-begun"
MINUTES = 15
SILENT = "provider_silent"

router = APIRouter(include_in_schema=False)

Named = Annotated[str, Path(max_length=30)]
Given = Annotated[str, Query(max_length=2000)]


@router.get(AWAY)
def leave_for_provider(
    context: Shared,
    provider: Named,
    to: Annotated[str, Query(max_length=500)] = HOME,
    shared: Annotated[bool, Query()] = False,  # noqa: FBT002 - a part of an address
) -> Response:
    """Send the browser to the provider, with what binds the answer to it. Raises the problem 404."""
    known, begun = _known(context, provider), begin(local(to), shared=shared)
    try:
        address = known.address(begun)
    except ProviderSilentError:
        return door(context, begun.leads_to, SILENT, 503, known.settings.name)
    response = RedirectResponse(address, status_code=303)
    keep_cookie(response, context, _cookie(context), packed(begun), MINUTES * 60)
    return response


@router.get(BACK)
def come_back(  # noqa: PLR0913 - what a provider sends
    request: Request,
    context: Shared,
    knocking: Knocking,
    provider: Named,
    state: Given = "",
    code: Given = "",
    error: Given = "",
) -> Response:
    """Let in whoever comes back from the provider with an answer to what this browser has begun."""
    known, begun = _known(context, provider), unpacked(request.cookies.get(_cookie(context), ""))
    if begun is None or not known.began(begun, state):
        return door(context, HOME, Mismatch.STALE, 401, known.settings.name)
    begun = replace(begun, leads_to=local(begun.leads_to))
    before = request.cookies.get(cookie_name(context), "")
    entry = Entry(visitor=knocking, shared=begun.shared, before=before)
    entered: Entered | str
    try:
        entered = by_account(context, known, begun, "" if error else code, entry)
    except ProviderSilentError:
        entered = SILENT
    response = (
        let_in(context, entered) if isinstance(entered, Entered) else _again(context, known, begun, entered)
    )
    drop_cookie(response, context, _cookie(context))
    return response


def _known(context: Context, provider: str) -> Provider:
    known = context.providers.get(provider)
    if known is None:
        raise not_found("This way to sign in")
    return known


def _again(context: Context, known: Provider, begun: Begun, wrong: str) -> Response:
    status = 503 if wrong == SILENT else 401
    return door(context, begun.leads_to, wrong, status, known.settings.name)


def _cookie(context: Context) -> str:
    return cookie_name(context, BEGUN)
