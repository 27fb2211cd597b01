"""A migrated database of each dialect for every test that asks for `engine`."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database import migrate, open_engine, writing
from tests.postgres import Cluster
from tests.storage.cast import settle_the_cast

_number = count(1)


def _migrated(url: str) -> None:
    engine = open_engine(url)
    migrate(engine)
    engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("template") / "template.db"
    _migrated(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_cluster: Cluster) -> str:
    _migrated(postgres_cluster.create("template_of_tests"))
    return "template_of_tests"


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if dialect == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    yield from _database(request.getfixturevalue("postgres_cluster"), "template0")


@pytest.fixture
def url(request: pytest.FixtureRequest, dialect: str, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database."""
    if dialect == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "test.db")
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    template = request.getfixturevalue("postgres_template")
    yield from _database(request.getfixturevalue("postgres_cluster"), template)


def _database(cluster: Cluster, template: str) -> Iterator[str]:
    name = f"test_{next(_number)}"
    yield cluster.create(name, template)
    cluster.drop(name)


@pytest.fixture
def open_another(url: str) -> Iterator[Callable[[], Engine]]:
    """Opens further engines of the test's database, as other processes would."""
    engines: list[Engine] = []

    def _open() -> Engine:
        engines.append(open_engine(url))
        return engines[-1]

    yield _open
    for engine in engines:
        engine.dispose()


@pytest.fixture
def engine(open_another: Callable[[], Engine]) -> Engine:
    """An engine of a migrated database."""
    return open_another()


@pytest.fixture
def cast(engine: Engine) -> Engine:
    """An engine of a database in which the cast has settled."""
    with writing(engine) as connection:
        settle_the_cast(connection)
    return engine
