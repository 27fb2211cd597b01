"""docs/policy.md names every key of a policy file with its default."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from remediation.policy import Policy, Rung, Terms
from remediation.policy_file import LADDERS, SECTIONS, policy_toml, read_policy
from remediation.policy_values import ROLES_TO_TELL, toml
from remediation.spans import Span
from remediation.words import Severity

DOC = (Path(__file__).parents[2] / "docs" / "policy.md").read_text(encoding="utf-8")


def blocks() -> list[str]:
    return re.findall(r"```toml\n(.*?)```", DOC, flags=re.DOTALL)


def test_the_document_ends_with_the_defaults_as_a_file() -> None:
    assert blocks()[-1] == policy_toml(Policy())
    assert read_policy(blocks()[-1]) == Policy()


def test_the_document_s_example_can_be_used() -> None:
    example = read_policy(blocks()[0])
    assert example.terms[Severity.MAJOR].fix == Span(75)


def documented() -> dict[str, list[str]]:
    """Each table row of the document by its heading and first cell."""
    rows: dict[str, list[str]] = {}
    heading = ""
    for line in DOC.splitlines():
        if line.startswith("## "):
            heading = line
        if line.startswith("| `"):
            key, *cells = (cell.strip() for cell in line.strip("| ").split("|"))
            rows[f"{heading} {key}"] = cells
    return rows


def row_of(section: str, key: str) -> list[str]:
    (cells,) = (
        cells for name, cells in documented().items() if section in name and name.endswith(f" `{key}`")
    )
    return cells


@pytest.mark.parametrize("section", SECTIONS)
def test_the_document_gives_every_key_of_a_section_with_its_default(section: str) -> None:
    part = getattr(Policy(), section)
    for field in fields(part):
        assert row_of(f"`[{section}]`", field.name)[0] == f"`{toml(getattr(part, field.name))}`"


@pytest.mark.parametrize("field", fields(Terms), ids=lambda field: field.name)
def test_the_document_gives_every_term_of_every_severity(field: object) -> None:
    name = field.name  # type: ignore[attr-defined]
    defaults = [f"`{toml(getattr(terms, name))}`" for terms in Policy().terms.values()]
    assert row_of("`[terms.SEVERITY]`", name)[: len(defaults)] == defaults
    assert [f"`{severity}`" for severity in Policy().terms] == re.findall(r"`\w+`", severities_heading())


def severities_heading() -> str:
    return next(line for line in DOC.splitlines() if line.startswith("| Key | `zero_tolerance`"))


def test_the_document_gives_the_rest() -> None:
    for name in ("version", "tell_factory_when_raised"):
        assert row_of("Top", name)[0] == f"`{toml(getattr(Policy(), name))}`"
    for field in fields(Rung):
        assert row_of("`[[ladder]]`", field.name)
    assert all(f"`{role}`" in row_of("`[[ladder]]`", "told")[0] for role in ROLES_TO_TELL)
    assert all(f"`[[{name}]]`" in DOC for name in LADDERS)
