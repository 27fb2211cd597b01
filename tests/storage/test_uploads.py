"""Uploaded files, in both dialects: kept once, confirmed once, taken up when left, and forgotten."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Engine

from remediation.words import PersonId
from storage import uploads
from storage.database import reading, writing
from storage.uploads import Upload, UploadKind
from tests.storage.builders import CHLOE
from tests.storage.cast import NOW

A_MINUTE = timedelta(minutes=1)
TOMAS = PersonId("tomas")
FILE = Upload(
    id="a-1",
    kind=UploadKind.ASSESSMENT,
    about="bd",
    file="0" * 64,
    name="january.csv",
    by=CHLOE,
    at=NOW,
    report="{}",
)


def test_a_file_is_confirmed_once_worked_on_by_one_and_then_done(cast: Engine) -> None:
    with writing(cast) as connection:
        assert uploads.keep(connection, FILE, b"rows") == FILE
        assert uploads.confirm(connection, "a-1", TOMAS, NOW, skip_bad=True, outcome=None)
        assert not uploads.confirm(connection, "a-1", CHLOE, NOW, skip_bad=False, outcome=None)
        running = uploads.keep(connection, replace(FILE, by=TOMAS), b"rows")
        assert (running.by, running.confirmed_by, running.skip_bad) == (CHLOE, TOMAS, True)
        assert uploads.take(connection, "a-1", NOW, NOW - A_MINUTE)
        assert not uploads.take(connection, "a-1", NOW, NOW - A_MINUTE), "somebody else is at it"
        assert uploads.left(connection, UploadKind.ASSESSMENT, NOW - A_MINUTE) == ()
        assert uploads.left(connection, UploadKind.ASSESSMENT, NOW) == ("a-1",)
        assert uploads.forget(connection, NOW + A_MINUTE) == 0, "it is under way"
        uploads.finish(connection, "a-1", "first", NOW)
        uploads.finish(connection, "a-1", "second", NOW)
    with reading(cast) as connection:
        done = uploads.find(connection, "a-1")
        assert done is not None
        assert (done.outcome, done.under_way) == ("first", False)
        assert uploads.data_of(connection, "a-1") == b"rows"
        assert uploads.left(connection, UploadKind.ASSESSMENT, NOW) == ()


def test_the_same_file_again_is_tried_anew_and_old_ones_are_forgotten(cast: Engine) -> None:
    later = replace(FILE, at=NOW + A_MINUTE, report="[]")
    with writing(cast) as connection:
        uploads.keep(connection, FILE, b"rows")
        uploads.keep(connection, later, b"rows")
        uploads.keep(connection, replace(FILE, id="s-1", kind=UploadKind.PLAN, about="plan-1"), b"cells")
        assert uploads.about(connection, UploadKind.ASSESSMENT, ["bd", "plan-1"]) == (later,)
        assert uploads.forget(connection, NOW + A_MINUTE) == 1
        assert uploads.find(connection, "s-1") is None
        assert uploads.data_of(connection, "s-1") == b""
