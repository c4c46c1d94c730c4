"""Scheduled jobs handle one row at a time, so that a row that fails does not stop the others.

A row that fails is parked with the reason, which `allybot doctor` and `allybot outbox list` show, and retried
after `RETRY_AFTER`. Every scheduled job is a `ScheduledJob`; the worker runs nothing else.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

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


class SharedReading:
    """What jobs that run one after the other read together: parked rows, times of chores, due rows.

    They share one transaction until one of them has something to do, which may change what is due for the
    next, or until one fails, after which PostgreSQL refuses every further statement. So a tick in which
    nothing is due takes one transaction of each database, however many jobs there are.

    Args:
        jobs: the names of all that will run.
    """

    def __init__(self, context: Context, jobs: Sequence[str]) -> None:
        self._context = context
        self._jobs = tuple(jobs)
        self._open = ExitStack()
        self._read: tuple[Transaction, Mapping[str, Mapping[str, datetime]]] | None = None
        self._chores: Mapping[str, datetime] | None = None
        self._put_off: dict[str, datetime] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.end_reading()
        if error is None and self._put_off:
            with self._context.vault.transaction() as vault_tx:
                upkeep.put_off_chores(vault_tx, self._put_off)

    @contextmanager
    def reading(self) -> Iterator[tuple[Transaction, Mapping[str, Mapping[str, datetime]]]]:
        """The shared transaction, and when each parked row is retried, by job and id."""
        with ExitStack() as leaving:
            leaving.push(self._end_after_error)
            if self._read is None:
                tx = self._open.enter_context(self._context.database.reading())
                self._read = tx, parked_rows.parked_by(tx, self._jobs)
            yield self._read

    def _end_after_error(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            return False
        self._read = None
        return bool(self._open.__exit__(kind, error, trace))  # explains errors of the database

    def end_reading(self) -> None:
        """End the shared transaction, if there is one; the next job begins another."""
        self._read = None
        self._open.close()

    def is_time(self, chore: str, now: datetime, every: timedelta) -> bool:
        """Whether a chore is due at `now` (UTC)."""
        if self._chores is None:
            with self._context.vault.reading() as vault_tx:
                self._chores = upkeep.chore_times(vault_tx)
        return upkeep.is_time(self._chores.get(chore), now, every)

    def put_off(self, chore: str, until: datetime) -> None:
        """Let a chore be due again at `until` (UTC); written at the end of the tick."""
        self._put_off[chore] = until


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

    def __call__(
        self, context: Context, now: datetime, limit: int = ROWS_A_TICK, shared: SharedReading | None = None
    ) -> int:
        """Handle at most `limit` rows due at `now` (aware UTC); the amount of work done.

        Parked rows do not count against `limit`, so that they cannot crowd out the others.

        Args:
            shared: what it reads together with other jobs; None when it runs alone.

        Raises:
            DatabaseUnavailableError: no row is parked for that.
        """
        if shared is None:
            with SharedReading(context, (self.name,)) as alone:
                return self._run(context, now, limit, alone)
        return self._run(context, now, limit, shared)

    def _run(self, context: Context, now: datetime, limit: int, shared: SharedReading) -> int:
        if self.every is not None and not shared.is_time(self.name, now, self.every):
            return 0
        with shared.reading() as (tx, parked_by):
            parked = parked_by[self.name]
            due = self.due(tx, now, limit + len(parked))
        unparked = [row_id for row_id in due if row_id not in parked][:limit]
        # The second condition: after the clock was moved back, a retry is not delayed further.
        retries = [row_id for row_id, at in parked.items() if at <= now or at > now + RETRY_AFTER][:limit]
        newly_parked: list[str] = []
        if unparked or retries:
            shared.end_reading()
        done = sum(self._handle_row(context, row_id, now, newly_parked) for row_id in unparked)
        done += sum(self._handle_row(context, row_id, now, newly_parked, retry=True) for row_id in retries)
        if done and self.afterwards is not None:
            self.afterwards(context)
        if self.every is not None and not done and not newly_parked:
            shared.put_off(self.name, now + self.every)
        return done

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
