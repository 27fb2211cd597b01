from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from remediation.words import CommandId, FindingId
from storage import commands, tables
from storage.commands import Command, Done, KeyReused, Pending, Refused
from storage.database import reading, writing
from storage.recording import record
from tests.storage.builders import AMINA, BAO, a_life, a_recording, agreed
from tests.storage.cast import NOW

SOON = NOW + timedelta(seconds=10)
OUTDATED = Refused(code="revision_outdated", detail="The proposal has changed.", field="revision", at=SOON)


def a_command(key: str = "k1", **changes: object) -> Command:
    command = Command(
        id=commands.command_id(AMINA, key),
        person=AMINA,
        key=key,
        finding=FindingId("f1"),
        verb="sign",
        order='{"revision":"…"}',
        digest="d1",
        received_at=NOW,
    )
    return replace(command, **changes)  # type: ignore[arg-type]


def test_a_command_received_again_is_the_one_first_received(engine: Engine) -> None:
    with writing(engine) as connection:
        first = commands.receive(connection, a_command())
        again = commands.receive(
            connection, a_command(received_at=SOON, order='{"revision":"of another try"}')
        )
        assert again == first == a_command() == commands.find(connection, first.id)


@pytest.mark.parametrize("change", [{"digest": "d2"}, {"verb": "refuse"}, {"finding": "f2"}])
def test_a_key_used_for_something_else_is_refused(engine: Engine, change: dict[str, str]) -> None:
    with writing(engine) as connection:
        commands.receive(connection, a_command())
        with pytest.raises(KeyReused, match=r"2026-03-02 04:00 UTC .*sign of f1.* use a new key") as caught:
            commands.receive(connection, a_command(**change))
    assert caught.value.earlier == a_command()


def test_two_people_may_use_the_same_key(engine: Engine) -> None:
    of_bao = a_command(id=commands.command_id(BAO, "k1"), person=BAO, digest="d2")
    with writing(engine) as connection:
        assert commands.receive(connection, a_command()).id != commands.receive(connection, of_bao).id


def test_a_command_is_pending_until_it_is_carried_out_or_refused(engine: Engine) -> None:
    signed = CommandId("c-sign-amina")
    with writing(engine) as connection:
        commands.receive(connection, a_command(id=signed))
        assert commands.outcome(connection, signed) == Pending()
        record(connection, [a_recording(agreed(a_life()))])
        outcome = commands.outcome(connection, signed)
    assert isinstance(outcome, Done)
    assert [entry.kind for entry in outcome.entries] == ["signed"]


def test_the_first_refusal_stands(engine: Engine) -> None:
    with writing(engine) as connection:
        command = commands.receive(connection, a_command())
        commands.refuse(connection, command.id, OUTDATED)
        commands.refuse(connection, command.id, replace(OUTDATED, code="too_late"))
        assert commands.outcome(connection, command.id) == OUTDATED


def test_what_was_carried_out_is_never_refused_afterwards(engine: Engine) -> None:
    signed = CommandId("c-sign-amina")
    with writing(engine) as connection:
        commands.receive(connection, a_command(id=signed))
        record(connection, [a_recording(agreed(a_life()))])
        commands.refuse(connection, signed, OUTDATED)
        assert isinstance(commands.outcome(connection, signed), Done)
        refusals = select(tables.commands.c.refusal)
        assert connection.execute(refusals).scalars().all() == [None]


def test_the_courier_gets_what_nobody_decided_oldest_first(engine: Engine) -> None:
    done, refused = a_command("k-done", id="c-sign-bao"), a_command("k-refused")
    late, old = a_command("k-late", received_at=SOON), a_command("k-old", received_at=NOW - SOON.resolution)
    with writing(engine) as connection:
        for command in (late, old, done, refused, a_command("k-now")):
            commands.receive(connection, command)
        commands.refuse(connection, refused.id, OUTDATED)
        record(connection, [a_recording(agreed(a_life()))])
        assert [each.key for each in commands.pending(connection, SOON)] == ["k-old", "k-now"]
        assert [each.key for each in commands.pending(connection, SOON, limit=1)] == ["k-old"]
        ((done, seq),) = commands.carried_out(connection, SOON)
        assert seq == 5
        commands.let_go(connection, done.received_at)
        assert commands.carried_out(connection, SOON)
        commands.settle(connection, [done.id])
        assert commands.carried_out(connection, SOON) == ()
        waiting = select(tables.commands.c.key).where(tables.UNSETTLED).order_by(tables.commands.c.key)
        assert connection.execute(waiting).scalars().all() == ["k-late", "k-now", "k-old"]


def test_what_was_carried_out_long_ago_is_let_go(engine: Engine) -> None:
    with writing(engine) as connection:
        commands.receive(connection, a_command("k-done", id="c-sign-bao"))
        commands.receive(connection, a_command("k-waits"))
        record(connection, [a_recording(agreed(a_life()))])
        commands.let_go(connection, SOON)
        assert commands.carried_out(connection, SOON) == ()
        assert [each.key for each in commands.pending(connection, SOON)] == ["k-waits"]


def test_an_unknown_command_is_pending(engine: Engine) -> None:
    with reading(engine) as connection:
        assert commands.outcome(connection, "c-never") == Pending()
        assert commands.find(connection, "c-never") is None
