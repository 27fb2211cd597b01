"""What every workflow with a ledger does: obey, record in groups, catch up with SQL, and wake by one timer.

People act through updates named by the glossary's verbs; the rules in `remediation` decide; every fact stands
in SQL before its update is answered.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Generic, Protocol, Self, TypeVar

from temporalio import workflow
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError

with workflow.unsafe.imports_passed_through():
    from remediation.ledger import Entry
    from remediation.orders import Order
    from remediation.refusals import Refusal
    from remediation.words import CommandId
    from workflows.messages import Head, Receipt

RUN_AT_MOST = timedelta(days=90)
RECEIPTS_KEPT = 50


class Kept(Protocol):
    """A case: a state after `seq` entries of its ledger, the last of which has `digest`."""

    @property
    def seq(self) -> int:
        """How many entries its ledger has."""

    @property
    def digest(self) -> str:
        """The digest of the last of them."""

    def obey(self, order: Order, now: datetime) -> tuple[Self, tuple[Entry, ...]]:
        """Carry out an order. Raises `Refusal`."""

    def keep_time(self, now: datetime) -> tuple[Self, tuple[Entry, ...]]:
        """Record what the clock has brought about."""


C = TypeVar("C", bound=Kept)
C_co = TypeVar("C_co", bound=Kept, covariant=True)


class Start(Protocol[C_co]):
    """What a run begins with: a case whose entries stand in SQL, and answers to orders given before."""

    @property
    def case(self) -> C_co:
        """Where it goes on from."""

    @property
    def receipts(self) -> tuple[Receipt, ...]:
        """Answers to orders that are given again after the server forgot their update ids."""


class Life(ABC, Generic[C]):
    """The shell of a life in a ledger. A kind of workflow adds its `run`, and says what is its own below."""

    verbs: ClassVar[Mapping[str, type[Order]]]
    """What may be asked of it."""

    def _begin(self, start: Start[C]) -> None:
        """Stand where the start says, before `run`: updates of the first workflow task must find the case."""
        self._go_on_from(start)
        self._writing = False
        self._caught_up = 0
        self._alarm_clock: asyncio.Task[None] | None = None
        self._wakes_at: datetime | None = None

    def _go_on_from(self, start: Start[C]) -> None:
        """Stand where a case in SQL stands."""
        self._case: C = start.case
        self._receipts = {receipt.command: receipt for receipt in start.receipts}
        self._outbox: tuple[Entry, ...] = ()
        self._stored, self._stored_digest = start.case.seq, start.case.digest

    # What is its own.

    @abstractmethod
    def _ended(self) -> bool:
        """Tell whether its life is over."""

    @abstractmethod
    def _next_wake(self) -> datetime | None:
        """Give the instant at which the clock next brings something about."""

    @abstractmethod
    def _receipt(self, command: CommandId, entries: tuple[Entry, ...]) -> Receipt:
        """Give the answer to an order."""

    @abstractmethod
    async def _record(self, entries: tuple[Entry, ...]) -> bool:
        """Write entries into SQL; False where another stands in the place of one of them."""

    @abstractmethod
    async def _from_sql(self, seq: int, digest: str) -> Start[C]:
        """Give where it stands in SQL, once that goes on from what this run knows."""

    def _begins_anew(self) -> bool:
        """Tell whether a fresh run is due though the history is neither long nor old."""
        return False

    @abstractmethod
    def _next_run(self, receipts: tuple[Receipt, ...]) -> Start[C]:
        """Give what a fresh run begins with."""

    # What all have in common.

    @workflow.update(dynamic=True)
    async def obey(self, verb: str, args: Sequence[RawValue]) -> Receipt:
        """Carry out an order; answered when its facts stand in SQL."""
        order, seen = self._order(verb, args)
        await self._recorded(seen)
        while True:
            if order.id not in self._receipts:
                self._carry_out(order)
            receipt = self._receipts[order.id]
            if await self._recorded(receipt.seq):
                return receipt

    @obey.validator
    def weigh(self, verb: str, args: Sequence[RawValue]) -> None:
        """Refuse what the rules do not allow, before it costs any history."""
        order, seen = self._order(verb, args)
        if order.id in self._receipts or self._stored < seen:
            return  # the handler catches up with SQL before it judges
        try:
            self._case.obey(order, workflow.now())
        except Refusal as refusal:
            raise _refused(refusal) from refusal

    @workflow.query
    def head(self) -> Head:
        """Tell where it stands, for the reconciler; everybody else reads SQL."""
        case = self._case
        return Head(seq=case.seq, digest=case.digest, stored=self._stored, wakes_at=self._wakes_at)

    def _order(self, verb: str, args: Sequence[RawValue]) -> tuple[Order, int]:
        """Decode the order of a verb, and up to which entry its sender saw SQL (0: did not look).

        What cannot be read is refused in the validator already.
        """
        kind = self.verbs.get(verb)
        if kind is None or not 1 <= len(args) <= 2:  # noqa: PLR2004
            message = f"{verb!r} is not a verb of a {workflow.info().workflow_type}"
            raise ApplicationError(message, type="unknown_verb", non_retryable=True)
        converter = workflow.payload_converter()
        order: Order = converter.from_payload(args[0].payload, kind)
        seen: int = converter.from_payload(args[1].payload, int) if len(args) > 1 else 0
        return order, seen

    def _carry_out(self, order: Order) -> None:
        # The rules decide again here: two updates may both have passed the validator. State changes
        # before the first await, so that nobody acts on what is already past.
        try:
            case, entries = self._case.obey(order, workflow.now())
        except Refusal as refusal:
            raise _refused(refusal) from refusal
        self._advance(case, entries)
        self._keep(self._receipt(order.id, entries))

    async def _next_fact(self) -> None:
        """Record what time has brought about, then wait for the next thing to happen."""
        self._advance(*self._case.keep_time(workflow.now()))
        seen = self._case.digest  # what comes while this is being recorded is news below
        await self._recorded(self._case.seq)
        await self._continue_as_new_if_long()
        self._set_alarm_clock()
        await workflow.wait_condition(lambda: self._case.digest != seen or self._rings())

    async def _everything_is_answered(self) -> None:
        await workflow.wait_condition(workflow.all_handlers_finished)
        await self._recorded(self._case.seq)

    def _advance(self, case: C, entries: tuple[Entry, ...]) -> None:
        self._case = case
        self._outbox += entries

    def _keep(self, receipt: Receipt) -> None:
        self._receipts[receipt.command] = receipt
        while len(self._receipts) > RECEIPTS_KEPT:
            del self._receipts[next(iter(self._receipts))]

    async def _recorded(self, seq: int) -> bool:
        """Wait until everything up to `seq` stands in SQL. Who finds nobody writing writes for all.

        False where SQL had gone on without this run: what it had decided since is to be decided again.
        """
        times = self._caught_up
        while self._stored < seq and self._caught_up == times:
            if self._writing:
                await workflow.wait_condition(lambda: not self._writing)
            else:
                await self._write()
        return self._caught_up == times

    async def _write(self) -> None:
        self._writing = True
        try:
            entries = self._outbox
            if entries and await self._record(entries):
                self._outbox = self._outbox[len(entries) :]
                self._stored, self._stored_digest = entries[-1].seq, entries[-1].digest
            else:
                await self._catch_up()
        finally:
            self._writing = False

    async def _catch_up(self) -> None:
        """Go on from SQL, which holds what this run had recorded and forgot.

        It forgets where a worker or the server dies between the commit in SQL and its note in the history.
        """
        self._go_on_from(await self._from_sql(self._stored, self._stored_digest))
        self._caught_up += 1

    def _set_alarm_clock(self) -> None:
        """One timer, set anew only when the next notice has moved."""
        wakes_at = self._next_wake()
        if wakes_at == self._wakes_at and not self._rings():
            return
        if self._alarm_clock is not None:
            self._alarm_clock.cancel()
        self._wakes_at = wakes_at
        self._alarm_clock = None
        if wakes_at is not None:
            ahead = max(wakes_at - workflow.now(), timedelta())
            self._alarm_clock = asyncio.create_task(workflow.sleep(ahead))

    def _rings(self) -> bool:
        return self._alarm_clock is not None and self._alarm_clock.done()

    async def _continue_as_new_if_long(self) -> None:
        """Start a fresh run when the history grows long or old, or something of its own asks for one."""
        info = workflow.info()
        long = info.is_continue_as_new_suggested()
        old = workflow.now() - info.start_time > RUN_AT_MOST
        if not (long or old or self._begins_anew()):
            return
        await self._everything_is_answered()
        if not self._ended():
            workflow.continue_as_new(self._next_run(tuple(self._receipts.values())))


def _refused(refusal: Refusal) -> ApplicationError:
    return ApplicationError(str(refusal), refusal.field, type=refusal.code, non_retryable=True)
