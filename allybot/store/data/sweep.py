"""What is left over in the database when its time is over. Everything here can be done again."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, delete, exists, not_, or_, select

from allybot.domain.circles import WeekState
from allybot.domain.windows import WindowState
from allybot.store.delivery.outbox import MessageKind, MessageState
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle, circle_week, outbox, trainee, window

_CHUNK = 500
"""Ids in one query; SQLite and PostgreSQL both take far more."""
_DONE = (MessageState.SENT, MessageState.EXPIRED, MessageState.CANCELLED, MessageState.REFUSED)
_LOOKED_UP_LATER = (
    MessageKind.WELCOME,
    MessageKind.LATER_REMINDER,
    MessageKind.CHECK_IN,
    MessageKind.FOLLOW_UP,
    MessageKind.REPLAN,
)
"""Their buttons may be pressed while the trainee is on the list; the message itself then has to change."""


def trainees_among(tx: Transaction, ids: Collection[str]) -> list[Row[Any]]:
    """(id, workspace_id, slack_user, dm_channel) of those of these ids that are trainees."""
    columns = (trainee.c.id, trainee.c.workspace_id, trainee.c.slack_user, trainee.c.dm_channel)
    found: list[Row[Any]] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found += list(tx.execute(select(*columns).where(trainee.c.id.in_(part))))
    return found


def boxes_among(tx: Transaction, ids: Collection[str]) -> tuple[set[str], set[str]]:
    """Which of these ids are windows or circle weeks: (those still to be opened, those that are done)."""
    closed = (WindowState.PUBLISHED, WindowState.VOID)
    sealed: set[str] = set()
    done: set[str] = set()
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        for row in tx.execute(select(window.c.id, window.c.state).where(window.c.id.in_(part))):
            (done if row.state in closed else sealed).add(row.id)
        weeks = select(circle_week.c.id, circle_week.c.state).where(circle_week.c.id.in_(part))
        for row in tx.execute(weeks):
            (sealed if row.state == WeekState.OPEN else done).add(row.id)
    return sealed, done


def tidy_outbox(tx: Transaction, before: datetime, limit: int) -> int:
    """Delete messages that were due before this moment (UTC) and are over; how many.

    Kept are those in which something may still be pressed, whose place a later message has to know.
    """
    asked = outbox.alias("asked")
    still_asked = exists().where(asked.c.id == outbox.c.about_id, asked.c.state == MessageState.ASKED)
    over = and_(
        outbox.c.state.in_(_DONE),
        outbox.c.due_at < before,
        or_(outbox.c.trainee_id.is_(None), outbox.c.kind.not_in(_LOOKED_UP_LATER)),
        not_(and_(outbox.c.kind == MessageKind.DID_IT_APPEAR, still_asked)),
    )
    old = select(outbox.c.id).where(over).order_by(outbox.c.due_at).limit(limit)
    return tx.execute(delete(outbox).where(outbox.c.id.in_(old))).rowcount


def tidy_weeks(tx: Transaction, before: date) -> int:
    """Delete weeks of circles that were planned for a Monday before this one and never opened; how many.

    Their sealed votes, if there are any, go with them unread.
    """
    left = delete(circle_week).where(circle_week.c.state == WeekState.OPEN, circle_week.c.monday < before)
    return tx.execute(left).rowcount


def tidy_circles(tx: Transaction) -> int:
    """Delete circles of programs from which everybody has been deleted, with their weeks; how many."""
    somebody = exists().where(trainee.c.program_id == circle.c.program_id)
    return tx.execute(delete(circle).where(not_(somebody))).rowcount
