"""Reads and deletes what is held about a person outside their own row: ids and times, never text."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Table, and_, delete, func, or_, select

from allybot.domain.check_ins import CheckInState
from allybot.domain.my_data import HeldInProgram
from allybot.domain.people import Actor
from allybot.domain.program_changes import What
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import OutboxRow, as_row
from allybot.store.engine.database import Transaction
from allybot.store.tables import (
    ballot,
    channel_budget,
    check_in,
    circle,
    circle_member,
    circle_week,
    outbox,
    program,
    program_change,
    suggestion,
    vote,
    window,
)


@dataclass(frozen=True)
class CheckInRecord:
    """One check-in: when it was due (aware UTC), its state, and the window it counts in, if any."""

    step: int
    due_at: datetime
    state: CheckInState
    window: str | None


@dataclass(frozen=True)
class Membership:
    """A membership in a circle; `votes` are sealed and unopened, `weeks` are facilitated, past or planned."""

    name: str
    channel: str
    turns: int
    votes: int
    weeks: int


def check_ins_of(tx: Transaction, trainee_id: str) -> list[CheckInRecord]:
    """A trainee's check-ins, ordered by step."""
    rows = tx.execute(
        select(check_in.c.step, check_in.c.due_at, check_in.c.state, window.c.name)
        .outerjoin(window, window.c.id == check_in.c.window_id)
        .where(check_in.c.trainee_id == trainee_id)
        .order_by(check_in.c.step)
    )
    return [CheckInRecord(row.step, row.due_at, CheckInState(row.state), row.name) for row in rows]


def sealed_answers(tx: Transaction, trainee_id: str) -> dict[str, int]:
    """Number of a trainee's sealed answers in each window, by the window's name."""
    rows = tx.execute(
        select(window.c.name, func.count().label("slots"))
        .join(ballot, ballot.c.window_id == window.c.id)
        .where(ballot.c.trainee_id == trainee_id)
        .group_by(window.c.name)
        .order_by(window.c.name)
    )
    return {row.name: row.slots for row in rows}


def memberships(tx: Transaction, trainee_id: str) -> list[Membership]:
    """A trainee's circles, by name."""
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
    return [Membership(row.name, row.channel, row.turns, row.votes, row.weeks) for row in rows]


def in_programs(tx: Transaction, actor: Actor) -> list[HeldInProgram]:
    """Where this person's Slack id stands in programs of their workspace, by the program's name."""
    of_leads = program_change.c.what.in_([What.LEAD_ADDED, What.LEAD_REMOVED])  # others' subjects are names
    about = and_(of_leads, program_change.c.subject == actor.slack_user)
    changes = _by_program(
        tx, actor, program_change, or_(program_change.c.changed_by == actor.slack_user, about)
    )
    settled = _by_program(tx, actor, suggestion, suggestion.c.settled_by == actor.slack_user)
    return [
        HeldInProgram(name, changes.get((name, each), 0), settled.get((name, each), 0))
        for name, each in sorted(changes.keys() | settled.keys())
    ]


def _by_program(
    tx: Transaction, actor: Actor, table: Table, which: ColumnElement[bool]
) -> dict[tuple[str, str], int]:
    """How many such rows there are, by the program's name and id."""
    rows = tx.execute(
        select(program.c.name, program.c.id, func.count().label("rows"))
        .join(table, table.c.program_id == program.c.id)
        .where(program.c.workspace_id == actor.workspace_id, which)
        .group_by(program.c.name, program.c.id)
    )
    return {(row.name, row.id): row.rows for row in rows}


def messages(
    tx: Transaction, actor: Actor, trainee_id: str | None, dm_channel: str | None
) -> list[OutboxRow]:
    """Every row of the outbox to or about this person, earliest due first."""
    conditions = _without_trainee(actor, dm_channel)
    if trainee_id:
        conditions.append(outbox.c.trainee_id == trainee_id)
    query = select(outbox).where(or_(*conditions))
    return [as_row(row) for row in tx.execute(query.order_by(outbox.c.due_at, outbox.c.id))]


def delete_messages(
    tx: Transaction, actor: Actor, dm_channel: str | None, keep: Collection[MessageKind]
) -> None:
    """Delete what still names this person once their own row is deleted.

    Args:
        dm_channel: their direct message with the bot, if known.
        keep: kinds of messages they get for another reason than being a trainee.
    """
    for condition in _without_trainee(actor, dm_channel):  # one by one: SQLite uses no index for an OR
        statement = delete(outbox).where(condition)
        tx.execute(statement.where(outbox.c.kind.not_in(list(keep))) if keep else statement)
    channels = [channel for channel in (actor.slack_user, dm_channel) if channel]
    tx.execute(
        delete(channel_budget).where(
            channel_budget.c.workspace_id == actor.workspace_id, channel_budget.c.channel.in_(channels)
        )
    )


def _without_trainee(actor: Actor, dm_channel: str | None) -> list[ColumnElement[bool]]:
    """Conditions for messages to a person that have no trainee's id, and so are not deleted by cascade."""
    recipients = [outbox.c.to_user == actor.slack_user]
    if dm_channel:
        recipients.append(outbox.c.to_channel == dm_channel)
    no_trainee = (outbox.c.workspace_id == actor.workspace_id, outbox.c.trainee_id.is_(None))
    return [and_(recipient, *no_trainee) for recipient in recipients]
