"""Reads docker-compose.yml as Compose does: variables filled in, required ones demanded."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}")


class VariableRequired(LookupError):
    """A variable without which Compose starts nothing; `args` are its name and the hint for the operator."""


def written() -> dict[str, Any]:
    """Give the file as it is written, variables and all."""
    document: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return document


def started_with(environment: Mapping[str, str]) -> dict[str, Any]:
    """Give the file as Compose would run it. Raises VariableRequired where a secret is missing."""
    filled: dict[str, Any] = _fill(written(), environment)
    return filled


def _fill(node: Any, environment: Mapping[str, str]) -> Any:  # noqa: ANN401 -- any YAML
    if isinstance(node, dict):
        return {key: _fill(value, environment) for key, value in node.items()}
    if isinstance(node, list):
        return [_fill(value, environment) for value in node]
    if isinstance(node, str):
        return VARIABLE.sub(lambda match: _value(match, environment), node)
    return node


def _value(match: re.Match[str], environment: Mapping[str, str]) -> str:
    if value := environment.get(match["name"], ""):
        return value
    if match["kind"] == "?":
        raise VariableRequired(match["name"], match["rest"])
    return match["rest"] or ""
