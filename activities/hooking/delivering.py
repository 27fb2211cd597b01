"""The activity behind a webhook's workflow: sends what is due, notes how it went, and says what is next."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from time import monotonic

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter
from sqlalchemy import Connection, Engine
from temporalio import activity

from activities.hooking.settings import HookSettings
from activities.hooking.telling import tell_managers
from activities.hooking.writing import written
from notifications.outgoing.sending import Answer, Fault, Parcel, Resolve, Sender, resolved, sender
from remediation.hooks import FAILING_AT_MOST, IN_A_ROW, Next, Round, again_after
from storage import deliveries, hooks
from storage.database import reading, writing
from storage.deliveries import TEST, Delivery, DeliveryState, Try
from storage.hooks import Hook, HookState, Why
from storage.ledger import LedgerUnreadable
from storage.versions import VersionMissing

MOST_AT_ONCE = 50
ROUND_SECONDS = 120.0
"""After so long a round begins no other try: it must end well before the engine takes it for dead."""
GONE = 410
UNREADABLE = "unreadable"
"""The fault of a message that cannot be made: the ledger does not tell what happened."""

log = structlog.get_logger("mendwork.hooks")

Clock = Callable[[], datetime]


class HookMetrics:
    """What tries came to, in a registry: the process's own unless another is given."""

    def __init__(self, registry: CollectorRegistry = REGISTRY) -> None:
        self.tries = Counter(
            "mendwork_webhook_tries",
            "Messages sent to webhooks, by what came of it: `delivered`, or what was wrong.",
            ("outcome",),
            registry=registry,
        )


_metrics: list[HookMetrics] = []


def process_metrics() -> HookMetrics:
    """Give this process's metrics, made once."""
    if not _metrics:
        _metrics.append(HookMetrics())
    return _metrics[0]


def utc_now() -> datetime:
    """Give this moment, aware."""
    return datetime.now(UTC)


class Deliverer:
    """Delivers to webhooks. Safe to repeat: a message keeps its id, by which receivers know it again."""

    def __init__(
        self,
        database: Engine,
        settings: HookSettings | None = None,
        *,
        resolve: Resolve = resolved,
        metrics: HookMetrics | None = None,
        clock: Clock = utc_now,
    ) -> None:
        """`resolve` gives the addresses behind a name."""
        self._database = database
        self._settings = settings or HookSettings()
        self._resolve = resolve
        self._metrics = metrics or process_metrics()
        self._clock = clock

    @activity.defn(name="deliver_to_hook")
    async def deliver(self, asked: Round) -> Next:
        """Send what is due at the engine's instant; give when to look again."""
        due = await asyncio.to_thread(self._due, asked)
        if due:
            async with sender(self._settings.own, self._resolve) as out:
                await self._send_all(out, asked, due)
        return await asyncio.to_thread(self._next, asked)

    async def _send_all(self, out: Sender, asked: Round, due: Sequence[Delivery]) -> None:
        behind, enough = set[str](), monotonic() + ROUND_SECONDS
        for each in due:
            if each.finding in behind:
                continue
            if monotonic() > enough:
                return  # the next round goes on
            parcel = await asyncio.to_thread(self._packed, each, asked.now)
            if parcel is None:
                continue
            answer = await out.send(parcel)
            if not await asyncio.to_thread(self._note, each, answer, asked.now):
                behind.add(each.finding)

    def _due(self, asked: Round) -> tuple[Delivery, ...]:
        with reading(self._database) as connection:
            return deliveries.due(connection, asked.hook, asked.now, MOST_AT_ONCE)

    def _next(self, asked: Round) -> Next:
        with reading(self._database) as connection:
            hook = hooks.find(connection, asked.hook)
            due = deliveries.next_try(connection, asked.hook)
        if hook is None or hook.state is not HookState.ACTIVE or due is None:
            return Next(at=None)
        return Next(at=max(due, hook.rests_until or due))

    def _packed(self, delivery: Delivery, now: datetime) -> Parcel | None:
        """Give the message as it is sent; None where it may not be told, or its webhook takes none now."""
        with writing(self._database) as connection:
            hook = hooks.find(connection, delivery.hook)
            if hook is None or not _takes(hook, delivery, now):
                return None
            try:
                body = written(connection, hook, delivery, self._settings.public_url)
            except (LedgerUnreadable, VersionMissing, ValueError, IndexError):
                log.exception("hook_message_unwritable", delivery=delivery.id)
                self._give_up(connection, delivery, now)
                return None
            if body is None:
                deliveries.leave_out(connection, delivery.id)
                return None
            keys = hooks.secrets_of(connection, hook.id, self._clock())
        return Parcel(id=delivery.id, url=hook.url, body=body, secrets=keys)

    def _give_up(self, connection: Connection, delivery: Delivery, now: datetime) -> None:
        how = Try(delivery=delivery.id, at=self._clock(), status=None, milliseconds=0, fault=UNREADABLE)
        deliveries.tried(connection, how, DeliveryState.GIVEN_UP, now)

    def _note(self, delivery: Delivery, answer: Answer, now: datetime) -> bool:
        """Keep how a try went, and tell whether what comes after it may be sent."""
        self._metrics.tries.labels(answer.fault.value or "delivered").inc()
        how = Try(
            delivery=delivery.id,
            at=self._clock(),
            status=answer.status,
            milliseconds=answer.milliseconds,
            fault=answer.fault.value,
        )
        state, again = _outcome(delivery, answer, now)
        with writing(self._database) as connection:
            deliveries.tried(connection, how, state, again)
            hook = hooks.find(connection, delivery.hook)
            if hook is not None and answer.fault is Fault.NONE:
                _well(connection, hook, now)
            elif hook is not None and delivery.kind != TEST:
                self._ill(connection, hook, answer, now)
        return state is not DeliveryState.WAITING

    def _ill(self, connection: Connection, hook: Hook, answer: Answer, now: datetime) -> None:
        """Note that something did not arrive, and stop a webhook that people must look at."""
        hooks.failed(connection, hook, now)
        why = _why_stop(hook, answer, now)
        if why is not None and hook.state is not HookState.STOPPED:
            hooks.stop(connection, hook.id, why)
            tell_managers(connection, hook, why, self._settings, self._clock())


def _takes(hook: Hook, delivery: Delivery, now: datetime) -> bool:
    """Whether a webhook takes a message now. A test is sent to a receiver that is left in peace, too."""
    rests = hook.rests_until is not None and now < hook.rests_until
    return hook.state is HookState.ACTIVE and (not rests or delivery.kind == TEST)


def _well(connection: Connection, hook: Hook, now: datetime) -> None:
    """Note that something arrived; where the receiver is back, what waits for it need wait no longer."""
    hooks.went_well(connection, hook)
    if hook.failures >= IN_A_ROW:
        deliveries.try_now(connection, hook.id, now)


def _outcome(delivery: Delivery, answer: Answer, now: datetime) -> tuple[DeliveryState, datetime]:
    if answer.fault is Fault.NONE:
        return DeliveryState.DELIVERED, now
    again = None if delivery.kind == TEST else again_after(delivery.tries + 1)
    return (DeliveryState.WAITING, now + again) if again else (DeliveryState.GIVEN_UP, now)


def _why_stop(hook: Hook, answer: Answer, now: datetime) -> Why | None:
    if answer.status == GONE:
        return Why.GONE
    since = hook.failing_since
    return Why.FAILING if since is not None and now - since >= FAILING_AT_MOST else None
