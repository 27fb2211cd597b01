"""What Mendwork counts for Prometheus. Numbers of findings and letters are read from SQL when asked for."""

import os
from collections.abc import Callable, Iterator

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

Gauges = dict[str, float]
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


COUNTERS = "PROMETHEUS_MULTIPROC_DIR"
"""Names the folder in which several processes count together; the library looks at it when it is loaded."""


class Metrics:
    """The counters of one application, with a registry of their own.

    Where several processes serve, each gives the sum of all, those that have died among them.
    """

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
        self._told = self.registry
        if COUNTERS in os.environ:
            self._told = CollectorRegistry()
            MultiProcessCollector(self._told)  # type: ignore[no-untyped-call]
        self._told.register(_Stored(gauges))

    def text(self) -> bytes:
        """Give everything in Prometheus' text form."""
        return generate_latest(self._told)


HELP = {
    "findings_open": "Findings whose life is not over.",
    "findings_overdue": "Open findings with something owed that is late.",
    "letters_waiting": "Letters that wait to be addressed.",
    "messages_waiting": "Mails that wait to be handed over.",
    "messages_failed": "Mails that were given up.",
    "commands_pending": "Commands that are not decided yet.",
    "deliveries_waiting": "Messages to webhooks that wait.",
    "webhooks_stopped": "Webhooks at which nothing arrives any more.",
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
