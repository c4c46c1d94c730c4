"""What `/metrics` says of the queue and the workers, read from the database when it is asked for.

Every process says the same. No label's value comes from a person, a workspace or a worker.
"""

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from prometheus_client import Gauge

from allybot import telemetry
from allybot.clock import Clock
from allybot.errors import DatabaseUnavailableError
from allybot.services.context import Context
from allybot.services.delivery.config import DeliveryRules
from allybot.store.delivery import parked_rows, queue_figures
from allybot.store.delivery.outbox import MessageState, count_in
from allybot.store.engine.shared_clock import database_time

_KEPT_S = 1.0
"""Seconds for which what was read is good, so that one visit of `/metrics` reads once."""
_SHOWN_AFTER = timedelta(minutes=1)
"""What has been due for less is left out: most of it answers a press, and would say when that was. What
nothing holds up is sent within seconds. Our own choice."""


@dataclass(frozen=True)
class Figures:
    """The queue and the workers at one moment.

    Attributes:
        due, claimed, uncertain: messages due for a minute in these states, of active workspaces.
        lag_s: seconds the message has waited that has waited longest; 0 under a minute. Not what has to wait
            anyway.
        acting, paused: workers with a recent heartbeat.
        newest_s: seconds since the latest heartbeat of any worker; infinite where there is none.
        oldest_s: seconds since the latest heartbeat of the longest silent one; 0 where there is none.
    """

    due: int
    claimed: int
    uncertain: int
    lag_s: float
    parked_messages: int
    parked_rows: int
    acting: int
    paused: int
    newest_s: float
    oldest_s: float


def figures(context: Context, clock: Clock, rules: DeliveryRules) -> Figures:
    """What the database says now.

    Args:
        clock: the program's.

    Raises:
        DatabaseUnavailableError: they cannot be read now.
    """
    now = clock()
    with context.database.reading() as tx:
        real = database_time(tx)
        pending = queue_figures.pending(tx, now - _SHOWN_AFTER)
        oldest = queue_figures.oldest_due(tx, now - _SHOWN_AFTER, real)
        heartbeats = queue_figures.heartbeats(tx, real, rules.lease)
        return Figures(
            due=pending[MessageState.DUE],
            claimed=pending[MessageState.CLAIMED],
            uncertain=pending[MessageState.UNCERTAIN],
            lag_s=(now - oldest).total_seconds() if oldest else 0.0,
            parked_messages=count_in(tx, MessageState.PARKED),
            parked_rows=parked_rows.how_many(tx),
            acting=heartbeats.acting,
            paused=heartbeats.paused,
            newest_s=math.inf if heartbeats.newest is None else heartbeats.newest.total_seconds(),
            oldest_s=0.0 if heartbeats.oldest is None else heartbeats.oldest.total_seconds(),
        )


class _Reading:
    """Reads the figures at most once a second; not a number while the database is away."""

    def __init__(self, read: Callable[[], Figures]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._found: Figures | None = None
        self._read_at = -math.inf

    def value(self, one: Callable[[Figures], float]) -> float:
        with self._lock:
            if time.monotonic() - self._read_at > _KEPT_S:
                try:
                    self._found = self._read()
                except DatabaseUnavailableError:
                    self._found = None
                self._read_at = time.monotonic()
            return one(self._found) if self._found else math.nan


def serve(context: Context, clock: Clock, rules: DeliveryRules) -> None:
    """Let this process's metrics say what is in these databases."""
    reading = _Reading(partial(figures, context, clock, rules))
    values: dict[Gauge, Callable[[Figures], float]] = {
        telemetry.DUE.labels("due"): lambda found: found.due,
        telemetry.DUE.labels("claimed"): lambda found: found.claimed,
        telemetry.DUE.labels("uncertain"): lambda found: found.uncertain,
        telemetry.LAG: lambda found: found.lag_s,
        telemetry.PUT_ASIDE.labels("messages"): lambda found: found.parked_messages,
        telemetry.PUT_ASIDE.labels("rows"): lambda found: found.parked_rows,
        telemetry.WORKERS.labels("acting"): lambda found: found.acting,
        telemetry.WORKERS.labels("paused"): lambda found: found.paused,
        telemetry.HEARTBEAT.labels("newest"): lambda found: found.newest_s,
        telemetry.HEARTBEAT.labels("oldest"): lambda found: found.oldest_s,
    }
    for gauge, one in values.items():
        gauge.set_function(partial(reading.value, one))
