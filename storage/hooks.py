"""Webhooks as they are kept: where messages go, with whose eyes, and how it has been going lately."""

import base64
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, or_, select, true, update

from remediation.hooks import FORMER_SECRET_HOLDS, Sees, Topic, rest_after
from remediation.permissions import Reach
from remediation.words import PersonId, ProgrammeId
from storage.hook_tables import hooks
from storage.statements import Stored, add_new

SECRET_BYTES = 32
PREFIX = "whsec_"


class HookState(StrEnum):
    """Where a webhook stands: a person pauses it; where nothing arrives any more it is stopped."""

    ACTIVE = "active"
    PAUSED = "paused"
    STOPPED = "stopped"
    ENDED = "ended"


class Why(StrEnum):
    """Why a webhook was stopped: nothing arrived for days, or the receiver says that it is gone (410)."""

    FAILING = "failing"
    GONE = "gone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A webhook: of a factory, or of a whole programme where `factory` is empty; of all topics without any.

    `failures` is how many tries failed in a row, since `failing_since` (aware). Until `rests_until` nothing
    is tried.
    """

    id: str
    programme: ProgrammeId
    factory: str
    sees: Sees
    url: str
    description: str
    topics: tuple[Topic, ...]
    state: HookState
    why: Why | None
    by: PersonId
    made_at: datetime
    failures: int = 0
    failing_since: datetime | None = None
    rests_until: datetime | None = None
    former_until: datetime | None = None


def new_secret() -> str:
    """Give a signing secret in the form that Standard Webhooks asks for."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def make(connection: Connection, hook: Hook, secret: str) -> bool:
    """Store a webhook, and tell whether it is new: its id says what it is."""
    row = {
        "id": hook.id,
        "programme": hook.programme,
        "factory": hook.factory,
        "sees": hook.sees.value,
        "url": hook.url,
        "description": hook.description,
        "topics": _joined(hook.topics),
        "state": hook.state.value,
        "why": "",
        "secret": secret,
        "former_secret": "",
        "by": hook.by,
        "made_at": hook.made_at,
        "failures": 0,
    }
    return add_new(connection, hooks, [row]) == 1


def find(connection: Connection, hook: str) -> Hook | None:
    """Give a webhook by id, or None where there is none (any more)."""
    row = connection.execute(select(hooks).where(hooks.c.id == hook, _LIVES)).one_or_none()
    return _hook(row) if row else None


def within(connection: Connection, reach: Reach) -> tuple[Hook, ...]:
    """Give the webhooks of all programmes within reach, the oldest first."""
    ours = true() if reach.everywhere else hooks.c.programme.in_(sorted(reach.programmes))
    rows = connection.execute(select(hooks).where(ours, _LIVES).order_by(hooks.c.made_at, hooks.c.id))
    return tuple(map(_hook, rows))


def of_programme(connection: Connection, programme: str) -> tuple[Hook, ...]:
    """Give the webhooks of a programme, the oldest first."""
    return within(connection, Reach(programmes=frozenset({programme})))


def change(connection: Connection, hook: str, url: str, description: str, topics: Sequence[Topic]) -> None:
    """Let messages go elsewhere, be described otherwise, or be about other topics."""
    _set(connection, hook, url=url, description=description, topics=_joined(topics))


def pause(connection: Connection, hook: str) -> None:
    """Let messages wait."""
    _set(connection, hook, state=HookState.PAUSED.value)


def resume(connection: Connection, hook: str) -> None:
    """Let messages leave again, with a clean slate."""
    _set(connection, hook, state=HookState.ACTIVE.value, why="", **_WELL)


def end(connection: Connection, hook: str) -> None:
    """End a webhook for good. Its row stays, without secrets, so that it is known who made it."""
    _set(connection, hook, state=HookState.ENDED.value, secret="", former_secret="")


def stop(connection: Connection, hook: str, why: Why) -> None:
    """Stop a webhook that people must look at before anything is sent again."""
    _set(connection, hook, state=HookState.STOPPED.value, why=why.value)


def rotate(connection: Connection, hook: str, secret: str, now: datetime) -> None:
    """Sign with another secret from now (aware) on, and with the former one too for some hours."""
    former_until = now + FORMER_SECRET_HOLDS
    _set(connection, hook, former_secret=hooks.c.secret, former_until=former_until, secret=secret)


def secrets_of(connection: Connection, hook: str, now: datetime) -> tuple[str, ...]:
    """Give the secrets to sign with at an aware instant, the newest first."""
    query = select(hooks.c.secret, hooks.c.former_secret, hooks.c.former_until).where(hooks.c.id == hook)
    row = connection.execute(query).one()
    both = row.former_until is not None and now < row.former_until
    return (row.secret, row.former_secret) if both else (row.secret,)


def went_well(connection: Connection, hook: Hook) -> None:
    """Note that something arrived."""
    if hook.failures:
        _set(connection, hook.id, **_WELL)


def failed(connection: Connection, hook: Hook, now: datetime) -> None:
    """Note that something did not arrive at an aware instant."""
    failures = hook.failures + 1
    rest = rest_after(failures)
    _set(
        connection,
        hook.id,
        failures=failures,
        failing_since=hook.failing_since or now,
        rests_until=now + rest if rest else None,
    )


_LIVES = hooks.c.state != HookState.ENDED.value
_WELL = {"failures": 0, "failing_since": None, "rests_until": None}


def listening() -> ColumnElement[bool]:
    """Give the condition under which a webhook hears of what happens, be it that messages wait."""
    return _LIVES


def takes(now: datetime, testing: ColumnElement[bool]) -> ColumnElement[bool]:
    """Give the condition under which a webhook is sent messages at an aware instant, or a test at least."""
    rested = or_(hooks.c.rests_until.is_(None), hooks.c.rests_until <= now, testing)
    return (hooks.c.state == HookState.ACTIVE.value) & rested


def _set(connection: Connection, hook: str, **values: object) -> None:
    connection.execute(update(hooks).where(hooks.c.id == hook, _LIVES).values(values))


def _joined(topics: Sequence[Topic]) -> str:
    return " ".join(sorted({topic.value for topic in topics}))


def topics_of(joined: str) -> tuple[Topic, ...]:
    """Give topics as a row keeps them."""
    return tuple(Topic(each) for each in joined.split())


def _hook(row: Stored) -> Hook:
    return Hook(
        id=row.id,
        programme=ProgrammeId(row.programme),
        factory=row.factory,
        sees=Sees(row.sees),
        url=row.url,
        description=row.description,
        topics=topics_of(row.topics),
        state=HookState(row.state),
        why=Why(row.why) if row.why else None,
        by=PersonId(row.by),
        made_at=row.made_at,
        failures=row.failures,
        failing_since=row.failing_since,
        rests_until=row.rests_until,
        former_until=row.former_until,
    )
