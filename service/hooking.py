"""What people do with webhooks: the pages and the API come through here."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from notifications.outgoing.addresses import fault_of
from remediation.hooks import Sees, Topic, lends_no_better
from remediation.permissions import Action, Thing, can, reach
from remediation.words import FactoryId, ProgrammeId
from service.auth import Caller, permit
from service.context import Context
from service.directing import note_change
from service.problems import FieldProblem, ProblemError, invalid, not_found
from service.receiving import key_reused
from service.speaking import say
from storage import deliveries, hooks, programmes
from storage.changes import Changed
from storage.commands import by_key
from storage.database import reading, writing
from storage.deliveries import Delivery
from storage.hooks import Hook, HookState

MOST_OF_A_PROGRAMME = 50
MOST_DESCRIPTION = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A webhook as somebody asks for it: of a factory, or of the whole programme where that is empty."""

    programme: str
    factory: str
    sees: Sees
    url: str
    description: str
    topics: tuple[Topic, ...]


def register(context: Context, caller: Caller, wanted: Wanted, key: str) -> tuple[Hook, str | None]:
    """Make a webhook, and give it with its secret, which is told this once; safe to repeat with the same key.

    Raises the problems 403, 404, 409 and 422.
    """
    now = context.clock()
    with writing(context.database) as connection:
        programme = _manageable(connection, caller, wanted.programme)
        hook = Hook(
            id=by_key(caller.person.id, key),
            programme=programme,
            factory=_factory(connection, programme, wanted.factory),
            sees=_lend(caller, programme, wanted.factory, wanted.sees),
            url=_address(context, wanted.url),
            description=wanted.description,
            topics=tuple(sorted(set(wanted.topics))),
            state=HookState.ACTIVE,
            why=None,
            by=caller.person.id,
            made_at=now,
        )
        known = hooks.find(connection, hook.id)
        if known is not None:
            if _asked(known) != _asked(hook):
                raise key_reused()
            return known, None
        if len(hooks.of_programme(connection, programme)) >= MOST_OF_A_PROGRAMME:
            raise _too_many()
        secret = hooks.new_secret()
        if not hooks.make(connection, hook, secret):
            raise key_reused()  # its webhook was ended
        note_change(connection, caller, now, Changed.WEBHOOK, hook.id, None, _noted(hook))
    return hook, secret


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What can be changed of a webhook; None leaves it as it is."""

    url: str | None = None
    description: str | None = None
    topics: tuple[Topic, ...] | None = None


def change(context: Context, caller: Caller, hook: str, wanted: Corrected) -> None:
    """Let a webhook go elsewhere, be described otherwise, or be about other topics."""
    with _changing(context, caller, hook) as (connection, known, _):
        url = known.url if wanted.url is None else _address(context, wanted.url)
        if url != known.url:
            _lend(caller, known.programme, known.factory, known.sees, field="url")
        description = known.description if wanted.description is None else wanted.description
        topics = known.topics if wanted.topics is None else wanted.topics
        hooks.change(connection, hook, url, description, topics)


def pause(context: Context, caller: Caller, hook: str) -> None:
    """Let messages wait."""
    with _changing(context, caller, hook) as (connection, known, _):
        if known.state is HookState.ACTIVE:
            hooks.pause(connection, hook)


def resume(context: Context, caller: Caller, hook: str) -> None:
    """Let messages leave again: all that waits is tried at once."""
    with _changing(context, caller, hook) as (connection, _, now):
        hooks.resume(connection, hook)
        deliveries.send_again(connection, hook, now, chosen=deliveries.unsent())


def end(context: Context, caller: Caller, hook: str) -> None:
    """End a webhook for good."""
    with writing(context.database) as connection:
        known = _managed(connection, caller, hook)
        hooks.end(connection, hook)
        deliveries.drop(connection, hook)
        note_change(connection, caller, context.clock(), Changed.WEBHOOK, hook, _noted(known), None)


def rotate(context: Context, caller: Caller, hook: str) -> tuple[Hook, str]:
    """Sign with another secret from now on, and with the former one too for a day; give it, this once.

    Raises the problem 409 while two are valid: a third would cut off a receiver that knows the first.
    """
    with _changing(context, caller, hook) as (connection, known, now):
        if known.former_until is not None and now < known.former_until:
            raise _two_already()
        secret = hooks.new_secret()
        hooks.rotate(connection, hook, secret, now)
        after = _managed(connection, caller, hook)
    return after, secret


def test(context: Context, caller: Caller, hook: str) -> Delivery:
    """Let a message be sent that only shows that messages arrive. Raises the problem 409 while none leave."""
    now = context.clock()
    with writing(context.database) as connection:
        known = _managed(connection, caller, hook)
        if known.state is not HookState.ACTIVE:
            raise _not_active()
        ident = deliveries.add_test(connection, hook, now)
        return _delivery(connection, hook, ident)


def send_again(context: Context, caller: Caller, hook: str, delivery: str) -> Delivery:
    """Let one message be sent again."""
    with writing(context.database) as connection:
        _managed(connection, caller, hook)
        _delivery(connection, hook, delivery)
        deliveries.send_again(connection, hook, context.clock(), chosen=deliveries.one(delivery))
        return _delivery(connection, hook, delivery)


def send_since(context: Context, caller: Caller, hook: str, since: datetime) -> int:
    """Let all be sent again that is about what happened since an aware instant; give how many they are."""
    with writing(context.database) as connection:
        _managed(connection, caller, hook)
        return deliveries.send_again(connection, hook, context.clock(), chosen=deliveries.since(since))


def opened(context: Context, caller: Caller, hook: str) -> Hook:
    """Give a webhook that the caller manages. Raises the problem 404."""
    with reading(context.database) as connection:
        return _managed(connection, caller, hook)


def managed(connection: Connection, caller: Caller) -> tuple[Hook, ...]:
    """Give all webhooks that the caller manages."""
    return hooks.within(connection, reach(caller.actor, Action.MANAGE_HOOKS))


@contextmanager
def _changing(context: Context, caller: Caller, hook: str) -> Iterator[tuple[Connection, Hook, datetime]]:
    """Give a webhook to be changed, and note the change."""
    now = context.clock()
    with writing(context.database) as connection:
        known = _managed(connection, caller, hook)
        yield connection, known, now
        after = _managed(connection, caller, hook)
        note_change(connection, caller, now, Changed.WEBHOOK, hook, _noted(known), _noted(after))


def _manageable(connection: Connection, caller: Caller, programme: str) -> ProgrammeId:
    known = programmes.programme(connection, programme)
    if known is None:
        raise not_found("This programme")
    permit(caller, Action.MANAGE_HOOKS, Thing(known.id), seen_by=Action.VIEW_FACTORY, what="This programme")
    return known.id


def _managed(connection: Connection, caller: Caller, hook: str) -> Hook:
    known = hooks.find(connection, hook)
    if known is None or can(caller.actor, Action.MANAGE_HOOKS, Thing(known.programme)) is None:
        raise not_found("This webhook")
    return known


def _delivery(connection: Connection, hook: str, delivery: str) -> Delivery:
    found = deliveries.find(connection, hook, delivery)
    if found is None:
        raise not_found("This delivery")
    return found


def _factory(connection: Connection, programme: str, factory: str) -> str:
    known = programmes.factory(connection, factory) if factory else None
    if factory and (known is None or known.programme != programme):
        message = say("The programme has no factory of this id.")
        raise invalid(FieldProblem(field="factory", message=message))
    return factory


def _lend(caller: Caller, programme: ProgrammeId, factory: str, sees: Sees, field: str = "sees") -> Sees:
    """Give with whose eyes a system may look. Raises the problem 422 where these see more than the caller."""
    if not lends_no_better(caller.actor, sees, Thing(programme, FactoryId(factory) if factory else None)):
        message = say("You cannot let a system see more than you see yourself.")
        raise invalid(FieldProblem(field=field, message=message))
    return sees


def _address(context: Context, url: str) -> str:
    fault = fault_of(url, context.settings.hooks_allow)
    if fault is not None:
        raise invalid(FieldProblem(field="url", message=say(fault)))
    return url


def _asked(hook: Hook) -> tuple[object, ...]:
    """Give what is asked for with a webhook, whatever becomes of it."""
    return hook.programme, hook.factory, hook.sees, hook.url, hook.description, hook.topics


def _noted(hook: Hook) -> dict[str, object]:
    """Give what is kept on record of a webhook's change: no secrets."""
    kept = ("programme", "factory", "sees", "url", "description", "topics", "state")
    return {name: getattr(hook, name) for name in kept} | {"former_secret_until": hook.former_until}


def _too_many() -> ProblemError:
    return ProblemError(
        409,
        "too_many_webhooks",
        say("This programme has %(most)s webhooks. No more can be added.", most=MOST_OF_A_PROGRAMME),
        way_out=say("End one that is not used any more."),
    )


def _two_already() -> ProblemError:
    return ProblemError(
        409,
        "two_secrets_already",
        say("Two secrets are valid now: the new one, and the former until it runs out."),
        way_out=say("Give the receiver the new secret, and make another when the former has run out."),
    )


def _not_active() -> ProblemError:
    return ProblemError(
        409,
        "webhook_not_active",
        say("This webhook is paused or stopped: nothing is sent to it."),
        way_out=say("Resume it first."),
    )
