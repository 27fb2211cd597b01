"""What every fact is: something that happened to a finding, recorded in its ledger for ever."""

from dataclasses import dataclass
from types import MappingProxyType

LATER = MappingProxyType({"later": True})
"""Marks a field that facts got later. Unless it says something it is not written, so that a fact told again
has the text, and the seal, that it always had."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened."""
