"""Questions to circles while they wait to be posted; their words are locked with their authors' keys."""

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
    """A question that waits; `named` when its author chose to put his name to it."""

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
    """Keep a question until it is posted, or until `delete_after` (aware UTC) at the latest."""
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
    """The locked words of a trainee's questions that are not posted yet."""
    query = select(circle_question.c.text_locked).where(circle_question.c.trainee_id == trainee_id)
    return [bytes(locked) for locked in tx.execute(query.order_by(circle_question.c.delete_after)).scalars()]


def asked_since(tx: Transaction, workspace_id: str, channel: str, since: datetime) -> int:
    """How many questions were posted, or wait to be, in a circle's channel since then (aware UTC)."""
    query = select(func.count()).where(
        outbox.c.workspace_id == workspace_id,
        outbox.c.to_channel == channel,
        outbox.c.kind == MessageKind.CIRCLE_QUESTION,
        outbox.c.due_at > since,
        outbox.c.state.not_in(_NEVER_POSTED),
    )
    return int(tx.execute(query).scalar_one())


def settled(tx: Transaction, now: datetime, kept: timedelta, limit: int) -> list[str]:
    """Ids of questions whose words are needed no more at `now` (UTC): posted, given up, or too old.

    Args:
        kept: how long words are kept at most after their post is due; earlier there is nothing to look for.
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
    """Forget on which day people asked, where it was before this one; how many."""
    old = update(trainee).where(trainee.c.asked_circle_on < before).values(asked_circle_on=None)
    return tx.execute(old).rowcount
