"""Fixtures that every test may ask for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests import postgres

# How long an example takes says more about the machine than about the code.
settings.register_profile("mendwork", deadline=None)
settings.load_profile("mendwork")

pytest_plugins = ["tests.databases", "tests.gaps", "tests.temporal_server"]


@pytest.fixture(scope="session")
def postgres_binaries() -> Path:
    """The folder of PostgreSQL's programs; where it is not installed, the test is skipped."""
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("PostgreSQL (install the package postgresql)")
    return folder


@pytest.fixture(scope="session")
def postgres_cluster(postgres_binaries: Path) -> Iterator[postgres.Cluster]:
    """A running PostgreSQL server for the whole session."""
    with postgres.Cluster(postgres_binaries) as cluster:
        yield cluster
