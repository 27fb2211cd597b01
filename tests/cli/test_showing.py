"""Commands that show what stands in SQL, as a person and as a program reads it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from remediation.permissions import Grant, ScopeKind
from remediation.policy import Policy
from remediation.words import PersonId, ProgrammeId, Role
from service.demo import read_demo, store
from storage.database import migrate, open_engine, writing
from storage.people import Person, give, save_person
from storage.programmes import Programme, save_programme
from storage.recording import record
from storage.tables import messages
from tests.cli.conftest import SAMPLES, Terminal
from tests.storage.builders import a_life, a_recording, agreed
from tests.storage.cast import settle_the_cast

NOW = datetime(2026, 3, 2, 4, tzinfo=UTC)


@pytest.fixture
def database(terminal: Terminal) -> Iterator[Engine]:
    """The terminal's own database, in which the cast has settled and agreed on finding f1."""
    terminal.home.mkdir()
    engine = open_engine(f"sqlite:///{terminal.home / 'mendwork.db'}")
    migrate(engine)
    with writing(engine) as connection:
        settle_the_cast(connection)
        record(connection, [a_recording(agreed(a_life()))])
    yield engine
    engine.dispose()


@pytest.mark.usefixtures("database")
def test_a_finding_is_shown_with_what_is_owed_happened_and_will_be_sent(terminal: Terminal) -> None:
    said = terminal.type("finding", "show", "f1")
    assert re.search(r"Stage +committed, attempt 1", said.out)
    assert re.search(r"2026-04-11 18:00 +action +action owner +bao", said.out)
    assert re.search(r"5 +2026-03-02 07:00 +committed +bao", said.out)
    assert re.search(r"overdue +manager", said.out)


@pytest.mark.usefixtures("database")
def test_a_finding_is_told_to_programs_with_all_its_parts(terminal: Terminal) -> None:
    told = terminal.type("finding", "show", "f1", "--json").json
    assert told["summary"]["summary"]["stage"] == "committed"
    assert [entry["kind"] for entry in told["timeline"]] == [
        "issued",
        "proposed",
        "signed",
        "signed",
        "committed",
    ]
    assert told["obligations"][0]["person"] == "bao"
    assert {"letter": "reminder", "to": "action_owner:bao"}.items() <= told["ahead"][0].items()


def test_letters_tell_to_whom_they_went_and_why_not(terminal: Terminal, database: Engine) -> None:
    mail = {
        "kind": "overdue",
        "urgent": True,
        "message_id": "<1@here>",
        "date": NOW,
        "subject": "Overdue",
        "content": b"",
        "created_at": NOW,
        "next_try_at": NOW,
    }
    amina = {"key": "1", "person": "amina", "address": "amina@lotus.example"}
    bao = {"key": "2", "person": "bao", "address": ""}
    with writing(database) as connection:
        connection.execute(
            messages.insert(), [{**mail, **amina, "state": "accepted", "last_reply": "250 ok"}]
        )
        connection.execute(messages.insert(), [{**mail, **bao, "state": "skipped", "reason": "no_address"}])
    said = terminal.type("letters")
    assert re.search(r"2026-03-02 04:00 +bao +Overdue +skipped +no_address", said.out)
    assert re.search(r"amina@lotus.example +Overdue +accepted *\n", said.out)
    assert [each["person"] for each in terminal.type("letters", "--json").json] == ["bao", "amina"]
    assert [each["person"] for each in terminal.type("letters", "--person", "amina", "--json").json] == [
        "amina"
    ]
    assert terminal.type("letters", "--state", "failed", "--json").json == []


@pytest.mark.usefixtures("database")
def test_a_ledger_that_was_changed_is_told_with_the_way_out(terminal: Terminal, database: Engine) -> None:
    assert terminal.type("ledger", "verify", "--states").out == "Every ledger holds.\n"
    with writing(database) as connection:
        connection.exec_driver_sql("UPDATE findings SET state = replace(state, 'committed', 'closed')")
        connection.exec_driver_sql(
            "INSERT INTO ledger SELECT 'f2', 1, at, by, command, kind, body, digest FROM ledger WHERE seq = 2"
        )
    said = terminal.type("ledger", "verify", "--states")
    assert said.code == 1
    assert "f2: the chain breaks at entry 1." in said.err
    assert "f1: the stored state is not what its ledger adds up to" in said.err


@pytest.mark.usefixtures("database")
def test_tokens_are_told_to_people_in_words(terminal: Terminal) -> None:
    assert re.fullmatch(r"\S{43}\n", terminal.type("token", "amina", "--label", "phone").out)
    listed = terminal.type("token", "amina", "--list").out
    digest = re.search(r"^([0-9a-f]{12}) +phone", listed, re.MULTILINE)
    assert digest is not None
    revoked = terminal.type("token", "amina", "--revoke", digest[1])
    assert revoked.out == "The token is revoked; Amina cannot use it any more.\n"


def test_of_several_programmes_and_advisors_one_must_be_named(terminal: Terminal, database: Engine) -> None:
    file = str(SAMPLES / "assessment.csv")
    with writing(database) as connection:
        store(connection, read_demo(), NOW)
        save_programme(connection, Programme(id=ProgrammeId("third"), name="Third", policy=Policy().version))
        second = Person(id=PersonId("p-2"), name="Zoé", email="shared@demo.example", language="fr")
        save_person(connection, second)
        save_person(
            connection, Person(id=PersonId("p-3"), name="Zed", email="shared@demo.example", language="en")
        )
        give(connection, "p-2", Grant(Role.ADVISOR, ScopeKind.PROGRAMME, "demo"))
    asked = {
        ("there are several programmes", "bd, demo, third"): [],
        ("there is no programme 'fourth'", "--programme"): ["--programme", "fourth"],
        ("p-0901 (Chloé Martin), p-2 (Zoé)", "--by"): ["--programme", "demo"],
        ("nobody is an advisor there yet", "--by"): ["--programme", "third"],
        ("several people share", "shared@demo.example"): [
            "--programme",
            "demo",
            "--by",
            "shared@demo.example",
        ],
    }
    for words, options in asked.items():
        said = terminal.type("import", file, "--dry-run", *options)
        assert said.code == 1
        assert all(word in said.err for word in words), said.err
    assert terminal.type("import", file, "--dry-run", "--programme", "demo", "--by", "p-2").code == 0


def test_a_dry_run_tells_people_what_would_happen(
    terminal: Terminal, database: Engine, tmp_path: Path
) -> None:
    with writing(database) as connection:
        store(connection, read_demo(), NOW)
    file = tmp_path / "new.csv"
    file.write_text(
        "Country,Factory ID,Factory name,Cycle,CP,Question ID,Finding,Colour\n"
        "Cambodia,KH-0007,Mekong Knit,1,Leave,801,1,blue\n"
        "Cambodia,KH-0007,Mekong Knit,1,Leave,802,perhaps,blue\n"
    )
    said = terminal.type("import", str(file), "--programme", "demo", "--dry-run", "--skip-bad")
    assert said.code == 0
    assert "1 finding would be issued in 1 plan." in said.out
    assert "New factories, to be completed in the directory: KH-0007 (Mekong Knit)." in said.out
    assert "Columns without a meaning here: Colour." in said.out
    assert "1 row cannot be used." in said.out


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'[clusters]\n"Working Tme" = "minor"\n', "clusters.Working Tme: is not a cluster"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (None, "cannot be read"),
    ],
)
def test_a_severity_map_that_cannot_be_used_is_told(
    terminal: Terminal, tmp_path: Path, content: bytes | None, sentence: str
) -> None:
    file = tmp_path / "severities.toml"
    if content is not None:
        file.write_bytes(content)
    said = terminal.type("import", str(SAMPLES / "assessment.csv"), "--severity-map", str(file))
    assert (said.code, sentence in said.err) == (1, True), said.err


@pytest.mark.usefixtures("database")
def test_a_file_that_is_no_assessment_is_told(terminal: Terminal) -> None:
    said = terminal.type("import", str(SAMPLES / "demo.toml"), "--by", "chloe", "--dry-run")
    assert said.code == 1
    assert said.err.startswith("mendwork: demo.toml: ")


def test_a_policy_file_is_checked_for_people(terminal: Terminal, tmp_path: Path) -> None:
    good = terminal.type("policy", "check", str(SAMPLES / "policy.toml"))
    assert good.out.endswith("policy.toml is good: policy version acme-2026-1.\n")
    bad = tmp_path / "bad.toml"
    bad.write_text("version = 3\n")
    said = terminal.type("policy", "check", str(bad))
    assert said.code == 1
    assert "bad.toml cannot be used:\n  version: " in said.out
    bad.write_bytes(b"\xff\xfe")
    assert "is not UTF-8 text" in terminal.type("policy", "check", str(bad)).err


def test_factories_are_listed_with_their_level_and_one_with_how_it_climbed(
    terminal: Terminal, database: Engine
) -> None:
    life = a_life("f2")
    for day in range(30):
        life = life.keep_time(NOW + timedelta(days=day))
    with writing(database) as connection:
        record(connection, [a_recording(life)])
    (jasmine, lotus) = terminal.type("factories", "--json").json
    assert (jasmine["level"], jasmine["since"], lotus["open"]) == (0, None, 2)
    assert lotus["level"] >= 2
    assert re.search(rf"lotus +Lotus Garments +BD +2 +\d +{lotus['level']} ", terminal.type("factories").out)
    (level,) = terminal.type("factories", "lotus", "--json").json["levels"]
    assert (level["finding"], level["weight"]["level"]) == ("f2", lotus["level"])
    assert "lotus Lotus Garments: 1 change of level" in terminal.type("factories", "lotus").out
    assert f"Lotus Garments, level {lotus['level']}" in terminal.type("finding", "show", "f1").out
    unknown = terminal.type("factories", "nowhere")
    assert (unknown.code, "`mendwork factories` lists them" in unknown.err) == (1, True)


@pytest.mark.usefixtures("database")
def test_a_plan_is_printed_for_whom_may_see_it(terminal: Terminal) -> None:
    file = terminal.home / "plan.pdf"
    said = terminal.type("paper", "plan", "plan-1", "--for", "bao", "--out", str(file))
    assert said.code == 0, said.err
    assert file.read_bytes().startswith(b"%PDF-")
    unseen = terminal.type("paper", "finding", "none", "--for", "bao", "--out", str(file))
    assert (unseen.code, "there is no finding 'none' that bao may see" in unseen.err) == (1, True)
    nobody = terminal.type("paper", "plan", "plan-1", "--for", "zoe", "--out", str(file))
    assert "there is no person 'zoe'" in nobody.err


@pytest.mark.usefixtures("database")
def test_a_crosswalk_is_loaded_whole_shown_and_refused_with_the_row(
    terminal: Terminal, tmp_path: Path
) -> None:
    file = tmp_path / "cat.csv"
    file.write_text("old,new\nq1,q2\n")
    programme = ("--programme", "bd")
    said = terminal.type("crosswalk", str(file), *programme)
    assert said.out == "bd: version 1 of the crosswalk, 1 questions\n"
    assert terminal.type("crosswalk", str(file), *programme).out == said.out, "the same keeps its version"
    file.write_text("old,new\nq1,q3\nq4,q5\n")
    told = terminal.type("crosswalk", str(file), *programme, "--json").json
    assert (told["version"], told["questions"]) == (2, {"q1": "q3", "q4": "q5"})
    assert re.search(r"q4 +q5", terminal.type("crosswalk", *programme).out)
    file.write_text("old,new\nq1,\n")
    wrong = terminal.type("crosswalk", str(file), *programme)
    assert (wrong.code, "row 2: an id is empty" in wrong.err) == (1, True)
    for lost in (("crosswalk", "missing.csv", *programme), ("crosswalk", "--programme", "nobody")):
        assert terminal.type(*lost).code == 1
