"""`make bench`: lifecycles, import, lists and pages in one run on one server; a table, and JSON."""

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine as Database

from benchmarks import importing, lifecycles, lists, meetings, pages
from benchmarks.measure import Bench, Elsewhere, Figures, a_bench, median_ratio, settled
from benchmarks.serving import ALIVE, Served, a_service
from benchmarks.worker import BARE, OURS

ROUNDS = 5
LIFECYCLES, IMPORTED, LISTED = 120, 1000, 10_000
RESULTS = Path(__file__).parent / "results" / "latest.json"


@dataclass(frozen=True)
class Line:
    """One figure, and what it is held against (`at least` or `at most`)."""

    what: str
    value: float
    unit: str
    wanted: str = ""


async def main(*, only_pages: bool = False) -> list[Line]:
    """Measure everything on one embedded server, or lists and pages alone."""
    with tempfile.TemporaryDirectory() as folder:
        async with a_bench(Path(folder)) as bench:
            if only_pages:
                return await asyncio.to_thread(_lists, bench.database)
            return [
                *await _lifecycles(bench),
                *await _import(bench),
                await _forty(bench),
                *await asyncio.to_thread(_lists, bench.database),
            ]


async def _lifecycles(bench: Bench) -> list[Line]:
    await lifecycles.ours(bench, 20)
    await lifecycles.bare(bench, 20)
    ours: list[Figures] = []
    bare: list[Figures] = []
    for _ in range(ROUNDS):  # in turn, so that a noisy minute hits both
        ours.append(await lifecycles.ours(bench, LIFECYCLES))
        bare.append(await lifecycles.bare(bench, LIFECYCLES))
    return [
        Line("lifecycles, ours", _median_rate(ours), "/s"),
        Line("lifecycles, bare", _median_rate(bare), "/s"),
        Line("lifecycles, ours / bare", median_ratio(ours, bare), "", "at least 1.0"),
        *_latencies("update, ours", ours),
        *_latencies("update, bare", bare),
        Line("history events a lifecycle", await lifecycles.events(bench), "", "at most 80"),
    ]


async def _forty(bench: Bench) -> Line:
    """Measure what a committee waits for when it signs forty plans in one go."""
    took = sorted([await meetings.forty(bench) for _ in range(3)])
    return Line("forty findings committed in a meeting", took[1], "s", "at most 2")


async def _import(bench: Bench) -> list[Line]:
    await importing.ours(bench, 50)
    await importing.bare(bench, 50)
    ours: list[Figures] = []
    bare: list[Figures] = []
    for _ in range(ROUNDS):
        await settled(bench, BARE)
        ours.append(await importing.ours(bench, IMPORTED))
        await settled(bench, OURS)
        bare.append(await importing.bare(bench, IMPORTED))
    return [
        Line("import, findings started", _median_rate(ours), "/s"),
        Line("bare workflows started", _median_rate(bare), "/s"),
        Line("import, ours / bare", median_ratio(ours, bare), "", "at least 0.8"),
    ]


def _lists(database: Database) -> list[Line]:
    lists.populate(database, LISTED)
    pages.settle(database)
    with a_service(database) as service:
        lines = []
        for name, path in lists.PATHS.items():
            figures = lists.measure(service, path)
            lines.append(Line(f"{name} of {LISTED:,}, p95", figures.quantile(0.95), "ms", "at most 50"))
        return [*lines, *_pages(service)]


def _pages(service: Served) -> list[Line]:
    """Give each page's latency, what it takes of the processor, and how that compares with a bare route."""
    elsewhere = Elsewhere()
    bare, measured = pages.measure(service)
    lines = [
        Line("processors of this machine", psutil.cpu_count() or 1, ""),
        Line("processors taken by other programs", elsewhere.share(), "%", "at most 10"),
        Line(f"{ALIVE} for {pages.CLIENTS} clients, p95", bare.quantile(0.95), "ms"),
    ]
    for each in measured:
        what = f"{each.page} as {each.role}"
        lines += [
            Line(f"{what}, p95", each.figures.quantile(0.95), "ms", "at most 100"),
            Line(f"{what}, / bare", each.figures.quantile(0.95) / bare.quantile(0.95), ""),
            Line(f"{what}, processor", each.processor, "ms"),
        ]
    slowest = max(each.figures.quantile(0.95) for each in measured)
    asking = sum(each.asking for each in measured) / len(measured)
    lines.append(Line("processor that the browsers take for a request", asking, "ms"))
    return [*lines, Line("slowest page, p95", slowest, "ms", "at most 100")]


def _latencies(what: str, rounds: list[Figures]) -> list[Line]:
    every = Figures(0, 1, [latency for figures in rounds for latency in figures.latencies])
    return [Line(f"{what}, p50", every.quantile(0.5), "ms"), Line(f"{what}, p99", every.quantile(0.99), "ms")]


def _median_rate(rounds: list[Figures]) -> float:
    return sorted(figures.rate for figures in rounds)[len(rounds) // 2]


def tell(lines: list[Line]) -> None:
    """Print the table and write the JSON."""
    table = Table("what", "value", "unit", "wanted", title="Mendwork, measured")
    for line in lines:
        table.add_row(line.what, f"{line.value:,.2f}", line.unit, line.wanted)
    Console().print(table)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({line.what: line.value for line in lines}, indent=2) + "\n")
    print(f"written to {RESULTS}", file=sys.stderr)  # noqa: T201 - this is a program


ABOUT = """
Measure lifecycles, import, lists and pages on one embedded server, against bare workflows on the same
server. This takes some minutes, and wants a quiet machine. It prints a table and writes
benchmarks/results/latest.json.
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=ABOUT)
    parser.add_argument("--pages", action="store_true", help="only lists and pages")
    tell(asyncio.run(main(only_pages=parser.parse_args().pages)))
