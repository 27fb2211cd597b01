"""Sealed dossiers: what stands in them for each reader, and that nothing in them can be changed unseen."""

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from notifications.occasion import Witness
from remediation.permissions import Grant, ScopeKind
from remediation.words import FindingId, PersonId, Role, Severity
from service.sealed import verifier
from service.sealed.signing import public_text, sealing_key
from service.sealed.verifier import RECORD, SEAL, verify
from storage import people
from storage.database import writing
from tests.paper.files import text_of
from tests.sealed.dossiers import dossier, everything_in, keep_pasts, record_of
from tests.service.meetings import put_meeting
from tests.service.stage import (
    AMINA,
    ASHA,
    BAO,
    BUYER,
    CHLOE,
    LOTUS,
    NAMES,
    NEIGHBOUR,
    PROGRAMME,
    Live,
    Theatre,
    a_life,
    a_plan,
    key,
    save_person,
)
from tests.service.test_plan_standing import open_plan
from tests.service.visits import put_visit

PANEL = PersonId("pia")
PLANTED = "PLANTED the guard keeps the keys"


async def argued(live: Live) -> str:
    """Give a finding over which people voted and wrote."""
    finding = await live.begin()
    plan = a_plan() | {"root_cause": PLANTED}
    await live.say(BAO, finding, "propose", **plan)
    async with live.theatre.act(AMINA) as client:
        revision = (await client.get(f"/api/v1/findings/{finding}")).json()["proposal"]["revision"]
    for person in (AMINA, BAO):
        await live.say(person, finding, "sign", revision=revision)
    return finding


def said_alone(data: bytes, key: str, folder: Path) -> str:
    """Give what the verifier says of a dossier where there is nothing but itself and Python."""
    file, alone = folder / "dossier.zip", folder / "alone" / "verifier.py"
    file.write_bytes(data)
    alone.parent.mkdir()
    alone.write_text(Path(verifier.__file__).read_text())
    command = [sys.executable, "-I", "-S", str(alone), str(file), "--key", key]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=alone.parent).stdout


async def test_the_advisors_dossier_holds_every_entry_and_both_programs_find_it_whole(
    live: Live, tmp_path: Path
) -> None:
    finding = await argued(live)
    data = await dossier(live.theatre, CHLOE, f"findings/{finding}")
    verdict = verify(data)
    assert verdict.faults == []
    assert verdict.heads == {finding: len(live.theatre.ledger(finding))}
    assert verdict.withheld == 0
    assert PLANTED in everything_in(data)
    assert [each["kind"] for each in record_of(data)["ledgers"][0]["entries"]] == live.theatre.ledger(finding)

    assert said_alone(data, verdict.key, tmp_path).startswith("As it was sealed: 1 finding")


async def test_a_buyers_dossier_tells_no_name_and_no_text_and_can_be_checked_all_the_same(live: Live) -> None:
    finding = await argued(live)
    data = await dossier(live.theatre, BUYER, f"findings/{finding}")
    verdict = verify(data)
    assert verdict.faults == []
    assert verdict.withheld == len(live.theatre.ledger(finding))
    told = everything_in(data).replace(NAMES[BUYER], "")
    assert [each for each in (PLANTED, *NAMES.values()) if each in told] == []
    assert [each for each in (AMINA, ASHA, BAO) if f'"{each}"' in told] == []


async def test_a_manager_is_not_told_by_the_ledger_which_worker_signed(live: Live) -> None:
    finding = await argued(live)
    data = await dossier(live.theatre, BAO, f"findings/{finding}")
    verdict = verify(data)
    assert verdict.faults == []
    entries = record_of(data)["ledgers"][0]["entries"]
    assert {each["kind"] for each in entries if "kind" in each} & {"signed", "committed"} == set()
    assert verdict.withheld >= 3


async def test_the_pdf_in_a_dossier_tells_its_reader_what_the_page_beside_it_tells(live: Live) -> None:
    finding = await argued(live)
    told = {}
    for person in (CHLOE, BUYER):
        async with live.theatre.act(person) as client:
            data = (await client.get(f"/api/v1/findings/{finding}/dossier?pdf=true")).content
        assert verify(data).faults == []
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            told[person] = " ".join(text_of(archive.read("dossier.pdf")).split())
    assert "Sealed dossier" in told[BUYER]
    action = a_plan()["actions"][0]["description"]
    assert [each for each in (action, *NAMES.values()) if each in told[BUYER]] == []
    assert [each for each in (action, NAMES[AMINA], NAMES[BAO]) if each not in told[CHLOE]] == []


async def test_another_factorys_finding_has_no_dossier(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    async with theatre.act(NEIGHBOUR) as client:
        for about in ("findings/f1", "plans/plan-1", f"factories/{LOTUS}"):
            answer = await client.get(f"/api/v1/{about}/dossier")
            assert answer.status_code == 404, about


async def test_a_plans_and_a_factorys_dossier_hold_all_their_findings(theatre: Theatre) -> None:
    stories = keep_pasts(theatre, 12)
    for about in ("plans/plan-1", f"factories/{LOTUS}"):
        verdict = verify(await dossier(theatre, CHLOE, about))
        assert verdict.faults == []
        assert verdict.heads == {story[0].finding: len(story) for story in stories}


@pytest.mark.parametrize(("person", "withheld"), [(CHLOE, 0), (BUYER, 2)])
async def test_a_plans_dossier_holds_the_plans_own_ledger_too(
    live: Live, tmp_path: Path, person: str, withheld: int
) -> None:
    plan = await open_plan(live)
    async with live.theatre.act(BAO) as client:
        await client.post(f"/api/v1/plans/{plan}/file-plan", json={}, headers=key())
    for about in (f"plans/{plan}", f"factories/{LOTUS}"):
        data = await dossier(live.theatre, person, about)
        verdict = verify(data)
        assert verdict.faults == []
        assert verdict.heads[f"plan:{plan}"] == 2
        ledger = next(each for each in record_of(data)["ledgers"] if each["finding"] == f"plan:{plan}")
        assert sum("body" not in each for each in ledger["entries"]) == withheld
        assert (f"{NAMES[BAO]} filed the improvement plan." in everything_in(data)) is (not withheld)
    assert " meeting" in said_alone(data, verdict.key, tmp_path)


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (CHLOE, ["meeting:m-1", "visit:v-hidden", "visit:v-told"]),
        (AMINA, ["meeting:m-1", "visit:v-told"]),
        (PANEL, ["visit:v-told"]),
        (BUYER, []),
    ],
)
async def test_a_dossier_names_no_meeting_or_visit_that_its_reader_could_not_open(
    theatre: Theatre, person: PersonId, told: list[str]
) -> None:
    theatre.keep(a_life("f1"))
    with writing(theatre.database) as connection:
        save_person(connection, PANEL, "Pia Panel")
        people.give(connection, PANEL, Grant(Role.DECISION_PANEL, ScopeKind.PROGRAMME, PROGRAMME))
        put_meeting(connection, "m-1", findings=("f1",))
        put_visit(connection, "v-told", findings=("f1",))
        put_visit(connection, "v-hidden", findings=("f1",), announced=False)
    data = await dossier(theatre, person, f"factories/{LOTUS}")
    verdict = verify(data)
    assert verdict.faults == []
    assert sorted(verdict.heads) == ["f1", *told]
    everything = everything_in(data)
    for each in {"m-1", "v-told", "v-hidden"} - {name.partition(":")[2] for name in told}:
        assert each not in everything


async def test_the_published_key_is_the_one_that_seals(theatre: Theatre) -> None:
    theatre.keep(a_life("f1"))
    data = await dossier(theatre, CHLOE, "findings/f1")
    async with theatre.act(CHLOE) as client:
        public = (await client.get("/api/v1/sealing-key")).json()["public"]
    assert verify(data, public).faults == []
    other = public_text(Ed25519PrivateKey.generate())
    assert verify(data, other).faults == ["it was sealed with another key than the one you trust"]


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    file = tmp_path / "home" / "sealing.key"
    made = public_text(sealing_key(file))
    assert public_text(sealing_key(file)) == made
    assert file.stat().st_mode & 0o777 == 0o600


async def test_an_old_mail_finds_out_a_past_that_was_written_anew_and_sealed(
    theatre: Theatre, tmp_path: Path
) -> None:
    told, rewritten = a_life("f1"), a_life("f1", severity=Severity.MINOR)
    witness = str(Witness(subject=FindingId("f1"), entries=1, digest=told.entries[-1].digest))
    theatre.keep(rewritten)
    data = await dossier(theatre, CHLOE, "findings/f1")
    assert verify(data).faults == [], "the seal itself holds"
    fault = "f1: its first 1 entries are not those that the mail witnessed"
    assert verify(data, witnesses=[witness]).faults == [fault]
    true = f"f1 1 {rewritten.entries[-1].digest}"
    verdict = verify(data, witnesses=[true, true])
    assert (verdict.faults, verdict.witnessed) == ([], 2)
    assert "agree with 2 lines of mails" in " ".join(verifier.sentences(verdict, ""))
    for line, said in (
        ("f1 2 00", "the mail saw 2 entries, the ledger has fewer"),
        ("f2 1 00", "no ledger of it"),
        ("f1 one 00", "is no witness"),
    ):
        assert said in verify(data, witnesses=[line]).faults[0]
    file = tmp_path / "dossier.zip"
    file.write_bytes(data)
    assert verifier.main([str(file), "--witness", witness]) == 1
    assert verifier.main([str(file), "--witness", true]) == 0


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"no archive at all", b"\x00" * 1000])
def test_what_is_no_dossier_is_said_to_be_none(data: bytes) -> None:
    assert verify(data).faults == ["the archive is damaged"]


def test_a_seal_alone_is_no_dossier() -> None:
    assert verify(verifier.packed({SEAL: b""})).faults == [f"the archive lacks {SEAL} or {RECORD}"]
