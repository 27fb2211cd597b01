"""One's own page: where one is signed in, what happened at the door, and the way out of each session."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path, Response
from fastapi.responses import RedirectResponse

from notifications.wording import N_
from remediation.permissions import Action, reach
from service import signing_in
from service.account_entry import unlink
from service.context import Context, Shared
from service.pages.rendering import page
from service.pages.session import SIGN_IN, Visit, Visiting, cookie_name, drop_cookie
from service.passkeys import LONGEST_NAME, PASSKEY, house
from service.pins import FRESH, set_pin
from service.problems import not_found
from service.speaking import say
from storage import accounts, passkeys, people, pins, sessions, sign_in_events
from storage.database import reading, writing

ME = "/me"

router = APIRouter(prefix=ME, include_in_schema=False, max_body_size=8 * 1024)

MEANS = {
    "code": N_("by a mailed code"),
    "link": N_("by a mailed link"),
    "token": N_("by a token"),
    "account": N_("by your organisation's account"),
    PASSKEY: N_("by a passkey"),
}
HAPPENED = {
    "signed_in": N_("Signed in"),
    "signed_out": N_("Signed out"),
    "revoked": N_("A session was ended"),
    "invited": N_("You were invited"),
    "address_changed": N_("Your address was changed"),
    "pin_set": N_("Your PIN was set"),
    "pin_used": N_("Your PIN was typed to vote"),
    "pin_wrong": N_("A wrong PIN was typed for you"),
    "account_linked": N_("An account of your organisation was linked to you"),
    "account_unlinked": N_("The link of your organisation's account was undone"),
    "passkey_added": N_("A passkey of yours was added"),
    "passkey_renamed": N_("A passkey of yours was given another name"),
    "passkey_removed": N_("A passkey of yours was removed"),
}


@router.api_route("", methods=["GET", "HEAD"])
def own_page(context: Shared, visiting: Visiting) -> Response:
    """Show one's sessions, the one of this browser among them, and what happened of late."""
    return own(context, visiting)


def own(context: Context, visiting: Visit, trouble: str = "", about: str = "") -> Response:
    """Give one's own page; `trouble` says what went wrong in a part of it: `pin` or `passkeys`."""
    now, person = context.clock(), visiting.caller.person
    with reading(context.database) as connection:
        held = sessions.of_person(connection, person.id, now)
        events = sign_in_events.of_person(connection, person.id)
        others = people.people_of(
            connection, [each.by for each in events if each.by not in {None, person.id}]
        )
        pin = pins.of_person(connection, person.id)
        linked = accounts.of_person(connection, person.id)
        keys = passkeys.of_person(connection, person.id)
    return page(
        "me.html",
        status=422 if trouble else 200,
        viewer=person,
        here=visiting.session.id,
        sessions=held,
        events=events,
        names={each: known.name for each, known in others.items()},
        means=MEANS,
        invites=not reach(visiting.caller.actor, Action.MANAGE_FACTORY).nowhere,
        happened=HAPPENED,
        pin=pin,
        accounts=linked,
        organisations={each.settings.issuer: each.settings.name for each in context.providers.values()},
        passkeys=keys,
        passkeys_here=house(context.settings.public_url) is not None,
        longest_name=LONGEST_NAME,
        shared=visiting.session.shared,
        fresh=fresh(visiting, now),
        trouble=trouble,
        about=about,
    )


def fresh(visiting: Visit, now: datetime) -> bool:
    """Tell whether somebody has signed in just now: what lets them in later is set only then."""
    return now - visiting.session.opened_at < FRESH


@router.post("/pin")
def set_own_pin(
    context: Shared,
    visiting: Visiting,
    pin: Annotated[str, Form(max_length=100)] = "",
    again: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Set one's PIN, typed twice, within minutes after signing in."""
    if not fresh(visiting, context.clock()):
        return own(
            context, visiting, say("Sign out and in again first: a PIN is set soon after signing in."), "pin"
        )
    if pin != again:
        return own(context, visiting, say("The two PINs are not the same. Type the same one twice."), "pin")
    try:
        set_pin(context, visiting.caller.person.id, pin)
    except ValueError as error:
        return own(context, visiting, str(error), "pin")
    return RedirectResponse(ME, status_code=303)


@router.post("/accounts/unlink")
def unlink_account(
    context: Shared, visiting: Visiting, issuer: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Undo the link of one's account at a provider. Raises the problem 404 where there is none."""
    if not unlink(context, visiting.caller.person.id, issuer):
        raise not_found("This account")
    return RedirectResponse(ME, status_code=303)


@router.post("/sessions/end-others")
def end_others(context: Shared, visiting: Visiting) -> Response:
    """End all of one's sessions but this browser's."""
    now = context.clock()
    with writing(context.database) as connection:
        for each in sessions.of_person(connection, visiting.caller.person.id, now):
            if each.id != visiting.session.id:
                signing_in.revoke(connection, each, now)
    return RedirectResponse(ME, status_code=303)


@router.post("/sessions/{session}/end")
def end_one(context: Shared, visiting: Visiting, session: Annotated[str, Path(max_length=100)]) -> Response:
    """End one of one's sessions. Raises the problem 404 for one that is not one's own, or has ended."""
    now = context.clock()
    with writing(context.database) as connection:
        held = sessions.of_person(connection, visiting.caller.person.id, now)
        found = next((each for each in held if each.id == session), None)
        if found is None:
            raise not_found("This session")
        signing_in.revoke(connection, found, now)
    response = RedirectResponse(SIGN_IN if found.id == visiting.session.id else ME, status_code=303)
    if found.id == visiting.session.id:
        drop_cookie(response, context, cookie_name(context))
    return response
