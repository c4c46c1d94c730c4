"""Finds and deletes expired rows. Everything here is idempotent."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, delete, exists, not_, or_, select, update

from allybot.domain.circles import WeekState
from allybot.domain.people import Actor
from allybot.domain.trainee import TRANSITIONS, TraineeEvent
from allybot.domain.windows import WindowState
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import FINAL, MessageState
from allybot.store.engine.database import Transaction
from allybot.store.tables import (
    circle,
    circle_week,
    outbox,
    own_scenario,
    program_scenario,
    role_story,
    trainee,
    window,
)

_CHUNK = 500
"""Ids per query; SQLite and PostgreSQL both allow far more."""
_LOOKED_UP_LATER = (
    MessageKind.WELCOME,
    MessageKind.LATER_REMINDER,
    MessageKind.CHECK_IN,
    MessageKind.FOLLOW_UP,
    MessageKind.REPLAN,
)
"""Their buttons may be pressed while the trainee is enrolled, which updates the message."""


def trainees_among(tx: Transaction, ids: Collection[str]) -> list[Row[Any]]:
    """(id, workspace_id, slack_user, dm_channel) of the trainees among these ids."""
    columns = (trainee.c.id, trainee.c.workspace_id, trainee.c.slack_user, trainee.c.dm_channel)
    found: list[Row[Any]] = []
    wanted = sorted(ids)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        found += list(tx.execute(select(*columns).where(trainee.c.id.in_(part))))
    return found


def may_decline(tx: Transaction, after: str, limit: int) -> dict[str, Actor]:
    """Up to `limit` trainees who are invited and have not decided, by id and sorted, after the id `after`."""
    undecided = trainee.c.state.in_(sorted(TRANSITIONS[TraineeEvent.DECLINE].sources))
    query = select(trainee.c.id, trainee.c.workspace_id, trainee.c.slack_user)
    rows = tx.execute(query.where(undecided, trainee.c.id > after).order_by(trainee.c.id).limit(limit))
    return {row.id: Actor(row.workspace_id, row.slack_user) for row in rows}


def boxes_among(tx: Transaction, ids: Collection[str]) -> tuple[set[str], set[str]]:
    """The windows and circle weeks among these ids: (those still sealed, those done)."""
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
    """Delete finished messages that were due before this moment (UTC); returns how many.

    Messages whose buttons may still be pressed are kept, because they are updated in place.
    """
    asked = outbox.alias("asked")
    still_asked = exists().where(asked.c.id == outbox.c.about_id, asked.c.state == MessageState.ASKED)
    finished = and_(
        outbox.c.state.in_(FINAL),
        outbox.c.due_at < before,
        or_(outbox.c.trainee_id.is_(None), outbox.c.kind.not_in(_LOOKED_UP_LATER)),
        not_(and_(outbox.c.kind == MessageKind.DID_IT_APPEAR, still_asked)),
    )
    old = select(outbox.c.id).where(finished).order_by(outbox.c.due_at).limit(limit)
    return tx.execute(delete(outbox).where(outbox.c.id.in_(old))).rowcount


def tidy_weeks(tx: Transaction, before: date) -> int:
    """Delete circle weeks of a Monday before this one whose votes were never opened; returns how many.

    Their sealed votes are deleted with them.
    """
    unopened = delete(circle_week).where(circle_week.c.state == WeekState.OPEN, circle_week.c.monday < before)
    return tx.execute(unopened).rowcount


def clear_past_away(tx: Transaction, now: datetime) -> int:
    """Clear the ends of away statuses that are past at `now`; how many rows."""
    past = update(trainee).where(trainee.c.away_until <= now).values(away_until=None)
    return int(tx.execute(past).rowcount)


def tidy_circles(tx: Transaction) -> int:
    """Delete circles of programs without trainees, and what was written for them; how many circles."""
    somebody = exists().where(trainee.c.program_id == circle.c.program_id)
    ended = select(circle.c.program_id).where(not_(somebody))
    for written in (own_scenario, program_scenario, role_story):
        tx.execute(delete(written).where(written.c.program_id.in_(ended)))
    return tx.execute(delete(circle).where(not_(somebody))).rowcount
