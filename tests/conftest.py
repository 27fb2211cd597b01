"""Fixtures that every test may ask for, and the line that says what could not be tested here."""

import os
from collections.abc import Iterator

import pytest

from tests import postgres

pytest_plugins = ["tests.temporal_server"]

NOT_TESTABLE = "not testable here: "


def not_testable(what: str) -> None:
    """Skip a test for want of something on this machine; fail it where all is required."""
    message = NOT_TESTABLE + what
    if os.environ.get("MENDWORK_REQUIRE_ALL") == "1":
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


@pytest.fixture(scope="session")
def postgres_cluster() -> Iterator[postgres.Cluster]:
    """A running PostgreSQL server for the whole session."""
    folder = postgres.binaries()
    if folder is None:
        not_testable("PostgreSQL (install the package postgresql)")
        return
    with postgres.Cluster(folder) as cluster:
        yield cluster


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one closing line what this machine could not test."""
    reasons = [str(report.longrepr) for report in terminalreporter.stats.get("skipped", ())]
    gaps = [reason.split(NOT_TESTABLE, 1)[1].rstrip("')") for reason in reasons if NOT_TESTABLE in reason]
    if gaps:
        what = "; ".join(sorted(set(gaps)))
        terminalreporter.write_line(f"{len(gaps)} tests could not run here for want of: {what}", yellow=True)
