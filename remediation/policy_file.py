"""Policy files: a programme's own numbers in TOML, laid over the defaults.

Whatever a file leaves out keeps its default. All that is wrong is told at once, each fault by its key.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from remediation.matching import did_you_mean
from remediation.policy import Policy, Rung
from remediation.policy_checks import Fault, contradictions
from remediation.policy_values import Reader, read_flag, read_text, readers, toml
from remediation.words import Severity

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Part = TypeVar("Part", bound="DataclassInstance")

SINGLE: Mapping[str, Reader] = {"version": read_text, "tell_factory_when_raised": read_flag}
"""Keys that stand alone at the top."""
SECTIONS = (
    "windows",
    "reminders",
    "quorum",
    "extensions",
    "suspensions",
    "escalation",
    "plans",
    "meetings",
    "visits",
)
"""Tables that hold one part of the policy each."""
LADDERS = ("ladder", "staff_ladder")
"""Arrays of tables. A ladder in a file replaces the default one whole."""
KEYS = (*SINGLE, "terms", *SECTIONS, *LADDERS)


class PolicyRefused(Exception):
    """A policy file cannot be used. `errors` holds a sentence for each fault, beginning with its key."""

    code: ClassVar[str] = "policy_refused"

    def __init__(self, errors: tuple[str, ...]) -> None:
        self.errors = errors
        super().__init__("\n".join(errors))


def read_policy(text: str) -> Policy:
    """Read a policy file's text. Raises PolicyRefused with everything that is wrong in it."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyRefused((f"The file is not TOML: {error}",)) from error
    reading = _Reading()
    policy = reading.policy(tables)
    unread = tuple(reading.faults)
    faults = [*unread, *(each for each in contradictions(policy) if not _follows_from(each, unread))]
    if faults:
        raise PolicyRefused(tuple(str(fault) for fault in faults))
    return policy


def _follows_from(contradiction: Fault, unread: Iterable[Fault]) -> bool:
    """Whether its table could not be read in the first place, so that the values are not the file's."""
    table = contradiction.key.rpartition(".")[0] or contradiction.key
    return any(fault.key.startswith(table) for fault in unread)


class _Reading:
    """Reads one file's tables over the defaults, and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def policy(self, tables: Mapping[str, object]) -> Policy:
        default = Policy()
        self._refuse_unknown("", tables, KEYS)
        if "version" not in tables:
            self.faults.append(
                Fault("version", 'is missing; name this set of numbers, as in version = "acme-1"')
            )
        parts: dict[str, Any] = self._values("", tables, SINGLE)
        parts["terms"] = self._terms(default, tables.get("terms", {}))
        for name in SECTIONS:
            parts[name] = self._part(name, tables.get(name, {}), getattr(default, name))
        for name in (each for each in LADDERS if each in tables):
            parts[name] = self._ladder(name, tables[name]) or getattr(default, name)
        return replace(default, **parts)

    def _terms(self, default: Policy, table: object) -> dict[Severity, Any]:
        given = self._table("terms", table)
        self._refuse_unknown("terms.", given, tuple(Severity))
        return {
            severity: self._part(f"terms.{severity}", given.get(severity, {}), terms)
            for severity, terms in default.terms.items()
        }

    def _part(self, key: str, table: object, default: Part) -> Part:
        known = readers(type(default))
        given = self._table(key, table)
        self._refuse_unknown(f"{key}.", given, known)
        return replace(default, **self._values(f"{key}.", given, known))

    def _ladder(self, key: str, array: object) -> tuple[Rung, ...]:
        """Give a ladder's rungs; none where anything is wrong with it."""
        if not isinstance(array, list) or not array:
            self.faults.append(Fault(key, f"must be written as one [[{key}]] for each level"))
            return ()
        rungs = [self._rung(key, number, table) for number, table in enumerate(array, 1)]
        return tuple(rung for rung in rungs if rung)

    def _rung(self, ladder: str, number: int, table: object) -> Rung | None:
        known, key = readers(Rung), f"{ladder}[{number}]"
        given = self._table(key, table, f"[[{ladder}]]")
        self._refuse_unknown(f"{key}.", given, known)
        missing = [name for name in known if name not in given]
        if missing:
            self.faults.append(
                Fault(key, f"lacks {', '.join(missing)}; every level needs {', '.join(known)}")
            )
        values = self._values(f"{key}.", given, known)
        return Rung(**values) if len(values) == len(known) else None

    def _table(self, key: str, table: object, heading: str = "") -> Mapping[str, object]:
        if isinstance(table, dict):
            return table
        self.faults.append(Fault(key, f"must be a table, headed {heading or f'[{key}]'}"))
        return {}

    def _values(
        self, prefix: str, given: Mapping[str, object], known: Mapping[str, Reader]
    ) -> dict[str, Any]:
        found = {}
        for name in (each for each in known if each in given):
            try:
                found[name] = known[name](given[name])
            except ValueError as error:
                self.faults.append(Fault(f"{prefix}{name}", str(error)))
        return found

    def _refuse_unknown(self, prefix: str, given: Mapping[str, object], known: Iterable[str]) -> None:
        options = tuple(known)
        for name in given:
            if name not in options:
                reason = f"is not known; {did_you_mean(name, options)}"
                self.faults.append(Fault(f"{prefix}{name}", reason))


def policy_toml(policy: Policy) -> str:
    """Give a whole policy as TOML that `read_policy` takes back."""
    return "\n".join(_lines(policy))


def _lines(policy: Policy) -> Iterator[str]:
    for name in SINGLE:
        yield f"{name} = {toml(getattr(policy, name))}"
    for severity, terms in policy.terms.items():
        yield from _table_lines(f"[terms.{severity}]", terms)
    for name in SECTIONS:
        yield from _table_lines(f"[{name}]", getattr(policy, name))
    for name in LADDERS:
        for rung in getattr(policy, name):
            yield from _table_lines(f"[[{name}]]", rung)
    yield ""


def _table_lines(heading: str, part: "DataclassInstance") -> Iterator[str]:
    yield ""
    yield heading
    for field in fields(part):
        yield f"{field.name} = {toml(getattr(part, field.name))}"
