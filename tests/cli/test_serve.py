"""`mendwork serve`: several processes behind one port, which are one service to whoever asks."""

import http.client
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

import psutil
import pytest

from service.probes import LOOPBACK, free_port
from service.serving import CannotServeError, entrance
from service.settings import Settings
from tests.cli.embedded import MENDWORK, clean_environment, mendwork

PROCESSES = 2
START_SECONDS, LOOK_AGAIN = 100.0, 0.1
HEALTHY = 'mendwork_http_requests_total{method="GET",route="/healthz",status="200"}'


@dataclass
class Service:
    """A running `mendwork serve`."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, folder: Path, **settings: str) -> "Service":
        port = free_port()
        environment = clean_environment() | {
            "MENDWORK_PORT": str(port),
            "TEMPORAL_ADDRESS": f"{LOOPBACK}:1",
            "TMPDIR": str(folder),
            **settings,
        }
        command = [*MENDWORK, "serve", "--processes", str(PROCESSES)]
        with (folder / "serve.log").open("w") as log:
            process = subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log)
        return cls(folder, port, process)

    def ask(self, path: str, method: str = "GET", body: str = "") -> tuple[int, str]:
        """Ask on a connection of its own: any of the processes may answer."""
        connection = http.client.HTTPConnection(LOOPBACK, self.port, timeout=30)
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        told = answer.status, answer.read().decode()
        connection.close()
        return told

    def until_started(self, processes: int) -> None:
        """Wait until so many processes have started in all, those that are gone by now among them."""
        deadline = monotonic() + START_SECONDS
        while self.said.count("Application startup complete.") < processes:
            with suppress(subprocess.TimeoutExpired):
                assert self.process.wait(LOOK_AGAIN) is None, self.said
            assert monotonic() < deadline, self.said

    def others(self) -> list[psutil.Process]:
        """Give the processes that the first one started and that run."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def serving(self) -> list[psutil.Process]:
        """Give the processes that take requests."""
        return [each for each in self.others() if "spawn_main" in " ".join(each.cmdline())]

    @property
    def said(self) -> str:
        return (self.folder / "serve.log").read_text()

    def counters(self) -> list[Path]:
        """Give the folders in which processes count."""
        return list(self.folder.glob("mendwork-counters-*"))


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("serve")
    assert mendwork(folder, "migrate").returncode == 0
    running = Service.start(folder)
    running.until_started(PROCESSES)
    with running.process:
        yield running
        running.process.kill()


def counted(service: Service) -> float:
    lines = service.ask("/metrics")[1].splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(HEALTHY))


def test_whichever_process_is_asked_gives_the_numbers_of_all(service: Service) -> None:
    before = counted(service)
    assert [service.ask("/healthz")[0] for _ in range(10)] == [200] * 10
    assert {counted(service) - before for _ in range(10)} == {10}


def test_tries_to_sign_in_are_counted_over_all_processes(service: Service) -> None:
    answers = [service.ask("/sign-in", "POST", "address=amina%40padma.example")[0] for _ in range(6)]
    assert answers == [303] * 5 + [429]


def test_a_process_that_is_killed_is_replaced_and_what_it_counted_stays(service: Service) -> None:
    before = counted(service)
    killed, other = service.serving()
    killed.kill()
    service.until_started(PROCESSES + 1)
    assert len(service.serving()) == PROCESSES
    assert other in service.serving()
    assert service.ask("/healthz")[0] == 200
    assert counted(service) == before + 1


def test_it_stops_in_order_and_leaves_nothing_behind(service: Service) -> None:
    every = service.others()
    assert len(service.counters()) == 1
    service.process.terminate()
    assert service.process.wait(START_SECONDS) == 0
    _, alive = psutil.wait_procs(every, timeout=5)
    assert (alive, service.counters()) == ([], [])


def test_processes_that_cannot_start_end_all_with_a_reason(tmp_path: Path) -> None:
    service = Service.start(tmp_path, MENDWORK_DATABASE_URL="mysql://somewhere")
    with service.process:
        assert service.process.wait(START_SECONDS) == 1
    assert "mysql is not supported" in service.said
    assert "mendwork: the processes of the service could not start" in service.said


def test_answers_do_not_wait_for_one_another_on_a_connection() -> None:
    with entrance(Settings(port=free_port())) as shared:
        assert shared.proto == socket.IPPROTO_TCP, "asyncio turns Nagle's algorithm off for no other"


def test_a_port_that_is_taken_is_named_with_the_way_out() -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CannotServeError, match=rf"port {port} .*name others in MENDWORK_HOST"):
            entrance(Settings(port=port))


@pytest.mark.skipif(sys.platform != "linux", reason="Only Linux tells which processors a program may use")
def test_by_itself_there_is_a_process_for_each_processor_and_at_most_four() -> None:
    code = "from service.settings import Settings; print(Settings().processes)"
    said = subprocess.run(
        [sys.executable, "-c", code], env=clean_environment(), capture_output=True, text=True, check=True
    )
    assert int(said.stdout) == min(len(psutil.Process().cpu_affinity()), 4)
