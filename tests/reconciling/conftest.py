"""Fixtures of the ward."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.notifications.mail_servers import MailHouse, open_house
from tests.reconciling.stage import Ward, a_ward
from tests.temporal_server import running_server


@pytest.fixture
async def ward(tmp_path: Path) -> AsyncIterator[Ward]:
    """Server, database and mail server of one test alone."""
    house = MailHouse()
    with running_server(tmp_path) as server:
        async with open_house(house) as port:
            ward = await a_ward(tmp_path, server, house, port)
            yield ward
            ward.database.dispose()
