"""A directory of one's own from one file: what a programme types before anything else."""

import re
import tomllib
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from httpx2 import ASGITransport, AsyncClient

from remediation.words import Role
from service.app import create_app
from service.settings import Settings
from storage import committees, messages, people, programmes
from storage.database import migrate, open_engine, reading, writing
from tests.cli.conftest import SAMPLES, Said, Terminal
from tests.storage.cast import settle_the_cast

SAMPLE = SAMPLES / "directory.toml"
TABLES: dict[str, list[dict[str, Any]]] = tomllib.loads(SAMPLE.read_text(encoding="utf-8"))


@pytest.fixture(autouse=True)
def empty(terminal: Terminal) -> None:
    terminal.home.mkdir()
    engine = open_engine(address(terminal))
    migrate(engine)
    engine.dispose()


def address(terminal: Terminal) -> str:
    return f"sqlite:///{terminal.home / 'mendwork.db'}"


def workbook(tables: dict[str, list[dict[str, Any]]]) -> bytes:
    """The tables as somebody keeps them in a workbook: a sheet each, words for ticks, dates as dates."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in tables.items():
            sheet = book.add_worksheet(name.title())
            columns = list(dict.fromkeys(column for row in rows for column in row))
            sheet.write_row(0, 0, [column.replace("_", " ").title() for column in columns])
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(columns):
                    cell = row.get(column)
                    sheet.write(number, place, "yes" if cell is True else cell)
    return target.getvalue()


def altered(sheet: str, row: int, **cells: Any) -> dict[str, list[dict[str, Any]]]:  # noqa: ANN401 - cells
    tables = {name: [dict(each) for each in rows] for name, rows in TABLES.items()}
    tables[sheet][row - 1] |= cells
    return tables


def store(terminal: Terminal, tables: dict[str, list[dict[str, Any]]], *options: str) -> Said:
    file = terminal.home / "directory.xlsx"
    file.write_bytes(workbook(tables))
    return terminal.type("directory", str(file), *options)


async def test_the_first_operators_token_opens_the_directory_that_was_stored(terminal: Terminal) -> None:
    said = terminal.type("directory", str(SAMPLE), "--json").json
    assert (said["stored"], said["token"]["person"]) == (True, "p-0001")
    app = create_app(Settings(database_url=address(terminal), trusted_hosts=("here",)))
    headers = {"Authorization": f"Bearer {said['token']['token']}"}
    async with AsyncClient(transport=ASGITransport(app), base_url="http://here", headers=headers) as client:
        (place,) = (await client.get("/api/v1/factories")).json()["items"]
        seats = (await client.get("/api/v1/factories/BD-0001/committee")).json()
        leader = (await client.get("/api/v1/people/p-0003")).json()
    app.state.context.database.dispose()
    assert (place["zone"], place["rest_days"], place["country"]) == ("Asia/Dhaka", [5], "BD")
    assert [each["person"]["name"] for each in seats["seats"]] == ["Anjali Worker", "Babul Manager"]
    assert leader["roles"][0] | {"lent_by": None} == {
        "role": "team_leader",
        "kind": "programme",
        "scope": "first-programme",
        "lent_by": None,
    }


def test_a_workbook_says_the_same_as_the_toml_file(terminal: Terminal) -> None:
    assert terminal.type("directory", str(SAMPLE)).code == 0
    again = store(terminal, TABLES, "--json").json
    assert {each["change"] for each in again["rows"]} == {"same"}
    assert again["token"] is None


def test_a_dry_run_stores_nothing(terminal: Terminal) -> None:
    said = terminal.type("directory", str(SAMPLE), "--dry-run")
    assert re.search(r"people +7 +0 +0", said.out)
    assert "Nothing was stored: 17 rows read." in said.out
    assert "token" not in said.out
    engine = open_engine(address(terminal))
    with reading(engine) as connection:
        assert programmes.all_programmes(connection) == ()
        assert people.every_id(connection) == ()
    engine.dispose()


def test_the_token_is_shown_once(terminal: Terminal) -> None:
    first, second = (terminal.type("directory", str(SAMPLE)) for _ in range(2))
    assert re.search(r"p-0001 is the first operator\..*\n\n +\S{43}\n", first.out)
    assert "operator" not in second.out


def test_it_is_read_from_standard_input_too(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    class Input:
        buffer = BytesIO(SAMPLE.read_bytes())

    monkeypatch.setattr("sys.stdin", Input())
    assert terminal.type("directory", "-").code == 0


def test_what_is_corrected_is_told_and_what_is_not_named_stays(terminal: Terminal) -> None:
    terminal.type("directory", str(SAMPLE))
    renamed = altered("people", 2, name="Chandra Das", email="chandra@elsewhere.example")
    renamed["people"], renamed["roles"], renamed["seats"] = renamed["people"][1:2], [], []
    said = store(terminal, renamed)
    assert "Changed in people: p-0002 Chandra Das" in said.out
    engine = open_engine(address(terminal))
    with reading(engine) as connection:
        assert len(people.every_id(connection)) == 7
        assert people.given(connection, "p-0002")
        chandra = people.person(connection, "p-0002")
        told = messages.of_person(connection, "p-0002")
        assert chandra is not None
        assert chandra.email == "chandra@elsewhere.example"
    assert [(each.kind, each.address) for each in told] == [
        (messages.ADDRESS_CHANGED, "chandra@programme.example")
    ]
    engine.dispose()


def test_each_change_is_kept_with_what_it_was_before(terminal: Terminal) -> None:
    terminal.type("directory", str(SAMPLE))
    first = terminal.type("changes", "--json").json
    assert {each["by"] for each in first} == {"command line"}
    assert {each["what"] for each in first} == {"programme", "factory", "person", "roles", "committee"}
    assert len(first) == 1 + 1 + 7 + 6 + 1
    store(terminal, TABLES)
    assert terminal.type("changes", "--json").json == first
    store(terminal, altered("people", 2, email="chandra@elsewhere.example"))
    (last, *_) = terminal.type("changes", "p-0002", "--json").json
    emails = [last[when]["email"] for when in ("before", "after")]
    assert emails == ["chandra@programme.example", "chandra@elsewhere.example"]
    assert re.search(r"command line +person +p-0002 +email *\n", terminal.type("changes", "p-0002").out)
    assert re.search(r"command line +roles +p-0002 +new *\n", terminal.type("changes", "p-0002").out)


@pytest.mark.parametrize(
    ("sheet", "row", "cells", "said"),
    [
        ("programmes", 1, {"id": "our programme"}, "id: Use letters, digits"),
        ("programmes", 1, {"policy": "none.toml"}, "policy: "),
        ("factories", 1, {"country": "Atlantis"}, "country: Nobody knows this country"),
        ("factories", 1, {"country": "FR"}, "zone: Nobody knows this country's time zone"),
        ("factories", 1, {"zone": "Asia/Dacca2"}, "zone: "),
        ("factories", 1, {"rest_days": "someday"}, "rest_days: Write weekdays as fri"),
        ("factories", 1, {"rest_days": "9"}, "rest_days: "),
        ("factories", 1, {"programme": "second"}, "programme: There is no programme second"),
        ("factories", 1, {"nmae": "Shapla"}, "nmae: There is no such column; did you mean 'name'?"),
        ("people", 3, {"language": "French"}, "language: Write an ISO 639-1 code"),
        ("people", 3, {"email": "nobody"}, "email: This is no e-mail address"),
        ("people", 3, {"id": "p-0002"}, "id: Row 3 says this already"),
        ("people", 6, {"phone": "call me"}, "phone: Write digits"),
        ("people", 6, {"name": None}, "name: This column is required"),
        ("roles", 2, {"role": "king"}, "role: Known are"),
        ("roles", 2, {"role": "worker member"}, "role: Nobody is given this role"),
        ("roles", 2, {"person": "p-9999"}, "person: Nobody has the id p-9999"),
        ("roles", 2, {"at": "nowhere"}, "at: There is no programme nowhere"),
        ("roles", 6, {"at": None}, "at: This role is held at a factory"),
        ("roles", 4, {"at": "BD-0001"}, "at: This role is held at a programme"),
        ("roles", 1, {"role": "advisor"}, "Nobody would be an operator"),
        ("seats", 1, {"factory": "BD-0002"}, "factory: There is no factory BD-0002"),
        ("seats", 1, {"person": "p-9999"}, "person: Nobody has the id p-9999"),
        ("seats", 1, {"side": "both"}, "side: Known are"),
        ("seats", 1, {"elected": "perhaps"}, "elected: Write yes or no"),
        ("seats", 1, {"since": "spring"}, "since: Write a date as YYYY-MM-DD"),
    ],
)
def test_each_fault_names_sheet_row_and_column(
    terminal: Terminal, sheet: str, row: int, cells: dict[str, Any], said: str
) -> None:
    answer = store(terminal, altered(sheet, row, **cells))
    assert answer.code == 1
    assert "Nothing was stored." in answer.out
    place = f"{sheet}, row {row + 1}, " if ":" in said else f"{sheet}: "
    assert f"  {place}{said}" in answer.out
    assert store(terminal, TABLES, "--dry-run").code == 0


def test_faults_of_a_toml_file_count_the_tables_of_their_kind(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    text = SAMPLE.read_text(encoding="utf-8").replace('language = "fr"', 'language = "French"')
    file.write_text(f'{text}\n[[offices]]\nid = "x"\n', encoding="utf-8")
    faults = terminal.type("directory", str(file), "--json").json["faults"]
    assert [(each["sheet"], each["row"], each["column"]) for each in faults] == [
        ("offices", 0, ""),
        ("people", 3, "language"),
    ]
    file.write_text("people = 3", encoding="utf-8")
    assert (
        "people: Write each row as a table of its own: [[people]]."
        in terminal.type("directory", str(file)).out
    )


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The file is empty"),
        (b"name: x", "This is no TOML"),
        (b"PK\x03\x04 and no more", "damaged"),
        (b"\xff\xfe\x00", "neither UTF-8"),
    ],
)
def test_a_file_that_is_none_of_the_two(terminal: Terminal, tmp_path: Path, data: bytes, said: str) -> None:
    file = tmp_path / "directory"
    file.write_bytes(data)
    answer = terminal.type("directory", str(file))
    assert (answer.code, said in answer.err) == (1, True)


def test_what_open_findings_count_by_is_changed_elsewhere(terminal: Terminal) -> None:
    terminal.type("directory", str(SAMPLE))
    days = store(terminal, altered("factories", 1, rest_days="sun"))
    assert (
        "factories, row 2, rest_days: It stands as (5,). Change it by PATCH /factories/BD-0001." in days.out
    )
    seats = store(terminal, altered("seats", 1, co_chair=False, elected=False))
    assert "A committee sits at BD-0001 already. Change it by PUT" in seats.out


def test_a_programme_keeps_its_policy_unless_the_file_names_one(terminal: Terminal) -> None:
    (terminal.home / "policy.toml").write_bytes((SAMPLES / "policy.toml").read_bytes())
    assert store(terminal, altered("programmes", 1, policy="policy.toml")).code == 0
    engine = open_engine(address(terminal))
    with reading(engine) as connection:
        (ours,) = programmes.all_programmes(connection)
    assert store(terminal, TABLES).code == 0
    with reading(engine) as connection:
        assert programmes.all_programmes(connection) == (ours,)
        assert len(committees.terms(connection, "BD-0001")) == 2
    with writing(engine) as connection:
        assert people.holders_of(connection, Role.OPERATOR) == ("p-0001",)
    engine.dispose()
    (terminal.home / "policy.toml").write_text("[severities]", encoding="utf-8")
    broken = store(terminal, altered("programmes", 1, policy="policy.toml"))
    assert "programmes, row 2, policy: policy.toml cannot be used" in broken.out


def test_the_sample_can_be_looked_at_beside_the_demo(terminal: Terminal) -> None:
    with writing(engine := open_engine(address(terminal))) as connection:
        settle_the_cast(connection)
    engine.dispose()
    said = terminal.type("directory", str(SAMPLE), "--dry-run")
    assert said.code == 0, said.out + said.err
    assert re.search(r"programmes +1 +0 +0", said.out)
