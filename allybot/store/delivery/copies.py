"""Finds trainees who are to get a last copy of their plans and notes, and those whose time is over."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, or_, select

from allybot.domain.trainee import gets_copy_of_plans, states_where
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import FINAL
from allybot.store.engine.database import Transaction
from allybot.store.tables import outbox, trainee

LEAD = timedelta(days=7)
"""How long before the deletion the copy is sent: time to save it, and for an outage to end. Our choice."""
GRACE = timedelta(days=7)
"""How long at most a deletion waits for a copy that could not be sent before. Our own choice."""
_AHEAD = LEAD + timedelta(days=5)
"""`LEAD`, and as long as from a working day to the next one with a holiday between."""


def last_copy_key(trainee_id: str, delete_after: datetime) -> str:
    """The outbox key of the last copy before a deletion; another one for another day of deletion."""
    return f"last-copy:{trainee_id}:{delete_after.date()}"


def due_for_last_copy(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of trainees who are deleted days after `now` (UTC) and have no last copy yet, soonest first.

    Also of those who should have been deleted, if they are still waited for.
    """
    return list(tx.execute(_FOR_LAST_COPY, _moments(now, limit)).scalars())


def due_for_deletion(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of trainees whose `delete_after` has passed at `now` (UTC), longest overdue first.

    Without those whose last copy is not settled, for `GRACE` at most.
    """
    return list(tx.execute(_FOR_DELETION, _moments(now, limit)).scalars())


def _moments(now: datetime, limit: int) -> dict[str, object]:
    """The values of both statements."""
    return {
        "now": now,
        "without_grace": now - GRACE,
        "ahead": now + _AHEAD,
        "queued_since": now - _AHEAD - GRACE,
        "most": limit,
    }


def _gets_copy() -> ColumnElement[bool]:
    states = sorted(states_where(gets_copy_of_plans))
    return and_(trainee.c.state.in_(states), trainee.c.consented_at.is_not(None))


def _has_copy(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a last copy was queued; one of weeks ago was for a deletion that has been put off since."""
    return exists().where(
        outbox.c.trainee_id == trainee.c.id,
        outbox.c.kind == MessageKind.LAST_COPY,
        outbox.c.due_at > bindparam("queued_since"),
        *which,
    )


# Built once for speed, see `store/trainees.py`.
_FOR_LAST_COPY = (
    select(trainee.c.id)
    .where(
        trainee.c.delete_after > bindparam("without_grace"),
        trainee.c.delete_after <= bindparam("ahead"),
        _gets_copy(),
        ~_has_copy(),
    )
    .order_by(trainee.c.delete_after, trainee.c.id)
    .limit(bindparam("most"))
)
_FOR_DELETION = (
    select(trainee.c.id)
    .where(
        trainee.c.delete_after <= bindparam("now"),
        or_(
            trainee.c.delete_after <= bindparam("without_grace"),
            ~_gets_copy(),
            _has_copy(outbox.c.state.in_(FINAL)),
        ),
    )
    .order_by(trainee.c.delete_after, trainee.c.id)
    .limit(bindparam("most"))
)
