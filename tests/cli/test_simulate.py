"""`mendwork simulate`: what would be sent over the coming months, for what stands and for files."""

import csv
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from activities.issuing import put_on_record
from remediation.words import PersonId, ProgrammeId
from service import demo
from service.importing import plan_import
from service.importing.running import _store
from storage.database import migrate, open_engine, reading, writing
from storage.findings import find
from storage.tables import findings, ledger, letters
from tests.cli.conftest import SAMPLES, Terminal

FILE = str(SAMPLES / "assessment.csv")
STRICT = 'version = "strict-1"\n[terms.major]\nreview = "7d"\ncommit = "14d"\n'


@pytest.fixture
def programme(terminal: Terminal, tmp_path: Path) -> str:
    """The demo programme with its twelve or so findings, issued three days ago; gives its database."""
    url = f"sqlite:///{tmp_path / 'mendwork.db'}"
    terminal.set(MENDWORK_DATABASE_URL=url)
    database = open_engine(url)
    migrate(database)
    directory, ago = demo.read_demo(), datetime.now(UTC) - timedelta(days=3)
    with writing(database) as connection:
        demo.store(connection, directory, ago)
    plan = plan_import(
        database,
        demo.ASSESSMENT.read_bytes(),
        name="demo.csv",
        programme_id=ProgrammeId(directory.programme.id),
        by=PersonId(directory.people[demo.IMPORTER].id),
    )
    _store(database, plan)
    with writing(database) as connection:
        put_on_record(connection, plan.fresh, ago)
    database.dispose()
    return url


def rows(url: str) -> Counter[str]:
    """Count what the database holds."""
    database = open_engine(url)
    with reading(database) as connection:
        held = Counter(
            {each.name: len(connection.execute(each.select()).all()) for each in (findings, ledger, letters)}
        )
    database.dispose()
    return held


def test_it_says_who_is_told_what_and_when_and_changes_nothing(terminal: Terminal, programme: str) -> None:
    before = rows(programme)
    said = terminal.type("simulate", "--months", "6", "--list")
    assert said.code == 0, said.err
    assert f"{before['findings']} findings, from " in said.out
    assert "everything on time" in said.out
    for words in ("Commitment made", "Reminder", "manager of the factory", "█", "Every letter"):
        assert words in said.out, words
    assert "Overdue, level 2" not in said.out
    assert rows(programme) == before


@pytest.mark.usefixtures("programme")
def test_where_nobody_signs_everything_climbs_to_the_decision_panel(terminal: Terminal) -> None:
    said = terminal.type("simulate", "--nobody-signs", "--json").json
    told = [each for each in said["letters"] if each["role"] == "decision_panel"]
    asked = [each for each in told if each["level"] is not None]
    assert {(each["level"], each["duty"]) for each in asked} >= {(5, "commit")}
    assert {each["level"] for each in asked} == {5}
    assert {each["duty"] for each in told if each not in asked} == {"decide_consequence"}, "it is reminded"
    assert said["assumptions"]["nobody_signs"]
    assert sum(each["letters"] for each in said["counts"]) == len(said["letters"])


def test_a_file_is_simulated_without_being_imported(terminal: Terminal, programme: str) -> None:
    before = rows(programme)
    said = terminal.type("simulate", "--file", FILE, "--nobody-reports", "--weekly", "--slip-days", "10")
    assert said.code == 0, said.err
    assert "assuming every action done 10 days late and nobody reports" in said.out
    assert "Week of" in said.out
    assert rows(programme) == before


@pytest.mark.usefixtures("programme")
def test_letters_are_exported(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "letters.csv"
    said = terminal.type("simulate", "--csv", str(file), "--json").json
    with file.open(encoding="utf-8") as stream:
        exported = list(csv.DictReader(stream))
    assert [each["finding"] for each in exported] == [each["finding"] for each in said["letters"]]
    assert exported[0].keys() == said["letters"][0].keys()


def test_one_plan_is_simulated_alone(terminal: Terminal, programme: str) -> None:
    database = open_engine(programme)
    with reading(database) as connection:
        ident = connection.execute(findings.select()).first()
        assert ident is not None
        listed = find(connection, ident.id)
    database.dispose()
    assert listed is not None
    said = terminal.type("simulate", "--plan", listed.summary.plan, "--json").json
    assert {each["plan"] for each in said["letters"]} == {listed.summary.plan}


@pytest.mark.usefixtures("programme")
def test_the_same_policy_compared_changes_nothing(terminal: Terminal, tmp_path: Path) -> None:
    same = tmp_path / "same.toml"
    same.write_text('version = "same-1"\n')
    said = terminal.type("simulate", "--compare", str(same), "--json").json
    assert (said["letters"], said["moved"]) == ([], [])
    assert "no letter would change" in terminal.type("simulate", "--compare", str(same)).out


@pytest.mark.usefixtures("programme")
def test_another_policy_shows_whose_dates_move_and_which_letters_change(
    terminal: Terminal, tmp_path: Path
) -> None:
    strict, changes = tmp_path / "strict.toml", tmp_path / "changes.csv"
    strict.write_text(STRICT)
    asked = (
        "simulate",
        "--compare",
        str(strict),
        "--programme",
        demo.read_demo().programme.id,
        "--nobody-signs",
    )
    said = terminal.type(*asked, "--json", "--csv", str(changes)).json
    assert {each["date"] for each in said["moved"]} == {"review", "commit"}
    assert all(each["after"] < each["before"] for each in said["moved"])
    assert len(changes.read_text().splitlines()) == len(said["letters"]) + 1
    shown = terminal.type(*asked).out
    assert "Letters that would change" in shown
    assert "Dates that would move" in shown


@pytest.mark.usefixtures("programme")
def test_a_policy_file_replaces_the_stored_one(terminal: Terminal, tmp_path: Path) -> None:
    strict = tmp_path / "strict.toml"
    strict.write_text(STRICT)
    for what in ((), ("--file", FILE)):
        stored = terminal.type("simulate", *what, "--nobody-signs", "--json").json
        stricter = terminal.type("simulate", *what, "--nobody-signs", "--policy", str(strict), "--json").json
        assert len(stricter["letters"]) != len(stored["letters"])


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--plan", "p-none"], "plan 'p-none' has no open finding"),
        (["--programme", "none"], "programme 'none' has no open finding"),
        (["--until", "2020-01-01"], "--until lies in the past"),
        (["--plan", "p", "--file", FILE], "--plan and --file exclude each other"),
        (["--policy", "none.toml"], "none.toml cannot be read"),
        (["--csv", "no/such/folder.csv"], "no/such/folder.csv cannot be written"),
        (["--file", str(demo.ASSESSMENT)], "brings no new finding"),
    ],
)
@pytest.mark.usefixtures("programme")
def test_what_goes_wrong_is_said_in_a_sentence(words: list[str], sentence: str, terminal: Terminal) -> None:
    said = terminal.type("simulate", *words)
    assert said.code == 1
    assert sentence in said.err
    assert "Traceback" not in said.err


@pytest.mark.usefixtures("programme")
def test_a_broken_policy_names_each_fault(terminal: Terminal, tmp_path: Path) -> None:
    broken, latin = tmp_path / "broken.toml", tmp_path / "latin.toml"
    broken.write_text('version = "x"\nspeed = 1\n')
    latin.write_bytes("version = 'é'".encode("latin-1"))
    assert "speed: is not known" in terminal.type("simulate", "--policy", str(broken)).err
    assert "is not UTF-8 text" in terminal.type("simulate", "--policy", str(latin)).err


def test_without_any_finding_there_is_nothing_to_simulate(terminal: Terminal) -> None:
    terminal.set(MENDWORK_DATABASE_URL=f"sqlite:///{terminal.home.parent / 'empty.db'}")
    terminal.type("migrate")
    said = terminal.type("simulate")
    assert "the database has no open finding, so that there is nothing to simulate" in said.err


def test_a_finding_shown_says_why_each_date(terminal: Terminal, programme: str) -> None:
    database = open_engine(programme)
    with reading(database) as connection:
        ident = connection.execute(findings.select()).first()
    database.dispose()
    assert ident is not None
    assert "The finding was issued on" in terminal.type("finding", "show", ident.id).out
    shown = terminal.type("finding", "show", ident.id, "--json").json
    for each in (*shown["obligations"], *shown["ahead"]):
        assert {line["kind"] for line in each["why"]} & {"counted", "at_clock"}
