"""Fixtures that every test may ask for."""

from collections.abc import Iterator

import pytest

from tests import postgres

pytest_plugins = ["tests.gaps", "tests.temporal_server"]


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """A running PostgreSQL server for the whole session; where none is installed, the test is skipped."""
    folder = postgres.binaries()
    if folder is None:
        pytest.skip("PostgreSQL (install the package postgresql)")
    with postgres.Cluster(folder) as cluster:
        yield cluster
