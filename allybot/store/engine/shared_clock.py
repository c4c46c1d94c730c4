"""The clock all workers share: the database's."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from allybot.clock import Clock, real_now
from allybot.errors import DatabaseUnavailableError
from allybot.store.engine.database import Database, Transaction

KEPT_SECONDS = 5.0
"""How long a reading is extrapolated; clock drift in that time is below a millisecond."""
_SUSPENDED_SECONDS = 1.0


def database_time(tx: Transaction) -> datetime:
    """The time of the PostgreSQL server, or of the host for SQLite; aware UTC."""
    if tx.dialect.name == "sqlite":
        shown = tx.exec_driver_sql("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')").scalar_one()
        return datetime.fromisoformat(shown).replace(tzinfo=UTC)
    moment: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


@dataclass(frozen=True)
class _Reading:
    shown: datetime
    monotonic: float
    host: datetime


class SharedClock:
    """Used for leases, limits and waits, so that a wrong clock on a worker's host does not matter.

    The database is read every few seconds; in between, and while it is unreachable, its time is extrapolated
    with the monotonic clock. A suspend is detected by the host's clock and causes a new reading.

    Args:
        host: the host's clock, used only to detect a suspend.
        monotonic: a monotonic clock, in seconds.
    """

    def __init__(
        self, database: Database, host: Clock = real_now, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._host = host
        self._monotonic = monotonic
        self._reading: _Reading | None = None

    def __call__(self) -> datetime:
        """The database's time, aware UTC.

        Raises:
            DatabaseUnavailableError: it could not be read yet.
        """
        reading, monotonic = self._reading, self._monotonic()
        if reading is None or self._is_old(reading, monotonic):
            reading = self._read(reading)
            monotonic = self._monotonic()
        return reading.shown + timedelta(seconds=monotonic - reading.monotonic)

    def _is_old(self, reading: _Reading, monotonic: float) -> bool:
        passed = monotonic - reading.monotonic
        by_host = (self._host() - reading.host).total_seconds()
        return passed > KEPT_SECONDS or abs(by_host - passed) > _SUSPENDED_SECONDS

    def _read(self, before: _Reading | None) -> _Reading:
        try:
            with self._database.reading() as tx:
                shown, monotonic, host = database_time(tx), self._monotonic(), self._host()
        except DatabaseUnavailableError:
            if before is None:
                raise
            return before
        self._reading = _Reading(shown, monotonic, host)
        return self._reading
