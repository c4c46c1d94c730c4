"""The outbox: queued messages as ids, never as text."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, func, select, update

from allybot.crypto import Keyring
from allybot.errors import DecryptionError
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.since_backup import DOUBTS, doubt
from allybot.store.engine.database import Transaction
from allybot.store.engine.rows import value_of
from allybot.store.engine.upsert import insert_or_ignore
from allybot.store.tables import outbox

# Built once for speed, see `store/trainees.py`. RETURNING, as SQLAlchemy gives no row count for an INSERT.
_PUT = {
    dialect: statement.values(**DOUBTS).returning(outbox.c.id)
    for dialect, statement in insert_or_ignore(outbox, "key").items()
}


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


PENDING = (MessageState.DUE, MessageState.CLAIMED, MessageState.UNCERTAIN)
"""A worker still has to process it."""
NEVER_SENT = (MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED)
FINAL = (MessageState.SENT, *NEVER_SENT)
_BY_ID = select(outbox).where(outbox.c.id == bindparam("wanted"))


@dataclass(frozen=True)
class OutboxMessage:
    """A message to be queued, as ids.

    Attributes:
        key: idempotency key, such as `check-in:{trainee}:{step}`.
        to_user: a Slack user for a DM; else `to_channel`.
        replaces: (channel, ts) of the message it updates, None for a new post.
        thread_ts: Slack's ts of the thread it is posted in: in a circle, whose posts are not looked up, or
            for what only one person is shown.
        due_at: aware UTC on the program's clock; not sent before.
        stale_at: aware UTC on the program's clock; from then on it expires unsent.
        planned_at: of a post in a circle, when its schedule had it, aware UTC on the program's clock. Planned
            for before a restore it may be there already.
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
    thread_ts: str | None = None
    planned_at: datetime | None = None


@dataclass(frozen=True)
class OutboxRow:
    """A queued message as its renderer sees it. `replaces_ts` None means a new post.

    Attributes:
        attempted_at: real time, aware UTC, of the latest attempt not known to have failed.
        look_up_from: Slack's time, aware UTC, at the start of the earliest attempt not known to have failed;
            None if Slack's time was unknown.
        state: as read.
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
    thread_ts: str | None = None


def as_row(row: Row[Any]) -> OutboxRow:
    """Convert a row of the table."""
    return value_of(OutboxRow, row, kind=MessageKind(row.kind), state=MessageState(row.state))


def put(tx: Transaction, row_id: str, message: OutboxMessage) -> bool:
    """Queue a message; False when its key is already there. Idempotent, also for concurrent transactions.

    After a restore it may have been sent already, see `since_backup`.

    Args:
        row_id: random, or of what the calendar makes due `id_of(tx, message.key)`.
    """
    values = {
        "id": row_id,
        "key": message.key,
        "workspace_id": message.workspace_id,
        "kind": message.kind,
        "about_id": message.about_id,
        "to_user": message.to_user,
        "to_channel": message.replaces[0] if message.replaces else message.to_channel,
        "replaces_ts": message.replaces[1] if message.replaces else None,
        "thread_ts": message.thread_ts,
        "trainee_id": message.trainee_id,
        "due_at": message.due_at,
        "stale_at": message.stale_at,
        "attempts": 0,
        **doubt(tx, row_id, message.key, message.due_at, message.planned_at),
    }
    return tx.execute(_PUT[tx.dialect.name], values).first() is not None


def put_newest(tx: Transaction, row_id: str, message: OutboxMessage) -> None:
    """As `put`, in place of those of its kind that still wait for this trainee."""
    waiting = (outbox.c.trainee_id == message.trainee_id, outbox.c.kind == message.kind)
    older = (*waiting, outbox.c.key != message.key, outbox.c.state == MessageState.DUE)
    tx.execute(update(outbox).where(*older).values(state=MessageState.CANCELLED))
    put(tx, row_id, message)


def move_channel(tx: Transaction, workspace_id: str, old: str, new: str) -> None:
    """Let the messages of a channel, sent and unsent, follow it to its new id."""
    for column in (outbox.c.to_channel, outbox.c.sent_channel):
        here = (outbox.c.workspace_id == workspace_id, column == old)
        tx.execute(update(outbox).where(*here).values({column: new}))


def sent_place(tx: Transaction, key: str) -> tuple[str, str] | None:
    """(channel, ts) of the message queued under `key`; None while it is not known to be in Slack."""
    row = tx.execute(select(outbox.c.sent_channel, outbox.c.sent_ts).where(outbox.c.key == key)).first()
    return (row.sent_channel, row.sent_ts) if row and row.sent_channel and row.sent_ts else None


def row_by_id(tx: Transaction, row_id: str) -> OutboxRow | None:
    """One row, or None when it was deleted with its trainee."""
    row = tx.execute(_BY_ID, {"wanted": row_id}).first()
    return as_row(row) if row else None


def due_times(tx: Transaction, keys: Collection[str]) -> list[datetime]:
    """When the messages queued under these keys are or were due, aware UTC."""
    return list(tx.execute(select(outbox.c.due_at).where(outbox.c.key.in_(keys))).scalars()) if keys else []


def encrypted_about(keyring: Keyring, about_id: str) -> str:
    """`about_id` for a row that must not show what, or whom, it is about."""
    return urlsafe_b64encode(keyring.wrap(about_id.encode())).decode()


def decrypted_about(keyring: Keyring, row: OutboxRow) -> str:
    """What `encrypted_about` was given.

    Raises:
        DecryptionError: no configured key fits, or the row has been settled.
    """
    try:
        return keyring.unwrap(urlsafe_b64decode(row.about_id)).decode()
    except ValueError as error:
        raise DecryptionError from error


def rows_in(tx: Transaction, state: MessageState, limit: int = 1000) -> list[OutboxRow]:
    """Rows in this state, earliest due first."""
    query = select(outbox).where(outbox.c.state == state).order_by(outbox.c.due_at, outbox.c.id)
    return [as_row(row) for row in tx.execute(query.limit(limit))]


def rows_about(tx: Transaction, kind: MessageKind, about_id: str) -> list[OutboxRow]:
    """Rows of one kind with this `about_id`, ordered by key."""
    query = select(outbox).where(outbox.c.about_id == about_id, outbox.c.kind == kind).order_by(outbox.c.key)
    return [as_row(row) for row in tx.execute(query)]


def count_in(tx: Transaction, state: MessageState) -> int:
    """Number of rows in this state."""
    query = select(func.count()).select_from(outbox).where(outbox.c.state == state)
    return int(tx.execute(query).scalar_one())
