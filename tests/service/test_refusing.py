"""What the rules refuse is said in the reader's language: every sentence that they have, with its values."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from notifications.languages import TRANSLATED
from service.refusing import in_words
from service.speaking import speaking

RULES = Path(__file__).parents[2] / "remediation" / "rules"
EXAMPLES = {
    "_listed(roles)": "advisor or team leader",
    "_listed((finding.stage,))": "fix reported",
    "allowed": "issued, under review or disputed",
    "finding.stage.value": "superseded",
    "', '.join(undone)": "a1, a2",
    "to": "do something",
    "window": "14d",
    "finding.policy.windows.objection": "3wd",
}
"""Values as the rules write them into sentences, by the expression that stands there."""


def example(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    assert isinstance(part, ast.FormattedValue)
    value = ast.unparse(part.value)
    return EXAMPLES.get(value) or ("2026-03-31" if value.endswith(".isoformat()") else "3")


def sentences() -> Iterator[str]:
    """Give every sentence that the rules can refuse with."""
    for file in sorted(RULES.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "message":
                parts = node.value.values if isinstance(node.value, ast.JoinedStr) else [node.value]
                yield "".join(map(example, parts))


@pytest.mark.parametrize("tongue", TRANSLATED)
def test_every_sentence_of_the_rules_is_known_in_every_complete_language(tongue: str) -> None:
    with speaking(tongue):
        assert [each for each in sentences() if in_words(each) == each] == []


def test_days_roles_and_stages_in_it_are_said_as_the_language_says_them() -> None:
    with speaking("fr"):
        late = in_words("The date 2026-03-31 has passed. Choose today or a later day.")
        assert late == "Le 31 mars 2026 est passé. Choisissez aujourd\u2019hui ou un jour suivant."
        assert in_words("Only the advisor or team leader can decide a dispute.") == (
            "Seuls peuvent le faire : le conseiller ou le responsable d\u2019équipe."
        )
        assert "émise, en examen ou contestée" in in_words(
            "To sign, the finding must be issued, under review or disputed; it is closed."
        )
        assert "3 jours ouvrés" in in_words("Objections could be raised within 3wd of the report.")


def test_english_readers_see_the_rules_own_words_and_an_unknown_sentence_stays() -> None:
    own = "To sign, the finding must be issued; it is closed."
    assert in_words(own) == own
    with speaking("es"):
        assert in_words("Something that no rule says.") == "Something that no rule says."
