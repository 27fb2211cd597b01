"""A factory's days and a programme's policy on the command line: shown first, then moved."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage import findings
from storage.assessments import add_subjects
from storage.database import migrate, open_engine, reading, writing
from storage.recording import record
from tests.cli.conftest import Terminal
from tests.service.stage import LOTUS, Theatre, a_subject, cast
from tests.service.test_reprojecting import FASTER, IN_WORKING_DAYS, a_finding, a_real_calendar
from tests.storage.builders import a_recording

SURE = ("--by", "chloe", "--reason", "Declared yesterday.")


@pytest.fixture
def store(terminal: Terminal) -> Iterator[Engine]:
    """The database of the home folder, with the cast and a finding that counts in working days."""
    terminal.home.mkdir(parents=True)
    engine = open_engine(f"sqlite:///{terminal.home / 'mendwork.db'}")
    migrate(engine)
    with writing(engine) as connection:
        cast(connection)
    now = datetime.now(UTC)
    life = a_finding("f1", IN_WORKING_DAYS, a_real_calendar(Theatre(engine, None), now), now)  # type: ignore[arg-type]
    with writing(engine) as connection:
        record(connection, [a_recording(life)])
        add_subjects(connection, [a_subject(life)])
    yield engine
    engine.dispose()


def a_working_day(store: Engine, ahead: int) -> date:
    with reading(store) as connection:
        case = findings.case(connection, "f1")
    assert case is not None
    calendar = case.finding.calendar
    return calendar.add_working_days(calendar.today(datetime.now(UTC)), ahead)


def test_a_holiday_is_shown_with_what_it_moves_and_confirmed(terminal: Terminal, store: Engine) -> None:
    day = a_working_day(store, 20)
    asked = ("calendar", LOTUS, "--holiday", f"{day}=Declared")
    shown = terminal.type(*asked)
    assert "1 date would move; 1 open finding would follow." in shown.out, shown.err
    assert "Agree on the improvement plan" in shown.out
    digest = terminal.type(*asked, "--json").json["digest"]
    assert digest in shown.out
    assert terminal.type("calendar", LOTUS, "--json").json["days"] == []

    stale = terminal.type(*asked, *SURE, "--confirm", "0" * 64)
    assert (stale.code, "Look at the preview again" in stale.err) == (1, True)
    nobody = terminal.type(*asked, "--confirm", digest)
    assert (nobody.code, "say with --by who confirms" in nobody.err) == (1, True)
    bao = terminal.type(*asked, "--by", "bao", "--reason", "I want it.", "--confirm", digest)
    assert (bao.code, bao.err.startswith("mendwork: Bao Tran")) == (1, True), bao.err

    done = terminal.type(*asked, *SURE, "--confirm", digest)
    assert (done.code, done.out) == (
        0,
        "It is kept. Open findings that follow: 1, 1 of them as soon as a worker answers.\n",
    )
    listed = terminal.type("calendar", LOTUS)
    assert "Declared" in listed.out
    assert "Open findings that follow other days still: 1." in listed.out
    assert "hang on the moon" in listed.out


@pytest.mark.usefixtures("store")
def test_days_are_added_to_those_there_are_and_taken_away(terminal: Terminal) -> None:
    days = ("--shutdown", "2027-04-10..2027-04-14=Maintenance", "--workday", "2027-04-16")
    digest = terminal.type("calendar", LOTUS, *days, "--json").json["digest"]
    assert terminal.type("calendar", LOTUS, *days, *SURE, "--confirm", digest, "--json").json["findings"] == 1
    fewer = ("--remove", "2027-04-16", "--holiday", "2027-05-01")
    digest = terminal.type("calendar", LOTUS, *fewer, "--json").json["digest"]
    assert terminal.type("calendar", LOTUS, *fewer, *SURE, "--confirm", digest).code == 0
    kept = terminal.type("calendar", LOTUS, "--json").json["days"]
    assert [(each["kind"], each["first"], each["last"]) for each in kept] == [
        ("shutdown", "2027-04-10", "2027-04-14"),
        ("holiday", "2027-05-01", "2027-05-01"),
    ]


@pytest.mark.usefixtures("store")
@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("nowhere",), "`mendwork factories` lists them"),
        ((LOTUS, "--holiday", "26 March"), "write a day as 2026-03-26"),
        ((LOTUS, "--holiday", "2026-02-30"), "write a day as 2026-03-26"),
        ((LOTUS, "--shutdown", "2026-04-14..2026-04-10"), "2026-04-10..2026-04-14"),
    ],
)
def test_what_cannot_be_is_told(terminal: Terminal, words: tuple[str, ...], says: str) -> None:
    said = terminal.type("calendar", *words)
    assert (said.code, says in said.err) == (1, True)


@pytest.mark.usefixtures("store")
def test_a_policy_is_shown_with_what_it_moves_and_given(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "faster.toml"
    file.write_text(FASTER)
    asked = ("policy", "apply", str(file), "--programme", "bd")
    shown = terminal.type(*asked, "--json").json
    assert {each["key"] for each in shown["moves"]} == {"commit", "review"}
    petra = ("--by", "petra", "--reason", "Faster from now on.")
    kept = terminal.type(*asked, *petra, "--keep-dates")
    assert (kept.code, kept.out) == (0, "It is kept. Open findings that follow: 0.\n")
    done = terminal.type(*asked, *petra, "--confirm", shown["digest"], "--json").json
    assert (done["findings"], done["pending"], done["refused"]) == (1, 1, [])
    chloe = terminal.type(*asked, *SURE, "--keep-dates")
    assert chloe.code == 1
