"""Records of photos and documents, in both dialects: kept once, named for ever, found by their looks."""

from sqlalchemy import Engine

from storage.database import reading, writing
from storage.evidence import State, alike, count, find, keep, mark_named, of_finding, withdraw
from tests.evidence.builders import a_piece


def test_a_record_is_kept_once_and_comes_back_as_it_was(engine: Engine) -> None:
    piece = a_piece("e-1", likeness="0123456789abcdef")
    with writing(engine) as connection:
        assert keep(connection, piece) == piece
        assert keep(connection, a_piece("e-1", b"another", file="elsewhere")) == piece
    with reading(engine) as connection:
        assert find(connection, "e-1") == piece
        assert of_finding(connection, "f1") == (piece,)
        assert find(connection, "e-2") is None


def test_what_is_named_cannot_be_taken_back_and_the_reverse(engine: Engine) -> None:
    with writing(engine) as connection:
        one, other = keep(connection, a_piece("e-1")), keep(connection, a_piece("e-2", b"two"))
        assert mark_named(connection, "f1", [one.id, "e-nonsense"]) == {one.id: one.digest}
        assert mark_named(connection, "f2", [other.id]) == {}
        assert not withdraw(connection, one.id)
        assert withdraw(connection, other.id)
        assert mark_named(connection, "f1", [other.id]) == {}
        found = find(connection, "e-1")
        assert found is not None
        assert found.state is State.NAMED
        assert [each.id for each in of_finding(connection, "f1")] == [one.id]
        assert count(connection, "f1") == 2


def test_photos_are_found_by_file_and_by_looks(engine: Engine) -> None:
    with writing(engine) as connection:
        first = keep(connection, a_piece("e-1", likeness="0123456789abcdef"))
        near = keep(connection, a_piece("e-2", b"two", finding="f2", likeness="0123456789abcdee"))
        same = keep(connection, a_piece("e-3", finding="f3"))
        keep(connection, a_piece("e-4", b"four", likeness="fedcba9876543210"))
        assert {each.id for each in alike(connection, [first])} == {first.id, near.id, same.id}
