"""Counts requests by whether Slack's signature was right, for `allybot doctor` in another process.

A request that we sign ourselves would prove nothing about the signing secret; those that Slack sends do.
Nothing waits for the count: it is written by a thread of its own, at most once a minute while signatures are
wrong, and once a day while they are right.
"""

import threading
import time
from collections.abc import Callable
from datetime import date

from allybot import telemetry
from allybot.clock import Clock, real_now
from allybot.errors import DatabaseUnavailableError
from allybot.services.context import Context
from allybot.store.delivery import signature_checks
from allybot.store.delivery.signature_checks import SignatureChecks

WRITE_EVERY_SECONDS = 60.0
log = telemetry.logger()


class SignatureCounter:
    """The counts of one process. Safe to share between threads.

    Args:
        monotonic: a monotonic clock, in seconds.
        real: the host's clock; only its UTC day is stored.
    """

    def __init__(
        self, context: Context, monotonic: Callable[[], float] = time.monotonic, real: Clock = real_now
    ) -> None:
        self._context = context
        self._monotonic = monotonic
        self._real = real
        self._lock = threading.Lock()
        self._refused = 0
        self._next_write_at = 0.0
        self._accepted_on: date | None = None

    def accepted(self) -> None:
        """A request had a right signature."""
        today = self._real().date()
        with self._lock:
            if self._accepted_on == today:
                return
            self._accepted_on, self._refused = today, 0
        self._write(0, today)

    def refused(self) -> None:
        """A request had a wrong signature, or was too old."""
        telemetry.REQUESTS_REFUSED.inc()
        with self._lock:
            self._refused += 1
            self._accepted_on = None  # the next right one is news
            if self._monotonic() < self._next_write_at:
                return
            number, self._refused = self._refused, 0
            self._next_write_at = self._monotonic() + WRITE_EVERY_SECONDS
        log.warning("a request was refused: signature", count=number)
        self._write(number, self._real().date())

    def _write(self, refused: int, today: date) -> None:
        threading.Thread(target=self._save, args=(refused, today), name="signatures", daemon=True).start()

    def _save(self, refused: int, today: date) -> None:
        try:
            with self._context.database.transaction() as tx:
                if refused:
                    signature_checks.add_refused(tx, refused, today)
                else:
                    signature_checks.set_accepted(tx, today)
        except DatabaseUnavailableError:
            log.warning("requests were not counted: no database", count=refused)


def counted(context: Context) -> SignatureChecks:
    """What all web processes have counted."""
    with context.database.reading() as tx:
        return signature_checks.signature_checks(tx)
