"""What is installed is what lies here: packages, wheel, and the files that are not code."""

import ast
import importlib
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES: list[str] = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]


def files_of(package: str) -> Iterator[str]:
    """Every file of a package but what Python, or a source of compiled files, leaves there."""
    for path in (ROOT / package).rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(ROOT).as_posix()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built by the backend that is installed: nothing is fetched."""
    folder = tmp_path_factory.mktemp("dist")
    build = "import hatchling.build, sys; print(hatchling.build.build_wheel(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", build, folder], cwd=ROOT, check=True, capture_output=True)
    return zipfile.ZipFile(next(folder.glob("*.whl")))


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_ours_and_no_namesake(package: str) -> None:
    module = importlib.import_module(package)
    assert [Path(place).resolve() for place in module.__path__] == [ROOT / package]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_package_is_ours_wherever_python_starts(package: str, tmp_path: Path) -> None:
    program = f"import {package}; print(*{package}.__path__)"
    found = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert Path(found.stdout.strip()).resolve() == ROOT / package


@pytest.mark.parametrize("package", PACKAGES)
def test_the_wheel_holds_every_file_of(package: str, wheel: zipfile.ZipFile) -> None:
    assert set(files_of(package)) - set(wheel.namelist()) == set()


def test_the_wheel_holds_migrations_templates_and_translations(wheel: zipfile.ZipFile) -> None:
    for place, suffix in (
        ("storage/migrations/", ".py"),
        ("notifications/templates/", ".j2"),
        ("notifications/translations/", ".po"),
    ):
        assert [name for name in wheel.namelist() if name.startswith(place) and name.endswith(suffix)], place


def test_the_wheel_holds_the_licence_and_nothing_but_the_packages(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    info = f"mendwork-{PROJECT['project']['version']}.dist-info"
    assert tops == {*PACKAGES, info}
    assert f"{info}/licenses/LICENSE" in wheel.namelist()


def test_the_command_is_installed_under_its_name() -> None:
    (command,) = entry_points(group="console_scripts", name="mendwork")
    assert callable(command.load())


def test_the_rules_import_nothing_but_the_standard_library() -> None:
    allowed = sys.stdlib_module_names | {"remediation", "_typeshed"}
    foreign = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in (ROOT / "remediation").rglob("*.py")
        for name in imported(path)
        if name.split(".")[0] not in allowed
    }
    assert foreign == set()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            yield node.module or ""
