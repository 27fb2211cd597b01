"""docker-compose.yml keeps its rules: no default secret, nothing open to the network, nothing as root."""

import re
from pathlib import Path
from typing import Any

import pytest
from temporalio.envconfig import ClientConfig

from service.settings import Settings
from tests.deployment.compose import ROOT, VARIABLE, VariableRequired, started_with, written

SECRETS = {
    name: f"secret of {name}"
    for name in ("POSTGRES_PASSWORD", "MENDWORK_DB_PASSWORD", "TEMPORAL_DB_PASSWORD")
}
SERVICES: dict[str, dict[str, Any]] = written()["services"]
ONCE = {"temporal-schema", "temporal-namespace", "migrate"}
OURS = {"migrate", "api", "worker"}
CONSOLES = {"temporal-ui": "8080", "mailpit": "8025"}

every_service = pytest.mark.parametrize("service", SERVICES.values(), ids=SERVICES)
each_of_ours = pytest.mark.parametrize("name", sorted(OURS))


def environment_of(name: str) -> dict[str, str]:
    given: dict[str, str] = started_with(SECRETS)["services"][name]["environment"]
    return given


@pytest.mark.parametrize("secret", SECRETS)
def test_nothing_starts_while_a_secret_is_missing(secret: str) -> None:
    with pytest.raises(VariableRequired) as refusal:
        started_with(SECRETS | {secret: ""})
    assert refusal.value.args == (secret, "set it in .env, see .env.example")


@every_service
def test_no_secret_has_a_default(service: dict[str, Any]) -> None:
    for name, value in service.get("environment", {}).items():
        if re.search(r"PASSWORD|PWD|SECRET|TOKEN", name):
            reference = VARIABLE.fullmatch(value)
            assert reference, f"{name} is written into the file"
            assert reference["kind"] == "?" or reference["rest"] == "", f"{name} has a default"


def test_no_address_carries_a_password() -> None:
    for name, service in started_with(SECRETS)["services"].items():
        for variable, value in service.get("environment", {}).items():
            assert "://" not in value or "secret" not in value, f"{name}: {variable}"


def test_only_the_service_and_the_consoles_are_published_and_only_on_loopback() -> None:
    services = started_with(SECRETS)["services"]
    published = {name: service["ports"] for name, service in services.items() if "ports" in service}
    assert published.keys() == {"api", *CONSOLES}
    for ports in published.values():
        assert all(port.startswith("127.0.0.1:") for port in ports)


def test_the_stores_and_the_server_have_no_way_out() -> None:
    assert written()["networks"]["inside"] == {"internal": True}
    for name in ("postgres", "temporal", "temporal-schema", "temporal-namespace", "migrate"):
        assert SERVICES[name]["networks"] == ["inside"]


@every_service
def test_nobody_is_root_or_becomes_it(service: dict[str, Any]) -> None:
    assert str(service["user"]).split(":")[0] not in {"", "0", "root"}
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert "privileged" not in service


@every_service
def test_each_has_its_limits(service: dict[str, Any]) -> None:
    limits = service["deploy"]["resources"]["limits"]
    assert float(limits["cpus"]) > 0
    assert re.fullmatch(r"\d+[mg]", limits["memory"])


@every_service
def test_each_image_is_of_one_version(service: dict[str, Any]) -> None:
    assert re.search(r":v?\d+\.\d+", service["image"])


def test_the_schema_is_made_by_the_version_that_reads_it() -> None:
    versions = {
        SERVICES[name]["image"].split(":")[1]
        for name in ("temporal", "temporal-schema", "temporal-namespace")
    }
    assert len(versions) == 1


@pytest.mark.parametrize("name", SERVICES)
def test_what_runs_says_that_it_is_well_and_comes_back(name: str) -> None:
    service = SERVICES[name]
    if name in ONCE:
        assert service["restart"].startswith("on-failure:")
    else:
        assert service["restart"] == "unless-stopped"
        assert service["healthcheck"]["test"][0] == "CMD"


@every_service
def test_each_waits_for_what_it_needs(service: dict[str, Any]) -> None:
    for needed, how in service.get("depends_on", {}).items():
        expected = "service_completed_successfully" if needed in ONCE else "service_healthy"
        assert how == {"condition": expected}, needed


def test_a_cluster_starts_with_shards_to_grow_into() -> None:
    assert SERVICES["temporal"]["environment"]["NUM_HISTORY_SHARDS"] == "512"


def test_our_services_are_one_image_that_cannot_be_written_to() -> None:
    assert {SERVICES[name]["image"] for name in OURS} == {f"mendwork:{_version()}"}
    assert all(SERVICES[name]["read_only"] for name in OURS)


def _version() -> str:
    found = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert found
    return found[1]


@each_of_ours
def test_every_setting_named_is_one_that_we_know(name: str) -> None:
    named = {variable for variable in environment_of(name) if variable.startswith("MENDWORK_")}
    assert named <= {f"MENDWORK_{field.upper()}" for field in Settings.model_fields}


@each_of_ours
def test_the_settings_are_valid_as_they_stand(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)  # away from a developer's own .env
    for variable, value in environment_of(name).items():
        monkeypatch.setenv(variable, value)
    settings = Settings()
    assert settings.database == "postgresql://mendwork@postgres:5432/mendwork"
    assert settings.trusted_hosts == ("127.0.0.1", "localhost")


@each_of_ours
def test_temporals_settings_are_those_that_its_client_reads(name: str) -> None:
    temporals = {key: value for key, value in environment_of(name).items() if key.startswith("TEMPORAL_")}
    config = ClientConfig.load_client_connect_config(disable_file=True, override_env_vars=temporals)
    assert config == {"target_host": "temporal:7233", "namespace": "mendwork"}


def test_the_example_lists_every_variable_and_no_secret() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    used = {match["name"] for match in VARIABLE.finditer((ROOT / "docker-compose.yml").read_text())}
    assert example.keys() == used
    assert {name: example[name] for name in SECRETS} == dict.fromkeys(SECRETS, "")


def test_the_example_changes_nothing_but_the_secrets() -> None:
    lines = (ROOT / ".env.example").read_text().splitlines()
    example = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    assert started_with(example | SECRETS) == started_with(SECRETS)
