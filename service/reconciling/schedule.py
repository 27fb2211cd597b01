"""The reconciler on Temporal's schedule: every quarter of an hour, one round at a time."""

from collections import Counter as Counted
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge
from sqlalchemy import Engine as Database
from temporalio import activity
from temporalio.client import (
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
)
from temporalio.service import RPCError

from service.engine import Engine
from service.reconciling.comparing import PAUSE_SECONDS, Reconciler, Share
from service.reconciling.troubles import Code, Report
from workflows.reconcile import RECONCILE, ReconcileWorkflow

SCHEDULE = "reconcile"
EVERY = timedelta(minutes=15)
FORGOTTEN_AFTER = EVERY + timedelta(minutes=5)
SHOWN = 20

log = structlog.get_logger("mendwork.reconciler")

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Give this moment, aware."""
    return datetime.now(UTC)


class ReconcilerMetrics:
    """What the reconciler counts, in a registry: the process's own unless another is given.

    Rounds go to any worker, so what an earlier round found here is forgotten when others may know better.
    """

    def __init__(self, registry: CollectorRegistry = REGISTRY, clock: Clock = utc_now) -> None:
        self._left: tuple[datetime, Counted[Code]] | None = None
        self._clock = clock
        self.troubles = Gauge(
            "mendwork_reconcile_troubles",
            "What the latest round found and did not mend, by code.",
            ("code",),
            registry=registry,
        )
        for code in Code:
            self.troubles.labels(code.value).set_function(partial(self._of, code))
        self.mended = Counter(
            "mendwork_reconcile_mended", "What rounds mended, by code.", ("code",), registry=registry
        )
        self.compared = Gauge(
            "mendwork_reconcile_compared", "Workflows the latest round asked.", registry=registry
        )
        self.finished = Gauge(
            "mendwork_reconcile_finished_seconds",
            "When the latest round ended, Unix time.",
            registry=registry,
        )

    def tell(self, report: Report) -> None:
        """Take over a round's report."""
        at = self._clock()
        self._left = at, Counted(trouble.code for trouble in report.left)
        for trouble in report.mended:
            self.mended.labels(trouble.code.value).inc()
        self.compared.set(report.compared)
        self.finished.set(at.timestamp())

    def _of(self, code: Code) -> int:
        if self._left is None or self._clock() - self._left[0] > FORGOTTEN_AFTER:
            return 0
        return self._left[1][code]


_metrics: list[ReconcilerMetrics] = []


def process_metrics() -> ReconcilerMetrics:
    """Give this process's metrics, made once."""
    if not _metrics:
        _metrics.append(ReconcilerMetrics())
    return _metrics[0]


class Rounds:
    """The scheduled activity: one round compares a share of the findings, and looks at everything cheap."""

    def __init__(
        self,
        database: Database,
        engine: Engine,
        *,
        metrics: ReconcilerMetrics | None = None,
        pause: float = PAUSE_SECONDS,
        clock: Clock = utc_now,
    ) -> None:
        self._reconciler = Reconciler(database, engine, pause=pause)
        self._metrics = metrics or process_metrics()
        self._clock = clock

    @activity.defn(name=RECONCILE)
    async def reconcile(self) -> dict[str, int]:
        """Do one round; give how many of each code were seen."""
        number = int(self._clock().timestamp() // EVERY.total_seconds())
        report = await self._reconciler.reconcile(Share(number))
        self._metrics.tell(report)
        for trouble in report.troubles[:SHOWN]:
            mended = trouble in report.mended
            log.warning("trouble", code=trouble.code.value, subject=trouble.subject, mended=mended)
        return {code.value: count for code, count in report.counts().items() if count}


async def keep_schedule(engine: Engine) -> bool:
    """Make the schedule where there is none, and tell whether it was made. What an operator changed stays."""
    start = ScheduleActionStartWorkflow(ReconcileWorkflow.run, id="reconcile", task_queue=engine.task_queue)
    spec = ScheduleSpec(intervals=[ScheduleIntervalSpec(every=EVERY)])
    policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP, catchup_window=EVERY)
    try:
        await engine.client.create_schedule(SCHEDULE, Schedule(action=start, spec=spec, policy=policy))
    except ScheduleAlreadyRunningError:
        return False
    except RPCError as error:  # findings live without it
        log.warning("schedule_not_made", status=error.status.name)
        return False
    return True
