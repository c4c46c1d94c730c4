"""Questions to circles that wait to be posted; the text is encrypted with the author's personal key."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select, update

from allybot.crypto import lock_text
from allybot.store.delivery.outbox import MessageKind, MessageState
from allybot.store.engine.database import Transaction
from allybot.store.tables import circle_question, outbox, trainee

_SETTLED = (MessageState.SENT, MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED)
_NEVER_POSTED = (MessageState.REFUSED, MessageState.EXPIRED, MessageState.CANCELLED)


@dataclass(frozen=True)
class Waiting:
    """A question that waits to be posted; `named` when the author chose to show their name."""

    circle_id: str
    trainee_id: str
    text_locked: bytes
    named: bool


def add(
    tx: Transaction,
    key: bytes,
    question_id: str,
    circle_id: str,
    trainee_id: str,
    text: str,
    delete_after: datetime,
    *,
    named: bool,
) -> None:
    """Store a question until it is posted, at the latest until `delete_after` (aware UTC)."""
    values = {
        "id": question_id,
        "circle_id": circle_id,
        "trainee_id": trainee_id,
        "text_locked": lock_text(key, text),
        "named": int(named),
        "delete_after": delete_after,
    }
    tx.execute(circle_question.insert().values(**values))


def waiting(tx: Transaction, question_id: str) -> Waiting | None:
    """One question, or None when it is gone."""
    row = tx.execute(select(circle_question).where(circle_question.c.id == question_id)).first()
    return Waiting(row.circle_id, row.trainee_id, bytes(row.text_locked), bool(row.named)) if row else None


def waiting_of(tx: Transaction, trainee_id: str) -> list[bytes]:
    """The encrypted texts of a trainee's questions that are not posted yet."""
    query = select(circle_question.c.text_locked).where(circle_question.c.trainee_id == trainee_id)
    return [bytes(locked) for locked in tx.execute(query.order_by(circle_question.c.delete_after)).scalars()]


def asked_since(tx: Transaction, workspace_id: str, channel: str, since: datetime) -> int:
    """How many questions were or will be posted in a circle's channel after `since` (aware UTC)."""
    query = select(func.count()).where(
        outbox.c.workspace_id == workspace_id,
        outbox.c.to_channel == channel,
        outbox.c.kind == MessageKind.CIRCLE_QUESTION,
        outbox.c.due_at > since,
        outbox.c.state.not_in(_NEVER_POSTED),
    )
    return int(tx.execute(query).scalar_one())


def settled(tx: Transaction, now: datetime, kept: timedelta, limit: int) -> list[str]:
    """Ids of questions whose text is no longer needed at `now` (UTC): posted, cancelled, or too old.

    Args:
        kept: the longest time a text is kept after its post is due; only rows within it are read.
    """
    query = (
        select(circle_question.c.id)
        .outerjoin(
            outbox,
            (outbox.c.about_id == circle_question.c.id) & (outbox.c.kind == MessageKind.CIRCLE_QUESTION),
        )
        .where(circle_question.c.delete_after <= now + kept)
        .where(or_(outbox.c.state.in_(_SETTLED), circle_question.c.delete_after <= now))
    )
    return list(tx.execute(query.limit(limit)).scalars())


def forget(tx: Transaction, question_ids: list[str]) -> int:
    """Delete these questions; how many there were."""
    return tx.execute(delete(circle_question).where(circle_question.c.id.in_(question_ids))).rowcount


def forget_days(tx: Transaction, before: date) -> int:
    """Clear `asked_circle_on` where it is before this day; how many rows."""
    old = update(trainee).where(trainee.c.asked_circle_on < before).values(asked_circle_on=None)
    return tx.execute(old).rowcount
