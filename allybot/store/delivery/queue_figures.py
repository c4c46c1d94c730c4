"""How long and how old the queue is, and when workers last gave a heartbeat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, func, select

from allybot.store.delivery.claimable import IS_ACTIVE, IS_DUE
from allybot.store.delivery.outbox import PENDING, MessageState
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox, worker_sign, workspace

# Built once for speed, see `store/trainees.py`.
_OF_ACTIVE = outbox.join(workspace, workspace.c.id == outbox.c.workspace_id)
_PENDING = (
    select(outbox.c.state, func.count())
    .select_from(_OF_ACTIVE)
    .where(IS_ACTIVE, outbox.c.state.in_(PENDING), outbox.c.due_at <= bindparam("now"))
    .group_by(outbox.c.state)
)
_OLDEST = select(func.min(outbox.c.due_at)).select_from(_OF_ACTIVE).where(IS_ACTIVE, IS_DUE)


def pending(tx: Transaction, now: datetime) -> dict[MessageState, int]:
    """Rows of active workspaces due at `now` (the program's clock, UTC), in each state of `PENDING`."""
    found = {MessageState(state): number for state, number in tx.execute(_PENDING, {"now": now})}
    return dict.fromkeys(PENDING, 0) | found


def oldest_due(tx: Transaction, now: datetime, real: datetime) -> datetime | None:
    """Since when that message is due (UTC) that has waited longest; None without one.

    Args:
        now: the program's clock, UTC.
        real: the clock the workers share, UTC: a message that waits for a back-off does not count.
    """
    return tx.execute(_OLDEST, {"now": now, "real": real}).scalar()


@dataclass(frozen=True)
class Heartbeats:
    """The latest heartbeats of workers that did not end by themselves; None where there is none.

    Attributes:
        acting, paused: workers whose heartbeat is recent, and that do or do not act.
        newest, oldest: how long ago the latest of any worker is, and that of the longest silent one.
    """

    acting: int
    paused: int
    newest: timedelta | None
    oldest: timedelta | None


def heartbeats(tx: Transaction, real: datetime, recent: timedelta) -> Heartbeats:
    """Of all workers at `real` (the clock they share, UTC)."""
    rows = tx.execute(select(worker_sign.c.seen_at, worker_sign.c.refuses)).all()
    ages = [max(real - row.seen_at, timedelta()) for row in rows]
    live = [row.refuses for row, age in zip(rows, ages, strict=True) if age <= recent]
    paused = sum(refuses is not None for refuses in live)
    return Heartbeats(len(live) - paused, paused, min(ages, default=None), max(ages, default=None))
