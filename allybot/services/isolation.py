"""Scheduled jobs handle one row at a time, so that a row that fails does not stop the others.

A row that fails is parked with the reason, which `allybot doctor` and `allybot outbox list` show, and retried
after `RETRY_AFTER`. Every scheduled job is a `ScheduledJob`; the worker runs nothing else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from allybot import telemetry
from allybot.errors import DatabaseUnavailableError, DecryptionError, UnknownZoneError
from allybot.services.context import Context
from allybot.store.delivery import parked_rows
from allybot.store.delivery.parked_rows import RowKind
from allybot.store.engine.database import Transaction
from allybot.store.vault import upkeep

A_MINUTE = timedelta(minutes=1)
"""The interval of jobs whose rows no index finds, because they read every row."""
RETRY_AFTER = timedelta(hours=1)
"""Our own choice: much longer than a tick, much shorter than the days after which a check-in is stale."""
ROWS_A_TICK = 200
"""Rows per job and tick, so that no job delays the others for long."""
UNDECIPHERABLE, UNKNOWN_ZONE, FAULT = "undecipherable", "unknown_zone", "fault:"
"""Reasons. `FAULT` is followed by the name of an error's class, never by its message."""
_MAX_REASON_LENGTH = 40

log = telemetry.logger()


def isolated(work: Callable[[], int], park: Callable[[str], object], job: str) -> int:
    """Run `work` and return its result; when it fails, park its row and return 0.

    Args:
        work: handles one row, in transactions of its own.
        park: called with the reason.
        job: its name, for logs and metrics.

    Raises:
        DatabaseUnavailableError: passed on, because the row did not cause it.
    """
    try:
        return work()
    except DatabaseUnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 - the other rows must be handled
        telemetry.ROWS_PARKED.labels(job).inc()
        log.error(  # noqa: TRY400 - a traceback could quote a person's words
            "a row was parked", job=job, error=type(error).__name__, where=telemetry.where(error)
        )
        park(_reason(error))
        return 0


@dataclass(frozen=True)
class ScheduledJob:
    """A scheduled job: finds the rows that are due and handles each. Calling it runs it once.

    Attributes:
        name: for logs, metrics and the operator; unique.
        kind: of the rows.
        due: `(tx, now, limit)` to ids of due rows. It reads only the columns it needs to find them, because
            an error in it stops the whole job.
        handle: `(context, row_id, now)` to the amount of work done, in transactions of its own. It checks
            again whether the row is due and returns 0 when it is not.
        afterwards: called once after a run that did something.
        every: minimum interval between two runs, shared by all workers, for rows that no index finds; a run
            that did something or parked a row is followed by another at once, since there may be more.
    """

    name: str
    kind: RowKind
    due: Callable[[Transaction, datetime, int], Sequence[str]]
    handle: Callable[[Context, str, datetime], int]
    afterwards: Callable[[Context], object] | None = None
    every: timedelta | None = None

    def __call__(self, context: Context, now: datetime, limit: int = ROWS_A_TICK) -> int:
        """Handle at most `limit` rows due at `now` (aware UTC); the amount of work done.

        Parked rows do not count against `limit`, so that they cannot crowd out the others.

        Raises:
            DatabaseUnavailableError: no row is parked for that.
        """
        if self.every is not None and not self._is_due(context, now, self.every):
            return 0
        with context.database.reading() as tx:
            parked = parked_rows.parked_by(tx, self.name)
            due = self.due(tx, now, limit + len(parked))
        unparked = [row_id for row_id in due if row_id not in parked][:limit]
        # The second condition: after the clock was moved back, a retry is not delayed further.
        retries = [row_id for row_id, at in parked.items() if at <= now or at > now + RETRY_AFTER][:limit]
        newly_parked: list[str] = []
        done = sum(self._handle_row(context, row_id, now, newly_parked) for row_id in unparked)
        done += sum(self._handle_row(context, row_id, now, newly_parked, retry=True) for row_id in retries)
        if done and self.afterwards is not None:
            self.afterwards(context)
        if self.every is not None and not done and not newly_parked:
            with context.vault.transaction() as vault_tx:
                upkeep.take_chore(vault_tx, self.name, now, self.every)
        return done

    def _is_due(self, context: Context, now: datetime, every: timedelta) -> bool:
        with context.vault.reading() as vault_tx:
            return upkeep.is_due(vault_tx, self.name, now, every)

    def _handle_row(
        self, context: Context, row_id: str, now: datetime, newly_parked: list[str], *, retry: bool = False
    ) -> int:
        def work() -> int:
            done = self.handle(context, row_id, now)
            if retry:
                with context.database.transaction() as tx:
                    parked_rows.release(tx, self.name, row_id)
            return done

        def park(reason: str) -> None:
            with context.database.transaction() as tx:
                parked_rows.park(tx, self.name, self.kind, row_id, reason, now, now + RETRY_AFTER)
            newly_parked.append(row_id)

        return isolated(work, park, self.name)


def _reason(error: Exception) -> str:
    if isinstance(error, DecryptionError):
        return UNDECIPHERABLE
    if isinstance(error, UnknownZoneError):
        return UNKNOWN_ZONE
    return f"{FAULT}{type(error).__name__}"[:_MAX_REASON_LENGTH]
