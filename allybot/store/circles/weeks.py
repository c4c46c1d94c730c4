"""The weeks of circles and their sealed votes."""

import json
from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, delete, func, insert, or_, select, update

from allybot.domain.circles import Circle, CircleState, CircleWeek, WeekState
from allybot.store.circles.circles import has_facilitator
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.engine.database import Transaction
from allybot.store.engine.rows import value_of
from allybot.store.engine.upsert import upsert
from allybot.store.tables import circle, circle_week, outbox, vote

_CHUNK = 500
"""Ids in one query; both databases accept far more."""
# Built once, see `trainees`.
_BY_ID = select(circle_week).where(circle_week.c.id == bindparam("wanted"))
_BY_ID_LOCKED = _BY_ID.with_for_update()
_CAST = upsert(vote, "sealed")
_TO_OPEN = (
    select(circle_week.c.id)
    .join(circle, circle.c.id == circle_week.c.circle_id)
    .where(
        circle.c.state == CircleState.ACTIVE,
        circle_week.c.state == WeekState.OPEN,
        circle_week.c.opens_at <= bindparam("now"),
        circle_week.c.number <= circle.c.weeks_posted,
    )
    .order_by(circle_week.c.opens_at, circle_week.c.id)
    .limit(bindparam("most"))
)

_TO_ATTEND_TO = (
    select(circle_week.c.id)
    .join(circle, circle.c.id == circle_week.c.circle_id)
    .where(
        circle.c.state == CircleState.ACTIVE,
        circle_week.c.state == WeekState.OPEN,
        circle_week.c.opens_at > bindparam("now"),
        or_(
            circle_week.c.ask_at <= bindparam("now"),
            and_(
                circle_week.c.facilitator_id.is_(None),
                circle_week.c.ask_at.is_(None),
                circle_week.c.number > circle.c.weeks_posted,
            ),
            *(
                and_(each.is_not(None), ~has_facilitator(each))
                for each in (circle_week.c.facilitator_id, circle_week.c.second_id, circle_week.c.asked_id)
            ),
        ),
    )
    .order_by(circle_week.c.id)
    .limit(bindparam("most"))
)


def _week(row: Row[Any]) -> CircleWeek:
    return value_of(
        CircleWeek,
        row,
        state=WeekState(row.state),
        counts=tuple(json.loads(row.counts)) if row.counts else None,
    )


def add_week(tx: Transaction, values: Mapping[str, object]) -> None:
    """Insert a week, open and without counts; `values` has the other columns."""
    tx.execute(insert(circle_week).values(state=WeekState.OPEN, **values))


def change_week(tx: Transaction, week_id: str, **values: object) -> None:
    """Set columns of one week."""
    tx.execute(update(circle_week).where(circle_week.c.id == week_id).values(**values))


def name_people(tx: Transaction, of: CircleWeek, variant: int) -> None:
    """Note which names a week's story has, unless that is noted or the story is another by now."""
    unnamed = (circle_week.c.scenario_id == of.scenario_id, circle_week.c.names.is_(None))
    tx.execute(update(circle_week).where(circle_week.c.id == of.id, *unnamed).values(names=variant))


def drop_week(tx: Transaction, week_id: str) -> None:
    """Delete a week that was planned and never posted."""
    tx.execute(delete(circle_week).where(circle_week.c.id == week_id))


def close_votes(tx: Transaction, week_id: str, state: WeekState, counts: tuple[int, ...] | None) -> None:
    """Close a week's voting, with counts or None, and delete the sealed votes."""
    kept = json.dumps(counts) if counts is not None else None
    change_week(tx, week_id, state=state, counts=kept)
    tx.execute(delete(vote).where(vote.c.circle_week_id == week_id))


def week_by_id(tx: Transaction, week_id: str, *, lock: bool = False) -> CircleWeek | None:
    """One week, or None; with `lock` nobody else changes it until the transaction ends."""
    row = tx.execute(_BY_ID_LOCKED if lock else _BY_ID, {"wanted": week_id}).first()
    return _week(row) if row else None


def planned_week(tx: Transaction, of: Circle) -> CircleWeek | None:
    """The circle's next week, if it is being prepared already."""
    row = tx.execute(
        select(circle_week).where(
            circle_week.c.circle_id == of.id,
            circle_week.c.number > of.weeks_posted,
            circle_week.c.state == WeekState.OPEN,
        )
    ).first()
    return _week(row) if row else None


def newest_week(tx: Transaction, of: Circle) -> CircleWeek | None:
    """The week whose scenario was posted last; None before the first."""
    posted = (circle_week.c.circle_id == of.id, circle_week.c.number <= of.weeks_posted)
    row = tx.execute(
        select(circle_week).where(*posted).order_by(circle_week.c.monday.desc()).limit(1)
    ).first()
    return _week(row) if row else None


def previous_facilitators(tx: Transaction, circle_id: str, before: date) -> tuple[str, ...]:
    """Who facilitated the latest week before this Monday, as trainee ids."""
    row = tx.execute(
        select(circle_week.c.facilitator_id, circle_week.c.second_id)
        .where(circle_week.c.circle_id == circle_id, circle_week.c.monday < before)
        .order_by(circle_week.c.monday.desc())
        .limit(1)
    ).first()
    return tuple(each for each in row or () if each)


def weeks_of_closed_circles(tx: Transaction, limit: int | None = None) -> list[str]:
    """Ids of weeks of closed circles whose votes are still sealed."""
    query = (
        select(circle_week.c.id)
        .join(circle, circle.c.id == circle_week.c.circle_id)
        .where(circle.c.state == CircleState.CLOSED, circle_week.c.state == WeekState.OPEN)
    )
    return list(tx.execute(query.order_by(circle_week.c.id).limit(limit)).scalars())


def weeks_of_program(tx: Transaction, program_id: str) -> list[str]:
    """Ids of all weeks of a program's circles."""
    of_program = circle_week.c.circle_id == circle.c.id, circle.c.program_id == program_id
    return list(tx.execute(select(circle_week.c.id).where(*of_program)).scalars())


def week_of_closed_circle(tx: Transaction, week_id: str) -> bool | None:
    """Whether a week's scenario was posted; None when its votes are not sealed or its circle is open."""
    row = tx.execute(
        select((circle_week.c.number <= circle.c.weeks_posted).label("posted"))
        .join(circle, circle.c.id == circle_week.c.circle_id)
        .where(
            circle_week.c.id == week_id,
            circle.c.state == CircleState.CLOSED,
            circle_week.c.state == WeekState.OPEN,
        )
    ).first()
    return bool(row.posted) if row else None


def weeks_to_open(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of posted weeks whose votes are to be opened at `now` (UTC), earliest first."""
    return list(tx.execute(_TO_OPEN, {"now": now, "most": limit}).scalars())


def opened_by_circle(tx: Transaction, program_id: str) -> dict[str, int]:
    """In how many weeks there were enough votes, by circle id; without the circles that had none.

    The week whose scenario is the newest is not counted: its votes may be opened on any day.
    """
    query = (
        select(circle_week.c.circle_id, func.count().label("opened"))
        .join(circle, circle.c.id == circle_week.c.circle_id)
        .where(
            circle.c.program_id == program_id,
            circle_week.c.state == WeekState.OPENED,
            circle_week.c.number < circle.c.weeks_posted,
        )
    )
    return {row.circle_id: row.opened for row in tx.execute(query.group_by(circle_week.c.circle_id))}


def circle_of_week(tx: Transaction, week_id: str) -> str | None:
    """The id of the circle a week belongs to; None when there is no such week."""
    return tx.execute(select(circle_week.c.circle_id).where(circle_week.c.id == week_id)).scalar()


def weeks_to_attend_to(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of open weeks of active circles about whose facilitator something is to be done at `now` (UTC).

    Before the scenario: a question, a reminder or the next question is due, or whoever was asked or said yes
    has left or gets no direct messages. After it: somebody whom the post names has.
    """
    return list(tx.execute(_TO_ATTEND_TO, {"now": now, "most": limit}).scalars())


def messages_about(tx: Transaction, week_id: str) -> list[tuple[str, MessageKind, tuple[str, str]]]:
    """(trainee id, kind, (channel, ts)) of what members were sent about facilitating a week, in order."""
    row = outbox.c
    found = tx.execute(
        select(row.trainee_id, row.kind, row.sent_channel, row.sent_ts)
        .where(row.about_id == week_id, row.trainee_id.is_not(None), row.replaces_ts.is_(None))
        .where(row.sent_channel.is_not(None), row.sent_ts.is_not(None))
        .order_by(row.key)
    )
    return [(each.trainee_id, MessageKind(each.kind), (each.sent_channel, each.sent_ts)) for each in found]


def cast_vote(tx: Transaction, week_id: str, trainee_id: str, sealed: bytes) -> None:
    """Store a sealed vote; voting again replaces it."""
    values = {"circle_week_id": week_id, "trainee_id": trainee_id, "sealed": sealed}
    tx.execute(_CAST[tx.dialect.name], values)


def sealed_votes(tx: Transaction, week_id: str) -> list[bytes]:
    """The sealed votes of a week, ordered by ciphertext, which reveals nothing."""
    rows = tx.execute(select(vote.c.sealed).where(vote.c.circle_week_id == week_id).order_by(vote.c.sealed))
    return [bytes(row.sealed) for row in rows]


def voters(tx: Transaction, week_id: str) -> set[str]:
    """Trainee ids of those who have voted."""
    return set(tx.execute(select(vote.c.trainee_id).where(vote.c.circle_week_id == week_id)).scalars())


def queued_states(tx: Transaction, keys: Collection[str]) -> dict[str, str]:
    """The outbox state of those of these keys that are in the outbox."""
    rows = tx.execute(select(outbox.c.key, outbox.c.state).where(outbox.c.key.in_(keys)))
    return {row.key: row.state for row in rows}


def sealed_among(tx: Transaction, week_ids: Collection[str]) -> list[str]:
    """Which of these ids are weeks whose votes are still sealed."""
    found: list[str] = []
    ids = sorted(week_ids)
    for start in range(0, len(ids), _CHUNK):
        rows = tx.execute(
            select(circle_week.c.id).where(
                circle_week.c.id.in_(ids[start : start + _CHUNK]), circle_week.c.state == WeekState.OPEN
            )
        )
        found += [str(row.id) for row in rows]
    return found
