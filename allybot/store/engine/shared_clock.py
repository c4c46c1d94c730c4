"""The clock that all workers of one database share: the database's own."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from allybot.clock import Clock, real_now
from allybot.errors import DatabaseUnavailableError
from allybot.store.engine.database import Database, Transaction

KEPT_SECONDS = 5.0
"""How long a reading is carried on. Nothing drifts by a millisecond in so short a time."""
_SLEPT_SECONDS = 1.0


def database_time(tx: Transaction) -> datetime:
    """What the database's clock shows, aware UTC: PostgreSQL's server; for SQLite, the one host it is on."""
    if tx.dialect.name == "sqlite":
        shown = tx.exec_driver_sql("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')").scalar_one()
        return datetime.fromisoformat(shown).replace(tzinfo=UTC)
    moment: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return moment.astimezone(UTC)


@dataclass(frozen=True)
class _Reading:
    shown: datetime
    steady: float
    host: datetime


class SharedClock:
    """Leases, limits and waits run on it, so that it does not matter what the clock of a worker's host shows.

    The database is asked every few seconds; in between its time goes on with the machine's monotonic clock,
    also while the database is away. A machine that slept is noticed by its own clock, and asks again.

    Args:
        host: the host's clock, of which only the pace is used.
        steady: seconds that only ever go on.
    """

    def __init__(
        self, database: Database, host: Clock = real_now, steady: Callable[[], float] = time.monotonic
    ) -> None:
        self._database = database
        self._host = host
        self._steady = steady
        self._reading: _Reading | None = None

    def __call__(self) -> datetime:
        """The database's time, aware UTC.

        Raises:
            DatabaseUnavailableError: it was never there to be asked.
        """
        reading, steady = self._reading, self._steady()
        if reading is None or self._is_old(reading, steady):
            reading = self._asked(reading)
            steady = self._steady()
        return reading.shown + timedelta(seconds=steady - reading.steady)

    def _is_old(self, reading: _Reading, steady: float) -> bool:
        passed = steady - reading.steady
        by_host = (self._host() - reading.host).total_seconds()
        return passed > KEPT_SECONDS or abs(by_host - passed) > _SLEPT_SECONDS

    def _asked(self, before: _Reading | None) -> _Reading:
        try:
            with self._database.reading() as tx:
                shown, steady, host = database_time(tx), self._steady(), self._host()
        except DatabaseUnavailableError:
            if before is None:
                raise
            return before
        self._reading = _Reading(shown, steady, host)
        return self._reading
