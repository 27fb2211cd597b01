"""The locks answer pyproject.toml, pin by hash, and name no place on the network."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
NEEDED = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
NEEDED_TO_DEVELOP = [Requirement(each) for each in PROJECT["dependency-groups"]["dev"]]
LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^(?P<name>[\w.-]+)(?:\[[\w,-]+\])?==(?P<version>\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, Version]:
    return {
        canonicalize_name(pin["name"]): Version(pin["version"])
        for pin in PIN.finditer((ROOT / lock).read_text())
    }


@pytest.mark.parametrize(
    ("lock", "needed"), [(LOCKS[0], NEEDED), (LOCKS[1], NEEDED + NEEDED_TO_DEVELOP)], ids=LOCKS
)
def test_every_requirement_is_pinned_within_its_bounds(lock: str, needed: list[Requirement]) -> None:
    pinned = pins(lock)
    stale = [
        str(each)
        for each in needed
        if canonicalize_name(each.name) not in pinned
        or pinned[canonicalize_name(each.name)] not in each.specifier
    ]
    assert not stale, f"{lock} does not answer {stale}: run `make lock`."


def test_developers_and_users_run_the_same_versions() -> None:
    developers = pins(LOCKS[1])
    assert {
        name: version for name, version in pins(LOCKS[0]).items() if developers.get(name) != version
    } == {}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_carries_hashes(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pinned = [line for line in text.splitlines() if line[:1].isalnum()]
    assert len(pinned) == len(pins(lock))
    assert all(line.endswith("\\") for line in pinned), "a pin without a hash: run `make lock`"


@pytest.mark.parametrize("lock", LOCKS)
def test_no_address_is_written_into_a_lock(lock: str) -> None:
    assert re.findall(r"https?://|file:|--index|--find-links|@ ", (ROOT / lock).read_text()) == []
