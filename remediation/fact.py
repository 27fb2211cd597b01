"""What every fact is: something that happened to a finding, recorded in its ledger for ever."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that happened."""
