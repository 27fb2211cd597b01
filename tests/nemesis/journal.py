"""The journal: what people asked for and what they were told, kept by themselves and not by the stores."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from tests.life.caller import Sent

Told = dict[str, Any]


class What(StrEnum):
    """What a line says. `info`: nobody knows yet whether it was done."""

    INVOKE = "invoke"
    OK = "ok"
    FAIL = "fail"
    INFO = "info"


@dataclass(frozen=True)
class Line:
    """A line of the journal."""

    at: datetime
    what: What
    sent: Sent
    detail: str = ""


@dataclass
class Journal:
    """What all people wrote down, in order."""

    lines: list[Line] = field(default_factory=list)
    done: dict[Sent, Told] = field(default_factory=dict)
    refused: dict[Sent, str] = field(default_factory=dict)
    differing: list[Sent] = field(default_factory=list)
    """Commands that were answered twice, and not alike."""
    imported: list[str] = field(default_factory=list)
    """The questions of findings whose import was acknowledged."""

    def invoke(self, sent: Sent) -> None:
        """Somebody asks for something, perhaps again."""
        self._write(What.INVOKE, sent)

    def info(self, sent: Sent, detail: str) -> None:
        """The answer is lost, or not given yet."""
        self._write(What.INFO, sent, detail)

    def ok(self, sent: Sent, told: Told) -> None:
        """It was done."""
        self._write(What.OK, sent)
        if self.done.setdefault(sent, told) != told or sent in self.refused:
            self.differing.append(sent)

    def fail(self, sent: Sent, code: str) -> None:
        """It was refused, for good."""
        self._write(What.FAIL, sent, code)
        if sent in self.done:
            self.differing.append(sent)
        self.refused[sent] = code

    @property
    def invoked(self) -> set[Sent]:
        """Everything that was ever asked for."""
        return {line.sent for line in self.lines}

    @property
    def undecided(self) -> set[Sent]:
        """What nobody has an answer to yet."""
        return self.invoked - self.done.keys() - self.refused.keys()

    def counts(self) -> Counter[What]:
        """Give how many lines of each sort there are."""
        return Counter(line.what for line in self.lines)

    def _write(self, what: What, sent: Sent, detail: str = "") -> None:
        self.lines.append(Line(datetime.now(UTC), what, sent, detail))
