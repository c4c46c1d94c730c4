"""The outbox: what is to be said, to whom and when, as ids and never as words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, select

from allybot.store.engine.database import Transaction
from allybot.store.engine.upsert import insert_or_ignore
from allybot.store.tables import outbox, workspace

# Built once, see `people`.
# RETURNING, because SQLAlchemy promises no row count for an INSERT.
_PUT = {
    dialect: statement.returning(outbox.c.id)
    for dialect, statement in insert_or_ignore(outbox, "key").items()
}


class MessageKind(StrEnum):
    """Which words a row becomes; `services/renderers.py` is the table of who writes them.

    `about_id` holds the id of: the trainee for WELCOME, LATER_REMINDER, FIRST_PLAN, PACE_QUESTION, GOODBYE,
    WELCOME_ANSWERED; the check-in for CHECK_IN, FOLLOW_UP, REPLAN, CHECK_IN_ANSWERED; the circle week for
    SCENARIO, VOTE_RESULT, FACILITATOR_KIT; the window for RELEASE_NOTICE; the outbox row for DID_IT_APPEAR
    and APPEARED_ANSWERED; the circle for CIRCLE_TROUBLE; the plan for REMINDER; the question for
    CIRCLE_QUESTION, which names neither its words nor its author. For TYPED_REPLY it holds what was
    understood, encrypted, until it is answered.
    """

    WELCOME = "welcome"
    WELCOME_ANSWERED = "welcome_answered"
    LATER_REMINDER = "later_reminder"
    FIRST_PLAN = "first_plan"
    CHECK_IN = "check_in"
    FOLLOW_UP = "follow_up"
    REPLAN = "replan"
    CHECK_IN_ANSWERED = "check_in_answered"
    PACE_QUESTION = "pace_question"
    GOODBYE = "goodbye"
    REMINDER = "reminder"
    SCENARIO = "scenario"
    VOTE_RESULT = "vote_result"
    FACILITATOR_KIT = "facilitator_kit"
    RELEASE_NOTICE = "release_notice"
    DID_IT_APPEAR = "did_it_appear"
    APPEARED_ANSWERED = "appeared_answered"
    CIRCLE_TROUBLE = "circle_trouble"
    CIRCLE_QUESTION = "circle_question"
    TYPED_REPLY = "typed_reply"
    UNKNOWN = "unknown"
    """Written by another version of allybot."""

    @classmethod
    def _missing_(cls, _value: object) -> "MessageKind":
        return cls.UNKNOWN


class MessageState(StrEnum):
    """due -> claimed -> sent | uncertain -> sent or due again | refused | expired | cancelled | parked.

    ASKED: an uncertain circle post about which a person has been asked.
    """

    DUE = "due"
    CLAIMED = "claimed"
    SENT = "sent"
    UNCERTAIN = "uncertain"
    ASKED = "asked"
    REFUSED = "refused"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    PARKED = "parked"


@dataclass(frozen=True)
class OutboxMessage:
    """A message to be, as ids.

    Attributes:
        key: what makes twice once, such as `check-in:{trainee}:{step}`.
        to_user: a Slack user for a DM; else `to_channel`.
        replaces: (channel, ts) of the message it updates, None for a new post.
        due_at: aware UTC on the program's clock; not sent before.
        stale_at: aware UTC on the program's clock; from here on it expires unsent.
    """

    key: str
    workspace_id: str
    kind: MessageKind
    about_id: str
    due_at: datetime
    to_user: str | None = None
    to_channel: str | None = None
    trainee_id: str | None = None
    stale_at: datetime | None = None
    replaces: tuple[str, str] | None = None


@dataclass(frozen=True)
class OutboxRow:
    """A queued message as its renderer sees it. `replaces_ts` None means a new post.

    Attributes:
        attempted_at: real time, aware UTC, of the latest attempt of which it is not known that it failed.
        look_up_from: Slack's time, aware UTC, at the begin of the earliest attempt of which it is not known
            that it failed; None where Slack had not said what time it was.
        state: where it stood when it was read.
    """

    id: str
    key: str
    workspace_id: str
    kind: MessageKind
    about_id: str
    to_user: str | None
    to_channel: str | None
    replaces_ts: str | None
    trainee_id: str | None
    due_at: datetime
    stale_at: datetime | None
    attempts: int
    attempted_at: datetime | None = None
    look_up_from: datetime | None = None
    state: MessageState = MessageState.DUE
    reason: str | None = None


def as_row(row: Row[Any]) -> OutboxRow:
    """A row of the table as a value."""
    return OutboxRow(
        id=row.id,
        key=row.key,
        workspace_id=row.workspace_id,
        kind=MessageKind(row.kind),
        about_id=row.about_id,
        to_user=row.to_user,
        to_channel=row.to_channel,
        replaces_ts=row.replaces_ts,
        trainee_id=row.trainee_id,
        due_at=row.due_at,
        stale_at=row.stale_at,
        attempts=row.attempts,
        attempted_at=row.attempted_at,
        look_up_from=row.look_up_from,
        state=MessageState(row.state),
        reason=row.reason,
    )


def put(tx: Transaction, row_id: str, draft: OutboxMessage) -> bool:
    """Queue a message under its key; False when the key is already there, which makes twice once.

    Safe when two transactions try at the same time: the second waits for the first and then does nothing.
    """
    values = {
        "id": row_id,
        "key": draft.key,
        "workspace_id": draft.workspace_id,
        "kind": draft.kind,
        "about_id": draft.about_id,
        "to_user": draft.to_user,
        "to_channel": draft.replaces[0] if draft.replaces else draft.to_channel,
        "replaces_ts": draft.replaces[1] if draft.replaces else None,
        "trainee_id": draft.trainee_id,
        "due_at": draft.due_at,
        "stale_at": draft.stale_at,
        "state": MessageState.DUE,
        "attempts": 0,
    }
    return tx.execute(_PUT[tx.dialect.name], values).first() is not None


def sent_place(tx: Transaction, key: str) -> tuple[str, str] | None:
    """(channel, ts) of the message queued under `key`; None while it is not, or not known to be, in Slack."""
    row = tx.execute(select(outbox.c.sent_channel, outbox.c.sent_ts).where(outbox.c.key == key)).first()
    return (row.sent_channel, row.sent_ts) if row and row.sent_channel and row.sent_ts else None


def row_by_id(tx: Transaction, row_id: str) -> OutboxRow | None:
    """One row, or None when it is gone with its trainee."""
    row = tx.execute(select(outbox).where(outbox.c.id == row_id)).first()
    return as_row(row) if row else None


def rows_in(tx: Transaction, state: MessageState, limit: int = 1000) -> list[OutboxRow]:
    """Rows in this state, earliest due first."""
    query = select(outbox).where(outbox.c.state == state).order_by(outbox.c.due_at, outbox.c.id)
    return [as_row(row) for row in tx.execute(query.limit(limit))]


def rows_about(tx: Transaction, kind: MessageKind, about_id: str) -> list[OutboxRow]:
    """Rows of one kind about one thing, in the order of their keys."""
    query = select(outbox).where(outbox.c.about_id == about_id, outbox.c.kind == kind).order_by(outbox.c.key)
    return [as_row(row) for row in tx.execute(query)]


def said_within(
    tx: Transaction, trainee_id: str, kinds: Collection[MessageKind], since: datetime, until: datetime
) -> bool:
    """Whether a new message of these kinds is due to a trainee from `since` to before `until` (UTC)."""
    query = select(outbox.c.id).where(
        outbox.c.trainee_id == trainee_id,
        outbox.c.kind.in_(kinds),
        outbox.c.replaces_ts.is_(None),
        outbox.c.state.not_in((MessageState.CANCELLED, MessageState.EXPIRED, MessageState.REFUSED)),
        outbox.c.due_at >= since,
        outbox.c.due_at < until,
    )
    return tx.execute(query.limit(1)).first() is not None


def counts(tx: Transaction) -> dict[MessageState, int]:
    """How many rows stand in each state, states without any left out."""
    query = select(outbox.c.state, func.count()).group_by(outbox.c.state)
    return {MessageState(state): number for state, number in tx.execute(query)}


def count_in(tx: Transaction, state: MessageState) -> int:
    """How many rows stand in this state."""
    query = select(func.count()).select_from(outbox).where(outbox.c.state == state)
    return int(tx.execute(query).scalar_one())


def in_motion(tx: Transaction, now: datetime) -> int:
    """How many rows a worker still has to do with at `now` (the program's clock, UTC).

    Due rows of workspaces whose token works, rows being sent, and rows whose look-up is ahead.
    """
    live = outbox.join(workspace, workspace.c.id == outbox.c.workspace_id)
    query = (
        select(func.count())
        .select_from(live)
        .where(
            workspace.c.state == "active",
            outbox.c.state.in_((MessageState.DUE, MessageState.CLAIMED, MessageState.UNCERTAIN)),
            outbox.c.due_at <= now,
        )
    )
    return int(tx.execute(query).scalar_one())
