"""What the doctor sees of a Temporal server that lacks something."""

import subprocess
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from storage.database import open_engine, writing
from storage.recording import record
from tests.cli.conftest import Terminal
from tests.storage.builders import MONDAY, a_life, a_recording
from tests.storage.cast import settle_the_cast
from tests.temporal_server import TemporalServer, running_server, temporal_binary


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    with running_server(tmp_path_factory.mktemp("temporal"), durable=False) as running:
        yield running


def looked_at(
    terminal: Terminal, server: TemporalServer, namespace: str = "default"
) -> dict[str, dict[str, Any]]:
    terminal.set(TEMPORAL_ADDRESS=server.target, TEMPORAL_NAMESPACE=namespace)
    return {each["what"]: each for each in terminal.type("doctor", "--json").json}


def test_a_server_without_workers_is_told(terminal: Terminal, server: TemporalServer) -> None:
    found = looked_at(terminal, server)
    assert (found["Temporal"]["health"], found["attributes"]["health"]) == ("good", "good")
    assert found["workers"]["seen"] == "nobody asks for work"
    assert found["findings"]["seen"] == "the database comes first"


def test_a_finding_without_a_workflow_is_told(terminal: Terminal, server: TemporalServer) -> None:
    terminal.type("migrate")
    engine = open_engine(f"sqlite:///{terminal.home / 'mendwork.db'}")
    with writing(engine) as connection:
        settle_the_cast(connection)
        record(connection, [a_recording(a_life(at=MONDAY - timedelta(days=1)))])
    engine.dispose()
    found = looked_at(terminal, server)["findings"]
    assert (found["health"], found["seen"]) == ("warning", "open in SQL: 1, running workflows: 0")
    assert "mendwork reconcile" in found["way_out"]


def test_a_namespace_without_our_search_attributes_is_told(
    terminal: Terminal, server: TemporalServer
) -> None:
    create = [str(temporal_binary()), "operator", "namespace", "create", "--namespace", "bare"]
    subprocess.run([*create, "--address", server.target], check=True, capture_output=True)
    found = looked_at(terminal, server, "bare")["attributes"]
    assert found["seen"] == "not registered: MendworkFactory"
    assert "--name MendworkFactory" in found["way_out"]


def test_a_namespace_that_is_not_there_is_told(terminal: Terminal, server: TemporalServer) -> None:
    found = looked_at(terminal, server, "nowhere")["workers"]
    assert (found["health"], found["seen"]) == ("fault", "the server has no namespace 'nowhere'")
