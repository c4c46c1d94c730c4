"""Retries a transaction while the database is unavailable or busy."""

import time
from collections.abc import Callable
from typing import TypeVar

from allybot.errors import DatabaseUnavailableError
from allybot.store.engine.database import Database, Transaction

Result = TypeVar("Result")
_FIRST_PAUSE_SECONDS = 0.1
_MAX_PAUSE_SECONDS = 2.0


def retry_transaction(database: Database, work: Callable[[Transaction], Result], seconds: float) -> Result:
    """Run `work` in its own transaction, retrying for up to `seconds` of real time; it must be idempotent.

    Raises:
        DatabaseUnavailableError: the database was unavailable for all that time.
    """
    give_up_at = time.monotonic() + seconds
    pause = _FIRST_PAUSE_SECONDS
    while True:
        try:
            with database.transaction() as tx:
                return work(tx)
        except DatabaseUnavailableError:
            if time.monotonic() + pause >= give_up_at:
                raise
        time.sleep(pause)
        pause = min(2 * pause, _MAX_PAUSE_SECONDS)
