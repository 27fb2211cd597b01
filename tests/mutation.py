"""Changes the rules a little, one place at a time, and lists the changes that no test notices.

mutmut says what to change. The tests are loaded once, in one process, which puts each change in place and
runs the tests that go through the changed function, the likeliest to notice first, until one fails.
"""

import argparse
import difflib
import functools
import gc
import operator
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from textwrap import indent
from typing import Any

import coverage
import libcst as cst
import pytest
from hypothesis import settings
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import create_mutations, deep_replace

FOLDERS = ("rules", "policy", "calendars", "assessment", "permissions", "explaining", "simulation")
# Random walks and large files notice little that the others do not, and take seconds for each change.
TOO_SLOW = ("tests/rules/test_walks.py", "tests/assessment/test_files.py", "tests/explaining/test_lives.py")
QUIETLY = ("-q", "-s", "--assert=plain", "--tb=no", "-o", "timeout=0")
PATIENCE = 20.0  # seconds of tests for each change


class WithoutEnd(BaseException):
    """The tests of a change take far longer than they usually do."""


@dataclass(frozen=True)
class Change:
    """A change on a `line` of a function or method, which stands on `lines`, and its number among them."""

    path: Path
    name: str
    lines: range
    line: int
    number: int
    before: str
    after: str

    @contextmanager
    def made(self) -> Iterator[None]:
        """Put it in place for a while, for all who have imported the function."""
        module = sys.modules[".".join(self.path.with_suffix("").parts).removesuffix(".__init__")]
        function: Any = operator.attrgetter(self.name)(module)
        function = getattr(function, "__func__", function)
        made: dict[str, Any] = {}
        # In a class, whether it was in one or not, because what calls `super` is bound to its own.
        exec(f"class Made:\n{indent(self.after, '    ')}", vars(module), made)  # noqa: S102 - our own code
        changed = vars(made["Made"])[function.__name__]
        changed = getattr(changed, "__func__", changed)
        kept = {name: getattr(function, name) for name in ("__code__", "__defaults__", "__kwdefaults__")}
        try:
            for name in kept:
                setattr(function, name, getattr(changed, name))
            yield
        finally:
            for name, value in kept.items():
                setattr(function, name, value)

    def __str__(self) -> str:
        lines = difflib.unified_diff(self.before.splitlines(), self.after.splitlines(), lineterm="", n=0)
        return "\n".join([f"{self.path}:{self.name} {self.number}", *list(lines)[3:], ""])


def changes(path: Path) -> Iterator[Change]:
    """Give every change that mutmut would make to the functions of a file, in order."""
    module, mutations, *_ = create_mutations(str(path), path.read_text())
    where = MetadataWrapper(module, unsafe_skip_copy=True).resolve(PositionProvider)
    names = dict(_functions(module.body, ""))
    numbers: Counter[str] = Counter()
    for each in mutations:
        function = each.contained_by_top_level_function
        if function in names and each.original_node in where:
            name = names[function]
            numbers[name] += 1
            lines = range(where[function].start.line, where[function].end.line + 1)
            after: Any = deep_replace(function, each.original_node, each.mutated_node)
            sources = module.code_for_node(function), module.code_for_node(after)
            yield Change(path, name, lines, where[each.original_node].start.line, numbers[name], *sources)


def _functions(nodes: Sequence[cst.CSTNode], inside: str) -> Iterator[tuple[cst.CSTNode, str]]:
    for node in nodes:
        if isinstance(node, cst.FunctionDef):
            yield node, inside + node.name.value
        elif isinstance(node, cst.ClassDef):
            yield from _functions(node.body.body, f"{node.name.value}.")


class Trials:
    """A pytest plugin that tries changes where pytest would run the tests."""

    def __init__(self, wanted: list[str]) -> None:
        self.wanted = wanted
        self.tests: dict[str, pytest.Function] = {}
        self.seconds: dict[str, float] = {}
        self.kills: Counter[tuple[str, str]] = Counter()

    def pytest_sessionstart(self) -> None:
        """Few examples of each property: it is tested thousands of times."""
        settings.register_profile("mutation", deadline=None, max_examples=20, derandomize=True, database=None)
        settings.load_profile("mutation")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.tests = {item.nodeid: item for item in session.items if isinstance(item, pytest.Function)}
        seen = self._watched()
        signal.signal(signal.SIGPROF, _stop)
        for name in self.wanted:
            path, _, function = name.partition(":")
            through = seen.contexts_by_lineno(str(Path(path).resolve()))
            chosen = (each for each in changes(Path(path)) if function in {"", each.name})
            ends = Counter(self._tried(each, through) for each in chosen)
            _say(f"{path}: {', '.join(f'{number} {end}' for end, number in ends.most_common())}")
        return True

    def _tried(self, change: Change, through: dict[int, list[str]]) -> str:
        ranked = self._likeliest(change, through)
        try:
            with change.made():
                signal.setitimer(signal.ITIMER_PROF, 5 + 5 * sum(self.seconds[test] for test in ranked), 1)
                killer = next((test for test in ranked if not self._passes(test)), None)
        except WithoutEnd:
            return "without end"
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if killer is None:
            _say(f"left: {change}")
            return "left"
        self.kills.update([(change.name, killer), ("", killer)])
        return "killed"

    def _likeliest(self, change: Change, through: dict[int, list[str]]) -> list[str]:
        """Give the tests that go through the function, as many as patience allows, the likeliest first.

        First those that go through the changed line; of these first what has noticed most of the function's
        changes before; else what goes where few others go, or is quick.
        """
        rare: Counter[str] = Counter()
        for tests in (through.get(line, []) for line in change.lines):
            rare.update({test: 1 / len(tests) for test in tests})
        at_it = set(through.get(change.line, ()))

        def rank(test: str) -> tuple[bool, int, float, str]:
            worth = rare[test] * (1 + self.kills["", test]) / (self.seconds[test] + 0.001)
            return test not in at_it, -self.kills[change.name, test], -worth, test

        ranked = sorted(rare.keys() & self.seconds.keys(), key=rank)
        spent = accumulate((self.seconds[test] for test in ranked), initial=0.0)
        return [test for test, before in zip(ranked, spent, strict=False) if before <= PATIENCE]

    def _passes(self, name: str) -> bool:
        test = self.tests[name]
        test._initrequest()
        for (
            cache
        ) in _caches():  # what one test has worked out must not spare another the way through the code
            cache.cache_clear()
        try:
            test.session._setupstate.setup(test)
            test.runtest()
        except (Exception, pytest.fail.Exception):  # noqa: BLE001 - whatever a change leads to
            return False
        finally:
            test.session._setupstate.teardown_exact(None)
        return True

    def _watched(self) -> coverage.CoverageData:
        """See which test goes through which line, and how long each takes; what fails anyhow is left out."""
        watching = coverage.Coverage(data_file=None, source=["remediation"], config_file=False)
        watching.start()
        for test in self.tests:
            watching.switch_context(test)
            began = time.process_time()
            if self._passes(test):
                self.seconds[test] = time.process_time() - began
            else:
                _say(f"fails anyhow: {test}")
        watching.stop()
        return watching.get_data()


@functools.cache
def _caches() -> list[Any]:
    kept = (each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper))
    return [each for each in kept if each.__module__.startswith("remediation.")]


def _stop(_signal: int, _frame: object) -> None:
    raise WithoutEnd


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument(
        "wanted", nargs="*", metavar="FILE[:FUNCTION]", help="all of remediation/ unless given"
    )
    parser.add_argument(
        "--tests", nargs="+", help="files or folders of tests, instead of all about the rules"
    )
    asked = parser.parse_args()
    wanted = asked.wanted or [str(path) for path in sorted(Path("remediation").rglob("*.py"))]
    tests = asked.tests or [f"tests/{folder}" for folder in FOLDERS]
    left_out = [f"--ignore={path}" for path in TOO_SLOW]
    return pytest.main([*QUIETLY, *left_out, *tests], plugins=[Trials(wanted)])


if __name__ == "__main__":
    sys.exit(main())
