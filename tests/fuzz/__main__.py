"""`python -m tests.fuzz`: made-up requests to every operation of the API, and what was found."""

import argparse
import asyncio
import sys
import tempfile
from pathlib import Path

from tests.fuzz.run import fuzz


def main() -> int:
    """Run what the arguments say; 1 where a fault was found."""
    parser = argparse.ArgumentParser(prog="tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes up the same requests")
    parser.add_argument("--examples", type=int, default=1000, help="requests to each operation")
    given, options = parser.parse_known_args()
    with tempfile.TemporaryDirectory() as folder:
        run = asyncio.run(fuzz(Path(folder), seed=given.seed, examples=given.examples, options=options))
    sys.stdout.write("".join(f"{line}\n" for line in run.faults))
    return 0 if run.clean else 1


if __name__ == "__main__":
    sys.exit(main())
