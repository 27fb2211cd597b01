"""One calendar for a service and its workflows: what tells the time, and lives that begin and go on by it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from temporalio.client import Interceptor, OutboundInterceptor, StartWorkflowInput, WorkflowHandle
from temporalio.testing import WorkflowEnvironment

from remediation.gatherings.gathering import Kind

A_MOMENT = timedelta(seconds=30)
LIVES = frozenset({"finding", *Kind})
"""What the ids of workflows begin with that live for months; others do their work and are gone."""


@dataclass
class Clock(Interceptor):
    """This moment, and what was skipped. Each workflow's own clock is brought to it as its life begins."""

    environment: WorkflowEnvironment
    skipped: timedelta = field(default_factory=timedelta)
    turned: dict[str, timedelta] = field(default_factory=dict)
    """What each workflow has skipped, by its id."""

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped

    def turn_to(self, instant: datetime) -> None:
        """Skip to an aware instant, if it lies ahead."""
        self.skipped = max(self.skipped, instant - datetime.now(UTC))

    async def turn(self, handle: WorkflowHandle[Any, Any], instant: datetime) -> None:
        """Let a workflow skip to an aware instant, if it lies a moment ahead.

        A skip that is over before the server has read of it would go on to whatever falls due next.
        """
        ahead = instant - datetime.now(UTC) - self.turned.get(handle.id, timedelta())
        if ahead > A_MOMENT:
            self.turned[handle.id] = self.turned.get(handle.id, timedelta()) + ahead
            await self.environment.fast_forward(handle, ahead)

    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:  # noqa: A002 - as it is named there
        """Follow what the client starts."""
        return _Births(next, self)


class _Births(OutboundInterceptor):
    def __init__(self, next: OutboundInterceptor, clock: Clock) -> None:  # noqa: A002 - as it is named there
        super().__init__(next)
        self._clock = clock

    async def start_workflow(self, input: StartWorkflowInput) -> WorkflowHandle[Any, Any]:  # noqa: A002
        handle = await super().start_workflow(input)
        if handle.id.partition(":")[0] in LIVES:
            await self._clock.turn(handle, self._clock())
        return handle
