"""`mendwork up`: one command runs everything, and loses nothing whatever ends it."""

import json
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx2
import psutil
import pytest

from tests.cli.conftest import ROOT, Terminal
from tests.cli.embedded import Up, mendwork, type_the_readme, until

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One that runs for all tests of this module."""
    running = Up.start(tmp_path_factory.mktemp("up"))
    yield running
    if running.process.poll() is None:
        running.stop()


def test_everything_answers_where_it_says(up: Up) -> None:
    assert up.get("findings", "/healthz") == (200, {"status": "ok"})
    assert up.get("findings", "/readyz")[1]["status"] == "ready"
    for place, path in (("caught mail", "/"), ("Temporal", "/"), ("API", "/api/v1/docs")):
        status, page = up.get(place, path)
        assert status == 200, (place, page)


def test_each_of_the_cast_is_known_and_the_outsider_sees_nothing(up: Up) -> None:
    assert up.get("findings", "/api/v1/me", as_="AMINA")[1]["name"] == "Amina Rahman"
    assert {
        each["factory"]["id"] for each in up.get("findings", "/api/v1/findings", as_="AMINA")[1]["items"]
    } == {"BD-0117"}
    assert up.get("findings", "/api/v1/findings", as_="OTTO")[1]["items"] == []


def test_the_doctor_finds_no_fault_and_knows_where_to_look(up: Up) -> None:
    said = mendwork(up.folder, "doctor")
    assert (said.returncode, "✗" in said.stdout) == (0, False), said.stdout


def test_a_second_one_on_the_same_folder_is_refused(up: Up) -> None:
    said = mendwork(up.folder, "up", "--free-ports")
    assert said.returncode == 1
    assert f"another `mendwork up` (process {up.process.pid}) runs on var/" in said.stderr


def test_the_first_ten_minutes_go_as_the_readme_says(up: Up) -> None:
    said = type_the_readme(up)
    assert "13 rows cannot be used." in said[1]
    assert "12 findings issued in 3 plans; 0 corrected, 0 known already." in said[1]
    assert '"title": "Not Found"' in said[2]
    assert '"code": "date_beyond_policy"' in said[3]
    assert '"facts": [\n        "proposed"\n    ]' in said[3]
    assert said[4].count('"version": 3') == 2, "a second click has the first one's answer"
    assert '"stage": "committed"' in said[4]
    assert '"duty": "action"' in said[5]
    assert '"stage": "fix_reported"' in said[6]
    assert '"code": "not_permitted"' in said[7]
    assert '"stage": "closed"' in said[7]
    assert "no_address" in said[8]
    assert "Every ledger holds." in said[8]
    assert "✗" not in said[8]


def test_the_mails_of_a_whole_life_reach_the_catcher(up: Up) -> None:
    subjects = {"Your signature is asked for", "The improvement plan is signed", "The fix is verified"}
    until(lambda: all(any(each in mail for mail in caught(up)) for each in subjects))


def caught(up: Up) -> list[str]:
    """The subjects of the mails that Amina got."""
    return [mail["subject"] for mail in up.get("caught mail", "/mails?to=amina@padma.example")[1]]


def test_somebody_signs_in_by_the_mail_that_comes_within_seconds(up: Up) -> None:
    with httpx2.Client(base_url=up.places["findings"]) as browser:
        asked = browser.post("/sign-in", data={"address": "amina@padma.example"})
        assert asked.headers["Location"] == "/sign-in/code"
        until(lambda: "Your code to sign in" in caught(up))
        mails = up.get("caught mail", "/mails?to=amina@padma.example")[1]
        text = next(mail["text"] for mail in mails if mail["subject"] == "Your code to sign in")
        (code,) = re.findall(r"^ +(\d{4} \d{4})$", text, re.MULTILINE)
        entered = browser.post("/sign-in/code", data={"code": code})
        assert entered.headers["Location"] == "/"
        assert "Amina Rahman" in browser.get("/findings").text
    (session,) = json.loads(mendwork(up.folder, "sessions", "p-0101", "--json").stdout)["sessions"]
    assert session["means"] == "code"


def test_the_same_import_again_starts_nothing(up: Up) -> None:
    again = mendwork(up.folder, "import", str(ROOT / "samples" / "assessment.csv"))
    assert again.stdout == "0 findings issued in 0 plans; 0 corrected, 12 known already.\n"


def test_a_killed_worker_is_started_again(up: Up) -> None:
    worker = up.child("worker")
    worker.kill()
    until(lambda: "worker runs again" in up.said)
    assert "worker was ended by SIGKILL; starting it again (log: var/logs/worker.log)" in up.said
    assert up.child("worker").pid != worker.pid


def test_what_is_asked_of_a_finding_is_shown(up: Up) -> None:
    finding = next(iter(up.findings()))
    said = mendwork(up.folder, "finding", "show", finding)
    assert said.returncode == 0
    assert "issued" in said.stdout
    assert mendwork(up.folder, "ledger", "verify", "--states").stdout == "Every ledger holds.\n"


def test_whatever_ends_it_no_child_stays_and_the_next_start_finds_all(up: Up) -> None:
    before, tokens, children = up.findings(), up.tokens, up.children()
    assert up.stop(signal.SIGINT) == 0
    _, alive = psutil.wait_procs(children, timeout=0)
    # What has ended may wait for the system to take note of it.
    assert [child for child in alive if child.status() != psutil.STATUS_ZOMBIE] == []
    assert "Stopped." in up.said
    second = Up.start(up.folder)
    try:
        assert (second.findings(), second.tokens) == (before, tokens)
        children = second.children()
    finally:
        second.stop(signal.SIGKILL)
    _, alive = psutil.wait_procs(children, timeout=20)
    assert sys.platform != "linux" or alive == []
    lose_what_temporal_keeps(up.folder)
    third = Up.start(up.folder, as_json=False)
    try:
        assert "findings start again from SQL" in third.said
        assert (third.findings(), third.tokens) == (before, tokens)
        assert doctor(up.folder)["findings"] == f"{len(before)} open, each with a running workflow"
    finally:
        assert third.stop(signal.SIGTERM) == 0


def lose_what_temporal_keeps(folder: Path) -> None:
    for file in (folder / "var").glob("temporal.db*"):
        file.unlink()


def doctor(folder: Path) -> dict[str, str]:
    """What the doctor sees, by what it looked at."""
    results = json.loads(mendwork(folder, "doctor", "--json").stdout)
    return {each["what"]: each["seen"] for each in results}


def test_a_taken_port_is_named_before_anything_starts(terminal: Terminal) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        said = terminal.type("up", "--port", str(port))
    assert said.code == 1
    assert f"{port} (service)" in said.err
    assert "`mendwork up --free-ports`" in said.err
    assert not (terminal.home / "logs").exists()


def test_a_program_that_cannot_start_ends_all_and_shows_why(tmp_path: Path) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "mendwork.db").write_text("this is no database, whatever its name says" * 100)
    said = mendwork(tmp_path, "up", "--free-ports")
    assert said.returncode == 1
    assert "mendwork: migrate ended with code 1. Its log var/logs/migrate.log ends with:" in said.stderr
    assert "file is not a database" in said.stderr
    left = subprocess.run(["pgrep", "-f", str(tmp_path)], capture_output=True, text=True, check=False)
    assert left.stdout == ""
