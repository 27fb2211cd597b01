"""What this machine could not test: one closing line, or a failure where the switch asks for all (CI)."""

import os
from collections.abc import Generator, Iterable

import pytest

REQUIRE_ALL = "MENDWORK_REQUIRE_ALL"


def _reasons(skipped: Iterable[pytest.TestReport]) -> list[str]:
    longs = (report.longrepr for report in skipped)
    reasons = (long[2] if isinstance(long, tuple) else str(long) for long in longs)
    return sorted({reason.removeprefix("Skipped: ") for reason in reasons})


def _everything_is_required() -> bool:
    return os.environ.get(REQUIRE_ALL, "") not in {"", "0"}


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    yield  # the line is the closing one: everybody else's summary comes before it
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        blame = f" {REQUIRE_ALL} is set, so this is a failure." if _everything_is_required() else ""
        untested = "; ".join(_reasons(skipped))
        terminalreporter.write_line(f"Not tested here ({len(skipped)} tests): {untested}.{blame}")


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if _everything_is_required() and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
