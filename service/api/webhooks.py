"""Webhooks: who outside is told of what happens, how each message fared, and sending it again."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from sqlalchemy import Connection

from notifications.outgoing.addresses import MOST_URL
from notifications.wording import N_
from remediation.hooks import Sees, Topic
from service import hooking
from service.api.bodies import Id
from service.api.orders import IdempotencyKey
from service.auth import SignedIn
from service.context import Context, Shared
from service.hooking import MOST_DESCRIPTION
from service.problems import documented, not_found
from storage import deliveries
from storage.database import reading
from storage.deliveries import Delivery, DeliveryState, Try
from storage.hooks import Hook, HookState, Why

router = APIRouter(prefix="/api/v1/webhooks", tags=["webhooks"], max_body_size=16 * 1024)

One = Annotated[str, Path(description="The webhook's id.", max_length=100)]
Message = Annotated[str, Path(description="The delivery's id, which is the message's.", max_length=100)]
Url = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_URL)]
Description = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_DESCRIPTION)]
Topics = Annotated[tuple[Topic, ...], Field(max_length=len(Topic))]
MOST = 100


class Register(BaseModel):
    """A webhook to be made."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    programme: Id
    factory: Id | None = Field(None, description="Only of this factory; else of the whole programme.")
    sees: Sees = Field(
        description="With whose eyes: `staff` and `factory` are told what happens, as far as staff or the "
        "factory may know; `status` only that the standing of a finding has changed."
    )
    url: Url = Field(description=N_("Where messages go. It begins with https://."))
    description: Description = Field("", description=N_("What it is for, in words."))
    topics: Topics = Field((), description="What messages are about; all topics without any.")


class Correct(BaseModel):
    """What of a webhook is to be otherwise. What is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Url | None = None
    description: Description | None = None
    topics: Topics | None = None


class Since(BaseModel):
    """From when on to send again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: AwareDatetime = Field(description="When what the messages are about happened, or later.")


class WebhookShape(BaseModel):
    """A webhook, and how it is doing. Its secret is told once, when it is made."""

    id: str
    programme: str
    factory: str | None
    sees: Sees
    url: str
    description: str
    topics: list[Topic]
    state: HookState
    why: Why | None = Field(description="Why it was stopped.")
    made_by: str = Field(description="The id of who made it.")
    made_at: AwareDatetime
    failures: int = Field(description="How many tries failed in a row until now.")
    failing_since: AwareDatetime | None
    rests_until: AwareDatetime | None = Field(description="Until then the receiver is left in peace.")
    former_secret_until: AwareDatetime | None = Field(
        description="How long messages are signed with the former secret, too."
    )
    waiting: int = Field(description="Messages that wait.")
    given_up: int = Field(description="Messages that were given up.")


class WithSecret(BaseModel):
    """A webhook with its new secret, which is told this once; null where it was told before."""

    webhook: WebhookShape
    secret: str | None


class WebhookList(BaseModel):
    """Webhooks, the oldest first."""

    items: list[WebhookShape]


class TryShape(BaseModel):
    """How one try went."""

    at: AwareDatetime
    status: int | None = Field(description="The status that was answered; null without an answer.")
    milliseconds: int
    fault: str = Field(description="What was wrong; empty where nothing was.")


class DeliveryShape(BaseModel):
    """A message to a webhook: what it is about, and how it fared. `id` is its `webhook-id`."""

    id: str
    kind: str = Field(description="The kind of what happened, or `test`.")
    finding: str | None
    sequence: int | None = Field(description="Which entry of the finding's story it is about.")
    at: AwareDatetime = Field(description="When that happened.")
    state: DeliveryState
    next_try_at: AwareDatetime | None
    tries: list[TryShape]


class DeliveryPage(BaseModel):
    """A page of deliveries, the newest first. `next` is a value of `before`."""

    items: list[DeliveryShape]
    next: str | None


class SentAgain(BaseModel):
    """How many messages are sent again."""

    count: int


@router.get("", summary="List webhooks", responses=documented())
def list_webhooks(context: Shared, caller: SignedIn) -> WebhookList:
    """Give the webhooks that the caller manages."""
    with reading(context.database) as connection:
        return WebhookList(items=[shape(connection, each) for each in hooking.managed(connection, caller)])


@router.post(
    "",
    summary="Register a webhook",
    status_code=201,
    responses={
        200: {"model": WithSecret, "description": "It was made before with this key."},
        **documented(400, 403, 404, 409, 413),
    },
)
def register_webhook(
    context: Shared, caller: SignedIn, body: Register, key: IdempotencyKey, response: Response
) -> WithSecret:
    """Let another system be told of a programme's findings. Keep the secret: messages are signed with it."""
    wanted = hooking.Wanted(
        programme=body.programme,
        factory=body.factory or "",
        sees=body.sees,
        url=body.url,
        description=body.description,
        topics=body.topics,
    )
    hook, secret = hooking.register(context, caller, wanted, key)
    response.status_code = 201 if secret else 200
    return _with_secret(context, hook, secret)


@router.get("/{webhook}", summary="One webhook", responses=documented(404))
def one_webhook(context: Shared, caller: SignedIn, webhook: One) -> WebhookShape:
    """Give a webhook, and how it is doing."""
    return _shown(context, caller, webhook)


@router.patch("/{webhook}", summary="Change a webhook", responses=documented(400, 404, 413))
def change_webhook(context: Shared, caller: SignedIn, webhook: One, body: Correct) -> WebhookShape:
    """Change where messages go, what it is for, or what they are about. What waits goes there, too."""
    wanted = hooking.Corrected(url=body.url, description=body.description, topics=body.topics)
    hooking.change(context, caller, webhook, wanted)
    return _shown(context, caller, webhook)


@router.delete("/{webhook}", summary="End a webhook", status_code=204, responses=documented(404))
def end_webhook(context: Shared, caller: SignedIn, webhook: One) -> None:
    """End it for good. What waits is not sent any more."""
    hooking.end(context, caller, webhook)


@router.post("/{webhook}/pause", summary="Pause a webhook", responses=documented(404))
def pause_webhook(context: Shared, caller: SignedIn, webhook: One) -> WebhookShape:
    """Let messages wait, for thirty days at most."""
    hooking.pause(context, caller, webhook)
    return _shown(context, caller, webhook)


@router.post("/{webhook}/resume", summary="Resume a webhook", responses=documented(404))
def resume_webhook(context: Shared, caller: SignedIn, webhook: One) -> WebhookShape:
    """Let messages leave again, of a webhook that was paused or stopped. All that waits is tried at once."""
    hooking.resume(context, caller, webhook)
    return _shown(context, caller, webhook)


@router.post("/{webhook}/rotate", summary="Make another secret", responses=documented(404, 409))
def rotate_secret(context: Shared, caller: SignedIn, webhook: One) -> WithSecret:
    """Make another secret. For a day messages are signed with both."""
    hook, secret = hooking.rotate(context, caller, webhook)
    return _with_secret(context, hook, secret)


@router.post(
    "/{webhook}/test", summary="Send a test message", status_code=202, responses=documented(404, 409)
)
def test_webhook(context: Shared, caller: SignedIn, webhook: One) -> DeliveryShape:
    """Send a message that only shows that messages arrive. It is tried once."""
    return _delivery_shape(context, hooking.test(context, caller, webhook))


@router.post(
    "/{webhook}/resend",
    summary="Send all again since a time",
    status_code=202,
    responses=documented(400, 404, 413),
)
def resend_since(context: Shared, caller: SignedIn, webhook: One, body: Since) -> SentAgain:
    """Send again all messages about what happened since a time. Each keeps its id."""
    return SentAgain(count=hooking.send_since(context, caller, webhook, body.since))


@router.get("/{webhook}/deliveries", summary="The delivery log", responses=documented(404))
def list_deliveries(
    context: Shared,
    caller: SignedIn,
    webhook: One,
    before: Annotated[
        str | None, Query(max_length=100, description="`next` of the page before; none for the first.")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 50,
) -> DeliveryPage:
    """Give the messages of the last thirty days, the newest first, and how each try went."""
    hook = hooking.opened(context, caller, webhook)
    with reading(context.database) as connection:
        after = deliveries.find(connection, hook.id, before) if before else None
        if before and after is None:
            raise not_found("This delivery")
        found = deliveries.page(connection, hook.id, limit + 1, after)
        items = delivery_shapes(connection, found[:limit])
    return DeliveryPage(items=items, next=items[-1].id if len(found) > limit else None)


@router.post(
    "/{webhook}/deliveries/{delivery}/resend",
    summary="Send one message again",
    status_code=202,
    responses=documented(404),
)
def resend_one(context: Shared, caller: SignedIn, webhook: One, delivery: Message) -> DeliveryShape:
    """Send a message again, with the same id."""
    return _delivery_shape(context, hooking.send_again(context, caller, webhook, delivery))


def shape(connection: Connection, hook: Hook) -> WebhookShape:
    """Give a webhook as it is shown."""
    counts = deliveries.counts(connection, hook.id)
    return WebhookShape(
        id=hook.id,
        programme=hook.programme,
        factory=hook.factory or None,
        sees=hook.sees,
        url=hook.url,
        description=hook.description,
        topics=list(hook.topics),
        state=hook.state,
        why=hook.why,
        made_by=hook.by,
        made_at=hook.made_at,
        failures=hook.failures,
        failing_since=hook.failing_since,
        rests_until=hook.rests_until,
        former_secret_until=hook.former_until,
        waiting=counts[DeliveryState.WAITING],
        given_up=counts[DeliveryState.GIVEN_UP],
    )


def delivery_shapes(connection: Connection, found: tuple[Delivery, ...]) -> list[DeliveryShape]:
    """Give deliveries as they are shown."""
    tries = deliveries.tries_of(connection, [each.id for each in found])
    return [_delivery(each, tries.get(each.id, ())) for each in found]


def _delivery(each: Delivery, tries: tuple[Try, ...]) -> DeliveryShape:
    return DeliveryShape(
        id=each.id,
        kind=each.kind,
        finding=each.finding or None,
        sequence=each.seq if each.finding else None,
        at=each.at,
        state=each.state,
        next_try_at=each.next_try_at if each.state is DeliveryState.WAITING else None,
        tries=[
            TryShape(at=one.at, status=one.status, milliseconds=one.milliseconds, fault=one.fault)
            for one in tries
        ],
    )


def _delivery_shape(context: Context, delivery: Delivery) -> DeliveryShape:
    with reading(context.database) as connection:
        return delivery_shapes(connection, (delivery,))[0]


def _shown(context: Context, caller: SignedIn, webhook: str) -> WebhookShape:
    hook = hooking.opened(context, caller, webhook)
    with reading(context.database) as connection:
        return shape(connection, hook)


def _with_secret(context: Context, hook: Hook, secret: str | None) -> WithSecret:
    with reading(context.database) as connection:
        return WithSecret(webhook=shape(connection, hook), secret=secret)
