"""The scripts under deploy/ do their work on a real PostgreSQL and a real Temporal server, once or twice."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from service.embedded import SEARCH_ATTRIBUTES
from tests.deployment.rig import databases, script
from tests.temporal_server import TemporalServer, running_server, temporal_binary

PASSWORDS = {"MENDWORK_DB_PASSWORD": "it's mendwork's", "TEMPORAL_DB_PASSWORD": 'a "temporal" one'}


@pytest.fixture(scope="module")
def port(postgres_binaries: Path) -> Iterator[int]:
    with databases(postgres_binaries, PASSWORDS) as port:
        yield port


def connect(port: int, user: str, database: str) -> psycopg.Connection:
    password = PASSWORDS[f"{user.upper()}_DB_PASSWORD"]
    return psycopg.connect(host="127.0.0.1", port=port, user=user, password=password, dbname=database)


@pytest.mark.parametrize(
    ("user", "database"),
    [("mendwork", "mendwork"), ("temporal", "temporal"), ("temporal", "temporal_visibility")],
)
def test_each_role_may_build_in_its_own_database(port: int, user: str, database: str) -> None:
    with connect(port, user, database) as connection:
        connection.execute("CREATE TABLE mine (id int)")
        is_superuser = connection.execute("SELECT rolsuper FROM pg_roles WHERE rolname = %s", [user])
        assert is_superuser.fetchone() == (False,)
        connection.rollback()


@pytest.mark.parametrize(
    ("user", "database"),
    [("mendwork", "temporal"), ("mendwork", "temporal_visibility"), ("temporal", "mendwork")],
)
def test_no_role_sees_anothers_database(port: int, user: str, database: str) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        connect(port, user, database)


def test_a_role_without_its_password_is_sent_away(port: int) -> None:
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(host="127.0.0.1", port=port, user="mendwork", password="wrong", dbname="mendwork")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TemporalServer]:
    with running_server(tmp_path_factory.mktemp("temporal"), durable=False) as running:
        yield running


def operator(server: TemporalServer, *words: str) -> str:
    where = ["--address", server.target, "--namespace", "mendwork"]
    command = [str(temporal_binary()), "operator", *words, *where]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_the_namespace_is_made_with_its_retention_and_attributes_and_made_again_without_harm(
    server: TemporalServer,
) -> None:
    environment = {"TEMPORAL_ADDRESS": server.target, "TEMPORAL_NAMESPACE": "mendwork"}
    script("temporal/namespace.sh", environment | {"RETENTION": "48h"})
    script("temporal/namespace.sh", environment | {"RETENTION": "2160h"})
    assert "2160h" in operator(server, "namespace", "describe")
    listed = dict(
        line.split()[:2] for line in operator(server, "search-attribute", "list").splitlines() if line.split()
    )
    assert SEARCH_ATTRIBUTES.items() <= listed.items()
