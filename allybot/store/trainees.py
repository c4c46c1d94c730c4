"""Trainees. Functions take a transaction and return domain values; none commits."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, bindparam, delete, func, insert, select, update

from allybot.domain.people import Actor
from allybot.domain.trainee import (
    TRANSITIONS,
    Pace,
    Trainee,
    TraineeEvent,
    TraineeState,
    can_happen,
    states_where,
    takes_part,
)
from allybot.errors import UnknownZoneError, WrongStateError
from allybot.store.engine.database import Transaction
from allybot.store.engine.rows import value_of
from allybot.store.engine.zones import zone_named
from allybot.store.tables import circle_week, trainee

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)

# Built once: building a statement takes longer than running it, and these run before every ack().
_BY_ID = select(trainee).where(trainee.c.id == bindparam("wanted"))
_CHANGE = update(trainee).where(trainee.c.id == bindparam("wanted"))
_BY_ACTOR = select(trainee).where(
    trainee.c.workspace_id == bindparam("workspace"), trainee.c.slack_user == bindparam("user")
)
_BY_ACTOR_LOCKED = _BY_ACTOR.with_for_update()
# These are asked every second.
_FOR_CHECK_IN = (
    select(trainee.c.id)
    .where(trainee.c.state == TraineeState.ACTIVE, trainee.c.next_check_in_at <= bindparam("now"))
    .order_by(trainee.c.next_check_in_at, trainee.c.id)
    .limit(bindparam("most"))
)
_BACK_FROM_PAUSE = (
    select(trainee.c.id)
    .where(trainee.c.state == TraineeState.PAUSED, trainee.c.paused_until <= bindparam("now"))
    .order_by(trainee.c.paused_until, trainee.c.id)
    .limit(bindparam("most"))
)
_FOR_GOODBYE = (
    select(trainee.c.id)
    .where(trainee.c.goodbye_at <= bindparam("now"))
    .order_by(trainee.c.goodbye_at, trainee.c.id)
    .limit(bindparam("most"))
)


def as_trainee(row: Row[Any]) -> Trainee:
    """The trainee in a row that has the table's columns under their names."""
    return value_of(
        Trainee,
        row,
        state=TraineeState(row.state),
        zone=zone_named(row.zone),
        pace=Pace(row.pace),
        quiet_days=tuple(map(int, row.quiet_days or "")),
    )


def add_trainee(tx: Transaction, values: Mapping[str, object]) -> None:
    """Insert a trainee; `values` has the table's columns."""
    tx.execute(insert(trainee).values(**values))


def trainee_of(tx: Transaction, actor: Actor, *, lock: bool = False) -> Trainee | None:
    """The trainee behind a Slack user, or None when they are in no program.

    With `lock` the row is locked until the transaction ends, which serialises two presses of a button.
    """
    who = {"workspace": actor.workspace_id, "user": actor.slack_user}
    row = tx.execute(_BY_ACTOR_LOCKED if lock else _BY_ACTOR, who).first()
    return as_trainee(row) if row else None


def trainee_by_id(tx: Transaction, trainee_id: str) -> Trainee | None:
    """One trainee, or None when they are deleted."""
    row = tx.execute(_BY_ID, {"wanted": trainee_id}).first()
    return as_trainee(row) if row else None


def users_who_may_wait(tx: Transaction, trainee_ids: Collection[str]) -> dict[str, str]:
    """Slack users by id of those of these trainees whose answers may wait in a pool.

    Their rows are locked: nobody deletes them until the end of `tx`.
    """
    wanted = (trainee.c.id.in_(sorted(trainee_ids)), trainee.c.may_wait)
    query = select(trainee.c.id, trainee.c.slack_user).where(*wanted)
    rows = tx.execute(query.order_by(trainee.c.id).with_for_update(key_share=True))
    return {row.id: row.slack_user for row in rows}


def trainees_of_program(tx: Transaction, program_id: str) -> list[Trainee]:
    """The trainees of a program, by id."""
    rows = tx.execute(select(trainee).where(trainee.c.program_id == program_id).order_by(trainee.c.id))
    return [as_trainee(row) for row in rows]


def page_who_take_part(
    tx: Transaction, program_id: str, after: str, limit: int
) -> list[tuple[str, str, Trainee | None]]:
    """(id, Slack user, trainee) of those who take part in a program, by id, after the id `after`.

    The trainee is None where their row holds a zone that nobody knows, so that it stops nobody else's.
    """
    taking_part = trainee.c.state.in_(states_where(takes_part))
    query = select(trainee).where(trainee.c.program_id == program_id, trainee.c.id > after, taking_part)
    rows = tx.execute(query.order_by(trainee.c.id).limit(limit))
    return [(row.id, row.slack_user, _readable(row)) for row in rows]


def _readable(row: Row[Any]) -> Trainee | None:
    try:
        return as_trainee(row)
    except UnknownZoneError:
        return None


def count_by_state(tx: Transaction, program_id: str) -> dict[TraineeState, int]:
    """The number of a program's trainees in each state; empty states are left out."""
    rows = tx.execute(
        select(trainee.c.state, func.count().label("people"))
        .where(trainee.c.program_id == program_id)
        .group_by(trainee.c.state)
    )
    return {TraineeState(row.state): row.people for row in rows}


def apply_event(tx: Transaction, person: Trainee, event: TraineeEvent, **values: object) -> bool:
    """Apply an event to a trainee; nothing else writes the state.

    Args:
        person: the trainee as read; when state or pause have changed since, nothing is written.
        event: see `domain.trainee.TRANSITIONS`.
        values: other columns to set with it.

    Returns:
        False when a concurrent change was first.

    Raises:
        WrongStateError: the event cannot happen in this state.
    """
    if not can_happen(event, person.state):
        raise WrongStateError
    changed = tx.execute(
        update(trainee)
        .where(
            trainee.c.id == person.id,
            trainee.c.state == person.state,
            trainee.c.paused_until.is_not_distinct_from(person.paused_until),
        )
        .values(state=TRANSITIONS[event].target, **values)
    )
    return changed.rowcount == 1


def change_trainee(tx: Transaction, trainee_id: str, **values: object) -> None:
    """Set columns of one trainee; never the state, see `apply_event`."""
    tx.execute(_CHANGE, {"wanted": trainee_id, **values})


def due_for_check_in(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of active trainees whose next check-in is due at `now` (UTC), earliest first."""
    return list(tx.execute(_FOR_CHECK_IN, {"now": now, "most": limit}).scalars())


def back_from_pause(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of paused trainees whose pause is over at `now` (UTC), longest ago first."""
    return list(tx.execute(_BACK_FROM_PAUSE, {"now": now, "most": limit}).scalars())


def due_for_goodbye(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of trainees whose goodbye is due at `now` (UTC), earliest first."""
    return list(tx.execute(_FOR_GOODBYE, {"now": now, "most": limit}).scalars())


class Expired(NamedTuple):
    """Who is to be deleted, and whether they had declined."""

    actor: Actor
    dm_channel: str | None
    cohort_id: str
    program_id: str
    declined: bool


def expired(tx: Transaction, trainee_id: str, now: datetime) -> Expired | None:
    """The trainee if their `delete_after` has passed at `now` (UTC); else None.

    Reads only what deleting needs, so that a row that is damaged elsewhere is deleted too.
    """
    columns = (trainee.c.dm_channel, trainee.c.cohort_id, trainee.c.program_id, trainee.c.state)
    query = select(trainee.c.workspace_id, trainee.c.slack_user, *columns)
    row = tx.execute(query.where(trainee.c.id == trainee_id, trainee.c.delete_after <= now)).first()
    if row is None:
        return None
    declined = row.state == TraineeState.DECLINED
    who = Actor(row.workspace_id, row.slack_user)
    return Expired(who, row.dm_channel, row.cohort_id, row.program_id, declined)


def delete_trainee(tx: Transaction, trainee_id: str) -> None:
    """Delete a trainee and, by cascade, their plans, check-ins, ballots, votes and queued messages.

    Weeks of circles that they facilitate or were asked to are due to be looked at.
    """
    week = circle_week.c
    for named in (week.facilitator_id, week.second_id, week.asked_id):
        # Also those that are over, which nobody looks at: by their state more rows would be read.
        tx.execute(update(circle_week).where(named == trainee_id).values(ask_at=_LONG_AGO))
    tx.execute(delete(trainee).where(trainee.c.id == trainee_id))
