"""Fields of forms, read off the bodies that commands take: their kind, label, help and options."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from notifications.wording import N_
from remediation.words import SignatureMethod
from service import saying
from service.api.bodies import BODIES, MOST_TEXT, Body
from service.speaking import Said, say

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
    FILES = "files"
    """Photos and documents: new ones are sent along, and any of those handed in before are ticked."""
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class Option:
    """A value that may be chosen, and the words for it."""

    value: str
    words: str
    picture: str = ""
    """The address of a small picture of it, where there is one."""


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
    "action": N_("Action"),
    "actions": N_("Actions"),
    "cause": N_("For which cause"),
    "confirmed": N_("Is the alarm confirmed?"),
    "consequence": N_("What follows"),
    "days": N_("By how many working days"),
    "description": N_("What will be done"),
    "due": N_("By which day"),
    "evidence": N_("What shows it"),
    "evidence_expected": N_("What will show that it was done"),
    "files": N_("Photos and documents"),
    "granted": N_("Is the later date granted?"),
    "held": N_("Did the fix hold?"),
    "hindrance": N_("What kept it from taking place"),
    "interim_protection": N_("What protects workers until then"),
    "kind": N_("What the action does"),
    "method": N_("How you sign"),
    "modality": N_("How it is verified"),
    "no_action_reason": N_("Or why nothing should be done"),
    "note": N_("Remark"),
    "obligation": N_("Which escalation"),
    "on": N_("Which day"),
    "outcome": N_("Outcome of the dispute"),
    "owner": N_("Who sees to it"),
    "percent": N_("Percent done"),
    "reason": N_("Why"),
    "remaining": N_("What remains to be done, and by when"),
    "root_cause": N_("Root cause"),
    "severity": N_("Severity"),
    "slip_reason": N_("If it is late: why"),
    "summary": N_("Summary for the report"),
    "successor": N_("The finding that carries on"),
    "until": N_("Until which day"),
    "verdict": N_("What was found"),
    "verifier": N_("Who verifies"),
    "what": N_("What you take back"),
    "witness": N_("Who witnessed a signature on paper"),
}
"""What fields are called."""

HELP = {
    "files": N_("At most 10 new ones at a time, each up to 15 MB: JPEG, PNG, WebP, HEIC or PDF."),
    "evidence": N_("One piece on each line: where a photograph, a document or a record is kept."),
    "severity": N_("The severity that holds from now on, where it changes."),
    "remaining": N_("Only for a partial verdict: give a new day to each action that was found undone."),
    "days": N_("The policy says how many at most."),
    "obligation": "",
    "percent": N_("From 0 to 100. 100 means done, and asks for something that shows it."),
}
"""What a form says where the body's own description is written for programs."""

HOW_TO_SIGN = Said(
    {
        SignatureMethod.OWN_DEVICE: N_("on my own phone or computer"),
        SignatureMethod.SHARED_DEVICE: N_("on a device that others use, too"),
        SignatureMethod.PAPER: N_("on paper, before a witness"),
    }
)

ENUMS: dict[str, Mapping[Any, str]] = {
    "ActionKind": saying.KINDS,
    "Consequence": saying.CONSEQUENCES,
    "DisputeOutcome": saying.OUTCOMES,
    "Hindrance": saying.HINDRANCE,
    "Modality": saying.MODALITY,
    "Severity": saying.SEVERITY,
    "SignatureMethod": HOW_TO_SIGN,
    "Statement": saying.STATEMENTS,
    "SuspensionCause": saying.CAUSE,
    "Verdict": saying.VERDICTS,
}
"""The words of the values that a field may have."""

YES_NO = {
    "confirmed": (N_("Yes, the alarm is confirmed"), N_("No, cancel it")),
    "granted": (N_("Yes, grant it"), N_("No, deny it")),
    "held": (N_("Yes, it held"), N_("No, it did not hold")),
}

PICKED_IN_ROWS = frozenset({"id"})
"""Names of fields that say which thing a row is about: the page knows them."""


def fields_of(verb: str) -> tuple[Field, ...]:
    """Give the fields of a finding's verb's form; see `fields_in`."""
    return fields_in(BODIES[verb])


def fields_in(body: type[Body]) -> tuple[Field, ...]:
    """Give the fields of a form, in the order of the body; never the role it is given in."""
    schema = _schema(body)
    return tuple(each for each in _fields(schema, schema) if each.name != "acting")


@cache
def _schema(body: type[Body]) -> Schema:
    return body.model_json_schema()


def label(name: str) -> str:
    """Give what a field is called, in the language spoken."""
    return say(LABELS[name]) if name in LABELS else saying.spaced(name).capitalize()


def _fields(schema: Schema, whole: Schema) -> list[Field]:
    required = schema.get("required", ())
    return [
        _field(name, each, whole, required=name in required) for name, each in schema["properties"].items()
    ]


def _field(name: str, given: Schema, whole: Schema, *, required: bool) -> Field:
    plain = _plain(given, whole)
    items = _plain(plain.get("items", {}), whole)
    help_: str = HELP[name] if name in HELP else given.get("description", "")
    return Field(
        name=name,
        kind=_kind(name, plain, items),
        required=required,
        help="" if help_.rstrip(".") == LABELS.get(name) else say(help_),
        label=label(name),
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
    if name == "files":
        return Kind.FILES
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
        yes, no = YES_NO.get(name, (N_("Yes"), N_("No")))
        return (Option("true", say(yes)), Option("false", say(no)))
    words = {str(value): text for value, text in ENUMS.get(plain.get("title", ""), {}).items()}
    return tuple(Option(value, words.get(value, saying.spaced(value))) for value in plain.get("enum", ()))
