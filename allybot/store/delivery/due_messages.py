"""When messages of some kinds are or were due to a trainee."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import NEVER_SENT, PENDING, MessageState, OutboxRow
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox

_IS_NEW = (outbox.c.replaces_ts.is_(None), outbox.c.state.not_in(NEVER_SENT))


def said_within(
    tx: Transaction, trainee_id: str, kinds: Collection[MessageKind], since: datetime, until: datetime
) -> bool:
    """Whether a new message of these kinds is due to a trainee from `since` to before `until` (UTC)."""
    within = (outbox.c.due_at >= since, outbox.c.due_at < until)
    return _is_any(tx, trainee_id, kinds, *_IS_NEW, *within)


def sent_within(
    tx: Transaction, trainee_id: str, kinds: Collection[MessageKind], since: datetime, until: datetime
) -> bool:
    """Whether a message of these kinds that was due from `since` to before `until` (UTC) has been sent."""
    sent = outbox.c.state.in_((MessageState.SENT, MessageState.UNCERTAIN))
    return _is_any(tx, trainee_id, kinds, sent, outbox.c.due_at >= since, outbox.c.due_at < until)


def another_waits_or_was_said(
    tx: Transaction, row: OutboxRow, kinds: Collection[MessageKind], since: datetime, until: datetime
) -> bool:
    """Whether another new message of these kinds is due to this row's trainee before `until` (UTC).

    Besides those that wait, those that were due from `since` on count; of the row's own kind, those with an
    earlier key.
    """
    another = (outbox.c.id != row.id, or_(outbox.c.kind != row.kind, outbox.c.key < row.key))
    due = (outbox.c.due_at < until, or_(outbox.c.state.in_(PENDING), outbox.c.due_at >= since))
    return _is_any(tx, row.trainee_id, kinds, *_IS_NEW, *another, *due)


def latest_due(tx: Transaction, trainee_id: str, kinds: Collection[MessageKind]) -> datetime | None:
    """When the newest message of these kinds was due to a trainee, aware UTC; None without one."""
    query = select(outbox.c.due_at).where(
        outbox.c.trainee_id == trainee_id,
        outbox.c.kind.in_(kinds),
        outbox.c.state.not_in(NEVER_SENT),
    )
    return tx.execute(query.order_by(outbox.c.due_at.desc()).limit(1)).scalar()


def _is_any(
    tx: Transaction, trainee_id: str | None, kinds: Collection[MessageKind], *where: ColumnElement[bool]
) -> bool:
    query = select(outbox.c.id).where(outbox.c.trainee_id == trainee_id, outbox.c.kind.in_(kinds), *where)
    return tx.execute(query.limit(1)).first() is not None
