"""Databases with the cast settled, and a mailroom on each."""

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database import open_engine
from tests.activities.stage import Post, prepared
from tests.notifications.mail_servers import MailHouse, open_house
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "mail.db"
    prepared(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    name = "template_of_mail"
    prepared(postgres_cluster.create(name))
    return name


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "mail.db")
        opened = open_engine(f"sqlite:///{tmp_path / 'mail.db'}")
        yield opened
        opened.dispose()
        return
    template, cluster = (request.getfixturevalue(name) for name in ("postgres_template", "postgres_cluster"))
    opened = open_engine(cluster.create("mail", template))
    yield opened
    opened.dispose()
    cluster.drop("mail")


@pytest.fixture
async def post(engine: Engine) -> AsyncIterator[Post]:
    house = MailHouse()
    async with open_house(house) as port:
        yield Post(engine, house, port)
