"""Adjusts a restored database."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import case, func, select, update

from allybot.domain.windows import WindowState
from allybot.store.delivery import since_backup
from allybot.store.delivery.outbox import PENDING, MessageState
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox, trainee, window

RESTORED = "restored"


def mark_uncertain(tx: Transaction, made_at: datetime, now: datetime) -> int:
    """Mark messages due by now as UNCERTAIN, so that they are looked up before a send; returns how many.

    What was queued and sent since the backup is in no row: see `since_backup`.

    Args:
        made_at: when the backup was made, real time, aware UTC.
        now: the program's clock, aware UTC.
    """
    statement = (
        update(outbox)
        .where(outbox.c.state.in_(PENDING), outbox.c.replaces_ts.is_(None), outbox.c.due_at <= now)
        .values(
            state=MessageState.UNCERTAIN,
            reason=RESTORED,
            attempted_at=func.coalesce(outbox.c.attempted_at, made_at),
            look_up_from=case(
                (outbox.c.attempted_at.is_(None), made_at - since_backup.CLOCKS_DIFFER),
                else_=outbox.c.look_up_from,
            ),
            not_before=None,
            lease_owner=None,
            lease_until=None,
        )
    )
    since_backup.note(tx, made_at, now)
    return tx.execute(statement).rowcount


def trainee_ids(tx: Transaction) -> set[str]:
    """Ids of all trainees."""
    return set(tx.execute(select(trainee.c.id)).scalars())


def windows_without(tx: Transaction, keys: Collection[str]) -> list[str]:
    """Names of windows that are still to be published and whose id is not in `keys`, in order."""
    waiting = (WindowState.OPEN, WindowState.CLOSED, WindowState.WAITING)
    rows = tx.execute(
        select(window.c.id, window.c.name)
        .where(window.c.state.in_(waiting), window.c.public_key.is_not(None))
        .order_by(window.c.name)
    )
    return [row.name for row in rows if row.id not in keys]
