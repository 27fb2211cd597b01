"""What the simulate command says: counts and bars by period, the letters themselves, and CSV and JSON."""

import csv as comma_separated
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, astuple, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from remediation.simulation import Assumptions, Comparison, Course, Row, Told, periods, tally
from service import saying
from service.command_line.telling import counted, out, show_json, show_table
from service.faults import Fault

BAR = 40
LETTERS_HEADER = (
    *("at", "local", "finding", "factory", "plan", "letter", "about", "duty", "level", "role", "person"),
)
CHANGES_HEADER = ("period", "letter", "level", "role", "before", "after")
MOST_LISTED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """A simulation's outcome, and what was asked."""

    courses: Sequence[Course]
    since: datetime
    until: datetime
    assumptions: Assumptions
    weekly: bool

    @property
    def told(self) -> list[Told]:
        """Every letter, in order of time."""
        every = (told for course in self.courses for told in course.told)
        return sorted(every, key=lambda told: (told.at, told.finding))

    @property
    def rows(self) -> tuple[Row, ...]:
        """The letters counted by period."""
        return tally(self.told, weekly=self.weekly)


def tell_outlook(outlook: Outlook, *, list_them: bool, csv: Path | None, as_json: bool) -> None:
    """Say who would be told what and when."""
    if csv is not None:
        _write(csv, LETTERS_HEADER, map(_letter, outlook.told))
    if as_json:
        show_json(_as_json(outlook))
        return
    _say(_headline(outlook))
    _show_periods(outlook)
    _show_rows(outlook)
    _show_stuck(outlook)
    if list_them:
        _show_letters(outlook)


def tell_comparison(outlook: Outlook, found: Comparison, csv: Path | None, *, as_json: bool) -> None:
    """Say what another policy would change."""
    if csv is not None:
        _write(csv, CHANGES_HEADER, map(astuple, found.letters))
    if as_json:
        show_json({"findings": len(outlook.courses), **asdict(found)})
        return
    moved = len({each.finding for each in found.moved})
    findings = counted(len(outlook.courses), "open finding")
    _say(f"Of {findings} the dates of {moved} would move; {_sum(found)}.")
    changes = [
        (
            _period(each.period, outlook),
            _what(each.kind, each.level),
            saying.ROLE[each.role],
            each.before,
            each.after,
        )
        for each in found.letters
    ]
    if changes:
        show_table("\nLetters that would change", ("From", "Letter", "To", "Now", "Then"), changes)
    dates = [
        (each.finding, each.factory, saying.spaced(each.date), _minute(each.before), _minute(each.after))
        for each in found.moved[:MOST_LISTED]
    ]
    if dates:
        show_table("\nDates that would move (UTC)", ("Finding", "Factory", "Date", "Now", "Then"), dates)
    if len(found.moved) > MOST_LISTED:
        _say(f"… and {len(found.moved) - MOST_LISTED} more; --json gives all of them.")


def _sum(found: Comparison) -> str:
    before, after = (sum(getattr(each, name) for each in found.letters) for name in ("before", "after"))
    return f"{before} letters would become {after}" if found.letters else "no letter would change"


def _headline(outlook: Outlook) -> str:
    span = f"from {saying.day(outlook.since.date())} to {saying.day(outlook.until.date())}"
    findings, letters = counted(len(outlook.courses), "finding"), counted(len(outlook.told), "letter")
    return f"{findings}, {span}, {_assumed(outlook.assumptions)}: {letters}."


def _assumed(assumptions: Assumptions) -> str:
    said = [
        *(
            [f"every action done {counted(assumptions.slip_days, 'day')} late"]
            if assumptions.slip_days
            else []
        ),
        *(["nobody signs"] if assumptions.nobody_signs else []),
        *(["nobody reports"] if assumptions.nobody_reports else []),
    ]
    return f"assuming {saying.listed(said)}" if said else "everything on time"


def _show_periods(outlook: Outlook) -> None:
    numbers = periods(outlook.rows)
    most = max(numbers.values(), default=1)
    bars = [
        (_period(period, outlook), number, "█" * max(1, number * BAR // most))
        for period, number in numbers.items()
    ]
    show_table("\nLetters", ("Week of" if outlook.weekly else "Month", "", ""), bars)


def _show_rows(outlook: Outlook) -> None:
    rows = [
        (_period(row.period, outlook), saying.ROLE[row.role], _what(row.kind, row.level), row.letters)
        for row in outlook.rows
    ]
    show_table("\nWho is told what", ("From", "To", "Letter", ""), rows)


def _show_stuck(outlook: Outlook) -> None:
    stuck = [each for course in outlook.courses for each in course.stuck]
    rows = [
        (each.finding, saying.spaced(each.obligation), saying.spaced(each.code))
        for each in stuck[:MOST_LISTED]
    ]
    if rows:
        title = f"\n{counted(len(stuck), 'time')} somebody could not do what they owed"
        show_table(title, ("Finding", "Owed", "Why not"), rows)


def _show_letters(outlook: Outlook) -> None:
    rows = [
        (
            f"{each.local:%Y-%m-%d %H:%M}",
            each.factory,
            each.finding,
            _what(each.letter.kind, each.level or 0),
            _to(each),
        )
        for each in outlook.told
    ]
    show_table("\nEvery letter (factory's time)", ("When", "Factory", "Finding", "Letter", "To"), rows)


def _to(told: Told) -> str:
    role = saying.ROLE[told.letter.role]
    return f"{role} {told.letter.person}" if told.letter.person else role


def _what(kind: Any, level: int) -> str:  # noqa: ANN401 - a kind of letter
    return f"{saying.LETTERS[kind]}, level {level}" if level else saying.LETTERS[kind]


def _period(period: date, outlook: Outlook) -> str:
    return period.isoformat() if outlook.weekly else f"{period:%B %Y}"


def _minute(at: datetime | None) -> str:
    return "none" if at is None else f"{at:%Y-%m-%d %H:%M}"


def _letter(told: Told) -> tuple[object, ...]:
    letter = told.letter
    place = (told.at.isoformat(), told.local.isoformat(), told.finding, told.factory, told.plan)
    return (*place, letter.kind, letter.obligation, told.duty, told.level, letter.role, letter.person)


def _as_json(outlook: Outlook) -> dict[str, Any]:
    return {
        "since": outlook.since,
        "until": outlook.until,
        "findings": len(outlook.courses),
        "assumptions": outlook.assumptions,
        "counts": outlook.rows,
        "letters": list(_letters(outlook)),
        "stuck": [stuck for course in outlook.courses for stuck in course.stuck],
    }


def _letters(outlook: Outlook) -> Iterator[dict[str, object]]:
    return (dict(zip(LETTERS_HEADER, _letter(told), strict=True)) for told in outlook.told)


def _write(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    try:
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = comma_separated.writer(stream)
            writer.writerow(header)
            writer.writerows(rows)
    except OSError as error:
        raise Fault(f"{file} cannot be written ({error.strerror}). Give another path") from error


def _say(sentence: str) -> None:
    out().print(sentence, markup=False, highlight=False, soft_wrap=True)
