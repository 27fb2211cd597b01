"""The image: pinned, hashed, nobody's root, and made of all that Mendwork needs and of nothing else."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.deployment.compose import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text()
LAST_STAGE = DOCKERFILE[DOCKERFILE.rindex("FROM ") :]
IGNORED = (ROOT / ".dockerignore").read_text().splitlines()


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the build sees of the checkout."""
    folder = tmp_path_factory.mktemp("context")
    for name in (line[1:] for line in IGNORED if line.startswith("!")):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder)
    return folder


def test_the_build_sees_only_what_is_named() -> None:
    rules = [line for line in IGNORED if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert not [line for line in rules if ".env" in line]


def test_both_stages_are_of_one_exact_python() -> None:
    bases = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(bases) == 2
    assert len(set(bases)) == 1
    assert re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", bases[0])


def test_nothing_is_installed_without_its_hash() -> None:
    installs = re.findall(r"pip install ([^&\n]+)", DOCKERFILE)
    assert installs[0].strip() == "--require-hashes -r requirements.lock"
    assert [each.strip() for each in installs[1:]] == ["--no-deps --no-build-isolation ."]


def test_it_runs_as_nobody_special_and_says_whether_it_is_well() -> None:
    assert re.search(r"^USER 10001:10001$", LAST_STAGE, re.MULTILINE)
    assert "HEALTHCHECK" in LAST_STAGE
    assert 'ENTRYPOINT ["mendwork"]' in LAST_STAGE


def test_no_secret_is_built_in() -> None:
    assert not re.search(r"^(ARG|ENV) .*(PASSWORD|SECRET|TOKEN)", DOCKERFILE, re.MULTILINE)


def test_what_the_build_sees_is_enough_to_install_and_run(context: Path, tmp_path: Path) -> None:
    build = "import hatchling.build, sys; print(hatchling.build.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, tmp_path], cwd=context, check=True, capture_output=True)
    installed = tmp_path / "installed"
    shutil.unpack_archive(next(tmp_path.glob("*.whl")), installed, format="zip")
    answer = subprocess.run(
        [sys.executable, "-c", "import service.cli as cli; print(cli.__file__); cli.main()", "--help"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(installed)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert answer.stdout.startswith(str(installed))
    assert all(f" {command} " in answer.stdout for command in ("migrate", "serve", "worker"))
