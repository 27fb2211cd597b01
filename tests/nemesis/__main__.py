"""`python -m tests.nemesis`: campaigns of the nemesis, with a report of each."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.nemesis.campaign import campaign
from tests.nemesis.report import report
from tests.nemesis.world import DIALECTS


def main() -> int:
    """Run what the arguments say; 1 where an invariant did not hold."""
    parser = argparse.ArgumentParser(prog="tests.nemesis", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed deals the same blows")
    parser.add_argument("--minutes", type=float, default=2.0, help="length of each campaign")
    parser.add_argument("--database", choices=DIALECTS, help="only one kind of database")
    parser.add_argument("--keep", type=Path, help="folder in which to leave logs and stores")
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as temporary:
        for dialect in (given.database,) if given.database else DIALECTS:
            folder = (given.keep or Path(temporary)) / f"{dialect}-{given.seed}"
            folder.mkdir(parents=True)
            outcome = asyncio.run(campaign(folder, given.seed, given.minutes * 60, dialect))
            sys.stdout.write(report(outcome) + "\n")
            sys.stdout.flush()
            failed = failed or bool(outcome.failures)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
