"""Choosing a language: before signing in for this browser, on one's own page for pages and letters alike."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import RedirectResponse

from notifications.languages import SOURCE, known
from service.context import Shared
from service.directing import note_change
from service.pages.session import HOME, LANGUAGE, Visiting, cookie_name, keep_cookie, local
from storage import people
from storage.changes import Changed
from storage.database import writing

router = APIRouter(include_in_schema=False, max_body_size=8 * 1024)

KEPT = timedelta(days=365)
Chosen = Annotated[str, Form(alias="language", max_length=20)]


@router.post("/language")
def choose(
    context: Shared, chosen: Chosen = SOURCE, to: Annotated[str, Form(max_length=700)] = HOME
) -> Response:
    """Let this browser keep a language for whoever is not signed in, and lead back."""
    response = RedirectResponse(local(to), status_code=303)
    seconds = int(KEPT.total_seconds())
    keep_cookie(response, context, cookie_name(context, LANGUAGE), known(chosen) or SOURCE, seconds)
    return response


@router.post("/me/language")
def choose_own(context: Shared, visiting: Visiting, chosen: Chosen = "") -> Response:
    """Write to the visitor in another language from now on. One that we have not changes nothing."""
    code, own = known(chosen), visiting.caller.person
    if code is not None:
        corrected = replace(own, language=code)
        with writing(context.database) as connection:
            people.save_person(connection, corrected)
            note_change(connection, visiting.caller, context.clock(), Changed.PERSON, own.id, own, corrected)
    return RedirectResponse("/me", status_code=303)
