"""Parked messages and rows: lists them for the operator, with the reason, and retries them."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from allybot.errors import NotFoundError, WrongStateError
from allybot.i18n import Say
from allybot.prompts.delivery.messages import why_parked
from allybot.services.context import Context
from allybot.store.delivery.claims import settle_by_hand
from allybot.store.delivery.message_kinds import MessageKind
from allybot.store.delivery.outbox import MessageState, row_by_id, rows_in
from allybot.store.delivery.parked_rows import ParkedRow, all_parked, retry_now


@dataclass(frozen=True)
class ParkedMessage:
    """One parked message.

    Attributes:
        due_at: aware UTC, the program's clock.
        reason: Slack's code or ours.
        meaning: the reason in a sentence.
        remedy: what to do, in a sentence.
    """

    id: str
    workspace_id: str
    kind: MessageKind
    due_at: datetime
    attempts: int
    reason: str
    meaning: str
    remedy: str


def parked(context: Context) -> list[ParkedMessage]:
    """Every parked message, earliest due first, at most 1000."""
    with context.database.reading() as tx:
        rows = rows_in(tx, MessageState.PARKED)
    return [
        ParkedMessage(
            row.id,
            row.workspace_id,
            row.kind,
            row.due_at,
            row.attempts,
            row.reason or "unknown",
            *why_parked(Say(), row.reason or "unknown"),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class ParkedRowDetails:
    """A parked row with its explanation; `id` is what `retry` takes.

    Attributes:
        meaning: the reason in a sentence.
        remedy: what to do, in a sentence.
    """

    id: str
    row: ParkedRow
    meaning: str
    remedy: str


def parked_rows(context: Context) -> list[ParkedRowDetails]:
    """Every parked row, the one parked longest first, at most 1000."""
    with context.database.reading() as tx:
        rows = all_parked(tx)
    return [ParkedRowDetails(f"{row.job}:{row.row_id}", row, *why_parked(Say(), row.reason)) for row in rows]


def retry(context: Context, parked_id: str, now: datetime) -> None:
    """Make a parked message due again with its attempts reset, or retry a parked row within a minute.

    Args:
        parked_id: of a message, or as in `ParkedRowDetails`.
        now: the program's clock, UTC.

    Raises:
        NotFoundError: there is no such message or row.
        WrongStateError: it is not parked, or it is too late for it.
    """
    job, colon, row_id = parked_id.partition(":")
    if colon:
        with context.database.transaction() as tx:
            if not retry_now(tx, job, row_id, now):
                raise NotFoundError(f"There is no {parked_id}. `allybot outbox list` shows what is parked.")
        return
    _retry_message(context, parked_id, now)


def retry_all(context: Context, now: datetime) -> int:
    """Retry every parked message and row that is not too late; returns how many."""
    retried = 0
    ids = [message.id for message in parked(context)] + [row.id for row in parked_rows(context)]
    for each in ids:
        with suppress(NotFoundError, WrongStateError):  # too late, or deleted meanwhile
            retry(context, each, now)
            retried += 1
    return retried


def _retry_message(context: Context, message_id: str, now: datetime) -> None:
    with context.database.transaction() as tx:
        row = row_by_id(tx, message_id)
        if row is None:
            raise NotFoundError(
                f"There is no message {message_id}. `allybot outbox list` shows those parked."
            )
        if row.stale_at is not None and row.stale_at <= now:
            raise WrongStateError(
                "It is too late for this message: sent now, it would ask about the wrong time."
            )
        if not settle_by_hand(tx, message_id, MessageState.PARKED, MessageState.DUE):
            raise WrongStateError(f"This message is not parked: it is {row.state.value}.")
