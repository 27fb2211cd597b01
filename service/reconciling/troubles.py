"""What may be wrong between SQL and Temporal: a code for each, and the way out."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Code(StrEnum):
    """What is wrong with one thing. Codes are stable."""

    NO_WORKFLOW = "no_workflow"
    BEHIND = "behind"
    AHEAD = "ahead"
    FORKED = "forked"
    ENDED_EARLY = "ended_early"
    LIVES_ON = "lives_on"
    NOT_IN_SQL = "not_in_sql"
    UNRECORDED = "unrecorded"
    SILENT = "silent"
    STUCK = "stuck"
    ASTRAY = "astray"
    UNREADABLE = "unreadable"
    BROKEN_CHAIN = "broken_chain"
    LEASE_RAN_OUT = "lease_ran_out"
    LETTER_WAITS = "letter_waits"
    LEVEL_ASTRAY = "level_astray"


MENDED = frozenset({Code.NO_WORKFLOW, Code.BEHIND, Code.ASTRAY, Code.LEVEL_ASTRAY})
"""What the reconciler repairs by itself. Everything else is for a person."""

_RESURRECT = "stop the workers, run `mendwork resurrect`, and start them again"
_WORKERS = "see that workers run and what they log (`mendwork doctor`)"

WAYS_OUT: Mapping[Code, tuple[str, str]] = {
    Code.NO_WORKFLOW: ("open finding without a running workflow", "started again from SQL"),
    Code.BEHIND: ("workflow behind its ledger", "started again from SQL"),
    Code.AHEAD: ("SQL lacks facts that the workflow had recorded", _RESURRECT),
    Code.FORKED: ("workflow and ledger tell different stories", "compare with a backup; docs/runbook.md"),
    Code.ENDED_EARLY: ("open in SQL, but its workflow has ended", _RESURRECT),
    Code.LIVES_ON: ("ended in SQL, but its workflow runs", _RESURRECT),
    Code.NOT_IN_SQL: ("workflow of a finding that SQL does not know", _RESURRECT),
    Code.UNRECORDED: ("facts of the workflow do not reach SQL", _WORKERS),
    Code.SILENT: ("workflow does not say where it stands", _WORKERS),
    Code.STUCK: ("a notice is due, and no fact has come", _WORKERS),
    Code.ASTRAY: ("read model differs from the ledger", "rebuilt from the ledger"),
    Code.UNREADABLE: ("the ledger cannot be read", "see `mendwork ledger verify`; compare with a backup"),
    Code.BROKEN_CHAIN: ("ledger's chain does not hold", "`mendwork ledger verify`; compare with a backup"),
    Code.LEASE_RAN_OUT: ("mail whose lease ran out is not taken over", _WORKERS),
    Code.LETTER_WAITS: ("letter waits for more than an hour to be addressed", _WORKERS),
    Code.LEVEL_ASTRAY: ("factory's level is not that of its findings", "counted anew"),
}
"""For each code: what was seen, and what was done about it or should be."""


@dataclass(frozen=True, slots=True, order=True)
class Trouble:
    """Something wrong with one finding, factory, letter or mail (`subject`)."""

    code: Code
    subject: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a look found, and what of it was mended. `compared` is how many workflows were asked."""

    open: int
    compared: int
    troubles: tuple[Trouble, ...] = ()
    mended: frozenset[Trouble] = field(default_factory=frozenset)

    @property
    def left(self) -> tuple[Trouble, ...]:
        """What was not mended."""
        return tuple(each for each in self.troubles if each not in self.mended)

    @property
    def for_a_person(self) -> tuple[Trouble, ...]:
        """What needs somebody, also where nothing was to be mended yet."""
        return tuple(each for each in self.left if each.code not in MENDED)

    def counts(self) -> dict[Code, int]:
        """Give how many of each code were seen, none left out."""
        return dict.fromkeys(Code, 0) | Counter(each.code for each in self.troubles)
