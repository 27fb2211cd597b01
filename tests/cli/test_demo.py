"""The demo programme: what its file must say, and what becomes of it."""

from pathlib import Path

import pytest

from service.demo import DemoMissingError, read_demo
from service.demo_tokens import CastMember, read_tokens, write_tokens

AMINA = CastMember(
    key="AMINA", person="p-0101", name="Amina Rahman", role="worker co-chair of BD-0117", token="t"
)


def test_everybody_the_file_seats_is_somebody_it_describes() -> None:
    demo = read_demo()
    for factory in demo.factories:
        named = {factory.manager, factory.top_management, *(seat.person for seat in factory.committee)}
        assert named <= demo.people.keys()


def test_people_are_described_by_what_they_are() -> None:
    demo = read_demo()
    assert demo.described("bao") == "manager and management co-chair of BD-0117"
    assert demo.described("chloe") == "advisor"
    assert demo.described("otto") == "an outsider"


def test_every_address_is_one_that_can_reach_nobody() -> None:
    addresses = [person.email for person in read_demo().people.values() if person.email]
    assert [each for each in addresses if not each.endswith(".example")] == []


def test_ids_hold_no_names_because_they_enter_histories() -> None:
    assert all(person.id.startswith("p-0") for person in read_demo().people.values())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (None, "The demo programme comes with the sources"),
        ("people = 3", "cannot be used"),
        ("=", "cannot be used"),
    ],
)
def test_a_file_that_cannot_be_used_is_said_to_be_so(tmp_path: Path, text: str | None, sentence: str) -> None:
    file = tmp_path / "demo.toml"
    if text is not None:
        file.write_text(text)
    with pytest.raises(DemoMissingError, match=sentence):
        read_demo(file)


def test_tokens_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    file = tmp_path / "demo-tokens.txt"
    assert read_tokens(file) == ()
    write_tokens(file, [AMINA])
    assert read_tokens(file) == (AMINA,)
    assert file.stat().st_mode & 0o777 == 0o600
