"""What `/metrics` says of the queue and the workers, read from the database when it is asked for.

Every process says the same. No label's value comes from a person, a workspace or a worker.
"""

import math
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial

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


def figures(context: Context, clock: Clock, rules: DeliveryRules) -> dict[str, float]:
    """The figures by their names in `serve`.

    Args:
        clock: the program's.

    Raises:
        DatabaseUnavailableError: they cannot be read now.
    """
    now = clock()
    with context.database.reading() as tx:
        real = database_time(tx)
        due = queue_figures.due(tx, now)
        lag = queue_figures.lag(tx, now, real)
        signs = queue_figures.signs(tx, real, rules.lease)
        parked = count_in(tx, MessageState.PARKED)
        rows = parked_rows.how_many(tx)
    return {
        **{f"due {state.value}": float(number) for state, number in due.items()},
        "lag": lag.total_seconds(),
        "parked messages": float(parked),
        "parked rows": float(rows),
        "acting": float(signs.acting),
        "paused": float(signs.paused),
        "newest": math.inf if signs.newest is None else signs.newest.total_seconds(),
        "oldest": 0.0 if signs.oldest is None else signs.oldest.total_seconds(),
    }


class _Reading:
    """Reads the figures at most once a second; not a number while the database is away."""

    def __init__(self, read: Callable[[], Mapping[str, float]]) -> None:
        self._read = read
        self._lock = threading.Lock()
        self._found: Mapping[str, float] = {}
        self._read_at = -math.inf

    def value(self, name: str) -> float:
        with self._lock:
            if time.monotonic() - self._read_at > _KEPT_S:
                try:
                    self._found = self._read()
                except DatabaseUnavailableError:
                    self._found = {}
                self._read_at = time.monotonic()
            return self._found.get(name, math.nan)


def serve(context: Context, clock: Clock, rules: DeliveryRules) -> None:
    """Let this process's metrics say what is in these databases."""
    reading = _Reading(partial(figures, context, clock, rules))
    for gauge, name in (
        (telemetry.DUE.labels("due"), "due due"),
        (telemetry.DUE.labels("claimed"), "due claimed"),
        (telemetry.DUE.labels("uncertain"), "due uncertain"),
        (telemetry.LAG, "lag"),
        (telemetry.PUT_ASIDE.labels("messages"), "parked messages"),
        (telemetry.PUT_ASIDE.labels("rows"), "parked rows"),
        (telemetry.WORKERS.labels("acting"), "acting"),
        (telemetry.WORKERS.labels("paused"), "paused"),
        (telemetry.SIGN_OF_LIFE.labels("newest"), "newest"),
        (telemetry.SIGN_OF_LIFE.labels("oldest"), "oldest"),
    ):
        gauge.set_function(partial(reading.value, name))
