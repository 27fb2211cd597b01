"""docs/api.md says what the service does: verbs, roles, addresses and codes."""

import re
from pathlib import Path

import pytest

from remediation.permissions import ROLES, Action
from remediation.refusals import Refusal
from service.api.bodies import BODIES
from service.saying import ROLE_NAME
from tests.service.stage import Theatre

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("verb", BODIES)
def test_every_verb_stands_there_with_its_roles(verb: str) -> None:
    roles = ", ".join(ROLE_NAME[role] for role in ROLES[Action(verb)])
    assert f"| `{verb.replace('_', '-')}` | {roles} |" in DOCUMENT


def test_no_other_verb_stands_there() -> None:
    verbs = re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT, re.MULTILINE)
    assert {verb.replace("-", "_") for verb in verbs} == set(BODIES)


def test_every_code_of_the_rules_stands_there() -> None:
    codes = {refusal.code for refusal in Refusal.__subclasses__()}
    listed = DOCUMENT.split("Codes of the rules: ")[1].split(".\n")[0]
    assert set(re.findall(r"`([a-z_]+)`", listed)) == codes


def test_every_code_of_the_service_stands_there() -> None:
    sources = [file for file in (ROOT / "service").rglob("*.py") if "command_line" not in file.parts]
    made = re.compile(
        r"ProblemError\(\s*\d{3},\s*\"([a-z_]+)\"|\d{3}: \(\"([a-z_]+)\"|_unauthorized\(\"([a-z_]+)\""
    )
    codes = {
        code for file in sources for found in made.findall(file.read_text(encoding="utf-8")) for code in found
    } - {""}
    assert {"not_found", "token_missing", "too_large", "bad_rows"} <= codes
    assert codes <= set(re.findall(r"`([a-z_]+)`", DOCUMENT))


def test_every_address_it_names_is_there(theatre: Theatre) -> None:
    paths = {path.removeprefix("/api/v1") for path in theatre.app.openapi()["paths"]}
    named = set(re.findall(r"`(?:GET |POST |PUT |PATCH )(/[a-z{}/-]+)`", DOCUMENT))
    assert named
    assert {path.removeprefix("/api/v1") for path in named} <= paths


def test_every_operation_that_asks_for_a_token_says_what_comes_without_one(theatre: Theatre) -> None:
    operations = {
        f"{method.upper()} {path}": operation
        for path, operations in theatre.app.openapi()["paths"].items()
        for method, operation in operations.items()
    }
    guarded = {name: each["responses"] for name, each in operations.items() if each.get("security")}
    assert len(guarded) > 100
    assert [name for name, responses in guarded.items() if "401" not in responses] == []
