"""What time brings is done row by row, so that one that cannot be done keeps nobody else waiting.

A row whose turn fails is put aside with its reason, shown by `allybot doctor` and `allybot outbox list`, and
tried again after `RETRY_AFTER`. Whatever the worker does as time passes is a `Story`; it takes nothing else.
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
"""How often what no index finds is looked for: it reads every row."""
RETRY_AFTER = timedelta(hours=1)
"""Our own choice: far longer than a tick, far shorter than the days after which a check-in is stale."""
ROWS_A_TICK = 200
"""Rows one story looks at in one tick, so that no story keeps the others waiting for long."""
UNDECIPHERABLE, UNKNOWN_ZONE, FAULT = "undecipherable", "unknown_zone", "fault:"
"""Reasons; `FAULT` is followed by the name of an error's class, which nobody's words can be in."""
_MAX_REASON_LENGTH = 40

log = telemetry.logger()


def isolated(work: Callable[[], int], put_aside: Callable[[str], object], story: str) -> int:
    """Do `work`; when it fails, put its row aside and go on. Returns what it returns, 0 when it fails.

    Args:
        work: what is due for one row, in transactions of its own.
        put_aside: gets the reason, as above.
        story: a name for logs and metrics.

    Raises:
        DatabaseUnavailableError: that is no fault of the row.
    """
    try:
        return work()
    except DatabaseUnavailableError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever it is, the next person's turn must come
        telemetry.ROWS_PARKED.labels(story).inc()
        log.error(  # noqa: TRY400 - a traceback could quote a person's words
            "a row was put aside", story=story, error=type(error).__name__, where=telemetry.where(error)
        )
        put_aside(_reason(error))
        return 0


@dataclass(frozen=True)
class Story:
    """One thing that falls due: finds rows and does it for each. Calling it does all that is due at a moment.

    Attributes:
        name: for logs, metrics and the operator; no other story has it.
        kind: what the rows are.
        due: ids of rows due at a moment (aware UTC), at most so many. It may read nothing but what it needs
            to find them: an error in it stops the story for everybody.
        handle: does what is due for one row, in transactions of its own, and says how much that was. It looks
            again whether the row is due, and does nothing if it is not.
        afterwards: done once when anything was done.
        every: for what no index finds: rows are looked for this often only, by one worker, and again at once
            while there is more to do.
    """

    name: str
    kind: RowKind
    due: Callable[[Transaction, datetime, int], Sequence[str]]
    handle: Callable[[Context, str, datetime], int]
    afterwards: Callable[[Context], object] | None = None
    every: timedelta | None = None

    def __call__(self, context: Context, now: datetime, limit: int = ROWS_A_TICK) -> int:
        """Do what is due at `now` (aware UTC) for at most `limit` rows; how much it was.

        Rows that were put aside do not count against `limit`, so that they cannot crowd out the others.

        Raises:
            DatabaseUnavailableError: the database is away; nobody was put aside for that.
        """
        if self.every is not None and not self._is_time(context, now, self.every):
            return 0
        with context.database.reading() as tx:
            parked = parked_rows.parked_by(tx, self.name)
            due = self.due(tx, now, limit + len(parked))
        waiting = [row_id for row_id in due if row_id not in parked][:limit]
        # A clock that was moved back does not put it off for longer.
        again = [row_id for row_id, at in parked.items() if at <= now or at > now + RETRY_AFTER][:limit]
        done = sum(self._do(context, row_id, now, was_parked=False) for row_id in waiting)
        done += sum(self._do(context, row_id, now, was_parked=True) for row_id in again)
        if done and self.afterwards is not None:
            self.afterwards(context)
        if self.every is not None and not done:
            with context.vault.transaction() as vault_tx:
                upkeep.take_chore(vault_tx, self.name, now, self.every)
        return done

    def _is_time(self, context: Context, now: datetime, every: timedelta) -> bool:
        with context.vault.reading() as vault_tx:
            return upkeep.is_due(vault_tx, self.name, now, every)

    def _do(self, context: Context, row_id: str, now: datetime, *, was_parked: bool) -> int:
        def work() -> int:
            done = self.handle(context, row_id, now)
            if was_parked:
                with context.database.transaction() as tx:
                    parked_rows.release(tx, self.name, row_id)
            return done

        def put_aside(reason: str) -> None:
            with context.database.transaction() as tx:
                parked_rows.park(tx, self.name, self.kind, row_id, reason, now, now + RETRY_AFTER)

        return isolated(work, put_aside, self.name)


def _reason(error: Exception) -> str:
    if isinstance(error, DecryptionError):
        return UNDECIPHERABLE
    if isinstance(error, UnknownZoneError):
        return UNKNOWN_ZONE
    return f"{FAULT}{type(error).__name__}"[:_MAX_REASON_LENGTH]
