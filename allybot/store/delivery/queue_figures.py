"""How long and how old the queue is, and when workers last gave a sign of life; for metrics."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select

from allybot.store.delivery.outbox import MessageState
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox, worker_sign, workspace

_SHOWN_AFTER = timedelta(minutes=1)
"""What has been due for less is left out: most of it answers a press, and would say when that was. What
nothing holds up is sent within seconds. Our own choice."""
_LIVE = outbox.join(workspace, workspace.c.id == outbox.c.workspace_id)


def due(tx: Transaction, now: datetime) -> dict[MessageState, int]:
    """Rows due for a minute at `now` (the program's clock, UTC) in each state, of active workspaces."""
    states = (MessageState.DUE, MessageState.CLAIMED, MessageState.UNCERTAIN)
    query = (
        select(outbox.c.state, func.count())
        .select_from(_LIVE)
        .where(
            workspace.c.state == "active", outbox.c.state.in_(states), outbox.c.due_at <= now - _SHOWN_AFTER
        )
        .group_by(outbox.c.state)
    )
    return dict.fromkeys(states, 0) | {MessageState(state): number for state, number in tx.execute(query)}


def lag(tx: Transaction, now: datetime, real: datetime) -> timedelta:
    """How long the message has waited that has waited longest; 0 under a minute. Not what has to wait anyway.

    Args:
        now: the program's clock, UTC.
        real: the clock the workers share, UTC: a message that waits for a back-off does not count.
    """
    query = (
        select(func.min(outbox.c.due_at))
        .select_from(_LIVE)
        .where(
            workspace.c.state == "active",
            outbox.c.state == MessageState.DUE,
            outbox.c.due_at <= now - _SHOWN_AFTER,
            or_(outbox.c.not_before.is_(None), outbox.c.not_before <= real),
        )
    )
    oldest: datetime | None = tx.execute(query).scalar()
    return now - oldest if oldest else timedelta()


@dataclass(frozen=True)
class Signs:
    """Signs of life of workers that did not end by themselves; None where there is none.

    Attributes:
        acting, paused: how many gave one lately, and do or do not act.
        newest, oldest: how long ago the latest sign of any worker is, and that of the longest silent one.
    """

    acting: int
    paused: int
    newest: timedelta | None
    oldest: timedelta | None


def signs(tx: Transaction, real: datetime, lately: timedelta) -> Signs:
    """Of all workers at `real` (the clock they share, UTC)."""
    rows = tx.execute(select(worker_sign.c.seen_at, worker_sign.c.refuses)).all()
    ages = [max(real - row.seen_at, timedelta()) for row in rows]
    live = [row.refuses for row, age in zip(rows, ages, strict=True) if age <= lately]
    paused = sum(refuses is not None for refuses in live)
    return Signs(len(live) - paused, paused, min(ages, default=None), max(ages, default=None))
