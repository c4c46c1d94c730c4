"""What is held about one person outside his own row, and how it is let go. Ids and times; never words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from allybot.domain.check_ins import CheckInState
from allybot.domain.people import Actor
from allybot.store.delivery.outbox import MessageKind, OutboxRow, as_row
from allybot.store.engine.database import Transaction
from allybot.store.tables import (
    ballot,
    channel_budget,
    check_in,
    circle,
    circle_member,
    circle_week,
    outbox,
    plan,
    vote,
    window,
)


@dataclass(frozen=True)
class Asking:
    """One check-in: when it fell due (aware UTC), what became of it, the window it counts in if any."""

    step: int
    due_at: datetime
    state: CheckInState
    window: str | None


@dataclass(frozen=True)
class Seat:
    """A place in a circle; `votes` are sealed ones not opened yet, `weeks` those he facilitates or did."""

    name: str
    channel: str
    turns: int
    votes: int
    weeks: int


def askings(tx: Transaction, trainee_id: str) -> list[Asking]:
    """His check-ins, in the order of the ladder."""
    rows = tx.execute(
        select(check_in.c.step, check_in.c.due_at, check_in.c.state, window.c.name)
        .outerjoin(window, window.c.id == check_in.c.window_id)
        .where(check_in.c.trainee_id == trainee_id)
        .order_by(check_in.c.step)
    )
    return [Asking(row.step, row.due_at, CheckInState(row.state), row.name) for row in rows]


def unreadable_plans(tx: Transaction, trainee_id: str) -> list[tuple[str, str, datetime]]:
    """(kind, state, when he wrote it) of his plans, for when the key to their words is gone."""
    rows = tx.execute(
        select(plan.c.kind, plan.c.state, plan.c.created_at)
        .where(plan.c.trainee_id == trainee_id)
        .order_by(plan.c.created_at, plan.c.id)
    )
    return [(row.kind, row.state, row.created_at) for row in rows]


def envelopes(tx: Transaction, trainee_id: str) -> dict[str, int]:
    """How many sealed answers of his each window still holds, by the window's name."""
    rows = tx.execute(
        select(window.c.name, func.count().label("slots"))
        .join(ballot, ballot.c.window_id == window.c.id)
        .where(ballot.c.trainee_id == trainee_id)
        .group_by(window.c.name)
        .order_by(window.c.name)
    )
    return {row.name: row.slots for row in rows}


def seats(tx: Transaction, trainee_id: str) -> list[Seat]:
    """His circles, by name."""
    weeks = select(circle_week.c.id).where(circle_week.c.circle_id == circle.c.id)
    votes = select(func.count()).where(vote.c.circle_week_id.in_(weeks), vote.c.trainee_id == trainee_id)
    own = select(func.count()).where(
        circle_week.c.circle_id == circle.c.id, circle_week.c.facilitator_id == trainee_id
    )
    rows = tx.execute(
        select(
            circle.c.name,
            circle.c.channel,
            circle_member.c.turns,
            votes.scalar_subquery().label("votes"),
            own.scalar_subquery().label("weeks"),
        )
        .join(circle_member, circle_member.c.circle_id == circle.c.id)
        .where(circle_member.c.trainee_id == trainee_id)
        .order_by(circle.c.name)
    )
    return [Seat(row.name, row.channel, row.turns, row.votes, row.weeks) for row in rows]


def messages(
    tx: Transaction, actor: Actor, trainee_id: str | None, dm_channel: str | None
) -> list[OutboxRow]:
    """Every row of the outbox to or about this person, earliest due first."""
    ways = _without_trainee(actor, dm_channel)
    if trainee_id:
        ways.append(outbox.c.trainee_id == trainee_id)
    query = select(outbox).where(or_(*ways))
    return [as_row(row) for row in tx.execute(query.order_by(outbox.c.due_at, outbox.c.id))]


def let_go(tx: Transaction, actor: Actor, dm_channel: str | None, keep: Collection[MessageKind]) -> None:
    """Delete what still names this person once his own row is gone.

    Args:
        dm_channel: his direct message with the bot, where it is known.
        keep: kinds of messages he gets for another reason than being a trainee.
    """
    for way in _without_trainee(actor, dm_channel):  # SQLite finds either by its index, and both by none
        named = delete(outbox).where(way)
        tx.execute(named.where(outbox.c.kind.not_in(list(keep))) if keep else named)
    channels = [place for place in (actor.slack_user, dm_channel) if place]
    tx.execute(
        delete(channel_budget).where(
            channel_budget.c.workspace_id == actor.workspace_id, channel_budget.c.channel.in_(channels)
        )
    )


def _without_trainee(actor: Actor, dm_channel: str | None) -> list[ColumnElement[bool]]:
    """Conditions for rows to a person that are not found by, and do not go with, a trainee's id."""
    places = [outbox.c.to_user == actor.slack_user]
    if dm_channel:
        places.append(outbox.c.to_channel == dm_channel)
    alone = (outbox.c.workspace_id == actor.workspace_id, outbox.c.trainee_id.is_(None))
    return [and_(place, *alone) for place in places]
