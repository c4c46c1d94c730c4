"""Circles and their members."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Exists,
    Row,
    and_,
    bindparam,
    delete,
    exists,
    func,
    insert,
    select,
    update,
)

from allybot.domain.circles import ChannelOpening, Circle, CircleState, Member
from allybot.domain.trainee import TraineeState, may_facilitate, states_where
from allybot.store.engine.database import Transaction
from allybot.store.engine.rows import value_of
from allybot.store.tables import circle, circle_member, circle_week, trainee, vote

# Built once, see `trainees`.
_BY_ID = select(circle).where(circle.c.id == bindparam("wanted"))
_IS_MEMBER = select(circle_member.c.place).where(
    circle_member.c.circle_id == bindparam("circle"), circle_member.c.trainee_id == bindparam("trainee")
)
_ACTIVE = _BY_ID.where(circle.c.state == CircleState.ACTIVE)
_DUE = _ACTIVE.where(circle.c.next_post_at == bindparam("post_at"))
_TAKE = {wait: _ACTIVE.with_for_update(skip_locked=not wait) for wait in (True, False)}
_TAKE_DUE = {wait: _DUE.with_for_update(skip_locked=not wait) for wait in (True, False)}
"""Both by whether they wait for another transaction's lock."""
_TO_POST = (
    select(circle.c.id)
    .where(circle.c.state == CircleState.ACTIVE, circle.c.next_post_at <= bindparam("now"))
    .order_by(circle.c.next_post_at, circle.c.id)
    .limit(bindparam("most"))
)


def as_circle(row: Row[Any]) -> Circle:
    """A row of the table as a value."""
    return value_of(
        Circle,
        row,
        state=CircleState(row.state),
        shared_with=frozenset((row.shared_with or "").split()),
        rests_because=ChannelOpening(row.rests_because) if row.rests_because else None,
    )


def add_circle(tx: Transaction, values: Mapping[str, object]) -> None:
    """Insert a circle; `values` has the table's columns."""
    tx.execute(insert(circle).values(**values))


def change_circle(tx: Transaction, circle_id: str, **values: object) -> None:
    """Set columns of one circle."""
    tx.execute(update(circle).where(circle.c.id == circle_id).values(**values))


def circle_by_id(tx: Transaction, circle_id: str) -> Circle | None:
    """One circle, or None."""
    row = tx.execute(_BY_ID, {"wanted": circle_id}).first()
    return as_circle(row) if row else None


def circle_in_channel(tx: Transaction, workspace_id: str, channel: str) -> Circle | None:
    """The circle of this channel as it stands, without a lock; None when there is none."""
    here = select(circle).where(circle.c.workspace_id == workspace_id, circle.c.channel == channel)
    row = tx.execute(here).first()
    return as_circle(row) if row else None


def circle_of_channel(tx: Transaction, workspace_id: str, channel: str) -> Circle | None:
    """The circle of this channel, locked until the transaction ends; None when there is none."""
    row = tx.execute(
        select(circle)
        .where(circle.c.workspace_id == workspace_id, circle.c.channel == channel)
        .with_for_update()
    ).first()
    return as_circle(row) if row else None


def circles_of_program(tx: Transaction, program_id: str) -> list[Circle]:
    """The circles of a program, by name."""
    rows = tx.execute(select(circle).where(circle.c.program_id == program_id).order_by(circle.c.name))
    return [as_circle(row) for row in rows]


def programs_to_prepare(tx: Transaction, after: datetime, before: datetime, limit: int) -> list[str]:
    """Ids of programs with an active circle whose next scenario comes between these moments (UTC)."""
    query = select(circle.c.program_id).where(_posts_between(after, before)).distinct()
    return list(tx.execute(query.order_by(circle.c.program_id).limit(limit)).scalars())


def appointments(tx: Transaction, program_id: str, after: datetime, before: datetime) -> list[datetime]:
    """The distinct times between these moments (UTC) at which active circles of a program post next.

    The circles of a program share their times, so the list is short.
    """
    ahead = (circle.c.program_id == program_id, _posts_between(after, before))
    query = select(circle.c.next_post_at).where(*ahead).distinct().order_by(circle.c.next_post_at)
    return list(tx.execute(query).scalars())


def _posts_between(after: datetime, before: datetime) -> ColumnElement[bool]:
    at = circle.c.next_post_at
    return and_(circle.c.state == CircleState.ACTIVE, at > after, at < before)


def circles_to_prepare(
    tx: Transaction, _now: datetime, limit: int, *, program_id: str, post_at: datetime, monday: date
) -> list[str]:
    """Ids of active circles that post at `post_at` (UTC), have no week for `monday` and could have one."""
    values = {"program": program_id, "post_at": post_at, "monday": monday, "most": limit}
    return list(tx.execute(_TO_PREPARE, values).scalars())


def circles_to_post(tx: Transaction, now: datetime, limit: int) -> list[str]:
    """Ids of active circles whose next scenario is due at `now` (UTC), earliest first."""
    return list(tx.execute(_TO_POST, {"now": now, "most": limit}).scalars())


def page_of_program(tx: Transaction, program_id: str, after: str, limit: int) -> list[Circle]:
    """The active circles of a program, by id, after the id `after`."""
    here = (circle.c.program_id == program_id, circle.c.state == CircleState.ACTIVE, circle.c.id > after)
    return [
        as_circle(row) for row in tx.execute(select(circle).where(*here).order_by(circle.c.id).limit(limit))
    ]


def has_facilitator(one: ColumnElement[str] | None = None) -> Exists:
    """SQL condition: the circle has a member who can facilitate; with `one`, the member of that id can."""
    seat, person = circle_member.alias(), trainee.alias()
    found = (
        exists()
        .where(seat.c.circle_id == circle.c.id)
        .where(seat.c.trainee_id == person.c.id, person.c.state.in_(states_where(may_facilitate)))
    )
    return found if one is None else found.where(seat.c.trainee_id == one)


def take_circle(
    tx: Transaction, circle_id: str, post_at: datetime | None = None, *, wait: bool = False
) -> Circle | None:
    """An active circle, locked until the transaction ends; None when it is locked or no longer due.

    Args:
        post_at: aware UTC; only if its next scenario is still due at this time.
        wait: wait for another transaction's lock instead of returning None.
    """
    query = _TAKE if post_at is None else _TAKE_DUE
    row = tx.execute(query[wait], {"wanted": circle_id, "post_at": post_at}).first()
    return as_circle(row) if row else None


_TO_PREPARE = (
    select(circle.c.id)
    .where(
        circle.c.state == CircleState.ACTIVE,
        circle.c.program_id == bindparam("program"),
        circle.c.next_post_at == bindparam("post_at"),
        ~exists().where(
            circle_week.c.circle_id == circle.c.id,
            circle_week.c.monday == bindparam("monday"),
            circle_week.c.number > circle.c.weeks_posted,
        ),
        has_facilitator(),
    )
    .order_by(circle.c.id)
    .limit(bindparam("most"))
)


def members(tx: Transaction, circle_id: str) -> list[Member]:
    """The members of a circle in rotation order."""
    person = trainee.c
    columns = [person.slack_user, person.state, person.consented_at, person.paused_until, person.away_until]
    rows = tx.execute(
        select(circle_member, *columns, person.delete_after)
        .join(trainee, trainee.c.id == circle_member.c.trainee_id)
        .where(circle_member.c.circle_id == circle_id)
        .order_by(circle_member.c.place, circle_member.c.trainee_id)
    )
    return [
        Member(
            row.trainee_id,
            row.slack_user,
            row.place,
            row.turns,
            TraineeState(row.state),
            row.consented_at,
            max(filter(None, (row.paused_until, row.away_until)), default=None),
            row.unanswered,
            row.delete_after,
        )
        for row in rows
    ]


def is_member(tx: Transaction, circle_id: str, trainee_id: str) -> bool:
    """Whether this trainee belongs to this circle."""
    return bool(tx.execute(_IS_MEMBER, {"circle": circle_id, "trainee": trainee_id}).first())


def add_member(
    tx: Transaction, circle_id: str, trainee_id: str, turns: int, *, in_channel: bool = False
) -> None:
    """Add a trainee at the end of the rotation.

    Args:
        in_channel: whether Slack has said that they are in its channel.
    """
    place = tx.execute(
        select(func.coalesce(func.max(circle_member.c.place), 0) + 1).where(
            circle_member.c.circle_id == circle_id
        )
    ).scalar_one()
    tx.execute(
        insert(circle_member).values(
            circle_id=circle_id, trainee_id=trainee_id, place=place, turns=turns, in_channel=in_channel
        )
    )


def remove_member(tx: Transaction, circle_id: str, trainee_id: str) -> None:
    """Remove a trainee from a circle, with any sealed vote there."""
    seat = and_(circle_member.c.circle_id == circle_id, circle_member.c.trainee_id == trainee_id)
    tx.execute(delete(circle_member).where(seat))
    weeks = select(circle_week.c.id).where(circle_week.c.circle_id == circle_id)
    tx.execute(delete(vote).where(vote.c.trainee_id == trainee_id, vote.c.circle_week_id.in_(weeks)))


def set_turns(tx: Transaction, circle_id: str, trainee_id: str, turns: int) -> None:
    """Set how often a member has facilitated."""
    tx.execute(
        update(circle_member)
        .where(circle_member.c.circle_id == circle_id, circle_member.c.trainee_id == trainee_id)
        .values(turns=turns)
    )


def set_unanswered(tx: Transaction, circle_id: str, trainee_id: str, monday: date | None) -> None:
    """Note the week for which a member left the question whether they facilitate unanswered, or None."""
    tx.execute(
        update(circle_member)
        .where(circle_member.c.circle_id == circle_id, circle_member.c.trainee_id == trainee_id)
        .values(unanswered=monday)
    )


def circles_of_trainee(tx: Transaction, trainee_id: str) -> list[Circle]:
    """The circles a trainee belongs to, by name; normally at most one."""
    rows = tx.execute(
        select(circle)
        .join(circle_member, circle_member.c.circle_id == circle.c.id)
        .where(circle_member.c.trainee_id == trainee_id)
        .order_by(circle.c.name)
    )
    return [as_circle(row) for row in rows]
