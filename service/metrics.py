"""What Mendwork counts for Prometheus. Numbers of findings and letters are read from SQL when asked for."""

from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

Gauges = dict[str, float]
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """The counters of one application, with a registry of their own."""

    def __init__(self, gauges: Callable[[], Gauges]) -> None:
        """`gauges` is called at each scrape and gives numbers by the names in `HELP`."""
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "mendwork_http_requests",
            "Requests by method, route template and status.",
            ("method", "route", "status"),
            registry=self.registry,
        )
        self.seconds = Histogram(
            "mendwork_http_request_seconds",
            "How long requests took.",
            ("method", "route"),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.commands = Counter(
            "mendwork_commands",
            "Commands by verb and outcome.",
            ("verb", "outcome"),
            registry=self.registry,
        )
        self.registry.register(_Stored(gauges))

    def text(self) -> bytes:
        """Give everything in Prometheus' text form."""
        return generate_latest(self.registry)


HELP = {
    "findings_open": "Findings whose life is not over.",
    "findings_overdue": "Open findings with something owed that is late.",
    "letters_waiting": "Letters that wait to be addressed.",
    "messages_waiting": "Mails that wait to be handed over.",
    "messages_failed": "Mails that were given up.",
    "commands_pending": "Commands that are not decided yet.",
}


class _Stored(Collector):
    def __init__(self, gauges: Callable[[], Gauges]) -> None:
        self._gauges = gauges

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Name the metrics without asking the database, so that registering needs none."""
        return (GaugeMetricFamily(f"mendwork_{name}", text) for name, text in HELP.items())

    def collect(self) -> Iterator[GaugeMetricFamily]:
        numbers = self._gauges()
        return (
            GaugeMetricFamily(f"mendwork_{name}", text, value=numbers[name])
            for name, text in HELP.items()
            if name in numbers
        )
