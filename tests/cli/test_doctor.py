"""What the doctor sees in a database: everything that waits too long, and everything that cannot be."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Table

from service.doctor.machine import look_at_disk, look_at_mail, look_at_visitors
from service.doctor.results import Health, Result
from service.doctor.sql import look_at_schema, look_at_sql
from service.settings import Settings
from storage.database import migrate, open_engine, writing
from storage.tables import commands, ledger, letters, messages

NOW = datetime.now(UTC)
DIGEST = "0" * 64


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{tmp_path / 'mendwork.db'}")
    migrate(engine)
    yield engine
    engine.dispose()


def put(database: Engine, table: Table, **row: Any) -> None:  # noqa: ANN401 - a row
    with writing(database) as connection:
        connection.execute(table.insert(), [row])


def seen(database: Engine, what: str) -> Result:
    return next(each for each in look_at_sql(database) if each.what == what)


def a_mail(**changes: object) -> dict[str, object]:
    mail = {
        "key": "k",
        "person": "p-1",
        "kind": "overdue",
        "urgent": True,
        "address": "amina@padma.example",
        "message_id": "<1@here>",
        "date": NOW,
        "subject": "Overdue",
        "content": b"",
        "created_at": NOW,
        "state": "waiting",
        "next_try_at": NOW,
    }
    return {**mail, **changes}


def test_a_fresh_database_is_well(database: Engine) -> None:
    assert {each.health for each in look_at_sql(database)} == {Health.GOOD}


def test_a_command_that_nobody_decides_is_a_fault(database: Engine) -> None:
    order = {"id": "c-1", "person": "p-1", "key": "k", "finding": "f-1", "verb": "sign", "order": "{}"}
    put(database, commands, **order, digest=DIGEST, received_at=NOW - timedelta(minutes=3))
    found = seen(database, "commands")
    assert (found.health, found.seen) == (Health.FAULT, "not decided: 1")
    assert "worker" in found.way_out


def test_a_mail_that_waits_for_hours_is_a_fault(database: Engine) -> None:
    put(database, messages, **a_mail(created_at=NOW - timedelta(hours=2)))
    found = seen(database, "letters")
    assert (found.health, found.seen) == (Health.FAULT, "waiting for more than an hour: letters 0, mails 1")


def test_a_letter_that_waits_for_its_morning_is_none(database: Engine) -> None:
    letter = {"finding": "f-1", "obligation": "review", "step": "T-7", "recipient": "manager", "due": ""}
    more = {"kind": "reminder", "role": "manager", "gathered": True, "seq": 1, "at": NOW - timedelta(hours=9)}
    put(database, letters, **letter, **more, not_before=NOW + timedelta(hours=9))
    assert seen(database, "letters").health is Health.GOOD


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_a_mail_that_did_not_arrive_for_sure_is_told_but_stops_nobody(database: Engine, state: str) -> None:
    put(database, messages, **a_mail(state=state))
    found = seen(database, "mail")
    assert found.health is Health.WARNING
    assert "correct the addresses" in found.way_out


def test_a_clock_behind_the_ledger_is_a_fault(database: Engine) -> None:
    entry = {"finding": "f-1", "seq": 1, "by": "p-1", "kind": "issued", "body": "{}", "digest": DIGEST}
    put(database, ledger, **entry, at=NOW + timedelta(hours=1))
    assert seen(database, "clock").health is Health.FAULT
    assert seen(database, "ledger").health is Health.FAULT


def test_a_database_of_another_version_is_named_first(tmp_path: Path) -> None:
    (tmp_path / "empty.db").touch()
    engine = open_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    results = look_at_sql(engine)
    engine.dispose()
    assert (results[0].health, results[0].way_out) == (Health.FAULT, "run `mendwork migrate`")
    assert {each.health for each in results[1:]} == {Health.NOT_CHECKED}


def test_a_database_that_is_away_is_told_without_its_password() -> None:
    engine = open_engine("postgresql://mendwork:secret@127.0.0.1:1/mendwork")
    found = look_at_schema(engine)
    engine.dispose()
    assert found.health is Health.FAULT
    assert "mendwork:***@127.0.0.1:1" in found.seen
    assert "secret" not in found.seen


def test_a_disk_is_looked_at_before_its_folder_exists(tmp_path: Path) -> None:
    assert look_at_disk(tmp_path / "not" / "yet").seen.endswith(str(tmp_path))


def test_a_mail_server_that_wants_encryption_is_asked_in_its_way() -> None:
    away = Settings(smtp_port=1, smtp_security="tls")
    assert look_at_mail(away).health is Health.FAULT


@pytest.mark.parametrize(
    ("address", "proxies", "health"),
    [
        ("http://127.0.0.1:8080", "", Health.GOOD),
        ("https://mendwork.example", "", Health.WARNING),
        ("https://mendwork.example", "10.0.0.1", Health.GOOD),
    ],
)
def test_visitors_that_a_proxy_makes_look_alike_are_warned_of(
    address: str, proxies: str, health: Health
) -> None:
    told = look_at_visitors(Settings(public_url=address, trusted_proxies=proxies))
    assert told.health is health
    assert ("MENDWORK_TRUSTED_PROXIES" in told.way_out) == (health is Health.WARNING)
