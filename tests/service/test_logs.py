"""Logs: a line for programs, and no personal data even in faults."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from service.logs import place, set_up_logs


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()


def logged(capsys: pytest.CaptureFixture[str], event: str, **said: Any) -> Any:  # noqa: ANN401 - JSON
    set_up_logs()
    structlog.get_logger("x").error(event, **said)
    return json.loads(capsys.readouterr().err)


def wicked() -> None:
    raise ValueError("PLANTED what Amina wrote")


def test_a_line_is_an_object_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, "request", route="/api", status=200)
    assert (line["event"], line["level"], line["status"]) == ("request", "error", 200)
    assert line["timestamp"].endswith("Z")


def test_a_fault_is_logged_by_its_kind_and_place_alone(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        wicked()
    except ValueError:
        line = logged(capsys, "round_failed", exc_info=True)
    assert "PLANTED" not in str(line)
    assert line["kind"] == "ValueError"
    assert line["at"].startswith("test_logs.py:")
    assert line["at"].endswith(" wicked")


def test_an_exception_handed_over_is_named_too(capsys: pytest.CaptureFixture[str]) -> None:
    line = logged(capsys, "late", exc_info=KeyError("PLANTED"))
    assert (line["kind"], line["at"]) == ("KeyError", place(KeyError()))
