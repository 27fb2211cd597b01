"""Children are started in order, watched, started again when they die, and never outlive their parent."""

import asyncio
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from service.children import Child, ChildFailedError, Household, Program, describe_end

# What children do that live until they are ended: no test waits for these seconds to pass.
SLEEPER = "import time; print('here', flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); {SLEEPER}"


def a_program(folder: Path, code: str = SLEEPER, name: str = "sleeper", stop_seconds: float = 30) -> Program:
    """A Python program that is ready as soon as its log says `here`."""
    log = folder / f"{name}.log"

    async def ready(_pid: int) -> bool:
        return "here" in log.read_text()

    return Program(
        name=name, command=(sys.executable, "-c", code), log=log, ready=ready, stop_seconds=stop_seconds
    )


class Told:
    """What the household said, and a way to wait for a sentence."""

    def __init__(self) -> None:
        self.sentences: list[str] = []
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()

    def say(self, sentence: str) -> None:
        self.sentences.append(sentence)
        self._tasks.add(asyncio.create_task(self._tell()))

    async def until(self, words: str) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: any(words in sentence for sentence in self.sentences))

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()


def children() -> list[psutil.Process]:
    """Give the children that households started: other tests' servers may run beside them."""
    return [each for each in psutil.Process().children() if "time.sleep(600)" in " ".join(each.cmdline())]


async def test_a_child_that_is_killed_is_started_again_and_the_person_is_told(tmp_path: Path) -> None:
    told = Told()
    household = Household(told.say)
    await household.start(a_program(tmp_path))
    try:
        (first,) = children()
        first.kill()
        await told.until("sleeper runs again")
        (second,) = children()
    finally:
        await household.stop()
    assert second.pid != first.pid
    assert told.sentences[0].startswith("sleeper was ended by SIGKILL; starting it again")
    assert children() == []


async def test_children_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    ended = tmp_path / "ended"
    code = (
        "import pathlib, signal, sys, time\n"
        "def end(*_): open({file!r}, 'a').write('{name} '); sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end); print('here', flush=True); time.sleep(600)"
    )
    household = Household(lambda _: None)
    for name in ("first", "second", "third"):
        await household.start(a_program(tmp_path, code.format(file=str(ended), name=name), name))
    await household.stop()
    assert ended.read_text().split() == ["third", "second", "first"]


async def test_a_child_that_ignores_the_request_to_stop_is_killed_and_named(tmp_path: Path) -> None:
    told = Told()
    household = Household(told.say)
    await household.start(a_program(tmp_path, STUBBORN, "stubborn", stop_seconds=0.2))
    await household.stop()
    assert told.sentences == ["stubborn did not stop in time and was killed"]
    assert children() == []


async def test_a_program_that_cannot_start_is_shown_with_the_end_of_its_log(tmp_path: Path) -> None:
    household = Household(lambda _: None)
    broken = a_program(tmp_path, "raise SystemExit('the disk is full')", "broken")
    with pytest.raises(ChildFailedError, match=r"broken ended with code 1(.|\n)*the disk is full"):
        await household.start(broken)
    await household.stop()


async def test_a_program_that_runs_to_its_end_must_end_well(tmp_path: Path) -> None:
    household = Household(lambda _: None)
    await household.run(a_program(tmp_path, "print('done')", "good"))
    with pytest.raises(ChildFailedError, match="bad ended with code 3"):
        await household.run(a_program(tmp_path, "raise SystemExit(3)", "bad"))
    await household.stop()


async def test_a_large_log_is_set_aside_before_a_program_starts(tmp_path: Path) -> None:
    program = a_program(tmp_path)
    program.log.write_text("x" * 5_000_001)
    child = Child(program)
    await child.start()
    await child.until_ready()
    await child.stop()
    assert program.log.read_text() == "here\n"
    assert (tmp_path / "sleeper.old.log").stat().st_size == 5_000_001


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux ends children whose parent was killed")
def test_no_child_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    code = f"""
import asyncio, sys
from pathlib import Path
from service.children import Household, Program

async def main():
    log = Path({str(tmp_path)!r}) / "orphan.log"
    async def ready(_pid): return "here" in log.read_text()
    program = Program(name="orphan", command=(sys.executable, "-c", {SLEEPER!r}), log=log, ready=ready)
    household = Household(print)
    await household.start(program)
    print("ready", flush=True)
    await household.watch()

asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        (orphan,) = psutil.Process(parent.pid).children()
        parent.kill()
    _, alive = psutil.wait_procs([orphan], timeout=10)
    assert alive == []


def test_a_command_whose_parent_is_gone_already_does_not_run() -> None:
    tether = [sys.executable, "-m", "service.tether", "1", sys.executable, "-c", "print('ran')"]
    run = subprocess.run(tether, capture_output=True, text=True, check=False)
    assert (run.stdout, run.returncode) == ("", 3)


@pytest.mark.parametrize(
    ("code", "words"),
    [(0, "ended with code 0"), (-9, "was ended by SIGKILL"), (-99, "was ended by signal 99")],
)
def test_the_end_of_a_process_is_said_in_words(code: int, words: str) -> None:
    assert describe_end(code) == words
