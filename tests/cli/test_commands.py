"""Commands without a running server: help worth reading, clear errors, JSON where data is printed."""

import os
import re
import sqlite3
from pathlib import Path

import pytest
from alembic.command import upgrade

from service.cli import COMMANDS
from service.home import Home
from storage.database import migrations, open_engine, writing
from tests.cli.conftest import SAMPLES, Terminal

GROUPS = {
    "dossier": "finding",
    "paper": "plan",
    "evidence": "check",
    "finding": "show",
    "ledger": "verify",
    "policy": "check",
    "absence": "list",
}
EVERY = [[name, GROUPS[name]] if name in GROUPS else [name] for name in COMMANDS]
PRINT_DATA = [
    words for words in EVERY if words[0] not in {"serve", "worker", "migrate", "catcher", "dossier", "paper"}
]


@pytest.mark.parametrize("words", EVERY, ids=" ".join)
def test_the_help_of_each_command_says_what_it_does_and_gives_an_example(
    words: list[str], terminal: Terminal
) -> None:
    said = terminal.type(*words, "--help")
    assert said.code == 0
    # On a line of its own, indented, so that it can be copied.
    assert re.search(rf"Example.*\n  ([A-Z_]+=\S+ )*mendwork {' '.join(words)}", said.out, re.DOTALL)


@pytest.mark.parametrize("words", PRINT_DATA, ids=" ".join)
def test_each_command_that_prints_data_can_print_json(words: list[str], terminal: Terminal) -> None:
    assert "--json" in terminal.type(*words, "--help").out


@pytest.mark.parametrize(
    ("words", "environment", "code", "sentence"),
    [
        (["fly"], {}, 2, "No such command 'fly'"),
        (["migrate", "--wait", "soon"], {}, 2, "Invalid value for '--wait'"),
        (["migrate"], {"MENDWORK_PORT": "0"}, 2, "MENDWORK_PORT: Input should be greater than or equal to 1"),
        (["migrate"], {"MENDWORK_DATABASE_URL": "mysql://db"}, 2, "use sqlite:///file or postgresql://"),
        (["migrate"], {"MENDWORK_DATABASE_URL": "nonsense"}, 2, "MENDWORK_DATABASE_URL cannot be used"),
        (["migrate"], {"MENDWORK_DATABASE_URL": "postgresql://127.0.0.1:1/x"}, 1, "does not answer"),
        (["letters"], {}, 1, "Run `mendwork migrate`"),
        (["import", "nothing.csv"], {}, 1, "nothing.csv cannot be read (No such file or directory)"),
        (["policy", "check", "nothing.toml"], {}, 1, "nothing.toml cannot be read"),
    ],
)
def test_what_goes_wrong_is_one_sentence_with_the_way_out(
    words: list[str], environment: dict[str, str], code: int, sentence: str, terminal: Terminal
) -> None:
    terminal.set(**environment)
    said = terminal.type(*words)
    assert said.code == code
    assert sentence in re.sub(r"\s*│\s*", " ", said.err)
    assert "Traceback" not in said.err
    assert said.out == ""


def test_a_fresh_database_is_set_up_and_a_second_time_changes_nothing(terminal: Terminal) -> None:
    for _ in range(2):
        said = terminal.type("migrate")
        assert (said.code, said.err) == (0, "The database is up to date.\n")


def test_without_a_programme_an_import_says_how_to_get_one(terminal: Terminal) -> None:
    terminal.type("migrate")
    said = terminal.type("import", str(SAMPLES / "assessment.csv"), "--dry-run")
    assert said.code == 1
    assert "`mendwork demo` makes one to try with" in said.err


def test_an_unknown_finding_is_said_to_be_unknown(terminal: Terminal) -> None:
    terminal.type("migrate")
    said = terminal.type("finding", "show", "f-none")
    assert said.code == 1
    assert "there is no finding 'f-none'" in said.err


def test_a_good_policy_file_is_told_by_its_version(terminal: Terminal) -> None:
    said = terminal.type("policy", "check", str(SAMPLES / "policy.toml"), "--json")
    assert said.code == 0
    assert said.json == {"version": "acme-2026-1", "errors": []}


def test_a_bad_policy_file_is_told_by_each_key_at_fault(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "policy.toml"
    file.write_text('version = "x-1"\n[terms.major]\nfix = "soon"\nfixx = "3d"\n')
    said = terminal.type("policy", "check", str(file), "--json")
    assert said.code == 1
    assert {fault.split(":")[0] for fault in said.json["errors"]} == {"terms.major.fix", "terms.major.fixx"}


def test_the_demo_is_stored_once_and_its_tokens_are_for_their_owner_alone(terminal: Terminal) -> None:
    terminal.type("migrate")
    said = terminal.type("demo")
    assert said.code == 1
    assert "no Temporal server answers" in said.err
    tokens = terminal.home / "demo-tokens.txt"
    assert tokens.stat().st_mode & 0o777 == 0o600
    before = tokens.read_text()
    assert re.search(
        r"^# p-0101: Amina Rahman, worker co-chair of BD-0117\nAMINA=\S{43}$", before, re.MULTILINE
    )
    terminal.type("demo")
    assert tokens.read_text() == before


def test_a_dry_run_names_every_bad_cell_and_starts_nothing(terminal: Terminal) -> None:
    terminal.type("migrate")
    terminal.type("demo")
    said = terminal.type("import", str(SAMPLES / "broken.csv"), "--dry-run", "--json")
    assert said.code == 1
    assert {"row": 4, "column": "Assessment date", "value": "01/25/2026"}.items() <= said.json["bad"][
        0
    ].items()
    good = terminal.type("import", str(SAMPLES / "assessment.csv"), "--dry-run", "--json")
    assert good.code == 0
    assert (good.json["findings"], len(good.json["plans"]), good.json["compliant"]) == (12, 3, 6)


def test_a_file_with_bad_rows_is_refused_whole(terminal: Terminal) -> None:
    terminal.type("migrate")
    terminal.type("demo")
    said = terminal.type("import", str(SAMPLES / "broken.csv"))
    assert said.code == 1
    assert "13 rows cannot be used, so nothing was started" in said.err
    assert re.search(r"4 +Assessment date +01/25/2026 +is not a day of the calendar", said.out)


def test_a_token_is_shown_once_listed_by_its_digest_and_can_be_revoked(terminal: Terminal) -> None:
    terminal.type("migrate")
    terminal.type("demo")
    token = terminal.type("token", "shirin@padma.example", "--label", "phone", "--json").json
    assert len(token["token"]) == 43
    listed = terminal.type("token", "p-0104", "--list", "--json")
    assert token["token"] not in listed.out
    (note,) = listed.json
    assert (note["label"], note["revoked_at"]) == ("phone", None)
    assert terminal.type("token", "p-0104", "--revoke", note["sha256"][:8]).code == 0
    assert terminal.type("token", "p-0104", "--list", "--json").json[0]["revoked_at"] is not None
    again = terminal.type("token", "p-0104", "--revoke", note["sha256"][:8])
    assert again.code == 1
    assert "no token in force begins with" in again.err


def test_a_token_for_nobody_is_refused(terminal: Terminal) -> None:
    terminal.type("migrate")
    said = terminal.type("token", "zoe@nowhere.example")
    assert said.code == 1
    assert "nobody in the directory has the id or e-mail address 'zoe@nowhere.example'" in said.err


def test_the_doctor_names_each_fault_with_its_way_out(terminal: Terminal) -> None:
    said = terminal.type("doctor")
    assert said.code == 1
    assert re.search(r"✗ database +there is no file .*Way out: run `mendwork migrate`", said.out)
    assert re.search(
        r"✗ Temporal +no server answers at 127\.0\.0\.1:1\. Way out: run `mendwork up`", said.out
    )
    assert re.search(r"✗ mail server +127\.0\.0\.1:1 does not answer", said.out)
    assert not terminal.home.exists()


def test_the_doctor_says_the_same_to_programs(terminal: Terminal) -> None:
    terminal.type("migrate")
    said = terminal.type("doctor", "--json")
    health = {each["what"]: each["health"] for each in said.json}
    assert (health["database"], health["ledger"], health["Temporal"]) == ("good", "good", "fault")
    assert health["workers"] == "not_checked"


def test_a_migration_says_that_findings_of_before_want_a_reconciliation(terminal: Terminal) -> None:
    terminal.home.mkdir()
    engine = open_engine(f"sqlite:///{terminal.home / 'mendwork.db'}")
    with writing(engine) as connection:
        config = migrations()
        config.attributes["connection"] = connection
        upgrade(config, "0001")
        connection.exec_driver_sql(
            "INSERT INTO findings VALUES"
            " ('f1', 'bd', 'lotus', 'p', 'x', 'q', 'major', 'issued', 1, 1, '', 0, 0,"
            " '2026-03-02', '2026-04-01', NULL, NULL, 'chloe', 'default-1', 'dhaka-1', '2026-03-02', '{}')"
        )
    engine.dispose()
    assert "`mendwork reconcile` fills in" in terminal.type("migrate").err
    assert terminal.type("migrate").err == "The database is up to date.\n"


def test_a_changed_ledger_is_found(terminal: Terminal) -> None:
    terminal.type("migrate")
    with sqlite3.connect(terminal.home / "mendwork.db") as connection:
        row = ("f-1", 1, "2026-01-01 00:00:00", "p-1", None, "issued", "{}", "0" * 64)
        connection.execute("INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
    said = terminal.type("ledger", "verify", "--json")
    assert said.code == 1
    assert said.json["broken"] == {"f-1": 1}


def test_the_settings_of_a_running_up_are_used_by_other_commands(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "environ", dict(os.environ))
    with Home(terminal.home).in_use({"MENDWORK_DATABASE_URL": f"sqlite:///{tmp_path / 'there.db'}"}):
        assert terminal.type("migrate").code == 0
    assert (tmp_path / "there.db").exists()
