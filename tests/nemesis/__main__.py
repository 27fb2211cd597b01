"""`python -m tests.nemesis`: campaigns and scenarios of the nemesis, with a report of each."""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.nemesis.campaign import campaign
from tests.nemesis.morning import morning
from tests.nemesis.outage import Size, outage
from tests.nemesis.report import report, scenario_report
from tests.nemesis.world import DIALECTS, SQLITE
from tests.nemesis.years import years

CAMPAIGN, MORNING, OUTAGE, YEARS = "campaign", "morning", "outage", "years"


def main() -> int:
    """Run what the arguments say; 1 where an invariant did not hold."""
    given = _arguments()
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        for text, failures in _runs(given, given.keep or Path(temporary)):
            sys.stdout.write(text + "\n")
            sys.stdout.flush()
            failed = failed or bool(failures)
    return 1 if failed else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tests.nemesis", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed deals the same blows")
    parser.add_argument("--minutes", type=float, default=2.0, help="length of each campaign")
    parser.add_argument("--database", choices=DIALECTS, help="only one kind of database")
    parser.add_argument("--only", choices=(CAMPAIGN, MORNING, OUTAGE, YEARS), help="only one of the runs")
    parser.add_argument("--keep", type=Path, help="folder in which to leave logs and stores")
    return parser.parse_args()


def _runs(given: argparse.Namespace, home: Path) -> Iterator[tuple[str, list[str]]]:
    """Run one after another, and give each one's report with its failures."""
    seed: int = given.seed
    for dialect in (given.database,) if given.database else DIALECTS:
        if given.only in {None, CAMPAIGN}:
            outcome = asyncio.run(campaign(_folder(home, dialect), seed, given.minutes * 60, dialect))
            yield report(outcome), outcome.failures
    dialect = given.database or SQLITE
    if given.only in {None, MORNING}:
        late = asyncio.run(morning(_folder(home, MORNING), seed, dialect))
        title = f"The same morning in five time zones, seed {seed}, {dialect}"
        yield scenario_report(title, late), late.failures
    if given.only in {None, OUTAGE}:
        down = asyncio.run(outage(_folder(home, OUTAGE), dialect, Size()))
        yield scenario_report(f"Three days of outage, {dialect}", down), down.failures
    if given.only in {None, YEARS}:
        long = asyncio.run(years(_folder(home, YEARS), seed, dialect))
        yield scenario_report(f"Two years of forty findings, seed {seed}, {dialect}", long), long.failures


def _folder(home: Path, name: str) -> Path:
    folder = home / name
    folder.mkdir(parents=True)
    return folder


if __name__ == "__main__":
    sys.exit(main())
