"""Delivers every due message exactly once, also across crashes. docs/delivery.md explains how."""

import random
import time
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from types import TracebackType
from typing import Self

from allybot.clock import Clock, real_now
from allybot.errors import DatabaseUnavailableError
from allybot.services.context import Context
from allybot.services.delivery.attempt import attempt
from allybot.services.delivery.config import DeliveryRules
from allybot.services.delivery.recipients import Recipients
from allybot.services.delivery.reconcile import reconcile
from allybot.services.delivery.settle import DeliveryContext, Renderer, park
from allybot.services.isolation import isolated
from allybot.slack.gateway import SlackGateway
from allybot.store.delivery import rate_limits
from allybot.store.delivery.claims import claim, end_lapsed_leases, renew, take_uncertain
from allybot.store.delivery.outbox import OutboxRow
from allybot.store.delivery.queue_figures import pending
from allybot.store.delivery.waiting import what_waits

_WORKSPACES_A_PASS = 20
_LOOK_UPS_A_PASS = 4


@dataclass(frozen=True)
class _Flight:
    """A row one of our threads is processing; `claimed` unless it is only being looked up."""

    row: OutboxRow
    claimed: bool


class Delivery:
    """Delivers one worker's share of the outbox. Call `begin` repeatedly, `finish` before shutting down.

    Rows are claimed in the thread that calls `begin`; the calls to Slack run in a thread pool.

    Args:
        render: writes a row's message when it is sent.
        worker: a name unique among all workers, past ones included.
        real: the clock all workers share; leases, budgets, look-ups and back-off use it.
    """

    def __init__(
        self,
        context: Context,
        slack: SlackGateway,
        render: Renderer,
        worker: str,
        real: Clock = real_now,
        rules: DeliveryRules | None = None,
    ) -> None:
        self._context = context
        self._worker = worker
        self._real = real
        self._rules = rules or DeliveryRules()
        recipients = Recipients(context, slack, real, self._rules)
        rng = random.Random(worker)  # noqa: S311 - jitter of a back-off, not a secret
        self._shared = DeliveryContext(context, slack, render, worker, real, self._rules, recipients, rng)
        self._threads = ThreadPoolExecutor(self._rules.threads, thread_name_prefix="delivery")
        self._in_flight: dict[Future[int], _Flight] = {}
        self._renewed_at = self._tidied_at = datetime.min.replace(tzinfo=UTC)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_busy(self) -> bool:
        """Whether calls to Slack are in flight."""
        return bool(self._in_flight)

    def sent_line(self) -> str:
        """What was sent lately, in words for the log; empty when there is nothing to say."""
        return self._shared.sent.line()

    def begin(self, now: datetime) -> int:
        """Claim what is due at `now` (the program's clock, UTC) and start sending it; returns how many rows.

        Raises:
            DatabaseUnavailableError: now, or when an earlier attempt ended; that attempt's lease expires.
        """
        self._collect()
        real = self._real()
        self._keep_claims(real)
        self._tidy(real)
        free = self._rules.threads - len(self._in_flight)
        if free <= 0:
            return 0
        with self._context.database.reading() as tx:
            waiting = what_waits(tx, now, real, self._rules.budget)
        uncertain: list[OutboxRow] = []
        if waiting.lapsed or waiting.uncertain:
            with self._context.database.transaction() as tx:
                released = end_lapsed_leases(tx, real, self._rules.max_attempts)
                uncertain = take_uncertain(tx, real, self._rules.lease, min(free, _LOOK_UPS_A_PASS))
            waiting = replace(waiting, due=waiting.due or released > 0)
        for row in uncertain:
            self._start(reconcile, row, now, claimed=False)
        rows = self._claim(now, real, free - len(uncertain)) if waiting.due else []
        for row in rows:
            self._start(attempt, row, now, claimed=True)
        return len(uncertain) + len(rows)

    def wait(self, seconds: float) -> None:
        """Wait until one call in flight is done, at most `seconds`; claims are renewed meanwhile."""
        running = [future for future in self._in_flight if not future.done()]
        wait_for(running, timeout=seconds, return_when=FIRST_COMPLETED)
        # Without the database the calls continue; the claims are renewed as soon as it is back.
        with suppress(DatabaseUnavailableError):
            self._keep_claims(self._real())

    def finish(self, seconds: float | None = None) -> bool:
        """Wait until every claimed row is settled; False on time-out."""
        end = None if seconds is None else time.monotonic() + seconds
        while any(not future.done() for future in self._in_flight):
            left = 1.0 if end is None else min(1.0, end - time.monotonic())
            if left <= 0:
                return False
            self.wait(left)
        self._collect()
        return True

    def close(self, seconds: float | None = None) -> bool:
        """Finish and shut the thread pool down; False on time-out."""
        finished = False
        try:
            finished = self.finish(seconds)
        finally:
            self._threads.shutdown(wait=finished)
        return finished

    def remaining(self, now: datetime) -> int:
        """Number of messages due at `now` that a worker still has to process; not parked or asked ones."""
        with self._context.database.reading() as tx:
            return sum(pending(tx, now).values())

    def _claim(self, now: datetime, real: datetime, free: int) -> list[OutboxRow]:
        rows: list[OutboxRow] = []
        if free <= 0:
            return rows
        limits = self._rules.budget
        with self._context.database.transaction() as tx:
            for workspace_id in rate_limits.workspaces_to_serve(tx, now, real, limits, _WORKSPACES_A_PASS):
                affordable = rate_limits.hold_workspace(tx, workspace_id, real, limits)
                room = self._rules.max_in_flight_per_workspace - self._count_in_flight(workspace_id)
                limit = min(affordable, room, free - len(rows))
                if limit <= 0:
                    continue
                won = claim(tx, workspace_id, self._worker, now, real, self._rules.lease, limit)
                if won:
                    rate_limits.spend(tx, workspace_id, len(won), real, limits)
                rows += won
        return rows

    def _start(
        self,
        work: Callable[[DeliveryContext, OutboxRow, datetime], None],
        row: OutboxRow,
        now: datetime,
        *,
        claimed: bool,
    ) -> None:
        def run() -> int:
            work(self._shared, row, now)
            return 1

        on_failure = partial(park, self._shared, row, claimed=claimed)
        future = self._threads.submit(isolated, run, on_failure, "delivery")
        self._in_flight[future] = _Flight(row, claimed)

    def _collect(self) -> None:
        done = [future for future in self._in_flight if future.done()]
        for future in done:
            del self._in_flight[future]
        errors = [error for future in done if isinstance(error := future.exception(), Exception)]
        if errors:
            raise errors[0] if len(errors) == 1 else ExceptionGroup("several messages", errors)

    def _keep_claims(self, real: datetime) -> None:
        if real - self._renewed_at < self._rules.lease / 3:
            return
        held = [flight.row.id for flight in self._in_flight.values() if flight.claimed]
        if held:
            with self._context.database.transaction() as tx:
                renew(tx, held, self._worker, real + self._rules.lease)
        self._renewed_at = real

    def _count_in_flight(self, workspace_id: str) -> int:
        return sum(flight.row.workspace_id == workspace_id for flight in self._in_flight.values())

    def _tidy(self, real: datetime) -> None:
        if real - self._tidied_at < rate_limits.KEPT:
            return
        self._tidied_at = real
        with self._context.database.transaction() as tx:
            rate_limits.forget_channels(tx, real)


def deliver(
    context: Context,
    slack: SlackGateway,
    render: Renderer,
    worker_id: str,
    now: datetime,
    real: Clock = real_now,
    rules: DeliveryRules | None = None,
) -> int:
    """Send everything that can be sent now and wait for it; returns how many rows were processed.

    Messages that have to wait (rate limit, back-off, look-up) are left for a later call.
    """
    with Delivery(context, slack, render, worker_id, real, rules) as delivery:
        worked_on = 0
        while started := delivery.begin(now):
            worked_on += started
            delivery.finish()
        return worked_on
