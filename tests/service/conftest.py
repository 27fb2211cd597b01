"""Services for tests: one without an engine for each test, and one with a real worker for each module."""

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import delete
from temporalio.testing import WorkflowEnvironment

from storage.database import writing
from storage.entrance import sessions
from tests.notifications.mail_servers import MailHouse
from tests.service.entrance import Clock, House
from tests.service.stage import HOST, Live, Theatre, a_life, a_live, a_template, a_theatre


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file that holds the directory and the cast."""
    return a_template(tmp_path_factory.mktemp("service"))


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
    async with a_live(skipping, tmp_path_factory.mktemp("live"), template) as live:
        yield live


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
