"""Webhooks in the browser: registered, watched, paused, tested, and their messages sent again."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Path, Query, Response
from fastapi.responses import RedirectResponse

from remediation.hooks import Sees, Topic
from remediation.permissions import Action, Reach, reach
from service import hooking
from service.api.webhooks import delivery_shapes, shape
from service.auth import Caller
from service.context import Context, Shared
from service.hooking import Corrected, Wanted
from service.pages import hook_words
from service.pages.findings import READ
from service.pages.keys import new_key
from service.pages.rendering import page
from service.pages.session import Viewer
from service.problems import ProblemError, not_found
from storage import deliveries, people, programmes
from storage.database import reading
from storage.hooks import Hook

router = APIRouter(prefix="/webhooks", include_in_schema=False, max_body_size=16 * 1024)

One = Annotated[str, Path(max_length=100)]
Topics = Annotated[list[Topic], Form(max_length=len(Topic))]
Typed = Annotated[str, Form(max_length=600)]
Key = Annotated[str, Form(pattern=r"^[\x21-\x7e]{1,180}$")]
AT_ONCE = 25


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it was typed, and what was wrong with it."""

    programme: str = ""
    factory: str = ""
    sees: str = Sees.STAFF.value
    url: str = ""
    description: str = ""
    topics: tuple[Topic, ...] = ()
    trouble: ProblemError | None = None

    @property
    def wrong(self) -> dict[str, str]:
        """What was wrong, by field."""
        errors = (self.trouble.problem.errors or ()) if self.trouble else ()
        return {each.field: each.message for each in errors}


@router.api_route("", methods=READ)
def webhooks_page(context: Shared, viewer: Viewer) -> Response:
    """Show the webhooks of the viewer's programmes. Raises the problem 404 for who manages none."""
    return _listed(context, viewer, Filled())


@router.post("")
def register(  # noqa: PLR0913 - what the form holds
    context: Shared,
    viewer: Viewer,
    programme: Annotated[str, Form(max_length=100)],
    sees: Annotated[Sees, Form()],
    key: Key,
    url: Typed = "",
    factory: Annotated[str, Form(max_length=100)] = "",
    description: Annotated[str, Form(max_length=hooking.MOST_DESCRIPTION)] = "",
    topics: Topics = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Make a webhook, and show its secret this once."""
    filled = Filled(programme, factory, sees.value, url, description, tuple(topics))
    wanted = Wanted(
        programme=programme,
        factory=factory,
        sees=sees,
        url=url.strip(),
        description=description.strip(),
        topics=tuple(topics),
    )
    try:
        hook, secret = hooking.register(context, viewer, wanted, key)
    except ProblemError as trouble:
        if trouble.problem.status not in {409, 422}:
            raise
        return _listed(context, viewer, replace(filled, trouble=trouble))
    return _shown(context, viewer, hook.id, secret=secret or "")


@router.api_route("/{webhook}", methods=READ)
def webhook_page(
    context: Shared,
    viewer: Viewer,
    webhook: One,
    before: Annotated[str, Query(max_length=100)] = "",
) -> Response:
    """Show one webhook: how it is doing, its log, and what can be done with it."""
    return _shown(context, viewer, webhook, before=before)


@router.post("/{webhook}/change")
def change(  # noqa: PLR0913 - what the form holds
    context: Shared,
    viewer: Viewer,
    webhook: One,
    url: Typed = "",
    description: Annotated[str, Form(max_length=hooking.MOST_DESCRIPTION)] = "",
    topics: Topics = [],  # noqa: B006 - FastAPI copies it
) -> Response:
    """Change a webhook."""
    typed = Corrected(url=url.strip(), description=description.strip(), topics=tuple(topics))
    try:
        hooking.change(context, viewer, webhook, typed)
    except ProblemError as trouble:
        if trouble.problem.errors is None:
            raise
        filled = Filled(url=url, description=description, topics=tuple(topics), trouble=trouble)
        return _shown(context, viewer, webhook, filled=filled)
    return _back(webhook)


@router.post("/{webhook}/pause")
def pause(context: Shared, viewer: Viewer, webhook: One) -> Response:
    """Let messages wait."""
    hooking.pause(context, viewer, webhook)
    return _back(webhook)


@router.post("/{webhook}/resume")
def resume(context: Shared, viewer: Viewer, webhook: One) -> Response:
    """Let messages leave again."""
    hooking.resume(context, viewer, webhook)
    return _back(webhook)


@router.post("/{webhook}/test")
def send_test(context: Shared, viewer: Viewer, webhook: One) -> Response:
    """Send a test message."""
    hooking.test(context, viewer, webhook)
    return _back(f"{webhook}#log")


@router.post("/{webhook}/rotate")
def rotate(context: Shared, viewer: Viewer, webhook: One) -> Response:
    """Make another secret, and show it this once."""
    hook, secret = hooking.rotate(context, viewer, webhook)
    return _shown(context, viewer, hook.id, secret=secret)


@router.post("/{webhook}/resend")
def resend(context: Shared, viewer: Viewer, webhook: One, since: Annotated[date, Form()]) -> Response:
    """Send all again since a day, which begins at midnight UTC."""
    hooking.send_since(context, viewer, webhook, datetime.combine(since, time(), UTC))
    return _back(f"{webhook}#log")


@router.post("/{webhook}/deliveries/{delivery}/resend")
def resend_one(context: Shared, viewer: Viewer, webhook: One, delivery: One) -> Response:
    """Send one message again."""
    hooking.send_again(context, viewer, webhook, delivery)
    return _back(f"{webhook}#log")


@router.post("/{webhook}/end")
def end(context: Shared, viewer: Viewer, webhook: One) -> Response:
    """End a webhook for good."""
    hooking.end(context, viewer, webhook)
    return RedirectResponse("/webhooks", status_code=303)


def _back(webhook: str) -> Response:
    return RedirectResponse(f"/webhooks/{webhook}", status_code=303)


def _listed(context: Context, viewer: Caller, filled: Filled) -> Response:
    where = reach(viewer.actor, Action.MANAGE_HOOKS)
    if not (where.everywhere or where.programmes):
        raise not_found()
    with reading(context.database) as connection:
        own = [
            each
            for each in programmes.all_programmes(connection)
            if where.everywhere or each.id in where.programmes
        ]
        known = programmes.names_within(connection, Reach(programmes=frozenset(each.id for each in own)))
        items = [shape(connection, each) for each in hooking.managed(connection, viewer)]
    return page(
        "webhooks.html",
        status=filled.trouble.problem.status if filled.trouble else 200,
        viewer=viewer.person,
        hooks=items,
        hosts={each.id: urlsplit(each.url).hostname for each in items},
        programmes=own,
        factories=known,
        names={each.id: each.name for each in own} | known,
        form=filled,
        key=new_key(),
        words=hook_words,
    )


def _shown(  # noqa: PLR0913 - what the page shows besides the webhook
    context: Context,
    viewer: Caller,
    webhook: str,
    *,
    before: str = "",
    secret: str = "",
    filled: Filled | None = None,
) -> Response:
    hook = hooking.opened(context, viewer, webhook)
    with reading(context.database) as connection:
        after = deliveries.find(connection, hook.id, before) if before else None
        found = deliveries.page(connection, hook.id, AT_ONCE + 1, after)
        log = delivery_shapes(connection, found[:AT_ONCE])
        maker = people.person(connection, hook.by)
        programme = programmes.programme(connection, hook.programme)
        factory = programmes.factory(connection, hook.factory) if hook.factory else None
        shown = shape(connection, hook)
    return page(
        "webhook.html",
        status=422 if filled and filled.trouble else 200,
        viewer=viewer.person,
        hook=shown,
        log=log,
        more=log[-1].id if len(found) > AT_ONCE else "",
        maker=maker.name if maker else hook.by,
        place=factory.name if factory else programme.name if programme else hook.programme,
        secret=secret,
        form=filled or _as_it_is(hook),
        rotating=hook.former_until is not None and context.clock() < hook.former_until,
        words=hook_words,
    )


def _as_it_is(hook: Hook) -> Filled:
    return Filled(url=hook.url, description=hook.description, topics=hook.topics)
