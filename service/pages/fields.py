"""Fields of forms, read off the bodies that commands take: their kind, label, help and options."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from service import saying
from service.api.bodies import BODIES, MOST_TEXT

Schema = Mapping[str, Any]


class Kind(StrEnum):
    """How a field is filled in."""

    HIDDEN = "hidden"
    TEXT = "text"
    PICK = "pick"
    """One of what is known here: people, actions. Without anything known, an id is typed."""
    CHOICE = "choice"
    YES_NO = "yes_no"
    DATE = "date"
    NUMBER = "number"
    LINES = "lines"
    """Texts, one a line."""
    MANY = "many"
    """Any of what is known here."""
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen, and the words for it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a body. `fields` are those of a row; `most` is how many rows there may be."""

    name: str
    kind: Kind
    required: bool
    help: str
    label: str
    default: str = ""
    options: tuple[Option, ...] = ()
    fields: tuple["Field", ...] = ()
    most: int = 0
    span: tuple[int | None, int | None] = (None, None)
    """The least and the greatest number that may be given."""


LABELS = {
    "actions": "Actions",
    "cause": "For which cause",
    "confirmed": "Is the alarm confirmed?",
    "consequence": "What follows",
    "days": "By how many working days",
    "description": "What will be done",
    "due": "By which day",
    "evidence": "What shows it",
    "evidence_expected": "What will show that it was done",
    "granted": "Is the later date granted?",
    "held": "Did the fix hold?",
    "interim_protection": "What protects workers until then",
    "kind": "What the action does",
    "method": "How you sign",
    "modality": "How it is verified",
    "no_action_reason": "Or why nothing should be done",
    "note": "Remark",
    "obligation": "Which escalation",
    "on": "Which day",
    "outcome": "Outcome of the dispute",
    "owner": "Who sees to it",
    "percent": "Percent done",
    "reason": "Why",
    "remaining": "What remains to be done, and by when",
    "slip_reason": "If it is late: why",
    "successor": "The finding that carries on",
    "until": "Until which day",
    "verdict": "What was found",
    "verifier": "Who verifies",
    "witness": "Who witnessed a signature on paper",
}
"""What fields are called where their name, as words, does not say it."""

HELP = {
    "evidence": "One piece on each line: where a photograph, a document or a record is kept.",
    "severity": "The severity that holds from now on, where it changes.",
    "remaining": "Only for a partial verdict: give a new day to each action that was found undone.",
    "days": "The policy says how many at most.",
    "obligation": "",
    "percent": "From 0 to 100. 100 means done, and asks for something that shows it.",
}
"""What a form says where the body's own description is written for programs."""

ENUMS: dict[str, Mapping[Any, str]] = {
    "ActionKind": saying.KINDS,
    "Consequence": saying.CONSEQUENCES,
    "DisputeOutcome": saying.OUTCOMES,
    "Modality": saying.MODALITY,
    "Severity": saying.SEVERITY,
    "SignatureMethod": saying.METHODS,
    "SuspensionCause": saying.CAUSE,
    "Verdict": saying.VERDICTS,
}
"""The words of the values that a field may have."""

YES_NO = {
    "confirmed": ("Yes, the alarm is confirmed", "No, cancel it"),
    "granted": ("Yes, grant it", "No, deny it"),
    "held": ("Yes, it held", "No, it did not hold"),
}

PICKED_IN_ROWS = frozenset({"id"})
"""Names of fields that say which thing a row is about: the page knows them."""


@cache
def fields_of(verb: str) -> tuple[Field, ...]:
    """Give the fields of a verb's form, in the order of its body; never the role it is given in."""
    schema = BODIES[verb].model_json_schema()
    return tuple(each for each in _fields(schema, schema) if each.name != "acting")


def _fields(schema: Schema, whole: Schema) -> list[Field]:
    required = schema.get("required", ())
    return [
        _field(name, each, whole, required=name in required) for name, each in schema["properties"].items()
    ]


def _field(name: str, given: Schema, whole: Schema, *, required: bool) -> Field:
    plain = _plain(given, whole)
    items = _plain(plain.get("items", {}), whole)
    label = LABELS.get(name) or saying.spaced(name).capitalize()
    described: str = given.get("description", "")
    help_ = HELP.get(name, described)
    return Field(
        name=name,
        kind=_kind(name, plain, items),
        required=required,
        help="" if help_.rstrip(".") == label else help_,
        label=label,
        default=given["default"] if isinstance(given.get("default"), str) else "",
        options=_options(name, plain),
        fields=tuple(_fields(items, whole)) if "properties" in items else (),
        most=plain.get("maxItems", 0),
        span=(plain.get("minimum"), plain.get("maximum")),
    )


def _plain(given: Schema, whole: Schema) -> Schema:
    """Give the schema of a value itself: without `null`, and what it refers to in full."""
    some = next((each for each in given.get("anyOf", ()) if each.get("type") != "null"), given)
    if "$ref" not in some:
        return some
    found: Schema = whole["$defs"][some["$ref"].rpartition("/")[2]]
    return found


def _kind(name: str, plain: Schema, items: Schema) -> Kind:
    if "pattern" in plain or name in PICKED_IN_ROWS:
        return Kind.HIDDEN
    if plain["type"] == "array":
        return _kind_of_list(items)
    if "enum" in plain:
        return Kind.CHOICE
    if plain["type"] == "string" and plain.get("maxLength") == MOST_TEXT:
        return Kind.TEXT
    other = {"date": Kind.DATE, "boolean": Kind.YES_NO, "integer": Kind.NUMBER}
    return other.get(plain.get("format", plain["type"]), Kind.PICK)


def _kind_of_list(items: Schema) -> Kind:
    if "properties" in items:
        return Kind.ROWS
    return Kind.LINES if items.get("maxLength") == MOST_TEXT else Kind.MANY


def _options(name: str, plain: Schema) -> tuple[Option, ...]:
    if plain.get("type") == "boolean":
        yes, no = YES_NO.get(name, ("Yes", "No"))
        return (Option("true", yes), Option("false", no))
    words = {str(value): text for value, text in ENUMS.get(plain.get("title", ""), {}).items()}
    return tuple(Option(value, words.get(value, saying.spaced(value))) for value in plain.get("enum", ()))
