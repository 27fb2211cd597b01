"""Services for tests: one without an engine for each test, and one with a real worker for each module."""

import uuid
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete
from temporalio.client import Client
from temporalio.testing import WorkflowEnvironment
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from service.engine import Engine
from service.worker import finding_worker
from storage.database import migrate, open_engine, writing
from storage.entrance import sessions
from tests.notifications.mail_servers import MailHouse
from tests.service.entrance import Clock, House
from tests.service.stage import HOST, Live, Theatre, a_life, a_theatre, cast
from workflows.converter import data_converter


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that holds the directory and the cast."""
    file = tmp_path_factory.mktemp("service") / "template.db"
    database = open_engine(f"sqlite:///{file}")
    migrate(database)
    with writing(database) as connection:
        cast(connection)
    database.dispose()
    return file


@pytest.fixture
def theatre(template: Path, tmp_path: Path) -> Iterator[Theatre]:
    """A service that no engine stands behind: it serves reads, and commands wait."""
    stage = a_theatre(tmp_path, template=template)
    yield stage
    stage.close()


@pytest.fixture(scope="module")
async def live(
    skipping: WorkflowEnvironment, template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Live]:
    """A service over the real Temporal server, with a worker of its own."""
    config: Any = {**skipping.client.config(), "data_converter": data_converter}
    client = Client(**config)
    queue = f"service-{uuid.uuid4().hex[:8]}"
    stage = a_theatre(
        tmp_path_factory.mktemp("live"),
        Engine(client, patience=20, task_queue=queue),
        template=template,
        command_patience=20,
    )
    worker = finding_worker(client, stage.database, task_queue=queue, runner=SandboxedWorkflowRunner())
    async with worker:
        yield Live(theatre=stage, environment=skipping, client=client, queue=queue)
    stage.close()


@pytest.fixture
def house(template: Path, tmp_path: Path) -> Iterator[House]:
    """The door, with everybody signed out and a finding behind it."""
    clock = Clock(datetime.now(UTC))
    theatre = a_theatre(tmp_path, template=template, clock=clock, public_url=HOST)
    theatre.keep(a_life("f1"))
    with writing(theatre.database) as connection:
        connection.execute(delete(sessions))
    yield House(theatre, clock, MailHouse())
    theatre.close()
