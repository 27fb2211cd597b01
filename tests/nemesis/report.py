"""The report of a campaign, as text that fits into a document."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from tests.nemesis.campaign import Outcome
from tests.nemesis.checks import Looked


class Scenario(Protocol):
    """What a scenario gives to be reported."""

    looked: list[Looked]

    @property
    def told(self) -> Iterator[tuple[str, object]]: ...
    @property
    def failures(self) -> list[str]: ...


def report(outcome: Outcome) -> str:
    """Give the report of a campaign: what was done, what was asked and told, what was found."""
    return "\n".join(_lines(outcome)) + "\n"


def _lines(outcome: Outcome) -> Iterator[str]:
    verdict = "FAILED" if outcome.failures else "held"
    yield f"### Campaign: seed {outcome.seed}, {outcome.dialect}, {outcome.seconds:.0f} s: {verdict}"
    yield ""
    yield f"{outcome.findings} findings, {outcome.mails} mails taken, {_journal(outcome)}"
    yield f"Answers: {_counts(outcome.answers)}. Programs that ended by themselves: {_counts(outcome.died)}."
    rest = ", ".join(f"{what} {seconds:.1f} s" for what, seconds in outcome.converged.items())
    yield f"After the healing: {rest}."
    yield ""
    yield "| what struck | times |"
    yield "|---|---|"
    for name, count in sorted(outcome.struck.items()):
        yield f"| {name} | {count} |"
    yield ""
    yield from _found(outcome.looked, outcome.failures)


def scenario_report(title: str, scenario: Scenario) -> str:
    """Give the report of a scenario."""
    lines = [f"### {title}: {'FAILED' if scenario.failures else 'held'}", "", "| | |", "|---|---|"]
    lines += [f"| {what} | {value} |" for what, value in scenario.told]
    return "\n".join([*lines, "", *_found(scenario.looked, scenario.failures)]) + "\n"


def _found(looked: Sequence[Looked], failures: Sequence[str]) -> Iterator[str]:
    yield "| invariant | | looked at | objections |"
    yield "|---|---|---|---|"
    for each in looked:
        yield f"| {each.number} | {each.sentence} | {each.things} | {len(each.objections)} |"
    if failures:
        yield ""
        yield from (f"- {each}" for each in failures[:50])


def _journal(outcome: Outcome) -> str:
    journal = outcome.journal
    told = ", ".join(f"{count} {what}" for what, count in sorted(journal.counts().items()))
    return f"{len(journal.invoked)} commands: {told}; {len(journal.undecided)} undecided."


def _counts(counted: dict[str, int]) -> str:
    return ", ".join(f"{count} x {name}" for name, count in sorted(counted.items())) or "none"
